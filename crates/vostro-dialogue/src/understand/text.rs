//! From a customer's message to tokens.
//!
//! The text is cut to [`MAX_CHARS`], brought to Unicode's compatibility form (NFKC: full-width digits
//! become digits), freed of invisible characters, and split into words, numbers and symbols. Each token
//! keeps its place in the normalised text, so that what is shown back is the customer's own spelling.
//! What a word means is the lexicon's business, not this module's.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::lexicon::{Lexicon, UNKNOWN, WordId};

/// So many characters of a message are read; the rest is not looked at.
pub const MAX_CHARS: usize = 2_000;

/// Contractions written without an apostrophe, and slurred words, with what they stand for.
const CONTRACTIONS: &[(&str, &[&str])] = &[
    ("whats", &["what", "is"]),
    ("wats", &["what", "is"]),
    ("hows", &["how", "is"]),
    ("wheres", &["where", "is"]),
    ("whos", &["who", "is"]),
    ("whens", &["when", "is"]),
    ("thats", &["that", "is"]),
    ("theres", &["there", "is"]),
    ("im", &["i", "am"]),
    ("ive", &["i", "have"]),
    ("gimme", &["give", "me"]),
    ("lemme", &["let", "me"]),
    ("wanna", &["want", "to"]),
    ("gonna", &["going", "to"]),
    ("gotta", &["have", "to"]),
    ("dunno", &["dont", "know"]),
    ("cannot", &["cant"]),
];

/// Words after which `'s` is "is", not a possessive.
const IS_CARRIERS: &[&str] = &[
    "what", "how", "where", "who", "when", "why", "that", "there", "it", "here", "he", "she",
    "which", "this", "let",
];

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, perhaps with digits after the first.
    Word,
    /// Digits with inner `,` and `.`, perhaps an exponent (`1e9`).
    Number,
    /// One character of punctuation or a currency symbol.
    Symbol,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word in lower case without accents, as typed.
    pub text: String,
    /// The same, with a likely typo of a key word put right.
    pub word: String,
    /// The word's place in the lexicon's vocabulary; [`UNKNOWN`] when it is not in it.
    pub id: WordId,
    /// What it is made of.
    pub kind: Kind,
    /// First byte in the normalised text.
    pub start: usize,
    /// The byte after the last in the normalised text.
    pub end: usize,
    /// Whether no white space stands before it.
    pub glued: bool,
    /// Whether the customer wrote its first letter large.
    pub capital: bool,
}

impl Token {
    /// Whether the token is this symbol.
    pub fn is_symbol(&self, symbol: char) -> bool {
        self.kind == Kind::Symbol && self.text.starts_with(symbol)
    }

    /// Whether the word, typos put right, is one of these.
    pub fn is_any(&self, words: &[&str]) -> bool {
        self.kind != Kind::Symbol && words.contains(&self.word.as_str())
    }

    /// Whether the token ends a clause: `.`, `;`, `!`, `?` or a line's end.
    pub fn ends_clause(&self) -> bool {
        self.kind == Kind::Symbol && matches!(self.text.as_str(), "." | ";" | "!" | "?")
    }
}

/// A message as tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The normalised text, in the customer's spelling.
    pub normalised: String,
    /// Its tokens.
    pub tokens: Vec<Token>,
}

impl Text {
    /// Reads a message.
    pub fn read(message: &str, lexicon: &Lexicon) -> Self {
        let mut text = Self::split(message);
        lexicon.annotate(&mut text.tokens);
        text
    }

    /// Splits a text without looking its words up.
    pub fn split(message: &str) -> Self {
        let normalised = normalise(message);
        let mut reader = Reader {
            text: &normalised,
            tokens: Vec::new(),
            glued: false,
        };
        reader.read_all();
        let tokens = reader.tokens;
        Self { normalised, tokens }
    }

