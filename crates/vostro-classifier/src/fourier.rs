//! Random Fourier features: a linear machine over them is one with a Gaussian kernel (Rahimi and Recht, NIPS 2007).
//!
//! Sentence vectors of one intent lie in several clumps rather than on one side of a plane; with these
//! features a linear machine can follow them. The directions are drawn once from a fixed seed, so that a
//! model's weights always meet the same features.

use std::f32::consts::PI;
use std::sync::LazyLock;

use crate::DIMENSIONS;
use crate::rng::SplitMix;

/// So many features stand beside a vector's own dimensions.
pub const FEATURES: usize = 1_500;
/// The kernel's width: how fast likeness falls with distance.
const GAMMA: f32 = 1.2;
const SEED: u64 = 7;

static DIRECTIONS: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let mut rng = SplitMix::new(SEED);
    (0..FEATURES * DIMENSIONS)
        .map(|_| gaussian(&mut rng) * GAMMA)
        .collect()
});

static PHASES: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let mut rng = SplitMix::new(SEED + 1);
    (0..FEATURES).map(|_| unit(&mut rng) * 2.0 * PI).collect()
});

/// A sentence vector with its features behind it.
pub fn lifted(vector: &[f32]) -> Vec<f32> {
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    let scale = (2.0 / FEATURES as f32).sqrt();
    let features = DIRECTIONS
        .chunks_exact(DIMENSIONS)
        .zip(PHASES.iter())
        .map(|(row, phase)| {
            let along: f32 = row.iter().zip(vector).map(|(a, b)| a * b).sum();
            (along + phase).cos() * scale
        });
    vector.iter().copied().chain(features).collect()
}

/// Between 0 and 1, not 0.
fn unit(rng: &mut SplitMix) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit exactly")]
    let number = (rng.next_u64() >> 40) as f32;
    (number + 0.5) / 16_777_216.0
}

/// Normally distributed (Box and Muller).
fn gaussian(rng: &mut SplitMix) -> f32 {
    let (radius, angle) = (unit(rng), unit(rng));
    (-2.0 * radius.ln()).sqrt() * (2.0 * PI * angle).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_vectors_have_near_features() {
        let vector = |at: usize| {
            let mut vector = vec![0.0; DIMENSIONS];
            vector[at] = 0.8;
            vector[at + 1] = 0.6;
            lifted(&vector).split_off(DIMENSIONS)
        };
        let dot = |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let (here, near, far) = (vector(0), vector(1), vector(200));
        assert!((dot(&here, &here) - 1.0).abs() < 0.1);
        assert!(dot(&here, &near) > dot(&here, &far));
        // The kernel of two vectors at a right angle: exp(-γ² · 2 / 2).
        assert!((dot(&here, &far) - (-GAMMA * GAMMA).exp()).abs() < 0.1);
    }
}
