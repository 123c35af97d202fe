//! Numbers of the bank and the state: cards, SSN, ITIN, routing, accounts, verification values,
//! PINs and one-time codes.
//!
//! A checksum alone is not proof (one number in ten passes Luhn) and neither is a word: each detector
//! asks for the shape, the checksum and, where the shape is common, a context word that stands
//! nearer than any word for a reference.

use super::checks;
use super::cues::{Cue, Found};
use super::numbers::{Run, digits};
use super::{Candidate, Candidates};
use crate::text::Span;
use crate::verdict::PiiKind;

/// How far back a context word may stand, in bytes.
const REACH: usize = 44;
/// How far back the word for an account may stand, in bytes.
const ACCOUNT_REACH: usize = 36;

pub(crate) fn scan(text: &[u8], run: &Run, cues: &Found, out: &mut Candidates) {
    if run.amount {
        return;
    }
    if !run.glued_before {
        card(text, run, cues, out);
        social(text, run, cues, out);
        routing(text, run, cues, out);
        short_codes(text, run, cues, out);
    }
    account(text, run, cues, out);
}

/// Payment cards: any grouping, 12 to 19 digits, network and Luhn.
fn card(text: &[u8], run: &Run, cues: &Found, out: &mut Candidates) {
    let mut from = 0;
    while let Some(rest) = run.groups.get(from..).filter(|r| !r.is_empty()) {
        from += 1;
        let mut total = 0;
        let most = rest
            .iter()
            .take_while(|g| {
                total += g.end - g.start;
                total <= 19
            })
            .count();
        let longest = digits(text, rest.get(..most).unwrap_or_default());
        let mut number = longest.as_slice();
        for upto in (1..=most).rev() {
            if number.len() < 12 {
                break;
            }
            let groups = rest.get(..upto).unwrap_or_default();
            if let Some(confidence) = card_confidence(text, run, groups, number, cues) {
                out.push(PiiKind::CreditCard, span_of(groups), confidence);
                // More cards may follow with one space between, as in a list.
                from += upto - 1;
                break;
            }
            let last = groups.last().map_or(0, |g| g.end - g.start);
            number = number
                .get(..number.len().saturating_sub(last))
                .unwrap_or_default();
        }
    }
}

fn card_confidence(
    text: &[u8],
    run: &Run,
    groups: &[Span],
    number: &[u8],
    cues: &Found,
) -> Option<f32> {
    if !checks::luhn(number) || !checks::card_network(number) {
        return None;
    }
    let span = span_of(groups);
    let cue = cues.near(Cue::Card, span.start, span.end, REACH).is_some();
    let reference = cues.is_reference(span.start, &[Cue::Card]);
    let regular = groups.len() == 1 || is_card_grouping(text, groups);
    let whole = groups.len() == run.groups.len() && !run.glued_after;
    match (cue, reference, regular && whole) {
        (true, false, true) => Some(0.99),
        (true, false, false) if whole || regular => Some(0.8),
        (_, false, true) if number.len() >= 14 && !run.plus(text) => Some(0.9),
        (_, false, _) if regular && groups.len() >= 4 && number.len() >= 15 => Some(0.75),
        (true, true, true) if groups.len() >= 4 => Some(0.6),
        _ => None,
    }
}

/// 4-4-4-4, 4-6-5, 4-4-4-4-3, single digits: one separator throughout.
fn is_card_grouping(text: &[u8], groups: &[Span]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|g| g.end - g.start).collect();
    let fours = lengths
        .split_last()
        .is_some_and(|(last, head)| head.iter().all(|&l| l == 4) && *last <= 7);
    let amex = matches!(lengths.as_slice(), [4, 6, 5 | 4]);
    let singles = lengths.iter().all(|&l| l == 1) || lengths.iter().all(|&l| l == 2);
    (fours || amex || singles) && one_separator(text, groups)
}

fn one_separator(text: &[u8], groups: &[Span]) -> bool {
    let gap = |pair: &[Span]| match pair {
        [a, b] => text.get(a.end..b.start).unwrap_or_default().to_vec(),
        _ => Vec::new(),
    };
    let first = groups.get(..2).map(gap);
    groups.windows(2).all(|pair| Some(gap(pair)) == first)
}

