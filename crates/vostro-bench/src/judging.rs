//! What is made of a run's samples: the service levels, and what each scenario is after. Pure.

use crate::figures::{Figures, Outcome, Sample, rounded, share};
use crate::report::model::{PhaseFigures, Run};
use crate::samples::Process;
use crate::scenario::Scenario;
use crate::slope::slope;
use crate::verdict::levels;

/// Whether a deployment answers as promised, and as fast as it is asked.
pub(crate) fn keeps_up(figures: &Figures) -> bool {
    let served = share(figures.right, figures.requests);
    figures.response.p95 < 500.0 && figures.response.p99 < 1_000.0 && served >= 0.999
}

/// The verdicts, and what each scenario is after.
pub(crate) fn judge(scenario: Scenario, run: &mut Run, samples: &[Sample], processes: &[Process]) {
    // The steps beyond the promised users are there to fail.
    let promised = if scenario == Scenario::Stress {
        2
    } else {
        u16::MAX
    };
    let judged = Figures::of(
        samples.iter().filter(|sample| sample.phase < promised),
        run.seconds,
    );
    let offered = |figures: &PhaseFigures| {
        #[expect(clippy::cast_precision_loss, reason = "counts of requests")]
        let requests = figures.figures.requests as f64;
        requests / figures.phase.seconds.max(1e-3)
    };
    let most = run.phases.iter().map(offered).fold(0.0, f64::max);
    let kept_up = run.phases.iter().filter(|phase| keeps_up(&phase.figures));
    let best = kept_up
        .map(|phase| phase.figures.per_second)
        .fold(0.0, f64::max);
    run.levels = levels(&judged, best, most);
    match scenario {
        Scenario::Stress => {
            let failed = run.phases.iter().find(|phase| !keeps_up(&phase.figures));
            run.knee = Some(failed.map_or_else(
                || format!("not reached: {best:.0} requests/s were answered in time"),
                |phase| {
                    format!(
                        "between {best:.0} requests/s, which it kept up with, and {:.0} offered ({}): there {:.0} were answered rightly, P99 {} ms",
                        offered(phase),
                        phase.phase.name,
                        phase.figures.per_second,
                        phase.figures.response.p99
                    )
                },
            ));
        }
        Scenario::Spike => run.recovery_seconds = recovery(&run.phases, samples),
        Scenario::Soak => {
            let readings = |process: &Process| -> Vec<(f64, f64)> {
                let memory = process.memory_mb.iter().copied();
                process.at.iter().copied().zip(memory).collect()
            };
            run.slopes = processes
                .iter()
                .filter_map(|process| slope(&process.name, &readings(process)))
                .collect();
        }
        Scenario::Baseline | Scenario::Capacity => {}
    }
}

/// From the end of the spike until the first second in which at most 5 % of the requests took longer than
/// three times the 99th percentile from before it, and none was refused or failed.
fn recovery(phases: &[PhaseFigures], samples: &[Sample]) -> Option<f64> {
    const STEP: f64 = 0.1;
    let [calm, surge, after] = phases else {
        return None;
    };
    let limit_ms = (calm.figures.response.p99 * 3.0).max(5.0);
    let end = calm.phase.seconds + surge.phase.seconds;
    let first = samples.iter().filter(|sample| sample.phase == 2);
    let later: Vec<&Sample> = first.collect();
    let mut from = 0.0;
    while from + 1.0 <= after.phase.seconds {
        let window: Vec<&Sample> = later
            .iter()
            .copied()
            .filter(|sample| (from..from + 1.0).contains(&(sample.due - end)))
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "milliseconds")]
        let slow = |sample: &&Sample| {
            sample.outcome != Outcome::Right || sample.response_us as f64 / 1_000.0 > limit_ms
        };
        let late = window.iter().copied().filter(slow).count();
        if !window.is_empty() && late * 20 <= window.len() {
            return Some(rounded(from));
        }
        from += STEP;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::figures::Latency;
    use crate::mix::Kind;
    use crate::profile::Phase;

    #[test]
    fn recovery_is_the_first_second_that_is_as_before() {
        let phase = |seconds: u64| PhaseFigures {
            phase: Phase::steady("p", 10.0, Duration::from_secs(seconds)),
            figures: Figures {
                response: Latency {
                    p99: 10.0,
                    ..Latency::default()
                },
                ..Figures::default()
            },
        };
        let phases = [phase(10), phase(10), phase(10)];
        let after = |slow_until: f64| -> Vec<Sample> {
            (0..100_u32)
                .map(|n| {
                    let since = f64::from(n) / 10.0;
                    Sample {
                        phase: 2,
                        kind: Kind::Balance,
                        due: 20.0 + since,
                        response_us: if since < slow_until { 90_000 } else { 9_000 },
                        service_us: 0,
                        outcome: Outcome::Right,
                    }
                })
                .collect()
        };
        let found = |slow_until| recovery(&phases, &after(slow_until));
        assert_eq!(found(0.0), Some(0.0));
        let two = found(2.0).unwrap();
        assert!((1.8..=2.1).contains(&two), "{two}");
        assert_eq!(found(100.0), None);
    }
}
