//! From a text to weighted buckets: word 1–2 grams and character 2–5 grams, hashed.
//!
//! A text is folded (lower case, no accents, digits all `0`, apostrophes gone, other punctuation a
//! space but for `?` and currency signs) and read in words. Character grams stay within a word with a
//! space at either side. Word grams and character grams are two blocks, each of length 1 after weighting
//! by `(1 + ln count) × idf`. What a bucket is worth to a label is the model's business.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// So many characters of a text are read; the rest is not looked at.
pub const MAX_CHARS: usize = 400;

/// Which grams are made, and into how many buckets.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// 2 to this power is the number of buckets.
    pub bits: u32,
    /// The longest row of words.
    pub words: usize,
    /// The shortest and the longest row of characters.
    pub chars: (usize, usize),
    /// How much the block of characters weighs against the block of words.
    pub char_weight: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bits: 15,
            words: 2,
            chars: (2, 5),
            char_weight: 1.5,
        }
    }
}

/// Makes features of texts, with what it learnt about how common each bucket is.
#[derive(Debug, Clone, PartialEq)]
pub struct Featurizer {
    settings: Settings,
    idf: Vec<f32>,
}

/// Buckets with their values, in the order of the buckets.
pub type Sparse = Vec<(u32, f32)>;

const WORD_BLOCK: u64 = 0x77;
const CHAR_BLOCK: u64 = 0x63;

impl Featurizer {
    /// Learns inverse document frequencies from texts: `ln((1 + n) / (1 + df)) + 1`, rounded as they
    /// are stored.
    pub fn learn<'a>(settings: Settings, texts: impl Iterator<Item = &'a str>) -> Self {
        let mut counts = vec![0_u32; 1 << settings.bits];
        let mut n = 0_u32;
        for text in texts {
            n += 1;
            for (bucket, _) in blocks(settings, text).into_iter().flatten() {
                if let Some(count) = counts.get_mut(bucket as usize) {
                    *count += 1;
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of texts, below 2^24")]
        let idf = |df: u32| ((1.0 + n as f32) / (1.0 + df as f32)).ln() + 1.0;
        let steps: Vec<u8> = counts.into_iter().map(|df| idf_step(idf(df))).collect();
        Self::from_steps(settings, &steps)
    }

    /// From stored steps, one a bucket.
    pub fn from_steps(settings: Settings, steps: &[u8]) -> Self {
        let idf = steps.iter().map(|&step| f32::from(step) / STEPS).collect();
        Self { settings, idf }
    }

    /// The steps to store, one a bucket.
    pub fn steps(&self) -> Vec<u8> {
        self.idf.iter().map(|&idf| idf_step(idf)).collect()
    }

    /// The settings.
    pub const fn settings(&self) -> Settings {
        self.settings
    }

    /// A text's features. Empty for a text without a letter or digit.
    pub fn features(&self, text: &str) -> Sparse {
        let mut all = Sparse::new();
        let weights = [1.0, self.settings.char_weight];
        for (mut block, weight) in blocks(self.settings, text).into_iter().zip(weights) {
            let mut squares = 0.0;
            for (bucket, value) in &mut block {
                *value =
                    (1.0 + value.ln()) * self.idf.get(*bucket as usize).copied().unwrap_or(1.0);
                squares += *value * *value;
            }
            let scale = weight / squares.max(f32::MIN_POSITIVE).sqrt();
            all.extend(
                block
                    .into_iter()
                    .map(|(bucket, value)| (bucket, value * scale)),
            );
        }
        all.sort_unstable_by_key(|&(bucket, _)| bucket);
        all.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        all
    }
}

/// Steps of an inverse document frequency a unit: 12.75 is the most that fits.
const STEPS: f32 = 20.0;

fn idf_step(idf: f32) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a byte"
    )]
    let step = (idf * STEPS).round().clamp(0.0, 255.0) as u8;
    step
}

/// Counts of the word grams and of the character grams, each by bucket.
fn blocks(settings: Settings, text: &str) -> [Sparse; 2] {
    let folded = fold(text);
    let mask = (1_u64 << settings.bits) - 1;
    let mut words: Vec<u32> = Vec::new();
    let mut chars: Vec<u32> = Vec::new();
    let mut recent: Vec<u64> = Vec::new();
    let mut padded: Vec<char> = Vec::new();
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let hash = word.bytes().fold(OFFSET ^ WORD_BLOCK, step);
        recent.push(hash);
        for length in 1..=settings.words.min(recent.len()) {
            let row = recent.get(recent.len() - length..).unwrap_or_default();
            let hash = row.iter().fold(OFFSET ^ WORD_BLOCK, |hash, word| {
                word.to_le_bytes().into_iter().fold(hash, step)
            });
            words.push(bucket(hash, mask));
        }
        padded.clear();
        padded.push(' ');
        padded.extend(word.chars());
        padded.push(' ');
        char_grams(&padded, settings.chars, mask, &mut chars);
    }
    [counted(words), counted(chars)]
}