fn span_of(groups: &[Span]) -> Span {
    match (groups.first(), groups.last()) {
        (Some(a), Some(b)) => Span::new(a.start, b.end),
        _ => Span::new(0, 0),
    }
}

fn lengths(run: &Run) -> Vec<usize> {
    run.groups.iter().map(|g| g.end - g.start).collect()
}

/// SSN and ITIN: 3-2-4, or nine digits after a word that says so.
fn social(text: &[u8], run: &Run, cues: &Found, out: &mut Candidates) {
    if run.glued_after || run.start != run.first() {
        return;
    }
    let number = digits(text, &run.groups);
    if number.len() != 9 {
        return;
    }
    let span = span_of(&run.groups);
    let shaped = lengths(run) == [3, 2, 4] && one_separator(text, &run.groups);
    let reach = if shaped { 60 } else { REACH };
    let ssn = cues.near(Cue::Ssn, span.start, span.end, reach);
    let itin = cues.near(Cue::Itin, span.start, span.end, reach);
    if cues.is_reference(span.start, &[Cue::Ssn, Cue::Itin]) {
        return;
    }
    let other = [Cue::Phone, Cue::Routing]
        .iter()
        .any(|&c| cues.before(c, span.start, 20).is_some());
    if checks::itin(&number) && (shaped || itin.is_some()) && ssn.is_none() {
        out.push(PiiKind::Itin, span, if itin.is_some() { 0.97 } else { 0.8 });
    } else if itin.is_some() && ssn.is_none() && (shaped || itin.is_some_and(|d| d < 24)) {
        out.push(PiiKind::Itin, span, 0.6);
    } else if ssn.is_some() {
        out.push(
            PiiKind::Ssn,
            span,
            if checks::ssn(&number) { 0.99 } else { 0.8 },
        );
    } else if shaped && checks::ssn(&number) && !other {
        let dashed = text.get(span.start + 3) == Some(&b'-');
        out.push(PiiKind::Ssn, span, if dashed { 0.85 } else { 0.6 });
    }
}

/// ABA routing numbers (checksum and context) and UK sort codes (context).
fn routing(text: &[u8], run: &Run, cues: &Found, out: &mut Candidates) {
    let span = span_of(&run.groups);
    let Some(distance) = cues.near(Cue::Routing, span.start, span.end, REACH) else {
        return;
    };
    let number = digits(text, &run.groups);
    if number.len() == 9 && run.groups.len() <= 3 {
        out.push(
            PiiKind::RoutingNumber,
            span,
            if checks::routing(&number) { 0.98 } else { 0.5 },
        );
    } else if let Some(groups) = run.groups.get(..3)
        && groups.iter().all(|g| g.end - g.start == 2)
        && distance < 30
    {
        out.push(PiiKind::RoutingNumber, span_of(groups), 0.9);
    } else if number.len() == 6 && run.groups.len() == 1 && distance < 16 {
        out.push(PiiKind::RoutingNumber, span, 0.8);
    } else if let Some(first) = run.groups.first()
        && first.end - first.start == 9
        && checks::routing(&digits(text, &[*first]))
    {
        out.push(PiiKind::RoutingNumber, *first, 0.9);
    }
}

