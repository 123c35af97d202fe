//! Disguises undone: what a text says once decoded, at most three layers deep.
//!
//! An encoding alone is never held against a text. Each decoder yields another text, which is read
//! like any other; whole-text disguises (rot13, reversal) are tried only when common words show that
//! they were used. Work is bounded: each layer yields at most a few views, and all views together
//! hold at most [`BUDGET`] times the text. `escapes` has what is written with signs (URL, HTML, backslashes),
//! `letters` what is done to the letters of words (spacing, leet).

mod escapes;
mod letters;

use crate::rules::words::Token;
use crate::text::{Span, Text};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// How many layers are undone.
const DEPTH: usize = 3;
/// Views may hold this many times the text's bytes.
const BUDGET: usize = 4;
/// Views of one text at most.
const MAX_VIEWS: usize = 24;
/// Shorter encoded runs hold no order worth the name.
const MIN_RUN: usize = 16;

/// A decoded text, where it stood and how it was hidden.
#[derive(Debug)]
pub(crate) struct View {
    pub text: String,
    /// Bytes of the source that hold it.
    pub span: Span,
    /// Outermost first.
    pub by: Vec<String>,
}

/// How many words of a text are common plain, in rot13 and reversed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Common {
    pub plain: usize,
    pub rot13: usize,
    pub reversed: usize,
}

/// All views of a text. `common` counts the common words of a folded text.
pub(crate) fn views(
    source: &Text<'_>,
    base: (&[Token], Common),
    common: &dyn Fn(&str) -> (Vec<Token>, Common),
) -> Vec<View> {
    let mut views: Vec<View> = Vec::new();
    let mut budget = source.source.len() * BUDGET + 256;
    let whole = Span::new(0, source.source.len());
    for (text, span, by) in one_layer(source, base.0, base.1) {
        let span = span.map_or(whole, |s| source.clean.to_source(source.source, s));
        add(
            &mut views,
            &mut budget,
            View {
                text,
                span,
                by: vec![by.to_owned()],
            },
        );
    }
    if let Some((hidden, span)) = &source.hidden {
        let view = View {
            text: hidden.clone(),
            span: *span,
            by: vec!["tag_characters".to_owned()],
        };
        add(&mut views, &mut budget, view);
    }
    let mut from = 0;
    for _ in 1..DEPTH {
        let upto = views.len();
        for i in from..upto {
            let Some((text, span, by)) =
                views.get(i).map(|v| (v.text.clone(), v.span, v.by.clone()))
            else {
                break;
            };
            let inner = Text::new(&text);
            let (tokens, seen) = common(&inner.folded.text);
            for (text, _, layer) in one_layer(&inner, &tokens, seen) {
                let by = by.iter().cloned().chain([layer.to_owned()]).collect();
                add(&mut views, &mut budget, View { text, span, by });
            }
        }
        from = upto;
    }
    views
}

fn add(views: &mut Vec<View>, budget: &mut usize, view: View) {
    if view.text.len() <= *budget
        && views.len() < MAX_VIEWS
        && !views.iter().any(|v| v.text == view.text)
    {
        *budget -= view.text.len();
        views.push(view);
    }
}

type Layer = (String, Option<Span>, &'static str);

/// Everything that one step of decoding yields; spans are of the clean text.
fn one_layer(text: &Text<'_>, tokens: &[Token], seen: Common) -> Vec<Layer> {
    let clean = &*text.clean.text;
    let folded = &*text.folded.text;
    let mut out: Vec<Layer> = Vec::new();
    runs(clean, &mut out);
    escapes::undo(clean, &mut out);
    if seen.rot13 >= 2 && seen.rot13 > seen.plain
        || seen.rot13 == 1 && seen.plain == 0 && tokens.len() <= 6
    {
        out.push((clean.chars().map(rot13).collect(), None, "rot13"));
    }
    if seen.reversed >= 2 && seen.reversed > seen.plain
        || seen.reversed == 1 && seen.plain == 0 && tokens.len() <= 6
    {
        out.push((clean.chars().rev().collect(), None, "reversed"));
    }
    if let Some(joined) = letters::unspaced(folded, tokens) {
        out.push((joined, None, "spacing"));
    }
    if let Some(plain) = letters::unleeted(folded, tokens) {
        out.push((plain, None, "leet"));
    }
    out
}

fn rot13(c: char) -> char {
    match c {
        'a'..='m' | 'A'..='M' => char::from_u32(c as u32 + 13).unwrap_or(c),
        'n'..='z' | 'N'..='Z' => char::from_u32(c as u32 - 13).unwrap_or(c),
        c => c,
    }
}

/// Runs of base64, hexadecimal and binary digits.
fn runs(clean: &str, out: &mut Vec<Layer>) {
    let bytes = clean.as_bytes();
    let mut at = 0;
    while at < bytes.len() && out.len() < 8 {
        let len = bytes
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(|b| encoded_byte(**b))
            .count();
        if len >= MIN_RUN
            && let Some(run) = clean.get(at..at + len)
        {
            let span = Some(Span::new(at, at + len));
            if let Some(text) = hexadecimal(run) {
                out.push((text, span, "hex"));
            } else if let Some(text) = base64(run) {
                out.push((text, span, "base64"));
            }
        }
        at += len.max(1);
    }
    if let Some(text) = separated(clean, 2, 16) {
        out.push((text, None, "hex"));
    } else if let Some(text) = separated(clean, 8, 2) {
        out.push((text, None, "binary"));
    }
}

fn encoded_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// Printable UTF-8 with letters in it.
fn readable(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let total = text.chars().count();
    let odd = text
        .chars()
        .filter(|c| c.is_control() && !c.is_whitespace() || *c == '\u{fffd}')
        .count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    (total >= 6 && odd == 0 && letters * 2 >= total).then_some(text)
}

fn base64(run: &str) -> Option<String> {
    let relaxed = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let safe = run.contains(['-', '_']);
    let alphabet = if safe {
        alphabet::URL_SAFE
    } else {
        alphabet::STANDARD
    };
    let end = run.trim_end_matches('=').len();
    let mut body = run.get(..end)?;
    if body.len() % 4 == 1 {
        body = body.get(..body.len() - 1)?;
    }
    readable(GeneralPurpose::new(&alphabet, relaxed).decode(body).ok()?)
}

fn hexadecimal(run: &str) -> Option<String> {
    let body = run.strip_prefix("0x").unwrap_or(run);
    if !body.len().is_multiple_of(2) {
        return None;
    }
    readable(hex_bytes(body.as_bytes())?)
}

fn hex_bytes(digits: &[u8]) -> Option<Vec<u8>> {
    digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [a, b] => Some((nibble(*a)? << 4) | nibble(*b)?),
            _ => None,
        })
        .collect()
}

fn nibble(b: u8) -> Option<u8> {
    char::from(b)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

/// Bytes written apart: "69 67 6e", "01101001 01100111".
fn separated(clean: &str, width: usize, radix: u32) -> Option<String> {
    let mut best: Vec<u8> = Vec::new();
    let mut run: Vec<u8> = Vec::new();
    for word in clean.split([' ', ',', ':', '\n']) {
        let word = word
            .strip_prefix("0x")
            .or_else(|| word.strip_prefix("\\x"))
            .unwrap_or(word);
        if word.len() == width
            && let Ok(byte) = u8::from_str_radix(word, radix)
        {
            run.push(byte);
        } else if run.len() > best.len() {
            best = std::mem::take(&mut run);
        } else {
            run.clear();
        }
    }
    let longest = if run.len() > best.len() { run } else { best };
    if longest.len() < 6 {
        None
    } else {
        readable(longest)
    }
}
