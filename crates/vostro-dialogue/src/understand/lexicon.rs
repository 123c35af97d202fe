//! The words that matter: the vocabulary of the cues, and the repair of typos in key words.
//!
//! A word that is neither in the vocabulary nor an ordinary English or Spanish word may be a key word
//! with a typo ("balence", "trasnfer"); it is put right within a bounded edit distance (Damerau's, one
//! edit, two from eight letters on). Ordinary words never are, so that "form" does not become "from".
//! Names of payees and billers are not known here; their own matchers allow for typos.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::cues::{self, Cues};
use super::text::{Kind, Token};

/// The place of a word in the vocabulary.
pub type WordId = u32;

/// The id of every word outside the vocabulary.
pub const UNKNOWN: WordId = 0;

/// At most so many unknown words of a message are tried as typos: the cost of a message is bounded.
const MAX_REPAIRS: usize = 40;

const KEYWORDS: &str = include_str!("data/keywords.txt");
const SPELLINGS: &str = include_str!("data/spellings.txt");
const COMMON: &str = include_str!("data/common.txt");

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::load);

/// The vocabulary, the cues and the key words, read once from the data files.
#[derive(Debug)]
pub struct Lexicon {
    vocabulary: HashMap<String, WordId>,
    keywords: HashMap<char, Vec<&'static str>>,
    common: HashSet<&'static str>,
    spellings: HashMap<&'static str, &'static str>,
    cues: Cues,
}

impl Lexicon {
    /// The one compiled into the program.
    pub fn get() -> &'static Self {
        &LEXICON
    }

    fn load() -> Self {
        let mut vocabulary = HashMap::new();
        let cues = cues::load(&mut vocabulary);
        let mut keywords: HashMap<char, Vec<&'static str>> = HashMap::new();
        for word in words_of(KEYWORDS) {
            if let Some(first) = word.chars().next() {
                keywords.entry(first).or_default().push(word);
            }
        }
        Self {
            vocabulary,
            keywords,
            common: words_of(COMMON).collect(),
            spellings: spellings(),
            cues,
        }
    }

    /// The cues by which intents are scored.
    pub const fn cues(&self) -> &Cues {
        &self.cues
    }

    /// The id of a word, [`UNKNOWN`] when no cue has it.
    pub fn id(&self, word: &str) -> WordId {
        self.vocabulary.get(word).copied().unwrap_or(UNKNOWN)
    }

    /// Whether a word is a key word or an ordinary one, so hardly a name.
    pub fn is_ordinary(&self, word: &str) -> bool {
        self.vocabulary.contains_key(word) || self.common.contains(word) || self.is_keyword(word)
    }

    fn is_keyword(&self, word: &str) -> bool {
        word.chars()
            .next()
            .and_then(|first| self.keywords.get(&first))
            .is_some_and(|bucket| bucket.contains(&word))
    }

    /// Puts typos of key words right and looks up the ids.
    pub fn annotate(&self, tokens: &mut [Token]) {
        let mut repairs = 0;
        for token in tokens {
            if token.kind != Kind::Word {
                continue;
            }
            token.id = self.id(&token.text);
            if token.id != UNKNOWN || self.is_ordinary(&token.text) || repairs >= MAX_REPAIRS {
                continue;
            }
            repairs += 1;
            let spelled = self.spellings.get(token.text.as_str()).copied();
            if let Some(repaired) = spelled.or_else(|| self.repair(&token.text)) {
                repaired.clone_into(&mut token.word);
                token.id = self.id(repaired);
            }
        }
    }

    /// The key word that a word is most likely a typo of.
    fn repair(&self, word: &str) -> Option<&'static str> {
        let length = word.len();
        if !(4..=16).contains(&length) || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let mut firsts = word.chars().take(2);
        let (first, second) = (firsts.next()?, firsts.next()?);
        let best = [first, second]
            .iter()
            .enumerate()
            .filter(|&(i, c)| i == 0 || *c != first)
            .filter_map(|(_, c)| self.keywords.get(c))
            .flatten()
            .filter(|key| key.len().abs_diff(length) <= 2)
            .filter_map(|&key| typo_distance(word, key).map(|distance| (distance, key)))
            .min()?;
        Some(best.1)
    }
}

/// The edit distance between a typed word and the word meant, if it is small enough to be a typo:
/// one edit for words of five letters on, two from eight on, and for four letters only a swap of
/// neighbours.
pub fn typo_distance(typed: &str, meant: &str) -> Option<usize> {
    let length = meant.chars().count();
    let most = match length {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    if typed.chars().count().abs_diff(length) > most {
        return None;
    }
    let distance = strsim::osa_distance(typed, meant);
    if distance > most {
        return None;
    }
    if length == 4 && distance > 0 && !same_letters(typed, meant) {
        return None;
    }
    Some(distance)
}

fn same_letters(a: &str, b: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

fn words_of(data: &'static str) -> impl Iterator<Item = &'static str> {
    data.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
}

/// Other spellings of words, each with the word.
fn spellings() -> HashMap<&'static str, &'static str> {
    let lines = SPELLINGS.lines().filter(|line| !line.starts_with('#'));
    let words = lines.filter_map(|line| line.split_once(": "));
    words
        .flat_map(|(word, others)| others.split_whitespace().map(move |other| (other, word)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::understand::text::Text;

    #[test]
    fn typos_of_key_words_are_put_right_and_words_are_left_alone() {
        let cases = [
            ("balence", "balance"),
            ("trasnfer", "transfer"),
            ("tranfser", "transfer"),
            ("savngs", "savings"),
            ("acount", "account"),
            ("chekcing", "checking"),
            ("electrcity", "electricity"),
            ("transactons", "transactions"),
            ("sned", "send"),
            ("wek", "week"),
            ("xfer", "transfer"),
            ("form", "form"),
            ("male", "male"),
            ("sand", "sand"),
            ("corner", "corner"),
            ("spin", "spin"),
            ("x", "x"),
            ("zzzzzzzzzzzzzzzzzzzzzz", "zzzzzzzzzzzzzzzzzzzzzz"),
        ];
        for (typed, expected) in cases {
            let text = Text::read(typed, Lexicon::get());
            assert_eq!(text.tokens[0].word, expected, "{typed}");
            assert_eq!(text.tokens[0].text, typed);
        }
    }
}
