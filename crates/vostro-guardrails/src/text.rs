//! One normalisation for all detectors, with every offset kept back to the text as sent.
//!
//! Two forms are made. `clean` keeps case and letters and removes what only hides: zero-width and
//! control characters, exotic spaces, dashes, digits and full-width forms; personal data is looked
//! for there. `folded` is lower-case with accents and look-alike letters folded to Latin; words are
//! looked for there. Plain ASCII takes a short way with no maps at all. Unicode tag characters spell
//! hidden ASCII and are collected apart. Decoding (base64 and such) is left to `decode`.

use std::borrow::Cow;
use unicode_normalization::char::{decompose_canonical, decompose_compatible, is_combining_mark};

/// A byte range of some text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A derived text whose every byte knows the byte of the source it comes from.
#[derive(Debug)]
pub(crate) struct Mapped<'a> {
    pub text: Cow<'a, str>,
    /// For each byte the source byte where its character starts; `None` where they are the same.
    map: Option<Vec<u32>>,
}

impl Mapped<'_> {
    /// The source range that a range of this text comes from.
    pub(crate) fn to_source(&self, source: &str, span: Span) -> Span {
        let Some(map) = &self.map else { return span };
        let at = |i: usize| map.get(i).map_or(source.len(), |&b| b as usize);
        if span.end <= span.start {
            let start = at(span.start);
            return Span::new(start, start);
        }
        let last = at(span.end - 1);
        let width = source
            .get(last..)
            .and_then(|s| s.chars().next())
            .map_or(0, char::len_utf8);
        Span::new(at(span.start), last + width)
    }
}

/// A text with its normal forms.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    pub source: &'a str,
    pub clean: Mapped<'a>,
    pub folded: Mapped<'a>,
    /// What Unicode tag characters spelled, and where they stood.
    pub hidden: Option<(String, Span)>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        if source
            .bytes()
            .all(|b| b.is_ascii() && (b >= b' ' || b == b'\n' || b == b'\t'))
        {
            return Self {
                source,
                clean: Mapped {
                    text: Cow::Borrowed(source),
                    map: None,
                },
                folded: Mapped {
                    text: Cow::Owned(source.to_ascii_lowercase()),
                    map: None,
                },
                hidden: None,
            };
        }
        Self::fold(source)
    }

    fn fold(source: &'a str) -> Self {
        let mut clean = Builder::with_capacity(source.len());
        let mut folded = Builder::with_capacity(source.len());
        let mut hidden: Option<(String, Span)> = None;
        for (at, c) in source.char_indices() {
            if let Some(plain) = tag_character(c) {
                let end = at + c.len_utf8();
                let entry = hidden.get_or_insert_with(|| (String::new(), Span::new(at, end)));
                entry.0.push(plain);
                entry.1.end = end;
                continue;
            }
            if is_invisible(c) {
                continue;
            }
            clean.push(clean_char(c), at);
            fold_char(c, |f| folded.push(f, at));
        }
        Self {
            source,
            clean: clean.finish(),
            folded: folded.finish(),
            hidden,
        }
    }
}

/// The folded form of a text, for training the classifiers on what they will see.
pub fn fold(source: &str) -> String {
    Text::new(source).folded.text.into_owned()
}

struct Builder {
    text: String,
    map: Vec<u32>,
}

impl Builder {
    fn with_capacity(n: usize) -> Self {
        Self {
            text: String::with_capacity(n),
            map: Vec::with_capacity(n + 1),
        }
    }

    fn push(&mut self, c: char, source: usize) {
        self.text.push(c);
        let source = u32::try_from(source).unwrap_or(u32::MAX);
        self.map.resize(self.text.len(), source);
    }

    fn finish<'a>(self) -> Mapped<'a> {
        Mapped {
            text: Cow::Owned(self.text),
            map: Some(self.map),
        }
    }
}

/// The ASCII letter that a Unicode tag character stands for.
fn tag_character(c: char) -> Option<char> {
    match c as u32 {
        n @ 0xE0020..=0xE007E => char::from_u32(n - 0xE0000),
        _ => None,
    }
}

