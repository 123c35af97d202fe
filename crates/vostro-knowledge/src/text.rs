//! Words, stems and sentences: one analysis for indexing, asking and answering.
//!
//! English only: documents in other languages are found by their exact words.

use std::ops::Range;

use frostem::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

/// A longer word is cut: it is not a word, and the index need not carry it.
const MAX_WORD_CHARS: usize = 40;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Lower case, without a possessive `'s`; figures keep their point and comma (`5,000.00`).
    pub(crate) surface: String,
    /// Bytes of the text.
    pub(crate) span: Range<usize>,
}

/// The words of a text, in order: runs of letters and digits (UAX #29), in lower case.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word> + '_ {
    text.unicode_word_indices().flat_map(|(start, word)| {
        let mut parts = Vec::with_capacity(1);
        // UAX #29 keeps `e_mail` and `and.so.on` together; only figures deserve that.
        let whole = word.starts_with(|c: char| c.is_ascii_digit());
        let mut at = start;
        for part in word.split_inclusive(|c: char| !whole && matches!(c, '_' | '.' | ':')) {
            let cut = part.trim_matches(|c: char| matches!(c, '_' | '.' | ':'));
            if !cut.is_empty() {
                let surface = fold(cut);
                parts.push(Word {
                    surface,
                    span: at..at + part.len(),
                });
            }
            at += part.len();
        }
        parts
    })
}

fn fold(word: &str) -> String {
    let lower: String = word
        .chars()
        .take(MAX_WORD_CHARS)
        .flat_map(char::to_lowercase)
        .map(|c| if c == '\u{2019}' { '\'' } else { c })
        .collect();
    lower
        .strip_suffix("'s")
        .map_or_else(|| lower.replace('\'', ""), str::to_owned)
}

/// Brings words to their stems (Snowball English).
pub(crate) struct Stems(Stemmer);

impl Stems {
    pub(crate) fn new() -> Self {
        Self(Stemmer::new(Algorithm::English))
    }

    pub(crate) fn stem(&self, surface: &str) -> String {
        self.0.stem(surface).into_owned()
    }

    /// The stems of a text's content words.
    pub(crate) fn content(&self, text: &str) -> Vec<String> {
        words(text)
            .filter(|word| !is_stop_word(&word.surface))
            .map(|word| self.stem(&word.surface))
            .collect()
    }
}

/// Byte spans of the sentences of a paragraph (UAX #29; a line end is no sentence end).
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let one_line = text.replace('\n', " ");
    one_line
        .split_sentence_bound_indices()
        .map(|(start, sentence)| {
            let lead = sentence.len() - sentence.trim_start().len();
            start + lead..start + lead + sentence.trim().len()
        })
        .filter(|span| !span.is_empty())
        .collect()
}

/// Words that tell nothing about what a question is about.
pub(crate) fn is_stop_word(surface: &str) -> bool {
    STOP_WORDS.binary_search(&surface).is_ok()
}

/// Function words of English and what customers wrap their questions in; sorted.
#[rustfmt::skip]
const STOP_WORDS: &[&str] = &[
    "a", "able", "about", "accidentally", "actual", "actually", "again", "ah", "all", "allowed",
    "already", "also", "am", "an", "and", "another", "any", "anybody", "anyone", "anything",
    "anyway", "app", "appreciate", "apps", "are", "arent", "as", "ask", "asking", "assist",
    "assistance", "at", "basically", "be", "because", "been", "being", "believe", "but", "by",
    "can", "cannot", "cant", "cause", "certain", "concern", "could", "couldnt", "curious", "cuz",
    "dear", "did", "didnt", "do", "does", "doesnt", "doing", "dont", "either", "else", "etc",
    "even", "ever", "everything", "exactly", "explain", "for", "from", "get", "gets", "getting",
    "gimme", "go", "goes", "going", "gonna", "good", "got", "guess", "guys", "had", "happen",
    "happened", "happening", "happens", "has", "hasnt", "have", "havent", "having", "he", "heard",
    "hello", "help", "her", "here", "hes", "hey", "hi", "him", "his", "hope", "how", "hows",
    "huh", "i", "id", "if", "ill", "im", "in", "into", "is", "isnt", "issue", "it", "its",
    "itself", "ive", "just", "keep", "keeping", "keeps", "kind", "know", "let", "lets", "like",
    "look", "looking", "madam", "many", "may", "maybe", "me", "mean", "meaning", "means", "might",
    "mine", "much", "must", "my", "myself", "need", "needs", "no", "not", "now", "of", "off",
    "offer", "offers", "oh", "ok", "okay", "on", "once", "one", "only", "or", "other", "our",
    "ours", "out", "over", "own", "please", "pls", "possible", "problem", "provide", "provides",
    "put", "quick", "quickly", "really", "regarding", "right", "said", "say", "says", "see",
    "seem", "seemed", "seems", "shall", "she", "should", "show", "sir", "so", "some", "somebody",
    "somehow", "someone", "something", "sorry", "sort", "still", "such", "suddenly", "support",
    "supports", "suppose", "supposed", "sure", "tell", "than", "thank", "thanks", "that", "thats",
    "the", "their", "them", "then", "there", "theres", "these", "they", "theyre", "thing",
    "things", "think", "this", "those", "though", "thought", "to", "today", "too", "tried", "try",
    "trying", "u", "up", "upon", "ur", "us", "using", "ve", "very", "wanna", "want", "wanted",
    "wants", "was", "wasnt", "way", "ways", "we", "website", "well", "were", "weve", "what",
    "whats", "when", "whens", "where", "wheres", "whether", "which", "while", "who", "whom",
    "whos", "whose", "why", "will", "with", "without", "wonder", "wondering", "wont", "would",
    "wouldnt", "yes", "yet", "you", "your", "youre", "yours", "yourself",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(is_stop_word("please") && !is_stop_word("transfer"));
    }

    #[test]
    fn words_keep_figures_and_drop_possessives() {
        let cases: [(&str, &[&str]); 7] = [
            ("What's the LIMIT?", &["what", "the", "limit"]),
            (
                "Up to $5,000.00 a day.",
                &["up", "to", "5,000.00", "a", "day"],
            ),
            (
                "don\u{2019}t e-mail foo_bar",
                &["dont", "e", "mail", "foo", "bar"],
            ),
            ("U.S. dollars", &["u", "s", "dollars"]),
            ("\u{0}\u{1f600} \u{200d}", &[]),
            (
                "caf\u{e9} \u{4e2d}\u{6587}",
                &["caf\u{e9}", "\u{4e2d}", "\u{6587}"],
            ),
            ("\"AND OR\" -(x)* ~2 ^5", &["and", "or", "x", "2", "5"]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = words(text).map(|word| word.surface).collect();
            assert_eq!(found, expected, "{text:?}");
        }
        assert_eq!(
            words(&"x".repeat(1000)).next().unwrap().surface.len(),
            MAX_WORD_CHARS
        );
    }

    #[test]
    fn sentences_are_whole() {
        let text = "It costs $5,000.00 at most, e.g. for rent. Say **yes**\nor no! Done?";
        let found: Vec<_> = sentences(text)
            .into_iter()
            .map(|span| &text[span])
            .collect();
        assert_eq!(
            found,
            [
                "It costs $5,000.00 at most, e.g. for rent.",
                "Say **yes**\nor no!",
                "Done?"
            ]
        );
    }
}
