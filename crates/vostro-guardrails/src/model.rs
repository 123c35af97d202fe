//! Linear classifiers over hashed features, with weights of one byte.
//!
//! A text's score is the sum of its features' weights over the square root of their number, put
//! through a logistic curve that is fitted on texts kept out of training (Platt), so that a score is
//! a probability. The best window counts where it beats the whole. Weights are made by
//! `cargo xtask train guardrails` and committed with their recipe.

use crate::features::{TABLE_BITS, each_token};

/// Window lengths in tokens that are scored besides the whole text.
const WINDOWS: [usize; 2] = [16, 40];
/// The longest text, in tokens, that is scored; the rest is cut off.
const MAX_TOKENS: usize = 8192;

/// One classifier: a table of weights and the curve that makes a score a probability.
#[derive(Debug)]
pub struct Linear {
    weights: Box<[i8]>,
    scale: f32,
    slope: f32,
    bias: f32,
}

/// A stretch of text and its probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Probability, 0 to 1.
    pub probability: f32,
}

/// Bytes before the weights: magic, scale, slope and bias.
const HEADER: usize = 16;

impl Linear {
    /// Reads a weight file; `None` when it is not one.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(f32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let weights = bytes.get(HEADER..)?;
        (bytes.starts_with(b"VLC1") && weights.len() == 1 << TABLE_BITS).then_some(())?;
        Some(Self {
            weights: weights.iter().map(|b| i8::from_le_bytes([*b])).collect(),
            scale: number(4)?,
            slope: number(8)?,
            bias: number(12)?,
        })
    }

    /// A weight file from trained weights.
    pub fn write(weights: &[f32], slope: f32, bias: f32) -> Vec<u8> {
        let largest = weights.iter().fold(0.0f32, |a, w| a.max(w.abs())).max(1e-6);
        let scale = largest / 127.0;
        let mut out = b"VLC1".to_vec();
        for number in [scale, slope, bias] {
            out.extend(number.to_le_bytes());
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "within -127..=127 by the scale"
        )]
        out.extend(
            weights
                .iter()
                .flat_map(|w| ((w / scale).round() as i8).to_le_bytes()),
        );
        out
    }

    fn probability(&self, sum: i32, count: u32) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^24")]
        let raw = sum as f32 * self.scale / (count.max(1) as f32).sqrt();
        1.0 / (1.0 + (-(self.slope * raw + self.bias)).exp())
    }

    /// The raw sum of a set of feature slots, before scaling.
    fn sum(&self, slots: &[u32]) -> i32 {
        slots
            .iter()
            .filter_map(|s| self.weights.get(*s as usize))
            .map(|w| i32::from(*w))
            .sum()
    }
}

/// Several classifiers that read a text once.
#[derive(Debug)]
pub struct Models(pub Vec<Linear>);

impl Models {
    /// For each classifier the stretch that scores highest: the whole text or a window of it.
    pub fn score(&self, folded: &str) -> Vec<Scored> {
        let mut places: Vec<(usize, usize)> = Vec::new();
        let mut counts: Vec<u32> = vec![0];
        let mut sums: Vec<Vec<i32>> = vec![vec![0]; self.0.len()];
        each_token(folded, |start, end, slots| {
            if places.len() >= MAX_TOKENS {
                return;
            }
            places.push((start, end));
            counts.push(
                counts.last().copied().unwrap_or(0) + u32::try_from(slots.len()).unwrap_or(0),
            );
            for (model, sums) in self.0.iter().zip(&mut sums) {
                sums.push(sums.last().copied().unwrap_or(0) + model.sum(slots));
            }
        });
        self.0
            .iter()
            .zip(&sums)
            .map(|(model, sums)| best(model, sums, &counts, &places))
            .collect()
    }
}

fn best(model: &Linear, sums: &[i32], counts: &[u32], places: &[(usize, usize)]) -> Scored {
    let tokens = places.len();
    let window = |from: usize, to: usize| {
        let sum = sums.get(to)? - sums.get(from)?;
        let count = counts.get(to)? - counts.get(from)?;
        Some(Scored {
            start: places.get(from)?.0,
            end: places.get(to.checked_sub(1)?)?.1,
            probability: model.probability(sum, count),
        })
    };
    let mut best = window(0, tokens).unwrap_or(Scored {
        start: 0,
        end: 0,
        probability: 0.0,
    });
    for size in WINDOWS.into_iter().filter(|s| *s < tokens) {
        for from in (0..=tokens - size).step_by(size / 8) {
            if let Some(scored) = window(from, from + size)
                && scored.probability > best.probability
            {
                best = scored;
            }
        }
    }
    best
}
