//! Figures about rankings.

use super::ratio;

/// The area under the precision–recall curve: mean precision at each positive, best score first.
pub fn average_precision(scored: &[(f32, bool)]) -> Option<f64> {
    let mut ranked = scored.to_vec();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut found, mut sum) = (0, 0.0);
    for (i, (_, positive)) in ranked.iter().enumerate() {
        if *positive {
            found += 1;
            sum += ratio(found, i + 1);
        }
    }
    (found > 0).then(|| sum * ratio(1, found))
}

/// The recall of positives at the threshold that lets through at most this share of negatives.
pub fn recall_at(positives: &[f32], negatives: &[f32], share: f64) -> Option<(f64, f32)> {
    let mut sorted = negatives.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a count"
    )]
    let allowed = (sorted.len() as f64 * share) as usize;
    let threshold = sorted.get(allowed).copied()?;
    let found = positives.iter().filter(|s| **s > threshold).count();
    (!positives.is_empty()).then(|| (ratio(found, positives.len()), threshold))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        let near = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-9);
        near(
            average_precision(&[(0.9, true), (0.8, false), (0.7, true)]),
            5.0 / 6.0,
        );
        near(recall_at(&[0.9, 0.1], &[0.5, 0.2], 0.0).map(|r| r.0), 0.5);
        assert_eq!(average_precision(&[(0.9, false)]), None);
    }
}
