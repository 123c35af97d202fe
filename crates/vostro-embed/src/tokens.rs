//! The token numbers of a text, as BERT without letter case reads it.
//!
//! Devlin et al., "BERT", 2018: the text is cleaned, accents go, letters become small, words and punctuation
//! are set apart; then each word is the longest known pieces from left to right. Only the settings of models without
//! letter case: a general tokenizer brings sixty crates for the same hundred lines.

use std::collections::HashMap;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Tokens of a single text that are read, the two marks around it among them.
const MAX_TOKENS: usize = 256;
/// Tokens of a pair of texts that are read with the three marks: as many as BERT was trained with.
const MAX_PAIR_TOKENS: usize = 512;
/// Fewer leave no room for a question and a text.
const MIN_PAIR_TOKENS: usize = 16;
/// Characters that are looked at: far more than any 512 tokens of real text have.
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
    /// The longest pair.
    most: usize,
}

/// Two texts as one row of tokens.
pub(crate) struct Pair {
    pub(crate) tokens: Vec<u32>,
    /// 0 for a token of the first text and its marks, 1 for one of the second.
    pub(crate) kinds: Vec<i32>,
}

/// What is read of a `tokenizer.json`: the vocabulary, and what would make it another kind than is said above.
#[derive(Deserialize)]
struct TokenizerFile {
    model: WordModel,
    normalizer: Option<Normalizer>,
    truncation: Option<Truncation>,
}

#[derive(Deserialize)]
struct WordModel {
    r#type: Option<String>,
    continuing_subword_prefix: Option<String>,
    vocab: HashMap<String, u32>,
}

#[derive(Deserialize)]
struct Normalizer {
    lowercase: Option<bool>,
}

#[derive(Deserialize)]
struct Truncation {
    max_length: usize,
}

