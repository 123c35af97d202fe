//! The token numbers of a text, as BERT without letter case reads it.
//!
//! Devlin et al., "BERT", 2018: the text is cleaned, accents go, letters become small, words and punctuation
//! are set apart; then each word is the longest known pieces from left to right. Only this model's settings:
//! a general tokenizer brings sixty crates for the same hundred lines.

use std::collections::HashMap;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Tokens that are read, the two marks around the text among them.
const MAX_TOKENS: usize = 256;
/// Characters that are looked at: far more than any 256 tokens of real text have.
const MAX_CHARS: usize = 8_192;
/// A longer word, in characters, is unknown.
const MAX_WORD_CHARS: usize = 100;
/// What a piece that does not begin its word begins with.
const INNER: &str = "##";

pub(crate) struct Tokens {
    vocabulary: HashMap<String, u32>,
    begin: u32,
    end: u32,
    unknown: u32,
}

/// What is read of a `tokenizer.json`: the vocabulary. All else is said above.
#[derive(Deserialize)]
struct TokenizerFile {
    model: WordModel,
}

#[derive(Deserialize)]
struct WordModel {
    vocab: HashMap<String, u32>,
}

impl Tokens {
    /// Reads a `tokenizer.json`; the error is a reason in words.
    pub(crate) fn read(json: &[u8]) -> Result<Self, String> {
        let file: TokenizerFile = serde_json::from_slice(json).map_err(|e| e.to_string())?;
        let vocabulary = file.model.vocab;
        let mark = |name: &str| {
            let number = vocabulary.get(name).copied();
            number.ok_or_else(|| format!("the vocabulary lacks {name}"))
        };
        Ok(Self {
            begin: mark("[CLS]")?,
            end: mark("[SEP]")?,
            unknown: mark("[UNK]")?,
            vocabulary,
        })
    }

    /// The numbers of a text's tokens with the marks around them.
    pub(crate) fn of(&self, text: &str) -> Vec<u32> {
        let mut tokens = vec![self.begin];
        for word in fold(text).split_ascii_whitespace() {
            self.pieces(word, &mut tokens);
            if tokens.len() >= MAX_TOKENS {
                break;
            }
        }
        tokens.truncate(MAX_TOKENS - 1);
        tokens.push(self.end);
        tokens
    }

    /// Adds the pieces of a word, or the mark of an unknown one.
    fn pieces(&self, word: &str, tokens: &mut Vec<u32>) {
        let before = tokens.len();
        let mut rest = word;
        let mut piece = String::new();
        let too_long = word.chars().nth(MAX_WORD_CHARS).is_some();
        while !rest.is_empty() {
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
            let known = ends.rev().filter(|_| !too_long).find_map(|end| {
                piece.clear();
                piece.push_str(if rest.len() < word.len() { INNER } else { "" });
                piece.push_str(rest.get(..end)?);
                Some((*self.vocabulary.get(&piece)?, rest.get(end..)?))
            });
            let Some((token, after)) = known else {
                tokens.truncate(before);
                tokens.push(self.unknown);
                return;
            };
            tokens.push(token);
            rest = after;
        }
    }
}

/// Small letters without accents and control characters; blanks between words, and around every mark of
/// punctuation and ideograph.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(MAX_CHARS));
    for c in text
        .chars()
        .take(MAX_CHARS)
        .nfd()
        .flat_map(char::to_lowercase)
    {
        let group = c.general_category_group();
        if c.is_whitespace() {
            folded.push(' ');
        } else if c == '\u{fffd}'
            || group == GeneralCategoryGroup::Other
            || c.general_category() == GeneralCategory::NonspacingMark
        {
            // Nothing of it is read.
        } else if c.is_ascii_punctuation()
            || group == GeneralCategoryGroup::Punctuation
            || is_ideograph(c)
        {
            folded.extend([' ', c, ' ']);
        } else {
            folded.push(c);
        }
    }
    folded
}

/// The blocks of CJK ideographs that BERT sets apart.
const fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2ceaf}' | '\u{2f800}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        let words = [
            "[CLS]", "[SEP]", "[UNK]", "trans", "##fer", "##s", "cafe", ",", "\u{4e2d}", "a",
        ];
        let vocab: HashMap<&str, usize> = words.into_iter().zip(0..).collect();
        let json = serde_json::json!({"version": "1.0", "model": {"vocab": vocab}});
        Tokens::read(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn words_become_pieces() {
        let tokens = tokens();
        let cases: [(&str, &[u32]); 9] = [
            ("", &[0, 1]),
            ("Transfers, a", &[0, 3, 4, 5, 7, 9, 1]),
            ("CAF\u{c9}\u{a0}cafe\u{301}", &[0, 6, 6, 1]),
            // Known by half is unknown.
            ("transx a", &[0, 2, 9, 1]),
            ("\u{4e2d}\u{4e2d}", &[0, 8, 8, 1]),
            ("\u{1f600}", &[0, 2, 1]),
            ("trans\u{200b}fer\u{0}s", &[0, 3, 4, 5, 1]),
            (&"a".repeat(101), &[0, 2, 1]),
            (" \t\n", &[0, 1]),
        ];
        for (text, expected) in cases {
            assert_eq!(tokens.of(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let tokens = tokens().of(&"a ".repeat(100_000));
        assert_eq!((tokens.len(), tokens.last()), (MAX_TOKENS, Some(&1)));
    }

    #[test]
    fn a_file_without_a_vocabulary_is_refused() {
        for json in ["", "{}", r#"{"model": {"vocab": {}}}"#] {
            assert!(Tokens::read(json.as_bytes()).is_err(), "{json}");
        }
    }
}
