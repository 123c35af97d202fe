//! Identifiers of letters and digits: IBAN, SWIFT/BIC, driver's licences and passports.
//!
//! Only the IBAN carries a checksum; all others need their word close before. Keys and passwords are
//! left to `secrets`.

use super::Candidates;
use super::checks;
use super::cues::{Cue, Found};
use crate::text::Span;
use crate::verdict::PiiKind;
use std::ops::RangeInclusive;

pub(crate) fn scan(text: &str, cues: &Found, out: &mut Candidates) {
    let bytes = text.as_bytes();
    ibans(bytes, cues, out);
    for (cue, kind, confidence) in [
        (Cue::Swift, PiiKind::Swift, 0.9),
        (Cue::Licence, PiiKind::DriversLicence, 0.88),
        (Cue::Passport, PiiKind::Passport, 0.88),
    ] {
        let mut read = 0;
        for hit in cues.of(cue) {
            if hit.start < read {
                continue;
            }
            // In a list the word is said once, and each mask says it again.
            read = hit.end;
            while let Some(span) = named(bytes, read, kind) {
                out.push(kind, span, confidence);
                read = span.end;
                if bytes.get(read..read + 2) == Some(b". ") {
                    break;
                }
            }
        }
    }
}

/// What stands close after a word for it.
fn named(bytes: &[u8], from: usize, kind: PiiKind) -> Option<Span> {
    match kind {
        PiiKind::Swift => swift(bytes, from),
        PiiKind::Passport => document_number(bytes, from, 6..=12),
        _ => document_number(bytes, from, 5..=20),
    }
}

fn boundary(bytes: &[u8], i: usize) -> bool {
    i == 0
        || !bytes
            .get(i - 1)
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80)
}

/// Two letters, two digits, then groups of letters and digits as the country's length asks for.
fn ibans(bytes: &[u8], cues: &Found, out: &mut Candidates) {
    let mut i = 0;
    while let Some(window) = bytes.get(i..i + 4) {
        let head = window.iter().take(2).all(u8::is_ascii_alphabetic)
            && window.iter().skip(2).all(u8::is_ascii_digit);
        if head
            && boundary(bytes, i)
            && let Some(end) = iban_at(bytes, i, cues)
        {
            out.push(PiiKind::Iban, Span::new(i, end), 0.99);
            i = end;
        } else {
            i += 1;
        }
    }
}

fn iban_at(bytes: &[u8], start: usize, cues: &Found) -> Option<usize> {
    let country = [
        bytes.get(start)?.to_ascii_uppercase(),
        bytes.get(start + 1)?.to_ascii_uppercase(),
    ];
    let length = checks::iban_length(country)?;
    let mut compact = Vec::with_capacity(length);
    let mut at = start;
    while compact.len() < length {
        let b = *bytes.get(at)?;
        if b.is_ascii_alphanumeric() {
            compact.push(b.to_ascii_uppercase());
        } else if !(matches!(b, b' ' | b'-' | b'.') && bytes.get(at + 1)?.is_ascii_alphanumeric()) {
            return None;
        }
        at += 1;
    }
    let ends = !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let cue = cues.before(Cue::Iban, start, 24).is_some();
    (ends
        && (checks::iban(&compact)
            || (cue && compact.iter().filter(|b| b.is_ascii_digit()).count() > 8)))
        .then_some(at)
}

/// Eight or eleven letters and digits with a country inside, close after the word.
fn swift(bytes: &[u8], from: usize) -> Option<Span> {
    let shaped = |&(start, end): &(usize, usize)| {
        let token = bytes.get(start..end).unwrap_or_default();
        matches!(token.len(), 8 | 11)
            && token
                .get(..6)
                .is_some_and(|h| h.iter().all(u8::is_ascii_uppercase))
            && token
                .iter()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && token != b"PASSPORT"
    };
    let (start, end) = tokens(bytes, from, 5).find(shaped)?;
    Some(Span::new(start, end))
}

/// The next few words after a position, within a line or two.
fn tokens(bytes: &[u8], from: usize, count: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = from;
    let limit = bytes.len().min(from + 80);
    std::iter::from_fn(move || {
        while at < limit && !bytes.get(at)?.is_ascii_alphanumeric() {
            let stop = bytes.get(at) == Some(&b'.') && bytes.get(at + 1) == Some(&b' ');
            if at > from && stop && !shortened(bytes.get(from..at).unwrap_or_default()) {
                return None;
            }
            at += 1;
        }
        let start = at;
        while bytes.get(at).is_some_and(|b| {
            b.is_ascii_alphanumeric()
                || (*b == b'-' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric))
        }) {
            at += 1;
        }
        (at > start && start < limit).then_some((start, at))
    })
    .take(count)
}

/// "Nr." and "no.": the point ends no sentence.
fn shortened(before: &[u8]) -> bool {
    let word = before.rsplit(|b| !b.is_ascii_alphabetic()).next();
    let word = word.unwrap_or_default();
    [&b"nr"[..], b"no", b"num"]
        .iter()
        .any(|w| word.eq_ignore_ascii_case(w))
}

/// A licence or passport number: a token with digits, possibly continued by further groups.
fn document_number(bytes: &[u8], from: usize, length: RangeInclusive<usize>) -> Option<Span> {
    let words: Vec<(usize, usize)> = tokens(bytes, from, 8).collect();
    for (i, &(start, end)) in words.iter().enumerate() {
        let token = bytes.get(start..end).unwrap_or_default();
        let digits = token.iter().filter(|b| b.is_ascii_digit()).count();
        let size = token.iter().filter(|b| b.is_ascii_alphanumeric()).count();
        let upper_prefix = (1..=3).contains(&size)
            && token
                .iter()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let (last, all_digits, all_size) = extend(bytes, &words, i, digits, size);
        let starts = digits >= 2 || (upper_prefix && all_digits > digits);
        if starts && length.contains(&all_size) && all_digits >= 4 {
            let date = looks_like_date(bytes.get(start..last).unwrap_or_default());
            return (!date).then(|| Span::new(start, last));
        }
        if digits > 0 {
            return None;
        }
    }
    None
}

/// Joins following groups ("D123 4567 8901") that stand one space apart and hold digits.
fn extend(
    bytes: &[u8],
    words: &[(usize, usize)],
    i: usize,
    digits: usize,
    size: usize,
) -> (usize, usize, usize) {
    let mut end = words.get(i).map_or(0, |w| w.1);
    let (mut digits, mut size) = (digits, size);
    for &(start, next) in words.get(i + 1..).unwrap_or_default() {
        let token = bytes.get(start..next).unwrap_or_default();
        let count = token.iter().filter(|b| b.is_ascii_digit()).count();
        let upper = token
            .iter()
            .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        if start != end + 1
            || bytes.get(end) != Some(&b' ')
            || count == 0
            || !upper
            || token.len() > 6
        {
            break;
        }
        end = next;
        digits += count;
        size += token.len();
    }
    (end, digits, size)
}

fn looks_like_date(token: &[u8]) -> bool {
    let mut parts = token.split(|b| *b == b'-').map(<[u8]>::len);
    matches!(
        (parts.next(), parts.next(), parts.next(), parts.next()),
        (Some(4), Some(2), Some(2), None) | (Some(2), Some(2), Some(4), None)
    )
}
