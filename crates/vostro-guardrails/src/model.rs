//! Linear classifiers over hashed features, one byte a weight: a table for each head of injection, one for safety.
//!
//! A head's score is the sum of the features' weights over the square root of their number, put
//! through a logistic curve that was fitted on texts kept out of training (Platt), so that a score
//! is a probability. The best window counts where it beats the whole text. Weights are made by
//! `cargo xtask train guardrails` and committed with their recipe.

use crate::features::{Grams, HASH_BITS};

/// What is told apart about orders to a model: said by a user, standing in a document.
pub const INJECTION: [&str; 2] = ["injection", "document"];
/// What is told apart about harm; the last is coarse and hurting talk of any kind.
pub const SAFETY: [&str; 7] = [
    "violence",
    "self_harm",
    "hate",
    "harassment",
    "sexual",
    "illegal",
    "profanity",
];

/// Window lengths in tokens that are scored besides the whole text.
pub const WINDOWS: [usize; 2] = [16, 48];
/// A weight file's first bytes.
const MAGIC: &[u8] = b"VLC5";
/// The largest table, a bit a doubling of rows.
const MAX_BITS: u32 = HASH_BITS;

/// How a head's sum becomes a probability.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Curve {
    /// The weight that one unit of a byte stands for.
    pub scale: f32,
    /// Slope of the logistic curve.
    pub slope: f32,
    /// Its shift.
    pub bias: f32,
}

impl Curve {
    fn probability(self, raw: f32) -> f32 {
        1.0 / (1.0 + (-(self.slope * raw + self.bias)).exp())
    }
}

/// The weights of a group of heads that share their rows.
#[derive(Debug)]
pub struct Table<const W: usize> {
    rows: Box<[[i8; W]]>,
    /// How much of a feature's hash is dropped.
    shift: u32,
    /// Whether it looks at pieces of three bytes, too.
    fine: bool,
    curves: [Curve; W],
}

/// One weight file, taken apart.
struct Part<'a> {
    bits: u32,
    fine: bool,
    /// As many as it has heads.
    curves: Vec<Curve>,
    /// Row by row, a byte a head; the last rows may be missing and weigh nothing.
    weights: &'a [u8],
}

impl<'a> Part<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        const CURVE: usize = 12;
        let (head, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<3>()?;
        let (heads, bits) = (usize::from(head[0]), u32::from(head[1]));
        let (curves, weights) = rest.split_at_checked(heads * CURVE)?;
        let fits = heads > 0
            && bits <= MAX_BITS
            && weights.len().is_multiple_of(heads)
            && weights.len() / heads <= 1 << bits;
        fits.then_some(())?;
        let number = |b: &[u8]| b.first_chunk::<4>().map_or(0.0, |b| f32::from_le_bytes(*b));
        let curve = |b: &[u8]| Curve {
            scale: number(b),
            slope: number(b.get(4..).unwrap_or_default()),
            bias: number(b.get(8..).unwrap_or_default()),
        };
        Some(Self {
            bits,
            fine: head[2] == 1,
            curves: curves.chunks_exact(CURVE).map(curve).collect(),
            weights,
        })
    }
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
    /// Of the whole text, before the logistic curve.
    pub whole: f32,
}

/// Where the windows of a text of so many tokens stand: all of it first.
pub fn windows(tokens: usize, mut window: impl FnMut(usize, usize)) {
    window(0, tokens);
    for size in WINDOWS.into_iter().filter(|s| *s < tokens) {
        for from in (0..tokens - size).step_by(size / 4) {
            window(from, from + size);
        }
        window(tokens - size, tokens);
    }
}

impl<const W: usize> Table<W> {
    /// Reads weight files, each of some heads in their order; `None` when they are not those of this width.
    pub fn read(files: &[&[u8]]) -> Option<Self> {
        let parts: Vec<Part<'_>> = files.iter().map(|f| Part::read(f)).collect::<Option<_>>()?;
        let (bits, fine) = parts.first().map(|p| (p.bits, p.fine))?;
        let width: usize = parts.iter().map(|p| p.curves.len()).sum();
        let alike = parts.iter().all(|p| p.bits == bits && p.fine == fine);
        (width == W && alike).then_some(())?;
        let mut rows = vec![[0i8; W]; 1 << bits];
        let mut curves = Vec::with_capacity(W);
        for part in parts {
            let first = curves.len();
            let heads = part.curves.len();
            for (row, weights) in rows.iter_mut().zip(part.weights.chunks_exact(heads)) {
                let heads = row.iter_mut().skip(first);
                heads
                    .zip(weights)
                    .for_each(|(w, b)| *w = i8::from_le_bytes([*b]));
            }
            curves.extend(part.curves);
        }
        Some(Self {
            rows: rows.into_boxed_slice(),
            shift: HASH_BITS - bits,
            fine,
            curves: curves.try_into().ok()?,
        })
    }

