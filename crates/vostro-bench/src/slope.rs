//! How fast memory grows: a straight line through the readings of a soak, and how sure its slope is.
//!
//! Ordinary least squares on the means of equal stretches (single readings are not independent of their
//! neighbours), with the two-sided 95 % interval by Student's t. Pure.

use serde::{Deserialize, Serialize};

use crate::figures::rounded;

/// Stretches that readings are averaged over; fewer when there are few readings.
const STRETCHES: usize = 30;
/// The share at the beginning in which caches fill, which is not judged.
const WARM_UP: f64 = 0.2;

/// The growth of a process's memory.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Slope {
    /// The process.
    pub process: String,
    /// Mean memory after the warm-up, in MB.
    pub mean_mb: f64,
    /// Growth in percent of the mean per 15 minutes.
    pub percent_per_15_min: f64,
    /// The lower end of the 95 % interval.
    pub lower: f64,
    /// The upper end of the 95 % interval.
    pub upper: f64,
    /// For how long it was measured, in seconds, without the warm-up.
    pub seconds: f64,
}

/// The slope of `(seconds, megabytes)` readings; `None` when there are too few of them.
pub(crate) fn slope(process: &str, readings: &[(f64, f64)]) -> Option<Slope> {
    let first = readings.first()?.0;
    let length = readings.last()?.0 - first;
    let judged: Vec<(f64, f64)> = readings
        .iter()
        .filter(|reading| reading.0 - first >= length * WARM_UP)
        .copied()
        .collect();
    let each = judged.len().div_ceil(STRETCHES).max(1);
    let points: Vec<(f64, f64)> = judged.chunks(each).map(mean).collect();
    if points.len() < 5 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "some dozen points")]
    let count = points.len() as f64;
    let (mean_x, mean_y) = mean(&points);
    let spread: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let joint: f64 = points
        .iter()
        .map(|(x, y)| (x - mean_x) * (y - mean_y))
        .sum();
    if spread <= 0.0 || mean_y <= 0.0 {
        return None;
    }
    let steep = joint / spread;
    let rest: f64 = points
        .iter()
        .map(|(x, y)| (y - mean_y - steep * (x - mean_x)).powi(2))
        .sum();
    let error = (rest / (count - 2.0) / spread).sqrt() * student_t(count - 2.0);
    let percent = |slope: f64| rounded(slope * 900.0 / mean_y * 100.0);
    Some(Slope {
        process: process.to_owned(),
        mean_mb: rounded(mean_y),
        percent_per_15_min: percent(steep),
        lower: percent(steep - error),
        upper: percent(steep + error),
        seconds: rounded(length * (1.0 - WARM_UP)),
    })
}

fn mean(points: &[(f64, f64)]) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "few points")]
    let count = points.len().max(1) as f64;
    let sum = points
        .iter()
        .fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    (sum.0 / count, sum.1 / count)
}

/// The 97.5 % quantile of Student's t, by the expansion about the normal distribution's (Abramowitz and
/// Stegun, 26.7.5); within 1 % from three degrees of freedom on.
fn student_t(freedom: f64) -> f64 {
    let z: f64 = 1.959_963_985;
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + first / freedom + second / freedom.powi(2) + third / freedom.powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, table) in [(3.0, 3.182), (5.0, 2.571), (10.0, 2.228), (28.0, 2.048)] {
            let found = student_t(freedom);
            assert!((found / table - 1.0).abs() < 0.01, "{freedom}: {found}");
        }
    }

    #[test]
    fn growth_is_found_and_noise_is_not_taken_for_it() {
        let noise = |n: u32| f64::from(n.wrapping_mul(2_654_435_761) >> 16) / 65_536.0 - 0.5;
        let readings = |growth: f64| -> Vec<(f64, f64)> {
            // An hour, a reading every five seconds, 100 MB give or take half a MB.
            (0..720_u32)
                .map(|n| {
                    let at = f64::from(n) * 5.0;
                    (at, 100.0 + noise(n) + growth * at / 900.0)
                })
                .collect()
        };
        let flat = slope("vostro", &readings(0.0)).unwrap();
        assert!(
            flat.lower <= 0.0 && 0.0 <= flat.upper && flat.upper < 0.2,
            "{flat:?}"
        );
        let leak = slope("vostro", &readings(2.0)).unwrap();
        assert!((leak.percent_per_15_min - 1.93).abs() < 0.1, "{leak:?}");
        assert!(leak.lower > 1.5, "{leak:?}");
        assert_eq!(slope("vostro", &readings(0.0)[..3]), None);
        assert_eq!(slope("vostro", &[]), None);
    }
}