impl Tokens {
    /// Reads a `tokenizer.json`; the error is a reason in words.
    pub(crate) fn read(json: &[u8]) -> Result<Self, String> {
        let file: TokenizerFile = serde_json::from_slice(json).map_err(|e| e.to_string())?;
        let TokenizerFile {
            model,
            normalizer,
            truncation,
        } = file;
        if let Some(kind) = model.r#type.filter(|kind| kind != "WordPiece") {
            return Err(format!("its pieces are {kind}, not WordPiece"));
        }
        if let Some(inner) = model.continuing_subword_prefix.filter(|it| it != INNER) {
            return Err(format!("inner pieces begin with `{inner}`, not `{INNER}`"));
        }
        if normalizer.is_some_and(|it| it.lowercase == Some(false)) {
            return Err("it tells capital letters from small ones".to_owned());
        }
        let most = truncation.map_or(MAX_PAIR_TOKENS, |it| it.max_length.min(MAX_PAIR_TOKENS));
        Self::of_vocabulary(model.vocab, most)
    }

    /// Reads a `vocab.txt`: one piece a line, numbered from 0. The error is a reason in words.
    pub(crate) fn read_lines(lines: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(lines).map_err(|error| error.to_string())?;
        let pieces = text
            .lines()
            .map(|line| line.trim_end_matches('\r').to_owned());
        Self::of_vocabulary(pieces.zip(0..).collect(), MAX_PAIR_TOKENS)
    }

    fn of_vocabulary(vocabulary: HashMap<String, u32>, most: usize) -> Result<Self, String> {
        if most < MIN_PAIR_TOKENS {
            return Err(format!("{most} tokens of a pair are too few"));
        }
        let mark = |name: &str| {
            let number = vocabulary.get(name).copied();
            number.ok_or_else(|| format!("the vocabulary lacks {name}"))
        };
        Ok(Self {
            begin: mark("[CLS]")?,
            end: mark("[SEP]")?,
            unknown: mark("[UNK]")?,
            vocabulary,
            most,
        })
    }

    /// How many tokens the longest pair has.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// The numbers of two texts' tokens: the first with the marks around it, then the second with the mark behind it.
    /// The first has at most half of the room, the second what is left.
    pub(crate) fn pair(&self, first: &str, second: &str) -> Pair {
        let mut tokens = vec![self.begin];
        self.add(first, self.most / 2 - 1, &mut tokens);
        tokens.push(self.end);
        let mut kinds = vec![0; tokens.len()];
        self.add(second, self.most - 1, &mut tokens);
        tokens.push(self.end);
        kinds.resize(tokens.len(), 1);
        Pair { tokens, kinds }
    }

    /// The numbers of a text's tokens with the marks around them.
    pub(crate) fn of(&self, text: &str) -> Vec<u32> {
        let mut tokens = vec![self.begin];
        self.add(text, MAX_TOKENS - 1, &mut tokens);
        tokens.push(self.end);
        tokens
    }

    /// Adds a text's tokens until there are so many in all.
    fn add(&self, text: &str, most: usize, tokens: &mut Vec<u32>) {
        for word in fold(text).split_ascii_whitespace() {
            if tokens.len() >= most {
                break;
            }
            self.pieces(word, tokens);
        }
        tokens.truncate(most);
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
    fn a_pair_is_one_row_that_tells_its_halves() {
        let tokens = tokens();
        let Pair { tokens: row, kinds } = tokens.pair("trans, a", "[SEP] cafe");
        // A mark that is written in a text is no mark: its brackets are punctuation, which is unknown here.
        assert_eq!(row, [0, 3, 7, 9, 1, 2, 2, 2, 6, 1]);
        assert_eq!(kinds, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
        let Pair { tokens: row, kinds } = tokens.pair("", "");
        assert_eq!((row, kinds), (vec![0, 1, 1], vec![0, 0, 1]));
    }

    #[test]
    fn a_long_question_leaves_half_to_the_text() {
        let (tokens, long) = (tokens(), "a ".repeat(100_000));
        let cases = [
            (&*long, &*long, 256, 256),
            (&long, "a", 256, 2),
            ("a", &long, 3, 509),
        ];
        for (first, second, firsts, seconds) in cases {
            let Pair { tokens: row, kinds } = tokens.pair(first, second);
            assert_eq!(kinds.iter().filter(|kind| **kind == 0).count(), firsts);
            assert_eq!((row.len(), kinds.len()), (firsts + seconds, row.len()));
            assert_eq!((row[firsts - 1], row[row.len() - 1]), (1, 1));
        }
    }

    #[test]
    fn lines_are_a_vocabulary_too() {
        let tokens = Tokens::read_lines(b"[PAD]\n[UNK]\r\n[CLS]\n[SEP]\na\n##b\n").unwrap();
        assert_eq!(tokens.of("ab c"), [2, 4, 5, 1, 3]);
        assert!(Tokens::read_lines(b"a\nb\n").is_err() && Tokens::read_lines(b"\xff").is_err());
    }

    #[test]
    fn the_files_own_bound_counts() {
        let read = |rest: &str| {
            let vocab = r#""model": {"vocab": {"[CLS]": 0, "[SEP]": 1, "[UNK]": 2}}"#;
            Tokens::read(format!("{{{vocab}{rest}}}").as_bytes())
        };
        for (rest, most) in [
            ("", 512),
            (r#", "truncation": null"#, 512),
            (r#", "truncation": {"max_length": 128}"#, 128),
            (r#", "truncation": {"max_length": 100000}"#, 512),
        ] {
            let tokens = read(rest).unwrap();
            assert_eq!(tokens.most(), most, "{rest}");
            let row = tokens.pair("a", &"a ".repeat(1_000)).tokens;
            assert_eq!(row.len(), most, "{rest}");
        }
        assert!(read(r#", "truncation": {"max_length": 3}"#).is_err());
    }

    #[test]
    fn a_file_without_a_vocabulary_or_of_another_kind_is_refused() {
        let marks = r#""vocab": {"[CLS]": 0, "[SEP]": 1, "[UNK]": 2}"#;
        for json in [
            String::new(),
            "{}".to_owned(),
            r#"{"model": {"vocab": {}}}"#.to_owned(),
            format!(r#"{{"model": {{"type": "BPE", {marks}}}}}"#),
            format!(r#"{{"model": {{"continuing_subword_prefix": "_", {marks}}}}}"#),
            format!(r#"{{"normalizer": {{"lowercase": false}}, "model": {{{marks}}}}}"#),
        ] {
            assert!(Tokens::read(json.as_bytes()).is_err(), "{json}");
        }
        let good = format!(
            r#"{{"normalizer": {{"type": "BertNormalizer", "lowercase": true}}, "model": {{"type": "WordPiece", {marks}}}}}"#
        );
        assert!(Tokens::read(good.as_bytes()).is_ok());
    }
}