    /// A weight file of at most a mebibyte of some heads' trained weights, one row a feature: the few features
    /// that would not fit weigh nothing. `fine`: pieces of three bytes were learnt, too.
    pub fn write(
        weights: &[[f32; W]],
        heads: std::ops::Range<usize>,
        slopes: [(f32, f32); W],
        fine: bool,
    ) -> Vec<u8> {
        const MOST: usize = 1 << 20;
        let of = |row: &[f32; W]| {
            row.get(heads.clone())
                .map(<[f32]>::to_vec)
                .unwrap_or_default()
        };
        let mut largest = vec![1e-6f32; heads.len()];
        for row in weights {
            let row = of(row).into_iter();
            largest
                .iter_mut()
                .zip(row)
                .for_each(|(a, w)| *a = a.max(w.abs()));
        }
        let scales: Vec<f32> = largest.iter().map(|l| l / 127.0).collect();
        let mut out = MAGIC.to_vec();
        let bits = weights.len().next_power_of_two().trailing_zeros();
        let bits = usize::try_from(bits).unwrap_or(0);
        out.extend([heads.len(), bits].map(|n| u8::try_from(n).unwrap_or(0)));
        out.push(u8::from(fine));
        let slopes = slopes.get(heads.clone()).unwrap_or_default();
        for (scale, (slope, bias)) in scales.iter().zip(slopes) {
            for number in [*scale, *slope, *bias] {
                out.extend(number.to_le_bytes());
            }
        }
        let kept = (MOST - out.len()) / heads.len().max(1);
        for row in weights.iter().take(kept) {
            for (w, scale) in of(row).iter().zip(&scales) {
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
        let grams = Grams::of(folded);
        let scale = self.curves.get(head).map_or(0.0, |c| c.scale);
        let token = |(i, (start, end)): (usize, &(u32, u32))| {
            let sum: i32 = self
                .rows_of(&grams, i, i + 1)
                .filter_map(|row| row.get(head))
                .map(|w| i32::from(*w))
                .sum();
            let word = folded.get(*start as usize..*end as usize);
            #[expect(clippy::cast_precision_loss, reason = "small sums")]
            (word.unwrap_or_default().to_owned(), sum as f32 * scale)
        };
        grams.places.iter().enumerate().map(token).collect()
    }

    fn row(&self, slot: u32) -> Option<&[i8; W]> {
        self.rows.get((slot >> self.shift) as usize)
    }

    /// The rows of some tokens that follow each other.
    fn rows_of<'a>(
        &'a self,
        grams: &'a Grams,
        from: usize,
        to: usize,
    ) -> impl Iterator<Item = &'a [i8; W]> {
        let fine = if self.fine {
            grams.fine_window(from, to)
        } else {
            &[]
        };
        let slots = grams.window(from, to).iter().chain(fine);
        slots.filter_map(|s| self.row(*s))
    }

    /// The probabilities of a stretch of some bytes and the few tokens around it, and of nothing else.
    pub fn around(&self, grams: &Grams, start: usize, end: usize) -> [f32; W] {
        const AROUND: usize = 4;
        let before = |b: usize| grams.places.partition_point(|p| (p.1 as usize) <= b);
        let from = before(start).saturating_sub(AROUND);
        let to = (before(end) + AROUND).min(grams.len());
        let (mut sum, mut count) = ([0i32; W], 0u16);
        for row in self.rows_of(grams, from, to) {
            count = count.saturating_add(1);
            sum.iter_mut()
                .zip(row)
                .for_each(|(t, w)| *t += i32::from(*w));
        }
        std::array::from_fn(|h| {
            let curve = self.curves.get(h).copied().unwrap_or_default();
            #[expect(clippy::cast_precision_loss, reason = "small sums and counts")]
            let raw = sum[h] as f32 / f32::from(count.max(1)).sqrt() * curve.scale;
            curve.probability(raw)
        })
    }

