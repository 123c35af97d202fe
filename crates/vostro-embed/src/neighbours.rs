//! The nearest of many vectors, exactly: a scan over int8 copies, then the best again in full.
//!
//! Every vector is looked at, so filters cost nothing and there is no graph to keep. To about 200,000
//! vectors this takes milliseconds; beyond that an approximate index is the better engine, and is not here.

use std::collections::BinaryHeap;

use crate::cosine;

/// How many candidates of the scan are compared in full, for every neighbour wanted, and at least.
const RESCORED_PER_WANTED: usize = 4;
const MIN_RESCORED: usize = 64;

/// Vectors of length 1, numbered in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Neighbours {
    dimensions: usize,
    full: Vec<f32>,
    /// The same in whole numbers from -127 to 127 …
    coarse: Vec<i8>,
    /// … times this, one a vector.
    scales: Vec<f32>,
}

impl Neighbours {
    /// Takes vectors of one length. Those of another length than the first count as without direction:
    /// their cosine is 0, so that numbers stay true.
    pub fn new<'a>(vectors: impl IntoIterator<Item = &'a [f32]>) -> Self {
        let mut neighbours = Self::default();
        for vector in vectors {
            neighbours.push(vector);
        }
        neighbours
    }

    /// Adds a vector; its number is the count before.
    pub fn push(&mut self, vector: &[f32]) {
        if self.scales.is_empty() {
            self.dimensions = vector.len();
        }
        if vector.len() != self.dimensions {
            let length = self.full.len() + self.dimensions;
            self.full.resize(length, 0.0);
            self.coarse.resize(length, 0);
            self.scales.push(0.0);
            return;
        }
        let (coarse, scale) = quantise(vector);
        self.full.extend_from_slice(vector);
        self.coarse.extend(coarse);
        self.scales.push(scale);
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// The vector of a number.
    pub fn get(&self, number: usize) -> Option<&[f32]> {
        let start = number.checked_mul(self.dimensions)?;
        self.full.get(start..start.checked_add(self.dimensions)?)
    }

    /// The nearest `wanted` of those that `keep` lets through, with their cosines, nearest first; of
    /// equals the lower number first. A vector of another length than the others has no neighbours.
    pub fn nearest(
        &self,
        vector: &[f32],
        wanted: usize,
        keep: impl Fn(usize) -> bool,
    ) -> Vec<(usize, f32)> {
        if wanted == 0 || self.dimensions == 0 || vector.len() != self.dimensions {
            return Vec::new();
        }
        let (asked, _) = quantise(vector);
        let asked: Vec<i16> = asked.map(i16::from).collect();
        let most = wanted
            .saturating_mul(RESCORED_PER_WANTED)
            .max(MIN_RESCORED)
            .min(self.len());
        let mut best: BinaryHeap<Farthest> = BinaryHeap::with_capacity(most + 1);
        let rows = self.coarse.chunks_exact(self.dimensions).zip(&self.scales);
        for (number, (row, scale)) in rows.enumerate() {
            #[expect(
                clippy::cast_precision_loss,
                reason = "below 2^23 for any sentence vector"
            )]
            let near = dot(row, &asked) as f32 * scale;
            let full = best.len() == most;
            if (full && best.peek().is_some_and(|last| last.near >= near)) || !keep(number) {
                continue;
            }
            if full {
                best.pop();
            }
            best.push(Farthest { near, number });
        }
        let mut found: Vec<(usize, f32)> = best
            .into_iter()
            .filter_map(|Farthest { number, .. }| Some((number, cosine(self.get(number)?, vector))))
            .collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.truncate(wanted);
        found
    }
}

/// A candidate; the greatest of a heap is the farthest, of equals the one with the higher number.
#[derive(Debug, Clone, Copy)]
struct Farthest {
    near: f32,
    number: usize,
}

