//! The project's own goals, each beside the figures of the predecessor and what was measured. Pure.

use serde::{Deserialize, Serialize};

use crate::figures::Figures;
use crate::report::model::Run;
use crate::verdict::Verdict;

/// A goal of the project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// What it is about.
    pub name: String,
    /// The predecessor's figure, mended where that makes a difference.
    pub predecessor: String,
    /// What is wanted at least.
    pub gate: String,
    /// What would be better still.
    pub stretch: String,
    /// What was measured, or what measures it.
    pub measured: String,
    /// What became of it.
    pub verdict: Verdict,
}

/// The predecessor's figures on two cores of a machine like the one these goals were set on.
mod predecessor {
    /// Guardrails, one worker: requests a second.
    pub(super) const GUARDRAILS_RATE: f64 = 1_773.0;
    /// Processor time of a check, in milliseconds.
    pub(super) const GUARDRAILS_CPU_MS: f64 = 0.49;
    /// Processor time of a search, mended, in milliseconds.
    pub(super) const RAG_CPU_MS: f64 = 11.5;
    /// Chat with retrieval and guardrails, mended: requests a second.
    pub(super) const CHAT_RATE: f64 = 43.5;
    /// The same in processor time, in milliseconds.
    pub(super) const CHAT_CPU_MS: f64 = 16.0;
    /// Idle memory of three services, in MB.
    pub(super) const IDLE_MB: f64 = 842.0;
}

/// The table of goals, filled from the runs as far as they say it.
pub fn goals(runs: &[Run]) -> Vec<Goal> {
    let mut goals = vec![
        cpu_goal(
            runs,
            "guardrails",
            (
                "guardrails: processor time of a check",
                "",
                "echo + engine + 10 µs",
                "+ 4 µs",
            ),
            predecessor::GUARDRAILS_CPU_MS,
            None,
        ),
        rate_goal(
            runs,
            "guardrails",
            ("guardrails: checks a second", "≥ 20× one worker", "28×"),
            predecessor::GUARDRAILS_RATE,
            20.0,
        ),
        cpu_goal(
            runs,
            "rag",
            (
                "search: processor time of a query",
                "mended",
                "≥ 25× less without a transformer",
                "50×",
            ),
            predecessor::RAG_CPU_MS,
            Some(predecessor::RAG_CPU_MS / 25.0),
        ),
        cpu_goal(
            runs,
            "customers",
            (
                "chat: processor time of a turn, local engine",
                "mended",
                "≤ 0.4 ms",
                "≤ 0.2 ms",
            ),
            predecessor::CHAT_CPU_MS,
            Some(0.4),
        ),
        rate_goal(
            runs,
            "customers",
            ("chat: turns a second", "≥ 30× mended", ""),
            predecessor::CHAT_RATE,
            30.0,
        ),
    ];
    goals.extend(spike(runs));
    goals.extend(soak(runs));
    goals.extend(start(runs));
    let elsewhere = [
        (
            "hostile input, 4 → 16 KB",
            "13×",
            "≤ 5×",
            "4.1×",
            "`vostro bench curves --axis hostile`",
        ),
        (
            "confirmed transfers against pgbench simple-update",
            "",
            "≥ 1×",
            "≥ 3×",
            "`make bench-store`",
        ),
        (
            "added time to the first token",
            "",
            "median ≤ 0.3 ms, P99 ≤ 1 ms",
            "at 1,000/s",
            "the example `added_latency` of vostro-llm",
        ),
    ];
    goals.extend(elsewhere.map(|(name, was, gate, stretch, by)| Goal {
        name: name.to_owned(),
        predecessor: was.to_owned(),
        gate: gate.to_owned(),
        stretch: stretch.to_owned(),
        measured: format!("not by this run: {by}"),
        verdict: Verdict::NotAsked,
    }));
    goals
}

/// The capacity run of a mix with the most processor time told: the closed loop is where it is steadiest.
fn capacity<'a>(runs: &'a [Run], mix: &str) -> Option<&'a Run> {
    let of_mix = |run: &&Run| run.mix == mix && run.scenario == "capacity";
    runs.iter()
        .find(of_mix)
        .or_else(|| runs.iter().find(|run| run.mix == mix))
}

