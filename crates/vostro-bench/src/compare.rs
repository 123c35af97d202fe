//! Two reports side by side: what became better, what worse. Pure.

use std::fmt::Write as _;

use crate::report::model::{Report, Run};

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// A table for the terminal.
    pub text: String,
    /// Figures that became worse by more than the tolerance.
    pub worse: usize,
    /// Runs that both reports have.
    pub compared: usize,
}

/// A figure: its name, its value in a run, and whether more of it is better.
type Figure = (&'static str, fn(&Run) -> Option<f64>, bool);

const FIGURES: [Figure; 8] = [
    ("right answers/s", |run| Some(run.totals.per_second), true),
    ("P50 ms", |run| Some(run.totals.response.p50), false),
    ("P95 ms", |run| Some(run.totals.response.p95), false),
    ("P99 ms", |run| Some(run.totals.response.p99), false),
    (
        "errors %",
        |run| Some(run.totals.error_rate() * 100.0),
        false,
    ),
    ("processor ms/request", |run| run.cpu_ms_per_request, false),
    ("memory MB", memory, false),
    ("start s", |run| run.start_seconds, false),
];

fn memory(run: &Run) -> Option<f64> {
    let most = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    let servers = run
        .processes
        .iter()
        .filter(|process| process.name.starts_with("vostro"));
    let total: f64 = servers.map(|process| most(&process.memory_mb)).sum();
    (total > 0.0).then_some(total)
}

/// Compares the runs of the same scenario, mix and deployment. A change within `tolerance` (0.1 is 10 %) is
/// noise.
pub fn compare(old: &Report, new: &Report, tolerance: f64) -> Comparison {
    let mut text = String::new();
    let (mut worse, mut compared) = (0, 0);
    for run in &new.runs {
        let same = |other: &&Run| other.title() == run.title();
        let Some(before) = old.runs.iter().find(same) else {
            continue;
        };
        compared += 1;
        let _ = writeln!(text, "{}", run.title());
        for (name, value, more_is_better) in FIGURES {
            let (Some(was), Some(is)) = (value(before), value(run)) else {
                continue;
            };
            let word = judge(was, is, more_is_better, tolerance);
            worse += usize::from(word == "WORSE");
            let ratio = if was > 0.0 { is / was } else { 1.0 };
            let _ = writeln!(
                text,
                "  {name:<22} {was:>12.3} → {is:>12.3}   ×{ratio:<8.2} {word}"
            );
        }
    }
    if compared == 0 {
        text.push_str("The two reports have no run in common.\n");
    }
    Comparison {
        text,
        worse,
        compared,
    }
}

fn judge(was: f64, is: f64, more_is_better: bool, tolerance: f64) -> &'static str {
    let (low, high) = (was * (1.0 - tolerance), was * (1.0 + tolerance));
    match (is < low, is > high) {
        (false, false) => "",
        (below, _) if below != more_is_better => "better",
        _ => "WORSE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_of_a_rate_is_better_and_less_of_a_latency() {
        let table = [
            ((100.0, 105.0, true), ""),
            ((100.0, 120.0, true), "better"),
            ((100.0, 80.0, true), "WORSE"),
            ((100.0, 120.0, false), "WORSE"),
            ((100.0, 80.0, false), "better"),
            ((0.0, 0.0, false), ""),
            ((0.0, 1.0, false), "WORSE"),
        ];
        for ((was, is, more), expected) in table {
            assert_eq!(judge(was, is, more, 0.1), expected, "{was} {is} {more}");
        }
    }

    #[test]
    fn only_the_same_runs_are_compared() {
        let report = |scenario: &str, rate: f64| {
            let mut run = Run {
                scenario: scenario.to_owned(),
                ..Run::default()
            };
            run.totals.per_second = rate;
            Report {
                runs: vec![run],
                ..Report::default()
            }
        };
        let found = compare(&report("soak", 100.0), &report("soak", 50.0), 0.1);
        assert_eq!((found.compared, found.worse), (1, 1), "{}", found.text);
        let found = compare(&report("soak", 100.0), &report("spike", 50.0), 0.1);
        assert_eq!((found.compared, found.worse), (0, 0));
    }
}
