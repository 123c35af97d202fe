//! Scores of predictions against labels.

/// The share of margins whose best label is the true one; 0 when there are none.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of texts, far below 2^52"
)]
pub fn accuracy(held: &[(Vec<f32>, usize)]) -> f64 {
    let right = held
        .iter()
        .filter(|(margins, label)| best(margins) == Some(*label))
        .count();
    right as f64 / held.len().max(1) as f64
}

/// The mean over labels of the harmonic mean of precision and recall, so that a rare label counts as much
/// as a common one. A label that is neither true nor found anywhere is left out; 0 when none is left.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of texts, far below 2^52"
)]
pub fn macro_f1(held: &[(Vec<f32>, usize)]) -> f64 {
    let labels = held.iter().map(|(margins, _)| margins.len()).max();
    let mut counts = vec![(0_usize, 0_usize, 0_usize); labels.unwrap_or(0)];
    for (margins, label) in held {
        let found = best(margins);
        if let Some((_, truth, right)) = counts.get_mut(*label) {
            *truth += 1;
            *right += usize::from(found == Some(*label));
        }
        if let Some((taken, _, _)) = found.and_then(|found| counts.get_mut(found)) {
            *taken += 1;
        }
    }
    let scores: Vec<f64> = counts
        .into_iter()
        .filter(|(taken, truth, _)| taken + truth > 0)
        .map(|(taken, truth, right)| 2.0 * right as f64 / (taken + truth) as f64)
        .collect();
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

/// The place of the highest margin.
pub fn best(margins: &[f32]) -> Option<usize> {
    let places = margins.iter().enumerate();
    places
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_label_counts_as_much_as_a_common_one() {
        let (a, b) = (vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0]);
        let held = [(a.clone(), 0), (a.clone(), 0), (a.clone(), 0), (a, 1)];
        assert!((accuracy(&held) - 0.75).abs() < 1e-9);
        // The first label: precision 3/4, recall 1. The second: never found. The third: nowhere.
        assert!((macro_f1(&held) - (6.0 / 7.0) / 2.0).abs() < 1e-9);
        assert!((macro_f1(&[(b, 1)]) - 1.0).abs() < 1e-9);
        assert!(macro_f1(&[]).abs() < 1e-9);
    }
}