/// Verification values, PINs and one-time codes: few digits, so the word must stand close before.
fn short_codes(text: &[u8], run: &Run, cues: &Found, out: &mut Candidates) {
    if run.glued_after || run.start != run.first() {
        return;
    }
    let number = digits(text, &run.groups);
    let span = span_of(&run.groups);
    let one = run.groups.len() == 1;
    let close = |cue: Cue, reach: usize| {
        cues.before(cue, span.start, reach)
            .filter(|_| !cues.is_reference(span.start, &[cue]))
    };
    let cvv = close(Cue::Cvv, 26).or_else(|| {
        cues.after(Cue::Cvv, span.end, 12)
            .filter(|_| text.get(span.end) != Some(&b'.'))
    });
    let year = one && number.len() == 4 && (number.starts_with(b"20") || number.starts_with(b"19"));
    if one && cvv.is_some() && matches!(number.len(), 3 | 4) {
        out.push(PiiKind::Cvv, span, 0.95);
    } else if one
        && matches!(number.len(), 4..=6)
        && !year
        && let Some(d) = close(Cue::Pin, 24)
    {
        out.push(PiiKind::Pin, span, if d < 8 { 0.9 } else { 0.75 });
    }
    let split = matches!(lengths(run).as_slice(), [3, 3] | [4, 4] | [2, 2, 2]);
    let singles = number.len() == run.groups.len();
    if (one || split || singles)
        && (4..=8).contains(&number.len())
        && !year
        && let Some(d) = close(Cue::Code, 34)
    {
        out.push(PiiKind::OneTimeCode, span, if d < 12 { 0.9 } else { 0.7 });
    }
}

/// How far an account number before this one stands, as if the word stood in its place: in a list the word is said
/// once, and its mask says it again.
fn listed(start: usize, out: &Candidates) -> Option<usize> {
    /// What stands between the word and the end of the mask.
    const MASK: usize = " #********".len();
    /// What is proposed for one number, at most.
    const ONE: usize = 8;
    let mut near = out.0.iter().rev().take(ONE);
    let last = near.find(|c| c.kind == PiiKind::AccountNumber)?;
    let distance = start.checked_sub(last.span.end)? + MASK;
    (distance <= ACCOUNT_REACH).then_some(distance)
}

/// Account numbers: six to seventeen digits after a word for an account.
fn account(text: &[u8], run: &Run, cues: &Found, out: &mut Candidates) {
    let span = span_of(&run.groups);
    if run.start != run.first() || run.glued_after || is_date(text, &run.groups) {
        return;
    }
    let named = cues.before(Cue::Account, span.start, ACCOUNT_REACH);
    let Some(distance) = named.or_else(|| listed(span.start, out)) else {
        return;
    };
    if cues.is_reference(span.start, &[Cue::Account])
        || [Cue::Phone, Cue::Card, Cue::Routing, Cue::Ssn, Cue::Code]
            .iter()
            .any(|&c| cues.before(c, span.start, 36).is_some_and(|d| d < distance))
    {
        return;
    }
    if run.glued_before {
        return;
    }
    let mut confidence = if distance < 16 { 0.9 } else { 0.7 };
    let mut rest = run.groups.as_slice();
    // Too long for one number, they are several.
    while let Some((first, more)) = rest.split_first() {
        let fits = |groups: &[Span]| (6..=17).contains(&digits(text, groups).len());
        if fits(rest) {
            return out.push(PiiKind::AccountNumber, span_of(rest), confidence);
        }
        if !fits(&[*first]) {
            return;
        }
        out.push(PiiKind::AccountNumber, *first, 0.75);
        (rest, confidence) = (more, 0.75);
    }
}

/// Day, month and year in any usual order.
pub(crate) fn is_date(text: &[u8], groups: &[Span]) -> bool {
    let value = |g: &Span| {
        text.get(g.start..g.end)
            .filter(|d| d.len() <= 4)
            .map(|d| d.iter().fold(0u32, |a, b| a * 10 + u32::from(b - b'0')))
    };
    let width = |g: &Span| g.end - g.start;
    let [first, second, third, ..] = groups else {
        return false;
    };
    let (Some(x), Some(y), Some(z)) = (value(first), value(second), value(third)) else {
        return false;
    };
    if width(first) == 4 && width(second) <= 2 && width(third) <= 2 {
        return checks::date(z, y, x) || checks::date(y, z, x);
    }
    width(first) <= 2
        && width(second) <= 2
        && matches!(width(third), 2 | 4)
        && (checks::date(x, y, z) || checks::date(y, x, z))
}

impl Candidates {
    pub(super) fn push(&mut self, kind: PiiKind, span: Span, confidence: f32) {
        self.0.push(Candidate {
            kind,
            span,
            confidence,
        });
    }
}
