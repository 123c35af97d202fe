//! Secrets: passwords in context, keys that issuers mark by a prefix, named keys and tokens, PEM blocks.
//!
//! Words of plain language ("my password is wrong") are never taken for a secret. One-time codes and
//! card checks are numbers and left to `numbers`.

use super::Candidates;
use super::cues::{Cue, CueHit, Found};
use crate::text::Span;
use crate::verdict::PiiKind;

pub(crate) fn scan(text: &str, cues: &Found, out: &mut Candidates) {
    keys(text, out);
    for hit in cues.of(Cue::Password) {
        password(text, hit, out);
    }
    for hit in cues.of(Cue::Key) {
        named_key(text, hit, out);
    }
    for hit in cues.of(Cue::Code) {
        letter_code(text, hit, out);
    }
}

/// "OTP=A7K9Q2", "the code is X4-99KT": capitals and digits, both, close after the word.
fn letter_code(text: &str, hit: CueHit, out: &mut Candidates) {
    let rest = text.get(hit.end..).unwrap_or_default();
    let start = hit.end + rest.len() - rest.trim_start_matches([' ', ':', '=', '"']).len();
    let token: &str = text.get(start..).unwrap_or_default();
    let end = token.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'));
    let token = token.get(..end.unwrap_or(token.len())).unwrap_or_default();
    let token = token.trim_end_matches('-');
    let after = text.get(start + token.len()..).unwrap_or_default();
    let count = |wanted: fn(&u8) -> bool| token.bytes().filter(wanted).count();
    let (letters, digits) = (count(u8::is_ascii_uppercase), count(u8::is_ascii_digit));
    let whole = !after.starts_with(|c: char| c.is_alphanumeric());
    if whole && letters > 0 && digits > 1 && (5..=10).contains(&(letters + digits)) {
        let span = Span::new(start, start + token.len());
        out.push(PiiKind::OneTimeCode, span, 0.85);
    }
}

/// Words that follow "password" in plain sentences.
const PLAIN: &str = "is was are be to for my the a an and or not no it wrong incorrect reset change changed expired \
    invalid forgotten forgot lost please help isn't doesn't didn't don't has have had been will \
    would can can't cannot does did do on in at of with from that this which what when how i you me \
    your our so but if as by too now working work protected manager hint field page again because \
    set should must may needs requirements rules policy recovery security secure safe strong weak \
    old new same different there";

fn plain(word: &str) -> bool {
    PLAIN.split(' ').any(|p| p == word)
}

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
        if !plain(&lower)
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
    let mask = word.contains("***") || word.starts_with('<') || bracketed(word);
    if word.chars().count() < 4 || plain(&lower) || mask {
        return false;
    }
    let digit = word.bytes().any(|b| b.is_ascii_digit());
    let letter = word.bytes().any(|b| b.is_ascii_alphabetic());
    let sign = word
        .chars()
        .any(|c| c.is_ascii_punctuation() && !matches!(c, '\'' | '-' | '/' | '.' | ','));
    let mixed = word.bytes().any(|b| b.is_ascii_lowercase())
        && word.bytes().skip(1).any(|b| b.is_ascii_uppercase());
    // "correct-horse-battery": several words joined, as nobody writes a sentence.
    let phrase = said && word.len() >= 12 && word.matches(['-', '_', '.']).count() > 1;
    (letter && (digit || sign || phrase)) || (said && (mixed || (digit && word.len() >= 4)))
}

/// "[KEY]", "[NAME]": what a mask looks like.
fn bracketed(word: &str) -> bool {
    let inner = word.strip_prefix('[').and_then(|w| w.strip_suffix(']'));
    inner.is_some_and(|w| w.bytes().all(|b| b.is_ascii_uppercase()))
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