/// Characters that take no room and only hide: format and control characters, variation selectors,
/// Hangul fillers, the remaining tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}'
        | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn plain_punctuation(c: char) -> Option<char> {
    Some(match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        '\u{2028}' | '\u{2029}' | '\u{85}' | '\r' => '\n',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2bc}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' => '"',
        '\u{2024}' | '\u{3002}' | '\u{ff61}' => '.',
        _ => return None,
    })
}

/// The single ASCII character that a compatibility form (full-width, mathematical, circled) means.
fn compatible_ascii(c: char) -> Option<char> {
    let mut only = None;
    let mut count = 0;
    decompose_compatible(c, |d| {
        only = Some(d);
        count += 1;
    });
    only.filter(|d| count == 1 && d.is_ascii())
}

/// The ASCII digit with the value of a decimal digit of another script (those written most).
fn script_digit(c: char) -> Option<char> {
    const ZEROS: [u32; 14] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xE50, 0xED0,
        0x1040,
    ];
    let n = c as u32;
    let zero = ZEROS.iter().find(|&&z| (z..z + 10).contains(&n))?;
    char::from_digit(n - zero, 10)
}

fn clean_char(c: char) -> char {
    if c.is_ascii() {
        return if c == '\r' { '\n' } else { c };
    }
    plain_punctuation(c)
        .or_else(|| compatible_ascii(c))
        .or_else(|| script_digit(c))
        .unwrap_or(c)
}

fn fold_char(c: char, mut emit: impl FnMut(char)) {
    let c = clean_char(c);
    if c.is_ascii() {
        return emit(c.to_ascii_lowercase());
    }
    if let Some(ascii) = look_alike(c) {
        return emit(ascii);
    }
    if !c.is_alphanumeric() && !is_combining_mark(c) {
        return emit(' ');
    }
    match c {
        'ß' => return ['s', 's'].into_iter().for_each(emit),
        'æ' | 'Æ' => return ['a', 'e'].into_iter().for_each(emit),
        'œ' | 'Œ' => return ['o', 'e'].into_iter().for_each(emit),
        _ => {}
    }
    decompose_canonical(c, |d| {
        if !is_combining_mark(d) {
            for l in d.to_lowercase() {
                emit(look_alike(l).unwrap_or(l));
            }
        }
    });
}

/// The Latin letter that a letter of another script looks like (after Unicode TR 39, the part that
/// is used against filters).
#[rustfmt::skip]
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'А' | 'α' | 'Α' | 'ɑ' | 'ᴀ' => 'a', 'В' | 'Β' | 'β' | 'ʙ' | 'Ь' | 'ь' => 'b',
        'с' | 'С' | 'ϲ' | 'Ϲ' | 'ᴄ' => 'c', 'ԁ' | 'Ԁ' | 'ᴅ' | 'đ' | 'Đ' | 'ð' => 'd',
        'е' | 'Е' | 'ё' | 'Ё' | 'ε' | 'Ε' | 'є' | 'Є' | 'ҽ' | 'ᴇ' => 'e', 'ғ' | 'ƒ' | 'ꜰ' => 'f',
        'ɡ' | 'ɢ' | 'Ԍ' | 'ԍ' => 'g', 'һ' | 'Н' | 'н' | 'Η' | 'Һ' | 'ʜ' => 'h',
        'і' | 'І' | 'ι' | 'Ι' | 'ı' | 'ɪ' | 'Ӏ' | 'ӏ' => 'i', 'ј' | 'Ј' | 'ϳ' | 'ᴊ' => 'j',
        'к' | 'К' | 'κ' | 'Κ' | 'ᴋ' => 'k', 'ʟ' | 'ł' | 'Ł' | 'ⅼ' => 'l', 'м' | 'М' | 'Μ' | 'ᴍ' => 'm',
        'Ν' | 'ո' | 'п' | 'η' | 'ɴ' => 'n', 'о' | 'О' | 'ο' | 'Ο' | 'σ' | 'ø' | 'Ø' | 'ᴏ' | 'օ' => 'o',
        'р' | 'Р' | 'ρ' | 'Ρ' | 'ᴘ' => 'p', 'ԛ' | 'Ԛ' => 'q', 'г' | 'ʀ' | 'Г' => 'r', 'ѕ' | 'Ѕ' | 'ꜱ' => 's',
        'т' | 'Т' | 'τ' | 'Τ' | 'ᴛ' => 't', 'υ' | 'ս' | 'ᴜ' | 'μ' => 'u', 'ν' | 'ѵ' | 'ᴠ' => 'v',
        'ѡ' | 'ԝ' | 'Ԝ' | 'ω' | 'ᴡ' => 'w', 'х' | 'Х' | 'χ' | 'Χ' => 'x',
        'у' | 'У' | 'Υ' | 'γ' | 'ү' | 'Ү' | 'ʏ' => 'y', 'Ζ' | 'ᴢ' => 'z',
        _ => return None,
    })
}