    /// The customer's own words for a run of tokens.
    pub fn slice(&self, from: usize, until: usize) -> &str {
        let (Some(first), Some(last)) = (
            self.tokens.get(from),
            until.checked_sub(1).and_then(|last| self.tokens.get(last)),
        ) else {
            return "";
        };
        self.normalised
            .get(first.start..last.end)
            .unwrap_or_default()
    }

    /// Whether the message, or the part of it before `until`, asks something with a question mark.
    pub fn has_question_mark(&self) -> bool {
        self.tokens.iter().any(|token| token.is_symbol('?'))
    }
}

/// Lower case without accents.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let letters = word.nfd().filter(|&c| !is_combining_mark(c));
    letters.flat_map(char::to_lowercase).collect()
}

fn normalise(message: &str) -> String {
    let cut = message
        .char_indices()
        .nth(MAX_CHARS)
        .map_or(message, |(at, _)| message.get(..at).unwrap_or_default());
    if cut.is_ascii() {
        return cut
            .chars()
            .map(|c| if is_blank_control(c) { ' ' } else { c })
            .collect();
    }
    cut.nfkc()
        .filter(|&c| !is_invisible(c))
        .map(plain)
        .take(MAX_CHARS)
        .collect()
}

fn is_blank_control(c: char) -> bool {
    c.is_control() && c != '\n'
}

/// Zero-width and direction characters: they hide, they do not separate.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0000}'..='\u{E007F}')
}

fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{2BC}' | '\u{2B9}' | '`' | '\u{B4}' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2028}' | '\u{2029}' => '\n',
        '\u{BF}' | '\u{A1}' => ' ',
        _ if is_blank_control(c) => ' ',
        _ => c,
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    glued: bool,
}

impl Reader<'_> {
    fn read_all(&mut self) {
        let mut at = 0;
        while let Some(c) = self.peek(at) {
            at = if c.is_alphanumeric() {
                self.read_chunk(at, c)
            } else {
                self.read_mark(at, c)
            };
        }
    }

    fn peek(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|rest| rest.chars().next())
    }

    fn previous(&self, at: usize) -> Option<char> {
        let before = self.text.get(..at)?;
        before.chars().next_back()
    }

    fn read_mark(&mut self, at: usize, c: char) -> usize {
        let next = at + c.len_utf8();
        let between_letters = || {
            self.previous(at).is_some_and(char::is_alphabetic)
                && self.peek(next).is_some_and(char::is_alphabetic)
        };
        match c {
            '\n' => self.push(".", at, next, Kind::Symbol),
            '-' if between_letters() => self.glued = false,
            '\u{1F44D}' | '\u{2705}' => self.push("thumbsup", at, next, Kind::Word),
            '\u{1F44E}' | '\u{274C}' => self.push("thumbsdown", at, next, Kind::Word),
            _ if is_mark(c) => self.push(c.encode_utf8(&mut [0; 4]), at, next, Kind::Symbol),
            _ => self.glued = false,
        }
        next
    }

    fn read_chunk(&mut self, at: usize, first: char) -> usize {
        if first.is_ascii_digit() {
            self.read_number(at)
        } else {
            self.read_word(at)
        }
    }

    fn read_number(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
        let mut end = at;
        while digit(end) || (matches!(bytes.get(end), Some(b'.' | b',')) && digit(end + 1)) {
            end += 1;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) && digit(end + 1) {
            end += 1;
            while digit(end) {
                end += 1;
            }
        }
        let text = self.text.get(at..end).unwrap_or_default().to_owned();
        self.push(&text.to_ascii_lowercase(), at, end, Kind::Number);
        end
    }

    fn read_word(&mut self, at: usize) -> usize {
        let mut end = at;
        while let Some(c) = self.peek(end) {
            let next = end + c.len_utf8();
            let inner_apostrophe = c == '\'' && self.peek(next).is_some_and(char::is_alphabetic);
            if !c.is_alphanumeric() && !inner_apostrophe && !is_combining_mark(c) {
                break;
            }
            end = next;
        }
        let folded = fold(self.text.get(at..end).unwrap_or_default());
        self.push_word(&folded, at, end);
        end
    }

    fn push_word(&mut self, folded: &str, at: usize, end: usize) {
        if let Some((_, parts)) = CONTRACTIONS.iter().find(|(short, _)| *short == folded) {
            for part in *parts {
                self.push(part, at, end, Kind::Word);
            }
            return;
        }
        let Some((stem, tail)) = folded.rsplit_once('\'') else {
            self.push(folded, at, end, Kind::Word);
            return;
        };
        let tail_word = match tail {
            "s" if IS_CARRIERS.contains(&stem) => "is",
            "s" => "'s",
            "m" => "am",
            "re" => "are",
            "ve" => "have",
            "ll" => "will",
            "d" => "would",
            _ => {
                let joined = folded.replace('\'', "");
                self.push(&joined, at, end, Kind::Word);
                return;
            }
        };
        // The apostrophe and the ASCII tail are as long in the text as in its folded form.
        let split = end.saturating_sub(tail.len() + 1).max(at);
        self.push(stem, at, split, Kind::Word);
        self.push(tail_word, split, end, Kind::Word);
    }

    fn push(&mut self, text: &str, start: usize, end: usize, kind: Kind) {
        let glued = self.glued && self.tokens.last().is_some_and(|token| token.end == start);
        let capital = self
            .text
            .get(start..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(char::is_uppercase);
        self.tokens.push(Token {
            text: text.to_owned(),
            word: text.to_owned(),
            id: UNKNOWN,
            kind,
            start,
            end,
            glued,
            capital,
        });
        self.glued = true;
    }
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '$' | '\u{20AC}'
            | '\u{A3}'
            | '\u{A5}'
            | '#'
            | '/'
            | '-'
            | '+'
            | '%'
            | '?'
            | '!'
            | '.'
            | ','
            | '&'
            | ';'
            | ':'
            | '@'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(message: &str) -> Vec<String> {
        let tokens = Text::split(message).tokens.into_iter();
        tokens.map(|token| token.text).collect()
    }

    #[test]
    fn messages_are_split_alike_whatever_their_dress() {
        let cases: [(&str, &[&str]); 12] = [
            (
                "What\u{2019}s my balance?",
                &["what", "is", "my", "balance", "?"],
            ),
            ("John's account", &["john", "'s", "account"]),
            ("I don't", &["i", "dont"]),
            ("$1,250.50.", &["$", "1,250.50", "."]),
            ("1.2k 1e9 5th", &["1.2", "k", "1e9", "5", "th"]),
            ("e-mail twenty-five", &["e", "mail", "twenty", "five"]),
            (
                "10/03 2026-10-03",
                &["10", "/", "03", "2026", "-", "10", "-", "03"],
            ),
            ("S\u{ED}, ma\u{F1}ana", &["si", ",", "manana"]),
            ("ba\u{200B}lance", &["balance"]),
            ("\u{FF11}\u{FF12}", &["12"]),
            ("\u{1F602}\u{1F602}", &[]),
            ("a\u{0}b\nc", &["a", "b", ".", "c"]),
        ];
        for (message, expected) in cases {
            assert_eq!(words(message), expected, "{message:?}");
        }
    }

    #[test]
    fn only_the_beginning_of_a_long_message_is_read() {
        let text = Text::read(&"a ".repeat(100_000), Lexicon::get());
        assert_eq!(text.tokens.len(), MAX_CHARS / 2);
    }

    #[test]
    fn a_run_of_tokens_gives_the_customers_own_spelling() {
        let text = Text::read("to Mar\u{ED}a P\u{E9}rez", Lexicon::get());
        assert_eq!(text.slice(1, 3), "Mar\u{ED}a P\u{E9}rez");
        assert_eq!(text.slice(3, 9), "");
        assert_eq!(text.slice(2, 0), "");
    }
}
