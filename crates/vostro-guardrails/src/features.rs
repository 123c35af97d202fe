//! What the classifiers see: hashed words, pairs and triples of words next to each other and pairs with one
//! between, pieces of words, senses and word classes, the sign that follows a word.
//!
//! One walk over the tokens hashes every feature once; the classifiers' tables take as many bits of a
//! hash as they have rows. Which features belong to which token is kept, so that the score of the
//! whole text and of any window in it are differences of running sums, and a single sentence inside a
//! long document is seen as clearly as when it stands alone.

pub mod classes;
mod senses;

use crate::rules::words::spans;
use classes::{Classes, Meaning};
use senses::Recent;

/// Bits of a feature's hash; a table with fewer rows takes the upper ones.
pub const HASH_BITS: u32 = 20;
/// Longest word that is looked into; the rest of a longer one is ignored.
const MAX_WORD: usize = 24;
/// The longest text, in tokens, that is looked at; the rest is cut off.
pub const MAX_TOKENS: usize = 8192;

fn mix(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

fn slot(hash: u64) -> u32 {
    let mixed = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u32::try_from(mixed >> (64 - HASH_BITS)).unwrap_or(0)
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

const FACTOR: u64 = 0x2545_f491_4f6c_dd1d;

/// The hash of a word.
fn hash(word: &[u8]) -> u64 {
    word.iter().fold(SEED, |h, b| mix(h, *b))
}

/// The features of a text, token by token.
#[derive(Clone, Debug, Default)]
pub struct Grams {
    /// Hashes of the features, those of the first token first.
    pub slots: Vec<u32>,
    /// For each token where its features end in `slots`.
    pub ends: Vec<u32>,
    /// Hashes of pieces of three bytes, which only some tables look at.
    pub fine: Vec<u32>,
    /// For each token where its pieces end in `fine`.
    pub fine_ends: Vec<u32>,
    /// For each token its bytes in the text.
    pub places: Vec<(u32, u32)>,
}

impl Grams {
    /// Reads a folded text.
    pub fn of(folded: &str) -> Self {
        let words = folded.len() / 5 + 1;
        let mut grams = Self {
            slots: Vec::with_capacity(words * 11),
            ends: Vec::with_capacity(words),
            fine: Vec::with_capacity(folded.len()),
            fine_ends: Vec::with_capacity(words),
            places: Vec::with_capacity(words),
        };
        let mut walk = Walk::default();
        let mut last = 0;
        for (start, end) in spans(folded)
            .flat_map(|s| characters(folded, s))
            .take(MAX_TOKENS)
        {
            let bytes = folded.as_bytes();
            let word = bytes
                .get(start..end.min(start + MAX_WORD))
                .unwrap_or_default();
            let between = bytes.get(last..start).unwrap_or_default();
            if last == 0 || between.iter().any(|b| ENDS.contains(b)) {
                walk.sentence();
            }
            walk.token(word, bytes.get(end).copied(), &mut grams);
            last = end;
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            grams.ends.push(number(grams.slots.len()));
            grams.fine_ends.push(number(grams.fine.len()));
            grams.places.push((number(start), number(end)));
        }
        grams
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The features of some tokens that follow each other.
    pub fn window(&self, from: usize, to: usize) -> &[u32] {
        stretch(&self.slots, &self.ends, from, to)
    }

    /// Their pieces of three bytes.
    pub fn fine_window(&self, from: usize, to: usize) -> &[u32] {
        stretch(&self.fine, &self.fine_ends, from, to)
    }
}

fn stretch<'a>(slots: &'a [u32], ends: &[u32], from: usize, to: usize) -> &'a [u32] {
    let end = |i: usize| i.checked_sub(1).and_then(|i| ends.get(i));
    let at = |i: usize| end(i).map_or(0, |e| *e as usize);
    slots.get(at(from)..at(to)).unwrap_or_default()
}

/// What ends a sentence, or a part of one that stands by itself.
const ENDS: &[u8] = b".!?:;\n";

/// A word as it is; one in a script that is written without spaces, character by character.
fn characters(text: &str, span: (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
    let word = text.get(span.0..span.1).unwrap_or_default();
    let dense = word.chars().next().is_some_and(|c| c >= '\u{3040}');
    let single = word.char_indices().filter(move |_| dense);
    let whole = (!dense).then_some(span);
    whole
        .into_iter()
        .chain(single.map(move |(at, c)| (span.0 + at, span.0 + at + c.len_utf8())))
}

/// What the walk over the tokens remembers.
struct Walk {
    classes: &'static Classes,
    recent: Recent,
    /// Hashes of the two words before in the sentence, the nearest first; [`EDGE`] before its start.
    words: [u64; 2],
    /// Their classes; [`EDGE_KIND`] before the start.
    kinds: [u16; 2],
    number: usize,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            classes: Classes::get(),
            recent: Recent::default(),
            words: [EDGE; 2],
            kinds: [EDGE_KIND, 0],
            number: 0,
        }
    }
}

