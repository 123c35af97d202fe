//! Telephone numbers of any country.
//!
//! International form and North American form speak for themselves; other national forms are so
//! various that a number needs a leading zero in several groups, or a context word. Numbering plans
//! per country are left out: they would reject real numbers as they change.

use super::Candidates;
use super::cards::is_date;
use super::cues::{Cue, Found};
use super::numbers::{Run, digits};
use crate::text::Span;
use crate::verdict::PiiKind;

/// How far back "call me at" may stand, in bytes.
const REACH: usize = 32;

pub(crate) fn scan(text: &[u8], run: &Run, cues: &Found, out: &mut Candidates) {
    if run.amount || run.glued_before || run.groups.len() > 8 {
        return;
    }
    let lengths: Vec<usize> = run.groups.iter().map(|g| g.end - g.start).collect();
    let number = digits(text, &run.groups);
    let cue = cues.before(Cue::Phone, run.start, REACH).is_some()
        || cues.after(Cue::Phone, run.end(), 8).is_some();
    if run.plus(text) {
        if (8..=15).contains(&number.len()) {
            out.push(
                PiiKind::Phone,
                with_extension(text, run),
                if cue { 0.97 } else { 0.9 },
            );
        }
        return;
    }
    if cues.is_reference(run.start, &[Cue::Phone])
        || is_date(text, &run.groups)
        || is_address(text, run)
    {
        return;
    }
    let american = american(text, run, &lengths, &number);
    let confidence = match (american, cue) {
        (true, true) => 0.95,
        (true, false) if run.groups.len() >= 3 => 0.8,
        (_, true) if plausible(&lengths, number.len()) => 0.85,
        (false, false) if national(text, run, &lengths, &number) => 0.6,
        _ => return,
    };
    if other_meaning(run, cues, cue) {
        return;
    }
    out.push(PiiKind::Phone, with_extension(text, run), confidence);
}

/// A word that stands nearer and says that the number is something else.
fn other_meaning(run: &Run, cues: &Found, cue: bool) -> bool {
    let phone = cues
        .before(Cue::Phone, run.start, REACH)
        .unwrap_or(usize::MAX);
    [
        Cue::Account,
        Cue::Card,
        Cue::Ssn,
        Cue::Routing,
        Cue::Licence,
        Cue::Passport,
        Cue::Code,
    ]
    .iter()
    .any(|&c| {
        cues.before(c, run.start, REACH)
            .is_some_and(|d| d < phone || !cue)
    })
}

/// 415-555-0100, (415) 555-0100, 1-415-555-0100, 001-415-555-0100, 4155550100.
fn american(text: &[u8], run: &Run, lengths: &[usize], number: &[u8]) -> bool {
    let body = match lengths {
        [1, 3, 3, 4] if number.starts_with(b"1") => number.get(1..).unwrap_or_default(),
        [3, 3, 3, 4] if number.starts_with(b"001") => number.get(3..).unwrap_or_default(),
        [3, 3, 4] | [3, 7] | [10] | [6, 4] => number,
        _ => return false,
    };
    let spread = run.groups.windows(2).all(|pair| match pair {
        [a, b] => !text.get(a.end..b.start).unwrap_or_default().contains(&b'/'),
        _ => true,
    });
    spread
        && body.first().is_some_and(|b| (b'2'..=b'9').contains(b))
        && body.get(3).is_some_and(|b| (b'1'..=b'9').contains(b))
}

/// What may be a number once a context word has said so.
fn plausible(lengths: &[usize], total: usize) -> bool {
    (7..=15).contains(&total)
        && lengths.iter().all(|&l| l <= 15)
        && (lengths.len() == 1 || lengths.iter().filter(|&&l| l == 1).count() <= 2)
}

/// A leading zero or parentheses, in several groups: a national number without a context word.
fn national(text: &[u8], run: &Run, lengths: &[usize], number: &[u8]) -> bool {
    let parenthesised = text.get(run.start) == Some(&b'(');
    let zero = number.first() == Some(&b'0') && number.get(1) != Some(&b'0');
    let trunk = number.starts_with(b"00") && (11..=15).contains(&number.len());
    let grouped = lengths.len() >= 2 && lengths.iter().all(|&l| (2..=8).contains(&l));
    grouped && (9..=12).contains(&number.len()) && (zero || (parenthesised && lengths.len() >= 2))
        || (trunk && lengths.len() >= 2)
}

/// A house number and a street: the digits are followed by a capitalised word.
fn is_address(text: &[u8], run: &Run) -> bool {
    let spaced = run.groups.windows(2).all(|p| match p {
        [a, b] => text.get(a.end..b.start) == Some(b" "),
        _ => true,
    });
    run.groups.len() <= 2
        && spaced
        && text.get(run.end()) == Some(&b' ')
        && text.get(run.end() + 1).is_some_and(u8::is_ascii_uppercase)
        && run.groups.last().is_some_and(|g| g.end - g.start <= 4)
        && run.groups.first().is_some_and(|g| g.end - g.start <= 5)
}

/// Takes in an extension ("x4587", "ext. 12").
fn with_extension(text: &[u8], run: &Run) -> Span {
    let start = run.start;
    let end = run.end();
    let rest = text.get(end..).unwrap_or_default();
    let lead = rest.iter().take_while(|b| **b == b' ').count();
    let after = rest.get(lead..).unwrap_or_default();
    let word = [&b"extension "[..], b"ext. ", b"ext.", b"ext ", b"ext", b"x"]
        .into_iter()
        .find(|w| {
            after
                .get(..w.len())
                .is_some_and(|a| a.eq_ignore_ascii_case(w))
        });
    let Some(word) = word else {
        return Span::new(start, end);
    };
    let number = after.get(word.len()..).unwrap_or_default();
    let count = number.iter().take_while(|b| b.is_ascii_digit()).count();
    if (1..=6).contains(&count) {
        Span::new(start, end + lead + word.len() + count)
    } else {
        Span::new(start, end)
    }
}