/// Turns byte offsets of a text into offsets in code points, in constant time each.
pub(crate) struct CodePoints<'a> {
    text: &'a str,
    /// Code points before each block of [`BLOCK`] bytes; empty for ASCII.
    before: Vec<u32>,
}

const BLOCK: usize = 64;

impl<'a> CodePoints<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        if text.is_ascii() {
            return Self {
                text,
                before: Vec::new(),
            };
        }
        let mut before = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut count = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            before.push(count);
            count += leading_bytes(block);
        }
        Self { text, before }
    }

    pub(crate) fn at(&self, byte: usize) -> usize {
        let Some(&base) = self.before.get(byte / BLOCK) else {
            return if self.before.is_empty() {
                byte
            } else {
                self.text.chars().count()
            };
        };
        let from = byte / BLOCK * BLOCK;
        let rest = self.text.as_bytes().get(from..byte).unwrap_or_default();
        (base + leading_bytes(rest)) as usize
    }
}

fn leading_bytes(bytes: &[u8]) -> u32 {
    bytes.iter().map(|&b| u32::from(b & 0xC0 != 0x80)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_what_hides() {
        for (sent, clean, folded) in [
            ("Plain Text", "Plain Text", "plain text"),
            ("4\u{200b}1\u{200d}11", "4111", "4111"),
            ("４１１１ Ａb", "4111 Ab", "4111 ab"),
            ("іgnоrе", "іgnоrе", "ignore"),
            ("Éclair Straße", "Éclair Straße", "eclair strasse"),
            ("a\u{2013}b\u{a0}c", "a-b c", "a-b c"),
            ("𝐢𝐠𝐧𝐨𝐫𝐞", "ignore", "ignore"),
            ("٤١١", "411", "411"),
            ("z\u{0335}a\u{0}b", "z\u{0335}ab", "zab"),
        ] {
            let text = Text::new(sent);
            assert_eq!(text.clean.text, clean, "{sent:?}");
            assert_eq!(text.folded.text, folded, "{sent:?}");
        }
    }

    #[test]
    fn offsets_lead_back_to_the_source() {
        let source = "xé 4\u{200b}1\u{200b}1 y";
        let text = Text::new(source);
        let at = text.clean.text.find("411").unwrap();
        let span = text.clean.to_source(source, Span::new(at, at + 3));
        assert_eq!(&source[span.start..span.end], "4\u{200b}1\u{200b}1");
        let points = CodePoints::new(source);
        assert_eq!((points.at(span.start), points.at(span.end)), (3, 8));
        let long = "é".repeat(100);
        assert_eq!(CodePoints::new(&long).at(200), 100);
        assert_eq!(CodePoints::new(&long).at(130), 65);
    }

    #[test]
    fn tag_characters_are_read_apart() {
        let sent: String = "hi"
            .chars()
            .chain(
                "ignore"
                    .bytes()
                    .filter_map(|b| char::from_u32(0xE0000 + u32::from(b))),
            )
            .collect();
        let text = Text::new(&sent);
        assert_eq!(text.clean.text, "hi");
        assert_eq!(text.hidden.unwrap().0, "ignore");
    }
}
