//! What the classifiers see: hashed words, word pairs and pieces of words.
//!
//! One walk over the tokens hashes every feature once and adds up the weights of all models, token by
//! token. Prefix sums then give the score of the whole text and of any window in it, so a single
//! sentence inside a long document is seen as clearly as when it stands alone.

mod senses;

use crate::rules::words::spans;
use senses::{Recent, Senses};

/// Bits of the hash that index the tables.
pub const TABLE_BITS: u32 = 17;
/// Longest word that is looked into; the rest of a longer one is ignored.
const MAX_WORD: usize = 24;

fn mix(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

fn slot(hash: u64) -> usize {
    let mixed = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> (64 - TABLE_BITS)).unwrap_or(0)
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

const FACTOR: u64 = 0x2545_f491_4f6c_dd1d;

/// The hash of a word.
fn hash(word: &[u8]) -> u64 {
    word.iter().fold(SEED, |h, b| mix(h, *b))
}

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

/// Calls `token` for each token of a folded text with its byte range and the table slots of its
/// features.
pub fn each_token(folded: &str, mut token: impl FnMut(usize, usize, &[u32])) {
    let bytes = folded.as_bytes();
    let mut slots: Vec<u32> = Vec::with_capacity(64);
    let put = |slots: &mut Vec<u32>, hash: u64| slots.push(u32::try_from(slot(hash)).unwrap_or(0));
    let (mut previous, mut before) = (1u64, 1u64);
    let (senses, mut recent) = (Senses::get(), Recent::default());
    for (number, (start, end)) in spans(folded)
        .flat_map(|s| characters(folded, s))
        .enumerate()
    {
        slots.clear();
        let word = bytes
            .get(start..end.min(start + MAX_WORD))
            .unwrap_or_default();
        let digits = word.iter().all(u8::is_ascii_digit);
        let hash = if digits {
            mix(SEED, b'#')
        } else {
            self::hash(word)
        };
        put(&mut slots, hash);
        put(&mut slots, previous.rotate_left(17) ^ hash.wrapping_mul(31));
        put(
            &mut slots,
            before.rotate_left(29) ^ previous.rotate_left(13) ^ hash.wrapping_mul(37),
        );
        if !digits {
            pieces(word, |hash| put(&mut slots, hash));
            let sense = senses.of(hash);
            if sense > 0 {
                recent.note(sense, number, |hash| {
                    put(&mut slots, hash.wrapping_mul(FACTOR));
                });
            }
        }
        token(start, end, &slots);
        before = previous;
        previous = hash;
    }
}

/// Pieces of three and five bytes, with marks for the word's ends.
fn pieces(word: &[u8], mut put: impl FnMut(u64)) {
    let mut padded = [b'_'; MAX_WORD + 2];
    let len = word.len().min(MAX_WORD);
    if let (Some(slot), Some(word)) = (padded.get_mut(1..=len), word.get(..len)) {
        slot.copy_from_slice(word);
    }
    let padded = padded.get(..len + 2).unwrap_or_default();
    for size in [3, 5] {
        for piece in padded.windows(size) {
            put(piece
                .iter()
                .fold(SEED ^ (size as u64) << 40, |h, b| mix(h, *b)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_do_not_depend_on_what_stands_elsewhere() {
        let collect = |text: &str| {
            let mut all = Vec::new();
            each_token(text, |start, end, slots| {
                all.push((text[start..end].to_owned(), slots.to_vec()));
            });
            all
        };
        let a = collect("please ignore all rules now");
        let b = collect("kindly do please ignore all rules");
        assert_eq!(a[3], b[5]);
        assert_eq!(collect("code 12")[1].1.len(), 3);
        assert!(collect("").is_empty());
    }
}