fn cpu_goal(
    runs: &[Run],
    mix: &str,
    (name, mended, gate, stretch): (&str, &str, &str, &str),
    was_ms: f64,
    gate_ms: Option<f64>,
) -> Goal {
    let measured = capacity(runs, mix).and_then(|run| run.cpu_ms_per_request);
    Goal {
        name: name.to_owned(),
        predecessor: format!("{was_ms} ms {mended}").trim_end().to_owned(),
        gate: gate.to_owned(),
        stretch: stretch.to_owned(),
        measured: measured.map_or_else(
            || "no such run".to_owned(),
            |ms| format!("{ms:.3} ms ({:.0}× less)", was_ms / ms.max(1e-6)),
        ),
        verdict: match (measured, gate_ms) {
            (Some(ms), Some(gate)) => Verdict::of(ms <= gate),
            _ => Verdict::NotAsked,
        },
    }
}

fn rate_goal(
    runs: &[Run],
    mix: &str,
    (name, gate, stretch): (&str, &str, &str),
    was: f64,
    times: f64,
) -> Goal {
    let run = runs
        .iter()
        .find(|run| run.mix == mix && run.scenario == "capacity");
    let measured = run.map(|run| run.totals.per_second);
    Goal {
        name: name.to_owned(),
        predecessor: format!("{was} requests/s"),
        gate: gate.to_owned(),
        stretch: stretch.to_owned(),
        measured: measured.map_or_else(
            || "no such run".to_owned(),
            |rate| {
                let load = "with the load generator on the same processors";
                format!("{rate:.0} requests/s ({:.1}×), {load}", rate / was)
            },
        ),
        verdict: measured.map_or(Verdict::NotAsked, |rate| Verdict::of(rate >= was * times)),
    }
}

fn spike(runs: &[Run]) -> Vec<Goal> {
    let of_it = runs.iter().filter(|run| run.scenario == "spike");
    of_it
        .map(|run| {
            let [calm, surge] =
                [0, 1].map(|place| run.phases.get(place).map(|phase| &phase.figures));
            let p99 =
                |figures: Option<&Figures>| figures.map_or(0.0, |figures| figures.response.p99);
            let ratio = p99(surge) / p99(calm).max(1e-3);
            let recovery = run.recovery_seconds.unwrap_or(f64::INFINITY);
            let failed = run.totals.failed + run.totals.wrong;
            Goal {
                name: format!("spike ({})", run.target),
                predecessor: "recovery < 10 s".to_owned(),
                gate: "P99 ≤ 3× the baseline's, no error, recovery < 1 s".to_owned(),
                stretch: String::new(),
                measured: format!(
                    "P99 {ratio:.1}×, {failed} errors, {} shed, recovery {}",
                    run.totals.shed,
                    if recovery.is_finite() {
                        format!("{recovery:.1} s")
                    } else {
                        "not within the run".to_owned()
                    }
                ),
                verdict: Verdict::of(ratio <= 3.0 && failed == 0 && recovery < 1.0),
            }
        })
        .collect()
}

fn soak(runs: &[Run]) -> Vec<Goal> {
    let of_it = runs.iter().filter(|run| run.scenario == "soak");
    let slopes = of_it.flat_map(|run| run.slopes.iter().map(move |slope| (run, slope)));
    slopes
        .filter(|(_, slope)| slope.process.starts_with("vostro") || slope.process == "concierge")
        .map(|(run, slope)| {
            let is_short = slope.seconds < 1_800.0;
            Goal {
                name: format!("soak: memory of {} ({})", slope.process, run.target),
                predecessor: "2 % per 15 min".to_owned(),
                gate: "upper 95 % bound ≤ 0.2 % per 15 min".to_owned(),
                stretch: String::new(),
                measured: format!(
                    "{} % [{}, {}] per 15 min over {:.0} s{}",
                    slope.percent_per_15_min,
                    slope.lower,
                    slope.upper,
                    slope.seconds,
                    if is_short { ": too short to judge" } else { "" }
                ),
                verdict: if is_short {
                    Verdict::NotAsked
                } else {
                    Verdict::of(slope.upper <= 0.2)
                },
            }
        })
        .collect()
}

fn start(runs: &[Run]) -> Vec<Goal> {
    let mut seen: Vec<&str> = Vec::new();
    let mut goals = Vec::new();
    for run in runs {
        let (Some(seconds), Some(idle)) = (run.start_seconds, run.idle_mb) else {
            continue;
        };
        if seen.contains(&run.target.as_str()) {
            continue;
        }
        seen.push(&run.target);
        goals.push(Goal {
            name: format!("start and idle memory ({})", run.target),
            predecessor: format!("7.6 s, {} MB", predecessor::IDLE_MB),
            gate: "< 1 s with the demo bank; < 180 MB, 60 MB without the embedding model"
                .to_owned(),
            stretch: "0.2 s; 100 MB, 40 MB".to_owned(),
            measured: format!("{seconds:.2} s, {idle:.0} MB"),
            verdict: Verdict::of(seconds < 1.0 && idle < 180.0),
        });
    }
    goals
}
