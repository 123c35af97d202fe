//! Linear classifiers over hashed features: eight heads in one table, one byte a weight.
//!
//! A head's score is the sum of the features' weights over the square root of their number, put
//! through a logistic curve that was fitted on texts kept out of training (Platt), so that a score
//! is a probability. The best window counts where it beats the whole text. Weights are made by
//! `cargo xtask train guardrails` and committed with their recipe.

use crate::features::{TABLE_BITS, each_token};

/// Classifiers in the table, in this order.
pub const HEADS: [&str; 8] = [
    "injection",
    "document",
    "violence",
    "self_harm",
    "hate",
    "harassment",
    "sexual",
    "illegal",
];
/// Number of heads.
pub const WIDTH: usize = HEADS.len();
/// Features that the table tells apart.
pub const ROWS: usize = 1 << TABLE_BITS;

/// Window lengths in tokens that are scored besides the whole text.
const WINDOWS: [usize; 2] = [16, 48];
/// The longest text, in tokens, that is scored; the rest is cut off.
const MAX_TOKENS: usize = 8192;
/// Bytes before the weights: magic and three numbers a head.
const HEADER: usize = 4 + WIDTH * 12;

/// Rows that the file keeps: as many as leave it, with its header, within 1 MiB. The few features
/// beyond weigh nothing.
const KEPT: usize = ROWS - HEADER.div_ceil(WIDTH);

/// How a head's sum becomes a probability.
#[derive(Clone, Copy, Debug, Default)]
pub struct Curve {
    /// The weight that one unit of a byte stands for.
    pub scale: f32,
    /// Slope of the logistic curve.
    pub slope: f32,
    /// Its shift.
    pub bias: f32,
}

/// The weights of all heads.
#[derive(Debug)]
pub struct Model {
    rows: Box<[[i8; WIDTH]]>,
    curves: [Curve; WIDTH],
}

/// A stretch of text and its score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scored {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Before the logistic curve.
    pub raw: f32,
    /// Probability, 0 to 1.
    pub probability: f32,
}

