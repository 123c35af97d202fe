//! Numbers as people write them: groups of digits with separators, and what stands around them.
//!
//! A [`Run`] is a stretch of digit groups joined by at most three separator characters. What a run
//! means is decided by `cards` and `phones`; amounts ("4,532.00", "$50") and numbers glued to
//! letters ("ACCT-1234") are marked here so that they are left alone.

use crate::text::Span;

/// Digit groups in one run; longer runs are cut, so that work stays bounded.
const MAX_GROUPS: usize = 24;

/// A stretch of digit groups.
#[derive(Debug)]
pub(crate) struct Run {
    pub groups: Vec<Span>,
    /// A `+` or `(` that belongs to the first group.
    pub start: usize,
    /// Money, a percentage or a decimal: not an identifier.
    pub amount: bool,
    /// A letter touches the first group.
    pub glued_before: bool,
    /// A letter touches the last group.
    pub glued_after: bool,
}

impl Run {
    pub(crate) fn end(&self) -> usize {
        self.groups.last().map_or(self.start, |g| g.end)
    }

    pub(crate) fn first(&self) -> usize {
        self.groups.first().map_or(self.start, |g| g.start)
    }

    pub(crate) fn plus(&self, text: &[u8]) -> bool {
        text.get(self.start..self.first())
            .is_some_and(|s| s.contains(&b'+'))
    }
}

/// The digits of some groups, in order.
pub(crate) fn digits(text: &[u8], groups: &[Span]) -> Vec<u8> {
    groups
        .iter()
        .filter_map(|g| text.get(g.start..g.end))
        .flatten()
        .copied()
        .collect()
}

fn is_separator(b: u8) -> bool {
    matches!(b, b' ' | b'-' | b'.' | b'/' | b'(' | b')' | b'_' | b'\t')
}

/// Whether a letter (of any script) touches this byte position.
fn letter_at(text: &[u8], i: usize) -> bool {
    text.get(i)
        .is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0xC3 || *b == b'_')
}

/// All runs of a text, in order.
pub(crate) fn runs(text: &[u8]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut i = 0;
    while let Some(offset) = text
        .get(i..)
        .and_then(|t| t.iter().position(u8::is_ascii_digit))
    {
        let run = read_run(text, i + offset);
        i = run.end();
        runs.push(run);
    }
    runs
}

fn group_end(text: &[u8], start: usize) -> usize {
    text.get(start..)
        .and_then(|t| t.iter().position(|b| !b.is_ascii_digit()))
        .map_or(text.len(), |n| start + n)
}

fn read_run(text: &[u8], first: usize) -> Run {
    let mut groups = vec![Span::new(first, group_end(text, first))];
    while groups.len() < MAX_GROUPS {
        let end = groups.last().map_or(first, |g| g.end);
        let Some(next) = next_group(text, end) else {
            break;
        };
        groups.push(Span::new(next, group_end(text, next)));
    }
    let end = groups.last().map_or(first, |g| g.end);
    let start = lead(text, first);
    Run {
        amount: is_amount(text, start, end, groups.len()),
        glued_before: first > 0
            && start == first
            && (letter_at(text, first - 1) || code_prefix(text, first)),
        glued_after: letter_at(text, end),
        groups,
        start,
    }
}

/// Where the next group starts, when only separators stand between.
fn next_group(text: &[u8], end: usize) -> Option<usize> {
    let gap = text.get(end..end.saturating_add(4).min(text.len()))?;
    let width = gap.iter().position(|&b| !is_separator(b))?;
    (width > 0 && gap.get(width)?.is_ascii_digit()).then_some(end + width)
}

/// `+` and `(` before the first digit belong to a telephone number.
fn lead(text: &[u8], first: usize) -> usize {
    let mut start = first;
    while start > 0 && first - start < 2 && matches!(text.get(start - 1), Some(b'+' | b'(')) {
        start -= 1;
    }
    start
}

/// "ACCT-1234", "INV#77": letters joined to the number by a dash or a hash without a space.
fn code_prefix(text: &[u8], first: usize) -> bool {
    first > 1 && matches!(text.get(first - 1), Some(b'-' | b'_')) && letter_at(text, first - 2)
}

fn is_amount(text: &[u8], start: usize, end: usize, groups: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let trimmed = before.trim_ascii_end();
    let currency = trimmed.ends_with(b"$")
        || ["€", "£", "¥", "₹"]
            .iter()
            .any(|c| trimmed.ends_with(c.as_bytes()));
    let decimal = matches!(before.last(), Some(b',' | b'.')) && digit_before(before);
    let comma = text.get(end) == Some(&b',') && text.get(end + 1).is_some_and(u8::is_ascii_digit);
    let after = text.get(end..).unwrap_or_default();
    let unit = after.starts_with(b"%")
        || ["€", "£"]
            .iter()
            .any(|c| after.trim_ascii_start().starts_with(c.as_bytes()));
    let word = groups <= 2 && money_word(after);
    currency || decimal || comma || unit || word
}

fn digit_before(before: &[u8]) -> bool {
    before.len() > 1 && before.get(before.len() - 2).is_some_and(u8::is_ascii_digit)
}

fn money_word(after: &[u8]) -> bool {
    let after = after.trim_ascii_start();
    [
        &b"usd"[..],
        b"eur",
        b"gbp",
        b"dollars",
        b"euros",
        b"pounds",
        b"bucks",
        b"cents",
        b"percent",
    ]
    .iter()
    .any(|w| {
        after
            .get(..w.len())
            .is_some_and(|a| a.eq_ignore_ascii_case(w))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_runs() {
        for (text, groups, amount, glued) in [
            ("4111 1111 1111 1111", 4, false, false),
            ("+1 (415) 555-0100", 4, false, false),
            ("$4,532.00", 1, true, false),
            ("ACCT-1234", 1, false, true),
            ("50 dollars", 1, true, false),
            ("12%", 1, true, false),
        ] {
            let run = &runs(text.as_bytes())[0];
            assert_eq!(
                (run.groups.len(), run.amount, run.glued_before),
                (groups, amount, glued),
                "{text}"
            );
        }
        assert!(
            runs("9 ".repeat(1000).as_bytes())
                .iter()
                .all(|r| r.groups.len() <= MAX_GROUPS)
        );
    }
}
