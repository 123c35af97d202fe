//! Patterns: sequences of word sets with gaps, compiled from one line of a policy file.
//!
//! The language is small on purpose: `word`, `word~` (with its inflections), `one|two`, `{list}` (a
//! named word list) and `..3` (up to three words between). It has no repetition and no nesting, so
//! matching one start costs at most the pattern's length times its gaps.

use super::words::{Token, Vocabulary, WordId, inflect};
use std::collections::BTreeMap;

/// The longest gap a pattern may ask for.
const MAX_GAP: usize = 8;
/// The most elements a pattern may have.
const MAX_ELEMENTS: usize = 12;

/// Named word lists of the policy.
pub(crate) type Lists = BTreeMap<String, Vec<String>>;

/// One element: a set of words, and how many others may stand before it.
#[derive(Debug)]
struct Element {
    gap: usize,
    words: Vec<u64>,
}

impl Element {
    fn has(&self, word: WordId) -> bool {
        word != 0
            && self
                .words
                .get(usize::from(word) / 64)
                .is_some_and(|bits| bits >> (word % 64) & 1 == 1)
    }
}

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    first: Vec<WordId>,
    elements: Vec<Element>,
}

impl Pattern {
    /// Compiles one line; the error says what is wrong with it.
    pub(crate) fn parse(
        line: &str,
        lists: &Lists,
        vocabulary: &mut Vocabulary,
    ) -> Result<Self, String> {
        let mut elements = Vec::new();
        let mut first = Vec::new();
        let mut gap = 0;
        for part in line.split_whitespace() {
            if let Some(n) = part.strip_prefix("..") {
                gap = n
                    .parse()
                    .ok()
                    .filter(|n| *n <= MAX_GAP)
                    .ok_or(format!("`{part}`: a gap is `..1` to `..{MAX_GAP}`"))?;
                continue;
            }
            let mut ids = Vec::new();
            for word in expand(part, lists)? {
                ids.push(
                    vocabulary
                        .intern(&word)
                        .ok_or("too many words in the policy")?,
                );
            }
            if elements.is_empty() {
                if gap > 0 {
                    return Err("a pattern starts with a word, not with a gap".to_owned());
                }
                first.clone_from(&ids);
            }
            elements.push(Element {
                gap,
                words: bits(&ids),
            });
            gap = 0;
        }
        match elements.len() {
            0 => Err("the pattern is empty".to_owned()),
            n if n > MAX_ELEMENTS => Err(format!("a pattern has at most {MAX_ELEMENTS} elements")),
            _ => Ok(Self { first, elements }),
        }
    }

    /// The words that a match can start with.
    pub(crate) fn starts(&self) -> &[WordId] {
        &self.first
    }

    /// The token after the shortest match that starts at token `at`.
    pub(crate) fn match_at(&self, tokens: &[Token], at: usize) -> Option<usize> {
        let window = tokens.get(at..tokens.len().min(at + 64))?;
        let start = window.first()?;
        let mut reach = u64::from(self.elements.first()?.has(start.word));
        for element in self.elements.get(1..)? {
            let mut next = 0u64;
            let mut rest = reach;
            while rest != 0 {
                let from = rest.trailing_zeros() as usize + 1;
                rest &= rest - 1;
                for (i, token) in window.iter().enumerate().skip(from).take(element.gap + 1) {
                    if token.sentence == start.sentence && element.has(token.word) {
                        next |= 1 << i;
                    }
                }
            }
            reach = next;
            if reach == 0 {
                return None;
            }
        }
        (reach != 0).then(|| at + reach.trailing_zeros() as usize + 1)
    }
}

fn bits(ids: &[WordId]) -> Vec<u64> {
    let size = ids.iter().max().map_or(0, |m| usize::from(*m) / 64 + 1);
    let mut words = vec![0u64; size];
    for id in ids {
        if let Some(slot) = words.get_mut(usize::from(*id) / 64) {
            *slot |= 1 << (id % 64);
        }
    }
    words
}

/// The words that one element stands for.
fn expand(part: &str, lists: &Lists) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    for choice in part.split('|') {
        if let Some(name) = choice.strip_prefix('{') {
            let name = name
                .strip_suffix('}')
                .ok_or(format!("`{choice}`: missing `}}`"))?;
            let list = lists
                .get(name)
                .ok_or(format!("unknown word list `{name}`"))?;
            for word in list {
                words.extend(forms(word)?);
            }
        } else {
            words.extend(forms(choice)?);
        }
    }
    Ok(words)
}

fn forms(word: &str) -> Result<Vec<String>, String> {
    let stem = word.strip_suffix('~').unwrap_or(word);
    let plain = crate::text::Text::new(stem).folded.text.replace('\'', "");
    if plain.is_empty() || !plain.chars().all(char::is_alphanumeric) {
        return Err(format!("`{word}`: a word is letters and digits"));
    }
    Ok(if word.ends_with('~') {
        inflect(&plain)
    } else {
        vec![plain]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_sequences_with_gaps() {
        let lists: Lists = [("who".to_owned(), vec!["you".to_owned(), "them".to_owned()])].into();
        let mut vocabulary = Vocabulary::default();
        let pattern = Pattern::parse("kill~|shoot ..2 {who}", &lists, &mut vocabulary).unwrap();
        for (text, hit) in [
            ("kill you", true),
            ("killing all of them", true),
            ("kill a b c you", false),
            ("kill", false),
            ("you kill", false),
        ] {
            let tokens = vocabulary.read(text);
            let found = (0..tokens.len()).any(|i| pattern.match_at(&tokens, i).is_some());
            assert_eq!(found, hit, "{text}");
        }
        for bad in ["", "..3 a", "{nope}", "a ..99 b", "{who", "a-b"] {
            assert!(
                Pattern::parse(bad, &lists, &mut vocabulary).is_err(),
                "{bad}"
            );
        }
    }
}