fn char_grams(
    padded: &[char],
    (shortest, longest): (usize, usize),
    mask: u64,
    into: &mut Vec<u32>,
) {
    for start in 0..padded.len() {
        let mut hash = OFFSET ^ CHAR_BLOCK;
        for (at, &c) in padded.iter().skip(start).take(longest).enumerate() {
            hash = u32::from(c)
                .to_le_bytes()
                .into_iter()
                .take(3)
                .fold(hash, step);
            if at + 1 >= shortest {
                into.push(bucket(hash, mask));
            }
        }
    }
}

/// FNV-1a (Fowler, Noll and Vo), with a last mix so that low bits depend on all.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

fn bucket(hash: u64, mask: u64) -> u32 {
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    u32::try_from(mixed & mask).unwrap_or(0)
}

fn counted(mut buckets: Vec<u32>) -> Sparse {
    buckets.sort_unstable();
    let mut all = Sparse::new();
    for bucket in buckets {
        match all.last_mut() {
            Some((last, count)) if *last == bucket => *count += 1.0,
            _ => all.push((bucket, 1.0)),
        }
    }
    all
}

/// The text as the grams see it: words parted by single spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        text.bytes()
            .take(MAX_CHARS)
            .for_each(|byte| push_folded(&mut folded, char::from(byte)));
    } else {
        text.nfkd()
            .filter(|&c| !is_combining_mark(c))
            .take(MAX_CHARS)
            .flat_map(char::to_lowercase)
            .for_each(|c| push_folded(&mut folded, c));
    }
    folded
}

fn push_folded(folded: &mut String, c: char) {
    match c {
        '\'' | '\u{2019}' | '\u{2BC}' | '`' => {}
        '0'..='9' => folded.push('0'),
        _ if c.is_alphanumeric() => folded.push(c.to_ascii_lowercase()),
        '?' | '$' | '\u{20AC}' | '\u{A3}' | '%' => {
            folded.push(' ');
            folded.push(c);
            folded.push(' ');
        }
        _ if folded.ends_with(' ') || folded.is_empty() => {}
        _ => folded.push(' '),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dress_is_folded_away() {
        let cases = [
            ("What's my BALANCE?", "whats my balance ? "),
            ("Send $50 to Ana!", "send  $ 00 to ana "),
            ("\u{A1}Transferencia r\u{E1}pida!", " transferencia rapida "),
            ("e-mail\tme", "e mail me"),
            ("...", ""),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(fold(text).trim(), expected.trim(), "{text}");
        }
    }

    #[test]
    fn blocks_have_their_length_and_typos_stay_near() {
        let texts = ["show my balance", "send money to anna"];
        let featurizer = Featurizer::learn(Settings::default(), texts.into_iter());
        let length = |features: &Sparse| features.iter().map(|(_, v)| v * v).sum::<f32>();
        let dot = |a: &Sparse, b: &Sparse| -> f32 {
            let other = |bucket| {
                b.iter()
                    .find(|(k, _)| *k == bucket)
                    .map_or(0.0, |(_, v)| *v)
            };
            a.iter().map(|(bucket, value)| value * other(*bucket)).sum()
        };
        let plain = featurizer.features("show my balance");
        let weight = Settings::default().char_weight;
        assert!((length(&plain) - (1.0 + weight * weight)).abs() < 0.2);
        let slip = featurizer.features("show my balence");
        let other = featurizer.features("send money to anna");
        assert!(dot(&plain, &slip) > 4.0 * dot(&plain, &other));
        assert!(featurizer.features("!!!").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_gives_bounded_features(text in ".{0,300}") {
            let featurizer = Featurizer::learn(Settings::default(), std::iter::once("a"));
            let features = featurizer.features(&text);
            prop_assert!(features.windows(2).all(|pair| pair[0].0 < pair[1].0));
            prop_assert!(features.iter().all(|(b, v)| *b < 1 << 15 && v.is_finite()));
        }
    }
}
