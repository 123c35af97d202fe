//! Identifiers of letters and digits: IBAN, SWIFT/BIC, driver's licences, passports, keys and
//! passwords.
//!
//! Only the IBAN carries a checksum; all others need their word close before. Words of plain
//! language ("my password is wrong") are never taken for a secret.

use super::Candidates;
use super::checks;
use super::cues::{Cue, CueHit, Found};
use crate::text::Span;
use crate::verdict::PiiKind;

pub(crate) fn scan(text: &str, cues: &Found, out: &mut Candidates) {
    let bytes = text.as_bytes();
    ibans(bytes, cues, out);
    keys(text, out);
    for hit in cues.of(Cue::Swift) {
        swift(bytes, hit, out);
    }
    for hit in cues.of(Cue::Licence) {
        document_number(bytes, hit, PiiKind::DriversLicence, 5..=20, out);
    }
    for hit in cues.of(Cue::Passport) {
        document_number(bytes, hit, PiiKind::Passport, 6..=12, out);
    }
    for hit in cues.of(Cue::Password) {
        password(text, hit, out);
    }
    for hit in cues.of(Cue::Key) {
        named_key(text, hit, out);
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
fn swift(bytes: &[u8], hit: CueHit, out: &mut Candidates) {
    for (start, end) in tokens(bytes, hit.end, 5) {
        let token = bytes.get(start..end).unwrap_or_default();
        let shape = matches!(token.len(), 8 | 11)
            && token
                .get(..6)
                .is_some_and(|h| h.iter().all(u8::is_ascii_uppercase))
            && token
                .iter()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if shape {
            out.push(PiiKind::Swift, Span::new(start, end), 0.9);
            return;
        }
    }
}

/// The next few words after a position, within a line or two.
fn tokens(bytes: &[u8], from: usize, count: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = from;
    let limit = bytes.len().min(from + 80);
    std::iter::from_fn(move || {
        while at < limit && !bytes.get(at)?.is_ascii_alphanumeric() {
            if at > from && bytes.get(at) == Some(&b'.') && bytes.get(at + 1) == Some(&b' ') {
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

/// A licence or passport number: a token with digits, possibly continued by further groups.
fn document_number(
    bytes: &[u8],
    hit: CueHit,
    kind: PiiKind,
    length: std::ops::RangeInclusive<usize>,
    out: &mut Candidates,
) {
    let words: Vec<(usize, usize)> = tokens(bytes, hit.end, 8).collect();
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
            if !looks_like_date(bytes.get(start..last).unwrap_or_default()) {
                out.push(kind, Span::new(start, last), 0.88);
            }
            return;
        }
        if digits > 0 {
            return;
        }
    }
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

/// Words that follow "password" in plain sentences.
const PLAIN: &[&str] = &[
    "is",
    "was",
    "are",
    "be",
    "to",
    "for",
    "my",
    "the",
    "a",
    "an",
    "and",
    "or",
    "not",
    "no",
    "it",
    "wrong",
    "incorrect",
    "reset",
    "change",
    "changed",
    "expired",
    "invalid",
    "forgotten",
    "forgot",
    "lost",
    "please",
    "help",
    "isn't",
    "doesn't",
    "didn't",
    "don't",
    "has",
    "have",
    "had",
    "been",
    "will",
    "would",
    "can",
    "can't",
    "cannot",
    "does",
    "did",
    "do",
    "on",
    "in",
    "at",
    "of",
    "with",
    "from",
    "that",
    "this",
    "which",
    "what",
    "when",
    "how",
    "i",
    "you",
    "me",
    "your",
    "our",
    "so",
    "but",
    "if",
    "as",
    "by",
    "too",
    "now",
    "working",
    "work",
    "protected",
    "manager",
    "hint",
    "field",
    "page",
    "again",
    "because",
    "set",
    "should",
    "must",
    "may",
    "needs",
    "requirements",
    "rules",
    "policy",
    "recovery",
    "security",
    "secure",
    "safe",
    "strong",
    "weak",
    "old",
    "new",
    "same",
    "different",
    "there",
];

/// The word after "password is" or "password:", unless it belongs to the sentence.
fn password(text: &str, hit: CueHit, out: &mut Candidates) {
    let Some(rest) = text.get(hit.end..) else {
        return;
    };
    let mut at = hit.end;
    let mut said = false;
    for word in rest.split_inclusive(|c: char| c.is_whitespace()).take(7) {
        let begin = at;
        at += word.len();
        let trimmed = word.trim();
        let core = trimmed
            .trim_matches(|c: char| matches!(c, ':' | '=' | '"' | '\'' | '`' | ',' | '(' | ')'));
        said |= matches!(
            core.to_ascii_lowercase().as_str(),
            "is" | "was" | "es" | "ist" | "est" | "to"
        ) || trimmed.starts_with([':', '='])
            || trimmed.ends_with([':', '=']);
        if core.is_empty() {
            continue;
        }
        let core = if trimmed.ends_with(['.', '?', ';']) {
            core.trim_end_matches(if said {
                ['.', ';', '.']
            } else {
                ['.', ';', '?']
            })
        } else {
            core
        };
        let offset = word.find(core).unwrap_or(0);
        if secret_looking(core, said) {
            out.push(
                PiiKind::Password,
                Span::new(begin + offset, begin + offset + core.len()),
                0.9,
            );
            return;
        }
        let lower = core.to_ascii_lowercase();
        if !PLAIN.contains(&lower.as_str())
            && !matches!(
                lower.as_str(),
                "account" | "online" | "banking" | "login" | "currently" | "bank"
            )
        {
            return;
        }
    }
}

/// Long enough and mixed (letters with digits or signs), or anything unusual after "is".
fn secret_looking(word: &str, said: bool) -> bool {
    let lower = word.to_ascii_lowercase();
    if word.chars().count() < 4
        || PLAIN.contains(&lower.as_str())
        || word.contains("***")
        || word.starts_with('<')
    {
        return false;
    }
    let digit = word.bytes().any(|b| b.is_ascii_digit());
    let letter = word.bytes().any(|b| b.is_ascii_alphabetic());
    let sign = word
        .chars()
        .any(|c| c.is_ascii_punctuation() && !matches!(c, '\'' | '-' | '/' | '.' | ','));
    let mixed = word.bytes().any(|b| b.is_ascii_lowercase())
        && word.bytes().skip(1).any(|b| b.is_ascii_uppercase());
    (letter && (digit || sign)) || (said && (mixed || (digit && word.len() >= 4)))
}

const PREFIXES: &[(&str, usize)] = &[
    ("sk-ant-", 20),
    ("sk-proj-", 20),
    ("sk-", 20),
    ("sk_live_", 12),
    ("sk_test_", 12),
    ("pk_live_", 12),
    ("pk_test_", 12),
    ("rk_live_", 12),
    ("whsec_", 16),
    ("AKIA", 16),
    ("ASIA", 16),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghs_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("xoxa-", 16),
    ("AIza", 30),
    ("ya29.", 20),
    ("SG.", 20),
    ("npm_", 20),
    ("hf_", 20),
    ("eyJ", 24),
    ("dop_v1_", 20),
    ("shpat_", 20),
    ("key-", 28),
    ("pypi-", 20),
];

/// Keys that issuers mark by a prefix, JSON web tokens and PEM blocks.
fn keys(text: &str, out: &mut Candidates) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let len = bytes
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(|b| key_byte(**b))
            .count();
        if len >= 16
            && let Some(token) = text.get(at..at + len)
            && PREFIXES.iter().any(|(p, min)| {
                token.starts_with(p) && token.len() >= p.len() + min / 2 && token.len() >= *min
            })
        {
            out.push(
                PiiKind::ApiKey,
                Span::new(at, at + token.trim_end_matches('.').len()),
                0.97,
            );
        }
        at += len.max(1);
    }
    for (start, _) in text.match_indices("-----BEGIN ") {
        let rest = text.get(start..).unwrap_or_default();
        if rest
            .get(..64.min(rest.len()))
            .is_some_and(|h| h.contains("PRIVATE KEY"))
        {
            let end = rest.find("-----END ").and_then(|e| {
                rest.get(e + 9..)
                    .and_then(|r| r.find("-----"))
                    .map(|n| e + 14 + n)
            });
            out.push(
                PiiKind::ApiKey,
                Span::new(start, start + end.unwrap_or(rest.len())),
                0.99,
            );
        }
    }
}

fn key_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+' | b'/')
}

/// A long mixed token close after "api key" or "token".
fn named_key(text: &str, hit: CueHit, out: &mut Candidates) {
    let bytes = text.as_bytes();
    let mut at = hit.end;
    for _ in 0..5 {
        let skip = bytes
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take(6)
            .take_while(|b| !key_byte(**b))
            .count();
        at += skip;
        let len = bytes
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(|b| key_byte(**b))
            .count();
        let token = bytes.get(at..at + len).unwrap_or_default();
        let token = token.strip_suffix(b".").unwrap_or(token);
        let digits = token.iter().filter(|b| b.is_ascii_digit()).count();
        let letters = token.iter().filter(|b| b.is_ascii_alphabetic()).count();
        if token.len() >= 12 && digits >= 2 && letters >= 4 {
            out.push(PiiKind::ApiKey, Span::new(at, at + token.len()), 0.9);
            return;
        }
        at += len;
        if len == 0 {
            return;
        }
    }
}