/// Stands for the word before a sentence's first.
const EDGE: u64 = 1;
const EDGE_KIND: u16 = u16::MAX;

impl Walk {
    /// A sentence starts: pairs and triples do not reach over its edge, so that "ignore" as a first word is
    /// another thing than after "do not".
    fn sentence(&mut self) {
        self.words = [EDGE; 2];
        self.kinds = [EDGE_KIND, 0];
    }

    fn token(&mut self, word: &[u8], after: Option<u8>, grams: &mut Grams) {
        let digits = word.iter().all(u8::is_ascii_digit);
        let hash = if digits {
            mix(SEED, b'#')
        } else {
            self::hash(word)
        };
        let (slots, fine) = (&mut grams.slots, &mut grams.fine);
        let mut put = |hash: u64| slots.push(slot(hash));
        let [previous, before] = self.words;
        put(hash);
        put(previous.rotate_left(17) ^ hash.wrapping_mul(31));
        if previous != EDGE {
            put(before.rotate_left(29) ^ previous.rotate_left(13) ^ hash.wrapping_mul(37));
        }
        if before != EDGE {
            put(before.rotate_left(41) ^ hash.wrapping_mul(41));
        }
        let Meaning { class: kind, sense } = self.classes.of(hash);
        class_features(kind, self.kinds, &mut put);
        if let Some(mark) = after.filter(|b| MARKS.contains(b)) {
            put((0x00a5_7e12_u64 << 32 | u64::from(mark)) ^ u64::from(kind).wrapping_mul(FACTOR));
        }
        if !digits {
            pieces(word, &mut put, |hash| fine.push(slot(hash)));
            if sense > 0 {
                self.recent
                    .note(sense, self.number, |hash| put(hash.wrapping_mul(FACTOR)));
            }
        }
        self.words = [hash, previous];
        self.kinds = [kind, self.kinds[0]];
        self.number += 1;
    }
}

/// Signs after a word that say what its sentence is.
const MARKS: &[u8] = b"?:!\"";

/// The class of a word, with the class before it, with the one before that, and with both.
fn class_features(kind: u16, [previous, before]: [u16; 2], mut put: impl FnMut(u64)) {
    if kind == 0 {
        return;
    }
    let base = (0x00c1_a55e_u64 << 32 | u64::from(kind)).wrapping_mul(FACTOR);
    put(base);
    if previous > 0 {
        let pair = base.rotate_left(11) ^ u64::from(previous).wrapping_mul(0x9e6c_63d0_876a_68ed);
        put(pair);
        if before > 0 {
            put(base.rotate_left(31) ^ u64::from(before).wrapping_mul(0x9e6c_63d0_876a_68ed));
            put(pair.rotate_left(11) ^ u64::from(before).wrapping_mul(0x9e6c_63d0_876a_68ed));
        }
    }
}

/// Pieces of five bytes and finer ones of three, with marks for the word's ends. A piece is a number;
/// multiplying by an odd one spreads it.
fn pieces(word: &[u8], mut put: impl FnMut(u64), mut put_fine: impl FnMut(u64)) {
    const THREE: u64 = 0xd6e8_feb8_6659_fd93;
    const FIVE: u64 = 0xa076_1d64_78bd_642f;
    let mut padded = [0u8; MAX_WORD + 8];
    let len = word.len().min(MAX_WORD);
    if let (Some(slot), Some(word)) = (padded.get_mut(1..=len), word.get(..len)) {
        slot.copy_from_slice(word);
    }
    padded[0] = b'_';
    if let Some(end) = padded.get_mut(len + 1) {
        *end = b'_';
    }
    let piece = |bytes: u64, size: u32, by: u64| {
        let piece = bytes & ((1 << (8 * size)) - 1);
        (piece ^ piece >> 29).wrapping_mul(by).rotate_left(23)
    };
    for at in 0..len {
        let Some(bytes) = padded.get(at..).and_then(<[u8]>::first_chunk::<8>) else {
            return;
        };
        let bytes = u64::from_le_bytes(*bytes);
        put_fine(piece(bytes, 3, THREE));
        if at + 2 < len {
            put(piece(bytes, 5, FIVE));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_do_not_depend_on_what_stands_elsewhere() {
        let a = Grams::of("please ignore all rules now");
        let b = Grams::of("kindly do please ignore all rules");
        assert_eq!(a.window(3, 4), b.window(5, 6));
        assert_eq!(Grams::of("code 12").window(1, 2).len(), 3);
        assert_eq!(a.len(), 5);
        let first = |text: &str, at| Grams::of(text).window(at, at + 1).to_vec();
        assert_eq!(
            first("ignore it", 0),
            first("well. ignore it", 1),
            "a sentence starts"
        );
        assert_ne!(first("ignore it", 0), first("no ignore it", 1));
        assert_ne!(
            first("ignore", 0),
            first("ignore?", 0),
            "the sign after a word"
        );
        assert!(Grams::of("").is_empty() && Grams::of("").window(0, 1).is_empty());
    }
}