impl Model {
    /// Reads a weight file; `None` when it is not one.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(f32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let weights = bytes.get(HEADER..)?;
        (bytes.starts_with(b"VLC2") && weights.len() == KEPT * WIDTH).then_some(())?;
        let mut curves = [Curve::default(); WIDTH];
        for (h, curve) in curves.iter_mut().enumerate() {
            let at = 4 + h * 12;
            *curve = Curve {
                scale: number(at)?,
                slope: number(at + 4)?,
                bias: number(at + 8)?,
            };
        }
        let rows = weights
            .chunks_exact(WIDTH)
            .map(|row| std::array::from_fn(|h| row.get(h).map_or(0, |b| i8::from_le_bytes([*b]))))
            .chain(std::iter::repeat_n([0; WIDTH], ROWS - KEPT))
            .collect();
        Some(Self { rows, curves })
    }

    /// A weight file from trained weights, one row a feature.
    pub fn write(weights: &[[f32; WIDTH]], slopes: [(f32, f32); WIDTH]) -> Vec<u8> {
        let scales: [f32; WIDTH] = std::array::from_fn(|h| {
            let largest = weights
                .iter()
                .fold(0.0f32, |a, row| a.max(row.get(h).map_or(0.0, |w| w.abs())));
            largest.max(1e-6) / 127.0
        });
        let mut out = b"VLC2".to_vec();
        for (scale, (slope, bias)) in scales.iter().zip(slopes) {
            for number in [*scale, slope, bias] {
                out.extend(number.to_le_bytes());
            }
        }
        for row in weights.iter().take(KEPT) {
            for (w, scale) in row.iter().zip(&scales) {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "within -127..=127 by the scale"
                )]
                out.extend(((w / scale).round() as i8).to_le_bytes());
            }
        }
        out
    }

    /// What each token adds to a head's sum, for finding out why a text scores as it does.
    pub fn explain(&self, folded: &str, head: usize) -> Vec<(String, f32)> {
        let scale = self.curves.get(head).map_or(0.0, |c| c.scale);
        let mut out = Vec::new();
        each_token(folded, |start, end, slots| {
            let rows = slots.iter().filter_map(|s| self.rows.get(*s as usize));
            let sum: i32 = rows
                .filter_map(|row| row.get(head))
                .map(|w| i32::from(*w))
                .sum();
            #[expect(clippy::cast_precision_loss, reason = "small sums")]
            out.push((
                folded.get(start..end).unwrap_or_default().to_owned(),
                sum as f32 * scale,
            ));
        });
        out
    }

    /// For each head the stretch that scores highest: the whole text or a window of it.
    pub fn score(&self, folded: &str) -> [Scored; WIDTH] {
        let mut places: Vec<(usize, usize)> = Vec::with_capacity(folded.len() / 5 + 1);
        let mut sums: Vec<([i32; WIDTH], u32)> = Vec::with_capacity(folded.len() / 5 + 2);
        sums.push(([0; WIDTH], 0));
        let mut sum = [0i32; WIDTH];
        let mut count = 0u32;
        each_token(folded, |start, end, slots| {
            if places.len() >= MAX_TOKENS {
                return;
            }
            for row in slots.iter().filter_map(|s| self.rows.get(*s as usize)) {
                for (total, weight) in sum.iter_mut().zip(row) {
                    *total += i32::from(*weight);
                }
            }
            count += u32::try_from(slots.len()).unwrap_or(0);
            places.push((start, end));
            sums.push((sum, count));
        });
        self.best(&sums, &places)
    }

    fn best(&self, sums: &[([i32; WIDTH], u32)], places: &[(usize, usize)]) -> [Scored; WIDTH] {
        let mut best = [(f32::NEG_INFINITY, 0, 0); WIDTH];
        let mut window = |from: usize, to: usize| {
            let (Some(a), Some(b)) = (sums.get(from), sums.get(to)) else {
                return;
            };
            #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^24")]
            let norm = 1.0 / ((b.1 - a.1).max(1) as f32).sqrt();
            for ((best, after), before) in best.iter_mut().zip(&b.0).zip(&a.0) {
                #[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^24")]
                let raw = (after - before) as f32 * norm;
                if raw > best.0 {
                    *best = (raw, from, to);
                }
            }
        };
        let tokens = places.len();
        window(0, tokens);
        for size in WINDOWS.into_iter().filter(|s| *s < tokens) {
            for from in (0..tokens - size).step_by(size / 4) {
                window(from, from + size);
            }
            window(tokens - size, tokens);
        }
        std::array::from_fn(|h| {
            let (raw, from, to) = best.get(h).copied().unwrap_or_default();
            let curve = self.curves.get(h).copied().unwrap_or_default();
            let raw = if raw.is_finite() {
                raw * curve.scale
            } else {
                0.0
            };
            Scored {
                start: places.get(from).map_or(0, |p| p.0),
                end: to
                    .checked_sub(1)
                    .and_then(|t| places.get(t))
                    .map_or(0, |p| p.1),
                raw,
                probability: if tokens == 0 {
                    0.0
                } else {
                    1.0 / (1.0 + (-(curve.slope * raw + curve.bias)).exp())
                },
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_back_and_windows_found() {
        let mut weights = vec![[0.0; WIDTH]; ROWS];
        each_token("attack", |_, _, slots| {
            for s in slots {
                weights[*s as usize][0] = 1.0;
            }
        });
        let file = Model::write(&weights, [(1.0, 0.0); WIDTH]);
        let model = Model::read(&file).unwrap();
        let text = format!("{}attack {}", "word ".repeat(60), "word ".repeat(60));
        let found = model.score(&text)[0];
        assert!(
            found.start <= 300 && found.end >= 306 && found.end - found.start < 120,
            "{found:?}"
        );
        assert!(found.probability > 0.5 && model.score("").iter().all(|s| s.probability == 0.0));
        assert!(Model::read(b"VLC2").is_none() && Model::read(b"").is_none());
    }
}
