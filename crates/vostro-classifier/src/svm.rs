//! A linear support vector machine by dual coordinate descent (Hsieh et al., ICML 2008).
//!
//! Squared hinge loss, an L2 penalty, a constant feature as the bias. Labels are learnt one against the
//! rest, each by itself, so the result does not depend on how many threads learn.

use crate::features::Sparse;
use crate::rng::SplitMix;

/// Examples as rows of numbers.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Buckets with values.
    pub sparse: Vec<Sparse>,
    /// Sentence vectors, already scaled; empty rows where there are none.
    pub dense: Vec<Vec<f32>>,
    /// How much each example counts.
    pub weights: Vec<f32>,
}

/// How a machine is learnt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The cost of an error against the length of the weights.
    pub cost: f32,
    /// How much more an example of the label counts than one of the others.
    pub positive: f32,
    /// At most so many rounds over the examples.
    pub rounds: usize,
    /// Learning ends when the projected gradient's spread is below this.
    pub tolerance: f32,
    /// The seed of the order in which examples are visited.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cost: 1.0,
            positive: 1.0,
            rounds: 40,
            tolerance: 0.05,
            seed: 1,
        }
    }
}

/// The machine of one label.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// A weight a bucket.
    pub sparse: Vec<f32>,
    /// A weight a dimension.
    pub dense: Vec<f32>,
    /// The bias.
    pub bias: f32,
}

impl Machine {
    /// The margin of a row.
    pub fn margin(&self, sparse: &[(u32, f32)], dense: &[f32]) -> f32 {
        let from_sparse: f32 = sparse
            .iter()
            .map(|&(bucket, value)| {
                self.sparse.get(bucket as usize).copied().unwrap_or(0.0) * value
            })
            .sum();
        let from_dense: f32 = self.dense.iter().zip(dense).map(|(w, x)| w * x).sum();
        from_sparse + from_dense + self.bias
    }

    fn add(&mut self, sparse: &[(u32, f32)], dense: &[f32], step: f32) {
        for &(bucket, value) in sparse {
            if let Some(weight) = self.sparse.get_mut(bucket as usize) {
                *weight += step * value;
            }
        }
        for (weight, value) in self.dense.iter_mut().zip(dense) {
            *weight += step * value;
        }
        self.bias += step;
    }
}

/// Learns to tell the rows of `targets` from the others.
pub fn learn(rows: &Rows, buckets: usize, targets: &[bool], settings: Settings) -> Machine {
    let dimensions = rows.dense.first().map_or(0, Vec::len);
    let mut machine = Machine {
        sparse: vec![0.0; buckets],
        dense: vec![0.0; dimensions],
        bias: 0.0,
    };
    let squares: Vec<f32> = rows
        .sparse
        .iter()
        .zip(&rows.dense)
        .map(|(sparse, dense)| {
            let sparse: f32 = sparse.iter().map(|(_, value)| value * value).sum();
            let dense: f32 = dense.iter().map(|value| value * value).sum();
            sparse + dense + 1.0
        })
        .collect();
    let mut alphas = vec![0.0_f32; targets.len()];
    let mut order: Vec<usize> = (0..targets.len()).collect();
    let mut rng = SplitMix::new(settings.seed);
    for _ in 0..settings.rounds {
        rng.shuffle(&mut order);
        let (mut highest, mut lowest) = (f32::NEG_INFINITY, f32::INFINITY);
        for &at in &order {
            let (
                Some(sparse),
                Some(dense),
                Some(square),
                Some(alpha),
                Some(&target),
                Some(&weight),
            ) = (
                rows.sparse.get(at),
                rows.dense.get(at),
                squares.get(at),
                alphas.get_mut(at),
                targets.get(at),
                rows.weights.get(at),
            )
            else {
                continue;
            };
            let sign = if target { 1.0 } else { -1.0 };
            let cost = settings.cost * weight * if target { settings.positive } else { 1.0 };
            let diagonal = 0.5 / cost;
            let gradient = sign * machine.margin(sparse, dense) - 1.0 + diagonal * *alpha;
            let projected = if *alpha <= 0.0 {
                gradient.min(0.0)
            } else {
                gradient
            };
            highest = highest.max(projected);
            lowest = lowest.min(projected);
            if projected.abs() > 1e-6 {
                let next = (*alpha - gradient / (square + diagonal)).max(0.0);
                machine.add(sparse, dense, (next - *alpha) * sign);
                *alpha = next;
            }
        }
        if highest - lowest < settings.tolerance {
            break;
        }
    }
    machine
}