    /// For each head the stretch that scores highest: the whole text or a window of it.
    pub fn score(&self, grams: &Grams) -> [Scored; W] {
        let mut sums: Vec<([i32; W], u32)> = Vec::with_capacity(grams.len() + 1);
        sums.push(([0; W], 0));
        let (mut sum, mut from, mut fine_from) = ([0i32; W], 0, 0);
        let add = |slots: &[u32], sum: &mut [i32; W]| {
            for row in slots.iter().filter_map(|s| self.row(*s)) {
                for (total, weight) in sum.iter_mut().zip(row) {
                    *total += i32::from(*weight);
                }
            }
        };
        for (end, fine_end) in grams.ends.iter().zip(&grams.fine_ends) {
            let mut count = *end;
            let slots = grams.slots.get(from..*end as usize);
            add(slots.unwrap_or_default(), &mut sum);
            from = *end as usize;
            if self.fine {
                let slots = grams.fine.get(fine_from..*fine_end as usize);
                add(slots.unwrap_or_default(), &mut sum);
                fine_from = *fine_end as usize;
                count += *fine_end;
            }
            sums.push((sum, count));
        }
        self.best(&sums, grams)
    }

    fn best(&self, sums: &[([i32; W], u32)], grams: &Grams) -> [Scored; W] {
        let mut best = [(f32::NEG_INFINITY, 0, 0); W];
        let mut whole = [None; W];
        windows(grams.len(), |from, to| {
            let (Some(a), Some(b)) = (sums.get(from), sums.get(to)) else {
                return;
            };
            #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^24")]
            let norm = 1.0 / ((b.1 - a.1).max(1) as f32).sqrt();
            let heads = best.iter_mut().zip(&mut whole);
            for (((best, whole), after), before) in heads.zip(&b.0).zip(&a.0) {
                #[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^24")]
                let raw = (after - before) as f32 * norm;
                // The whole text comes first.
                whole.get_or_insert(raw);
                if raw > best.0 {
                    *best = (raw, from, to);
                }
            }
        });
        let place = |token: usize| grams.places.get(token).copied().unwrap_or_default();
        std::array::from_fn(|h| {
            let (raw, from, to) = best.get(h).copied().unwrap_or_default();
            let curve = self.curves.get(h).copied().unwrap_or_default();
            let raw = if raw.is_finite() { raw } else { 0.0 } * curve.scale;
            Scored {
                start: place(from).0 as usize,
                end: to.checked_sub(1).map_or(0, |t| place(t).1 as usize),
                raw,
                probability: if grams.is_empty() {
                    0.0
                } else {
                    curve.probability(raw)
                },
                whole: whole.get(h).copied().flatten().unwrap_or(0.0) * curve.scale,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_back_and_windows_found() {
        let mut weights = vec![[0.0; 2]; 1 << 17];
        for s in Grams::of("attack").slots {
            weights[s as usize >> 3][0] = 1.0;
        }
        let file = Table::write(&weights, 0..2, [(1.0, 0.0); 2], false);
        let table = Table::<2>::read(&[&file]).unwrap();
        let text = format!("{}attack {}", "word ".repeat(60), "word ".repeat(60));
        let found = table.score(&Grams::of(&text))[0];
        assert!(
            found.start <= 300 && found.end >= 306 && found.end - found.start < 120,
            "{found:?}"
        );
        assert!(found.probability > 0.5);
        let none = table.score(&Grams::of(""));
        assert!(none.iter().all(|s| s.probability == 0.0));
        assert!(Table::<6>::read(&[&file]).is_none(), "another width");
        assert!(Table::<2>::read(&[MAGIC]).is_none() && Table::<2>::read(&[b""]).is_none());
        assert!(Table::<2>::read(&[&file[..file.len() - 1]]).is_none());
        assert!(Table::<2>::read(&[]).is_none());
    }

    #[test]
    fn heads_may_stand_in_files_of_their_own() {
        let mut weights = vec![[0.0; 3]; 1 << 17];
        for s in Grams::of("attack").slots {
            weights[s as usize >> 3] = [1.0, -1.0, 0.5];
        }
        let slopes = [(1.0, 0.0), (2.0, 0.0), (1.0, 1.0)];
        let whole = Table::write(&weights, 0..3, slopes, false);
        let parts = [0..1, 1..3].map(|heads| Table::write(&weights, heads, slopes, false));
        let grams = Grams::of("an attack");
        let together = Table::<3>::read(&[&whole]).unwrap().score(&grams);
        let apart = Table::<3>::read(&[&parts[0], &parts[1]])
            .unwrap()
            .score(&grams);
        assert_eq!(together, apart);
        let other = Table::write(&weights, 1..3, slopes, true);
        assert!(
            Table::<3>::read(&[&parts[0], &other]).is_none(),
            "made in another way"
        );
    }

    #[test]
    fn a_file_stays_within_a_mebibyte() {
        let file = Table::write(&vec![[1.0f32; 6]; 1 << 18], 0..6, [(1.0, 0.0); 6], true);
        assert!(file.len() <= 1 << 20 && Table::<6>::read(&[&file]).is_some());
    }
}
