//! Names of people, from what introduces them: a title, or "my name is".
//!
//! A name that nothing introduces is left to the statistical tier; guessing from capitals alone
//! would mask half of an ordinary sentence.

use super::Candidates;
use crate::lexicon::Lexicon;
use crate::text::Span;
use crate::verdict::PiiKind;

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "sir",
    "madam",
    "mister",
    "herr",
    "frau",
    "señor",
    "señora",
    "sr",
    "sra",
    "monsieur",
    "madame",
    "mme",
    "signor",
    "signora",
    "dhr",
    "mevr",
    "pan",
    "pani",
];

/// Phrases that introduce a name, as words; the longest first.
const INTRODUCTIONS: &[&[&str]] = &[
    &["my", "full", "name", "is"],
    &["my", "legal", "name", "is"],
    &["my", "name", "is"],
    &["my", "name's"],
    &["name", "is"],
    &["maiden", "name", "is"],
    &["full", "name"],
    &["name"],
    &["account", "holder"],
    &["cardholder"],
    &["card", "holder"],
    &["beneficiary"],
    &["in", "the", "name", "of"],
    &["under", "the", "name"],
    &["me", "llamo"],
    &["mi", "nombre", "es"],
    &["je", "m'appelle"],
    &["mon", "nom", "est"],
    &["ich", "heiße"],
    &["mein", "name", "ist"],
    &["mi", "chiamo"],
    &["il", "mio", "nome", "è"],
    &["meu", "nome", "é"],
    &["chamo-me"],
    &["me", "chamo"],
    &["mijn", "naam", "is"],
    &["nazywam", "się"],
];

/// Words that follow an introduction without being a name.
const NOT_NAMES: &[&str] = &[
    "is",
    "the",
    "a",
    "an",
    "on",
    "of",
    "in",
    "and",
    "or",
    "not",
    "wrong",
    "incorrect",
    "incorrectly",
    "misspelled",
    "spelled",
    "changed",
    "change",
    "has",
    "was",
    "for",
    "to",
    "my",
    "your",
    "it",
    "that",
    "this",
    "correct",
    "different",
    "missing",
    "still",
    "now",
    "also",
    "no",
    "what",
    "with",
    "but",
];

pub(crate) fn scan(words: &[(usize, &str)], lexicon: &Lexicon, out: &mut Candidates) {
    for i in 0..words.len() {
        if titled(words, i) {
            name(words, i + 1, 1.0, out);
        }
        if let Some(next) = introduced(words, i) {
            name(words, next, 0.9, out);
            lower_case(words, next, lexicon, out);
        }
    }
}

/// "my name is elena petrova": a given name in lower case, and the word after it if it is no ordinary one.
fn lower_case(words: &[(usize, &str)], first: usize, lexicon: &Lexicon, out: &mut Candidates) {
    let plain = |i: usize| {
        let &(start, word) = words.get(i)?;
        let text = word.trim_end_matches([',', '.', ';', '!', '?']);
        let letters =
            text.chars().count() > 2 && text.chars().all(|c| c.is_lowercase() || c == '-');
        letters.then_some((start, text, text.len() == word.len()))
    };
    let Some((start, given, goes_on)) = plain(first) else {
        return;
    };
    if !lexicon.given_name(given) || NOT_NAMES.contains(&given) {
        return;
    }
    let family = plain(first + 1).filter(|(_, word, _)| goes_on && !lexicon.ordinary(word));
    let end = family.map_or(start + given.len(), |(at, word, _)| at + word.len());
    if family.is_some() || !lexicon.ordinary(given) {
        out.push(PiiKind::Person, Span::new(start, end), 0.7);
    }
}

fn titled(words: &[(usize, &str)], i: usize) -> bool {
    let Some((_, word)) = words.get(i) else {
        return false;
    };
    let bare = word
        .trim_start_matches(['(', '"', '\''])
        .trim_end_matches('.');
    bare.starts_with(char::is_uppercase) && TITLES.iter().any(|t| same(bare, t))
}

/// Equal but for the case of ASCII letters.
fn same(word: &str, other: &str) -> bool {
    word.len() == other.len() && word.eq_ignore_ascii_case(other)
}

/// The word after an introduction that starts at word `i`.
fn introduced(words: &[(usize, &str)], i: usize) -> Option<usize> {
    let bare = |w: &str| w.trim_end_matches([':', ',', '=']).len();
    let first = words.get(i)?.1.bytes().next()?.to_ascii_lowercase();
    INTRODUCTIONS.iter().find_map(|phrase| {
        if phrase.first()?.bytes().next()? != first {
            return None;
        }
        let said = words.get(i..i + phrase.len())?;
        let all = said
            .iter()
            .zip(*phrase)
            .enumerate()
            .all(|(n, ((_, word), part))| {
                let last = n + 1 == phrase.len();
                let width = bare(word);
                let colon = word.get(width..).is_some_and(|t| t.contains([':', '=']));
                word.get(..width).is_some_and(|w| same(w, part))
                    && (last || !colon)
                    && (phrase.len() > 1 || colon)
            });
        all.then_some(i + phrase.len())
    })
}

/// One to four capitalised words, initials and particles included.
fn name(words: &[(usize, &str)], first: usize, confidence: f32, out: &mut Candidates) {
    let Some(&(start, _)) = words.get(first) else {
        return;
    };
    let mut end = start;
    let mut begin = start;
    for (n, &(at, word)) in words
        .get(first..)
        .unwrap_or_default()
        .iter()
        .take(4)
        .enumerate()
    {
        let opened = word.trim_start_matches(['"', '\'', '(']);
        let bare = opened.trim_end_matches([',', '.', ';', '!', '?', ')', '"', '\'', ':']);
        let bare = bare.strip_suffix("'s").unwrap_or(bare);
        let capital = bare.starts_with(char::is_uppercase)
            && bare
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '\'' | '-' | '.'));
        let particle = n > 0
            && matches!(
                bare,
                "de" | "van"
                    | "von"
                    | "der"
                    | "den"
                    | "la"
                    | "da"
                    | "dos"
                    | "bin"
                    | "al"
                    | "el"
                    | "di"
                    | "del"
            );
        if NOT_NAMES.contains(&bare.to_lowercase().as_str())
            || !(capital || particle)
            || bare.is_empty()
        {
            break;
        }
        let lead = word.len() - opened.len();
        if n == 0 {
            begin = at + lead;
        }
        if capital {
            end = at + lead + bare.len();
        }
        let initial = bare.chars().count() == 1 && word.ends_with('.');
        if word.len() > lead + bare.len() && !initial {
            break;
        }
    }
    if end > begin {
        out.push(PiiKind::Person, Span::new(begin, end), 0.85 * confidence);
    }
}
