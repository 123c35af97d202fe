//! Whether a score of .8 means eight in ten: expected calibration error and reliability by bins.

use super::{Report, ratio};

const BINS: usize = 5;

/// Adds the expected calibration error of scores with their truth, and a row a bin.
pub(super) fn measure(name: &str, scored: &[(f32, bool)], report: &mut Report) {
    let missing = "data missing".to_owned();
    let mut bins = [(0usize, 0usize, 0.0f64); BINS];
    for (score, truth) in scored {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 1"
        )]
        let at = ((score * 5.0) as usize).min(BINS - 1);
        if let Some(bin) = bins.get_mut(at) {
            bin.0 += 1;
            bin.1 += usize::from(*truth);
            bin.2 += f64::from(*score);
        }
    }
    let gap = |(count, right, sum): (usize, usize, f64)| {
        (sum - ratio(right, 1)).abs() * ratio(count.min(1), 1)
    };
    let error = bins.iter().map(|b| gap(*b)).sum::<f64>() * ratio(1, scored.len().max(1));
    let note = format!(
        "{} scores, {} of them attacks; depends on that mix",
        scored.len(),
        scored.iter().filter(|s| s.1).count()
    );
    let some = !scored.is_empty();
    report.add(
        format!("{name}, expected calibration error"),
        some.then_some(error),
        "",
        if some { note } else { missing },
    );
    for (i, (count, right, sum)) in bins.into_iter().enumerate().filter(|b| b.1.0 > 0) {
        let note = format!("{count} scores, mean {:.3}", sum * ratio(1, count));
        report.add(
            format!(
                "… share of attacks where the score is .{}–{}",
                2 * i,
                if i + 1 == BINS {
                    "1.0".to_owned()
                } else {
                    format!(".{}", 2 * i + 2)
                }
            ),
            Some(ratio(right, count)),
            "",
            note,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_that_tells_the_truth_has_no_error() {
        let sure: Vec<(f32, bool)> = (0..10)
            .map(|i| (0.9, i > 0))
            .chain((0..10).map(|i| (0.1, i == 0)))
            .collect();
        let mut report = Report::default();
        measure("x", &sure, &mut report);
        assert!(report.rows[0].value.unwrap() < 1e-6 && report.rows.len() == 3);
        let wrong: Vec<(f32, bool)> = sure.iter().map(|(s, t)| (*s, !t)).collect();
        let mut report = Report::default();
        measure("x", &wrong, &mut report);
        assert!((report.rows[0].value.unwrap() - 0.8).abs() < 1e-6);
    }
}