impl Ord for Farthest {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other
            .near
            .total_cmp(&self.near)
            .then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Farthest {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Farthest {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Farthest {}

fn quantise(vector: &[f32]) -> (impl Iterator<Item = i8> + '_, f32) {
    let largest = vector.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    let scale = if largest.is_finite() {
        largest / 127.0
    } else {
        0.0
    };
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    let coarse = vector.iter().map(move |x| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "rounded and within -127..=127"
        )]
        let whole = (x * inverse).round().clamp(-127.0, 127.0) as i8;
        whole
    });
    (coarse, scale)
}

/// Products of 16-bit numbers summed in 32 bits: one instruction for eight of them on most processors.
// Inlined into the scan it is compiled ten times slower (Rust 1.95: 36 ms for 100,000 vectors, not 3.5).
#[inline(never)]
fn dot(row: &[i8], asked: &[i16]) -> i32 {
    const LANES: usize = 16;
    let (row_lanes, row_rest) = row.as_chunks::<LANES>();
    let (asked_lanes, asked_rest) = asked.as_chunks::<LANES>();
    let mut sums = [0_i32; LANES];
    for (row, asked) in row_lanes.iter().zip(asked_lanes) {
        for ((sum, a), b) in sums.iter_mut().zip(row).zip(asked) {
            *sum += i32::from(i16::from(*a)) * i32::from(*b);
        }
    }
    let rest = row_rest.iter().zip(asked_rest);
    let rest: i32 = rest.map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
    sums.iter().sum::<i32>() + rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::unit;

    /// Unit vectors that depend on the seed alone.
    fn vectors(count: usize, dimensions: usize, mut seed: u64) -> Vec<Vec<f32>> {
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f32::from(u16::try_from(seed >> 48).unwrap()) / 32_768.0 - 1.0
        };
        (0..count)
            .map(|_| unit((0..dimensions).map(|_| next()).collect()))
            .collect()
    }

    #[test]
    fn finds_what_a_full_comparison_finds() {
        let all = vectors(3_000, 384, 7);
        let neighbours = Neighbours::new(all.iter().map(Vec::as_slice));
        for asked in vectors(20, 384, 99) {
            let even = |number: usize| number.is_multiple_of(2);
            let mut expected: Vec<(usize, f32)> = all
                .iter()
                .enumerate()
                .filter(|(number, _)| even(*number))
                .map(|(number, vector)| (number, cosine(vector, &asked)))
                .collect();
            expected.sort_by(|a, b| b.1.total_cmp(&a.1));
            expected.truncate(10);
            assert_eq!(neighbours.nearest(&asked, 10, even), expected);
        }
    }

    #[test]
    fn odd_vectors_do_no_harm() {
        let mut neighbours = Neighbours::new([[1.0, 0.0].as_slice(), &[0.5], &[0.0, 1.0]]);
        neighbours.push(&[f32::NAN, 1.0]);
        neighbours.push(&[f32::INFINITY, 1.0]);
        assert_eq!(neighbours.len(), 5);
        let found = neighbours.nearest(&[0.0, 1.0], 1, |number| number < 3);
        assert_eq!(found, [(2, 1.0)]);
        assert_eq!(neighbours.nearest(&[0.0, 1.0], 9, |_| true).len(), 5);
        assert_eq!(neighbours.nearest(&[1.0], 3, |_| true), []);
        assert_eq!(neighbours.nearest(&[0.0, 1.0], 0, |_| true), []);
        assert_eq!(Neighbours::default().nearest(&[], 3, |_| true), []);
    }

    proptest! {
        #[test]
        fn whole_numbers_keep_the_cosine(seed in any::<u64>()) {
            let pair = vectors(2, 384, seed);
            let (a, scale_a) = quantise(&pair[0]);
            let (b, scale_b) = quantise(&pair[1]);
            let (a, b): (Vec<i8>, Vec<i16>) = (a.collect(), b.map(i16::from).collect());
            let near = f64::from(dot(&a, &b)) * f64::from(scale_a) * f64::from(scale_b);
            prop_assert!((near - f64::from(cosine(&pair[0], &pair[1]))).abs() < 0.01);
        }
    }
}
