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

/// The place of the highest margin.
pub fn best(margins: &[f32]) -> Option<usize> {
    let places = margins.iter().enumerate();
    places
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(place, _)| place)
}
