//! What limits a deployment, read off its own measurements, and what to do about each. Pure.

use serde::{Deserialize, Serialize};

use crate::report::model::Run;
use crate::samples::Process;
use crate::scrape::Spent;

/// Something that the figures say, and what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was seen, with its figures.
    pub seen: String,
    /// What to do.
    pub advice: String,
}

/// Steps that together take less than this share of a turn are not named.
const WORTH_NAMING: f64 = 0.1;
/// From this share of the processors on they are what limits.
const BUSY: f64 = 0.85;

/// What to do about a step that takes much of a turn.
fn advice(step: &str) -> &'static str {
    match step {
        "open" => {
            "It reads the session and the customer's portfolio: more readers (`database.readers`) or connections (`database.connections`), a database nearer by."
        }
        "screen" | "approve" => {
            "It checks texts: pure processor time. More processors, or the guardrails as a service of their own on other machines."
        }
        "understand" => {
            "It reads the message: pure processor time, growing with the message's length. More replicas of the concierge."
        }
        "act" => {
            "It reads and writes the books. On SQLite group commit already shares each sync: a faster disk, or PostgreSQL. On PostgreSQL more connections while it has processors to spare."
        }
        "ground" => {
            "It searches the knowledge base and checks what was found: the knowledge search as a service of its own, and fewer passages a question."
        }
        "record" => {
            "It is the turn's one durable commit: what it waits for is the disk's sync. A faster disk, or more turns at once, which share a commit."
        }
        "propose" | "word" | "model" => {
            "It waits for the language model: a nearer or smaller model, fewer tokens, the response cache."
        }
        _ => "See the step's spans in a trace.",
    }
}

/// The findings of a run on a machine with so many processors.
pub(crate) fn findings(run: &Run, processors: usize) -> Vec<Finding> {
    let mut found = steps(&run.steps);
    found.extend(processor(run, processors));
    found.extend(tool(&run.tools));
    found.extend(tail(run));
    found.extend(refusals(run));
    found
}

fn steps(steps: &[Spent]) -> Vec<Finding> {
    let all: f64 = steps.iter().map(|step| step.seconds).sum();
    if all <= 0.0 {
        return Vec::new();
    }
    let large = steps
        .iter()
        .filter(|step| step.seconds / all >= WORTH_NAMING);
    large
        .take(3)
        .map(|step| Finding {
            seen: format!(
                "The step `{}` takes {:.0} % of a turn: {} ms on average, {} ms at 95 %.",
                step.name,
                step.seconds / all * 100.0,
                step.mean_ms,
                step.p95_ms
            ),
            advice: advice(&step.name).to_owned(),
        })
        .collect()
}

fn peak(process: &Process) -> f64 {
    // The third highest: one reading may be off.
    let mut readings = process.cpu_percent.clone();
    readings.sort_by(|a, b| b.total_cmp(a));
    readings.get(2).or(readings.last()).copied().unwrap_or(0.0)
}

fn processor(run: &Run, processors: usize) -> Option<Finding> {
    let peaks: Vec<(&str, f64)> = run
        .processes
        .iter()
        .map(|process| (process.name.as_str(), peak(process)))
        .collect();
    let total: f64 = peaks.iter().map(|(_, percent)| percent).sum();
    #[expect(clippy::cast_precision_loss, reason = "few processors")]
    let all = processors.max(1) as f64 * 100.0;
    let told: Vec<String> = peaks
        .iter()
        .map(|(name, percent)| format!("{name} {percent:.0} %"))
        .collect();
    let told = told.join(", ");
    if peaks.is_empty() {
        return None;
    }
    Some(if total / all >= BUSY {
        Finding {
            seen: format!(
                "At the peak all {processors} processors were busy ({told}): beyond this the processor is the limit, the load generator's share included."
            ),
            advice: "Run the load from another machine to see the deployment's own limit; then more processors, or more replicas over one PostgreSQL.".to_owned(),
        }
    } else {
        Finding {
            seen: format!(
                "At the peak {total:.0} % of {all:.0} % of the processors were busy ({told})."
            ),
            advice: "The processor was not the limit of this run.".to_owned(),
        }
    })
}

fn tool(tools: &[Spent]) -> Option<Finding> {
    let first = tools.first().filter(|tool| tool.count > 0)?;
    Some(Finding {
        seen: format!(
            "Of what turns ask of the store, `{}` takes most: {} ms on average, {} ms at 95 %, {} times.",
            first.name, first.mean_ms, first.p95_ms, first.count
        ),
        advice: "Writes wait for a durable commit, reads for a reader or a connection: see `vostro_tool_duration_seconds` and the pool's gauges.".to_owned(),
    })
}

/// A tail that is long beside the median is waiting, not work.
fn tail(run: &Run) -> Option<Finding> {
    let (response, service) = (run.totals.response, run.totals.service);
    if response.p50 <= 0.0 || response.p99 < 10.0 * response.p50 {
        return None;
    }
    let queued = response.p99 > 2.0 * service.p99;
    Some(Finding {
        seen: format!(
            "The slowest hundredth took {} ms and more, the median {} ms{}.",
            response.p99,
            response.p50,
            if queued {
                ", most of it before the request could be sent: the load generator was behind"
            } else {
                ""
            }
        ),
        advice: if queued {
            "Give the load generator processors of its own before believing the tail.".to_owned()
        } else {
            "The tail is waiting (for a sync, a lock, a processor), not work: look at the requests of the slow buckets by their exemplars.".to_owned()
        },
    })
}

fn refusals(run: &Run) -> Option<Finding> {
    (run.totals.shed > 0).then(|| Finding {
        seen: format!(
            "{} of {} requests were refused with 429 or 503 and `Retry-After`.",
            run.totals.shed, run.totals.requests
        ),
        advice: "Intended above the knee. Below it: raise `limits.*`, or use the profile `bench` for load tests.".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(name: &str, seconds: f64) -> Spent {
        Spent {
            name: name.to_owned(),
            count: 10,
            seconds,
            ..Spent::default()
        }
    }

    #[test]
    fn the_largest_steps_are_named_with_what_to_do() {
        let run = Run {
            steps: vec![
                spent("record", 6.0),
                spent("screen", 3.0),
                spent("decide", 0.1),
            ],
            tools: vec![spent("post", 2.0)],
            ..Run::default()
        };
        let found = findings(&run, 2);
        let seen: Vec<bool> = [
            "`record` takes 66 %",
            "`screen` takes 33 %",
            "`post` takes most",
        ]
        .iter()
        .map(|words| found.iter().any(|finding| finding.seen.contains(words)))
        .collect();
        assert_eq!(seen, [true; 3], "{found:?}");
        assert!(
            !found
                .iter()
                .any(|finding| finding.seen.contains("`decide`"))
        );
        assert!(findings(&Run::default(), 2).is_empty());
    }

    #[test]
    fn a_busy_processor_is_told_from_an_idle_one() {
        let process = |percent| Process {
            name: "vostro".to_owned(),
            cpu_percent: vec![percent; 5],
            ..Process::default()
        };
        for (percent, words) in [
            (190.0, "the processor is the limit"),
            (20.0, "20 % of 200 %"),
        ] {
            let run = Run {
                processes: vec![process(percent)],
                ..Run::default()
            };
            let found = findings(&run, 2);
            assert!(found[0].seen.contains(words), "{found:?}");
        }
    }
}
