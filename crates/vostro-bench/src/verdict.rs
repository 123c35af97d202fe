//! What a run is judged by first: the service levels. Pure.

use serde::{Deserialize, Serialize};

use crate::figures::{Figures, rounded};

/// What became of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Kept.
    Met,
    /// Not kept.
    Missed,
    /// This run cannot say.
    NotAsked,
}

impl Verdict {
    pub(crate) fn of(is_met: bool) -> Self {
        if is_met { Self::Met } else { Self::Missed }
    }

    /// A word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "MISSED",
            Self::NotAsked => "not asked",
        }
    }
}

/// A service level and what was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// What is promised.
    pub promised: String,
    /// What was measured.
    pub measured: String,
    /// What became of it.
    pub verdict: Verdict,
}

/// The rate that is promised.
const RATE_PROMISED: f64 = 100.0;

/// The five service levels, judged on the requests of the phases up to `users` users. Throughput is asked
/// only where so much was offered.
pub fn levels(judged: &Figures, best_rate: f64, offered: f64) -> Vec<Level> {
    let level = |name: &str, promised: &str, measured: String, is_met| Level {
        name: name.to_owned(),
        promised: promised.to_owned(),
        measured,
        verdict: if judged.requests == 0 {
            Verdict::NotAsked
        } else {
            is_met
        },
    };
    let percent = |share: f64| format!("{:.3} %", share * 100.0);
    let latency = judged.response;
    let rate = if offered <= RATE_PROMISED {
        Verdict::NotAsked
    } else {
        Verdict::of(best_rate > RATE_PROMISED)
    };
    vec![
        level(
            "Availability",
            "≥ 99.9 %",
            percent(judged.availability()),
            Verdict::of(judged.availability() >= 0.999),
        ),
        level(
            "P95 latency",
            "< 500 ms",
            format!("{} ms", latency.p95),
            Verdict::of(latency.p95 < 500.0),
        ),
        level(
            "P99 latency",
            "< 1,000 ms",
            format!("{} ms", latency.p99),
            Verdict::of(latency.p99 < 1_000.0),
        ),
        level(
            "Error rate",
            "< 0.1 %",
            percent(judged.error_rate()),
            Verdict::of(judged.error_rate() < 0.001),
        ),
        level(
            "Throughput",
            "> 100 requests/s",
            format!("{best_rate:.1} requests/s of {offered:.1} offered"),
            rate,
        ),
    ]
}

/// The share of a processor that a request took of all watched servers, in milliseconds.
pub fn cpu_ms_per_request(cpu_seconds: f64, requests: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of requests")]
    let per_request = cpu_seconds * 1_000.0 / requests as f64;
    (requests > 0 && cpu_seconds > 0.0).then(|| rounded(per_request))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Latency;

    fn figures(right: u64, shed: u64, failed: u64, p95: f64) -> Figures {
        Figures {
            requests: right + shed + failed,
            right,
            shed,
            failed,
            response: Latency {
                p95,
                p99: p95 * 2.0,
                ..Latency::default()
            },
            ..Figures::default()
        }
    }

    #[test]
    fn each_level_can_be_missed() {
        let verdicts = |figures, rate, offered| -> Vec<bool> {
            let levels = levels(&figures, rate, offered);
            levels
                .iter()
                .map(|level| level.verdict == Verdict::Met)
                .collect()
        };
        let all = [true; 5];
        assert_eq!(verdicts(figures(10_000, 0, 0, 10.0), 125.0, 125.0), all);
        // refusals are no errors, but whoever is refused is not served
        assert_eq!(
            verdicts(figures(9_900, 100, 0, 10.0), 125.0, 125.0),
            [false, true, true, true, true]
        );
        assert_eq!(
            verdicts(figures(9_980, 0, 20, 600.0), 90.0, 125.0),
            [false, false, false, false, false]
        );
        let quiet = levels(&figures(100, 0, 0, 10.0), 12.0, 12.5);
        assert_eq!(
            quiet[4].verdict,
            Verdict::NotAsked,
            "so much was never offered"
        );
        let none = levels(&Figures::default(), 0.0, 500.0);
        assert!(none.iter().all(|level| level.verdict == Verdict::NotAsked));
    }
}
