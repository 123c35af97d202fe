//! What was measured of each request, and the figures made of many.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::mix::Kind;

/// The longest time that is told apart, in microseconds; client timeouts are shorter.
const LONGEST_US: u64 = 120_000_000;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// With the right answer.
    Right,
    /// With an answer that breaks the contract.
    Wrong,
    /// Refused to protect the service: 429, or 503 with `Retry-After`.
    Shed,
    /// With another status, a broken connection or no answer in time.
    Failed,
}

/// One request.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The phase in which it was due.
    pub phase: u16,
    /// Its kind.
    pub kind: Kind,
    /// When it was due, in seconds since the run began.
    pub due: f64,
    /// From when it was due to its answer, in microseconds.
    pub response_us: u64,
    /// From when it was sent to its answer, in microseconds.
    pub service_us: u64,
    /// How it ended.
    pub outcome: Outcome,
}

/// Percentiles of a latency, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// The mean.
    pub mean: f64,
    /// The median.
    pub p50: f64,
    /// 90 %.
    pub p90: f64,
    /// 95 %.
    pub p95: f64,
    /// 99 %.
    pub p99: f64,
    /// 99.9 %.
    pub p999: f64,
    /// The largest.
    pub max: f64,
}

impl Latency {
    /// Of times in microseconds.
    pub fn of(times: impl IntoIterator<Item = u64>) -> Self {
        let Ok(mut histogram) = Histogram::<u64>::new_with_bounds(1, LONGEST_US, 3) else {
            return Self::default();
        };
        for time in times {
            histogram.saturating_record(time.max(1));
        }
        if histogram.is_empty() {
            return Self::default();
        }
        let at = |quantile| millis(histogram.value_at_quantile(quantile));
        Self {
            mean: rounded(histogram.mean() / 1_000.0),
            p50: at(0.5),
            p90: at(0.9),
            p95: at(0.95),
            p99: at(0.99),
            p999: at(0.999),
            max: millis(histogram.max()),
        }
    }
}

fn millis(microseconds: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "at most 2 minutes")]
    rounded(microseconds as f64 / 1_000.0)
}

/// Three decimals: what reports hold.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// A share of a whole; none of nothing is nothing.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of requests")]
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// The figures of many requests.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Requests that were due.
    pub requests: u64,
    /// With the right answer.
    pub right: u64,
    /// With an answer that breaks the contract.
    pub wrong: u64,
    /// Refused to protect the service.
    pub shed: u64,
    /// Failed in any other way.
    pub failed: u64,
    /// Right answers a second.
    pub per_second: f64,
    /// From when requests were due.
    pub response: Latency,
    /// From when they were sent.
    pub service: Latency,
}

impl Figures {
    /// Of requests that were due within so many seconds. Latencies are those of answered requests that
    /// were not shed: a quick refusal must not look like a quick answer.
    pub fn of<'a>(samples: impl Iterator<Item = &'a Sample> + Clone, seconds: f64) -> Self {
        let count = |outcome| {
            let of_it = samples.clone().filter(|sample| sample.outcome == outcome);
            of_it.count() as u64
        };
        let [right, wrong, shed, failed] = [
            Outcome::Right,
            Outcome::Wrong,
            Outcome::Shed,
            Outcome::Failed,
        ]
        .map(count);
        let judged = samples.filter(|sample| sample.outcome != Outcome::Shed);
        #[expect(clippy::cast_precision_loss, reason = "counts of requests")]
        Self {
            requests: right + wrong + shed + failed,
            right,
            wrong,
            shed,
            failed,
            per_second: rounded(right as f64 / seconds.max(1e-3)),
            response: Latency::of(judged.clone().map(|sample| sample.response_us)),
            service: Latency::of(judged.map(|sample| sample.service_us)),
        }
    }

    /// The share of requests that got an answer and not a failure or a refusal.
    pub fn availability(&self) -> f64 {
        share(self.right + self.wrong, self.requests)
    }

    /// The share that failed or was answered wrongly. What was shed is counted apart.
    pub fn error_rate(&self) -> f64 {
        share(self.failed + self.wrong, self.requests)
    }
}

/// One stretch of the timeline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Its beginning, in seconds since the run began.
    pub at: f64,
    /// Requests due a second.
    pub offered: f64,
    /// Right answers a second.
    pub answered: f64,
    /// Wrong answers and failures a second.
    pub errors: f64,
    /// Refusals a second.
    pub shed: f64,
    /// Response time, in milliseconds.
    pub p50: f64,
    /// The same at 95 %.
    pub p95: f64,
    /// The same at 99 %.
    pub p99: f64,
}

/// The timeline in at most `most` stretches, each of whole seconds.
pub(crate) fn timeline(samples: &[Sample], most: u32) -> Vec<Moment> {
    let end = samples.iter().map(|sample| sample.due).fold(0.0, f64::max);
    let width = (end / f64::from(most.max(1))).ceil().max(1.0);
    let mut stretches: BTreeMap<u32, Vec<&Sample>> = BTreeMap::new();
    for sample in samples {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "times since the run began, in few stretches"
        )]
        let place = (sample.due.max(0.0) / width) as u32;
        stretches.entry(place).or_default().push(sample);
    }
    stretches
        .into_iter()
        .map(|(place, samples)| {
            let figures = Figures::of(samples.into_iter(), width);
            #[expect(clippy::cast_precision_loss, reason = "counts of requests")]
            let per_second = |count: u64| rounded(count as f64 / width);
            Moment {
                at: f64::from(place) * width,
                offered: per_second(figures.requests),
                answered: per_second(figures.right),
                errors: per_second(figures.failed + figures.wrong),
                shed: per_second(figures.shed),
                p50: figures.response.p50,
                p95: figures.response.p95,
                p99: figures.response.p99,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(due: f64, response_us: u64, outcome: Outcome) -> Sample {
        Sample {
            phase: 0,
            kind: Kind::Balance,
            due,
            response_us,
            service_us: response_us / 2,
            outcome,
        }
    }

    #[test]
    fn figures_count_refusals_apart() {
        let mut samples: Vec<Sample> = (1..=96)
            .map(|ms| sample(0.5, ms * 1_000, Outcome::Right))
            .collect();
        samples.push(sample(0.5, 200_000, Outcome::Wrong));
        samples.push(sample(0.5, 300_000, Outcome::Failed));
        samples.extend([sample(0.5, 10, Outcome::Shed); 2]);
        let figures = Figures::of(samples.iter(), 2.0);
        assert_eq!(
            (figures.requests, figures.right, figures.shed),
            (100, 96, 2)
        );
        assert!((figures.per_second - 48.0).abs() < 1e-9);
        assert!((figures.availability() - 0.97).abs() < 1e-9);
        assert!((figures.error_rate() - 0.02).abs() < 1e-9);
        assert!((figures.response.p50 - 49.0).abs() < 0.1, "{figures:?}");
        assert!((figures.response.max - 300.0).abs() < 0.5, "{figures:?}");
        assert!(figures.service.max < figures.response.max);
        assert_eq!(Figures::of([].iter(), 1.0).response, Latency::default());
    }

    #[test]
    fn the_timeline_is_bounded_and_complete() {
        let samples: Vec<Sample> = (0..1_000_u32)
            .map(|n| sample(f64::from(n) / 10.0, 1_000, Outcome::Right))
            .collect();
        let moments = timeline(&samples, 20);
        assert!(moments.len() <= 20, "{}", moments.len());
        assert!(
            moments
                .iter()
                .all(|moment| (moment.offered - 10.0).abs() < 1e-9)
        );
    }
}
