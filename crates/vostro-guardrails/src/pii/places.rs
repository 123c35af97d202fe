//! Postal addresses: a house number, a street and what follows.
//!
//! Forms of North America, the British Isles and the usual forms of western Europe; towns alone
//! are left to the statistical tier and the wide set.

use super::Candidates;
use crate::text::Span;
use crate::verdict::PiiKind;

#[rustfmt::skip]
const STREETS: &[&str] = &[
    "street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "ln", "drive", "dr", "court", "ct", "place", "pl", "square", "sq",
    "terrace", "ter", "way", "parkway", "pkwy", "circle", "cir", "highway", "hwy", "trail", "trl", "crescent", "close", "mews", "grove", "row", "gardens",
    "alley", "loop", "plaza", "quay", "walk", "hill", "crossing", "ridge", "heights",
];

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ')' | '(' | '?' | '!' | '"'))
}

fn is_street(word: &str) -> bool {
    let word = bare(word);
    let known = |s: &&str| s.len() == word.len() && s.eq_ignore_ascii_case(word);
    word.starts_with(|c: char| c.is_ascii_alphabetic()) && STREETS.iter().any(known)
}

fn capital(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase())
}

fn house_number(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    (1..=5).contains(&digits)
        && word.len() - digits <= 1
        && word.bytes().skip(digits).all(|b| b.is_ascii_alphabetic())
}

pub(crate) fn scan(words: &[(usize, &str)], out: &mut Candidates) {
    let mut i = 0;
    while i < words.len() {
        i = address(words, i, out).unwrap_or(i + 1);
    }
}

/// "221B Baker Street, Apt 4, London": returns the word after it.
fn address(words: &[(usize, &str)], i: usize, out: &mut Candidates) -> Option<usize> {
    let &(start, number) = words.get(i)?;
    if !house_number(bare(number)) || number.ends_with('.') {
        return None;
    }
    let street = words
        .get(i + 1..)?
        .iter()
        .take(5)
        .enumerate()
        .take_while(|(_, (_, w))| {
            capital(w) || w.bytes().any(|b| b.is_ascii_digit()) || is_street(w)
        })
        .filter(|(n, (_, w))| *n > 0 && is_street(w))
        .map(|(n, _)| n)
        .last()?;
    let mut last = i + 1 + street;
    last = tail(words, last);
    let &(at, word) = words.get(last)?;
    let end = at
        + word
            .trim_end_matches([',', '.', ';', '?', '!', ')', '"'])
            .len();
    out.push(PiiKind::Address, Span::new(start, end), 0.8);
    Some(last + 1)
}

/// "NY".
fn is_state(word: &str) -> bool {
    word.len() == 2 && word.bytes().all(|b| b.is_ascii_uppercase())
}

/// "10001", "10001-1234".
fn is_zip(word: &str) -> bool {
    let word = bare(word);
    let digits = |part: Option<&str>, count| {
        part.is_some_and(|part| part.len() == count && part.bytes().all(|b| b.is_ascii_digit()))
    };
    match word.len() {
        5 => digits(Some(word), 5),
        10 => digits(word.get(..5), 5) && digits(word.get(6..), 4),
        _ => false,
    }
}

/// Flat, town, state and postcode after the street.
fn tail(words: &[(usize, &str)], street: usize) -> usize {
    let mut last = street;
    let mut budget = 7;
    while budget > 0
        && let (Some((_, here)), Some((_, next))) = (words.get(last), words.get(last + 1))
    {
        budget -= 1;
        let unit = matches!(
            bare(next).to_ascii_lowercase().as_str(),
            "apt" | "apartment" | "suite" | "unit" | "flat" | "ste" | "floor" | "#"
        );
        let code = next.bytes().any(|b| b.is_ascii_digit())
            && bare(next).len() <= 10
            && !next.contains(['$', '£', '€', ':']);
        // A state and its ZIP code end an address.
        let state = words
            .get(last.wrapping_sub(1))
            .is_some_and(|(_, word)| is_state(word));
        if state && last > street + 1 && is_zip(here) {
            break;
        }
        let joined = here.ends_with(',') || unit || code || last > street;
        if here.ends_with(['.', '?', '!', ';']) && last > street
            || !(unit || code || (joined && capital(next)))
        {
            break;
        }
        last += 1;
    }
    last
}
