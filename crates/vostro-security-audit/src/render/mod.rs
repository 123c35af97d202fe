//! The report for readers and machines: Markdown, JSON, SARIF 2.1.0. All pure.

mod json;
mod markdown;
mod sarif;

pub use json::json;
pub use markdown::markdown;
pub use sarif::sarif;

use crate::finding::Check;
use crate::report::{Outcome, Part, Report};
use crate::rules::Rule;
use crate::standards::is_among;

/// A part's outcome in words: `412 packages, …`, `not run: …`, `nothing there: …`.
pub fn outcome(part: &Part) -> String {
    match &part.outcome {
        Outcome::Ran { looked_at } => looked_at.clone(),
        Outcome::NotRun { reason } => format!("not run: {reason}"),
        Outcome::NothingThere { none_of } => format!("nothing there: no {none_of}"),
    }
}

/// How it stands with some of the rules: found, not all looked at, or nothing found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Rules of it found so many things that are not accepted.
    Found(usize),
    /// Nothing was found, and parts of the checks did not run.
    NotAllRun,
    /// Nothing was found by anything that looks for it.
    Nothing,
}

/// How it stands with the rules among `ids`.
pub fn standing(report: &Report, ids: &[&str]) -> Standing {
    let found = report
        .open()
        .filter(|finding| is_among(finding.rule, ids))
        .count();
    if found > 0 {
        return Standing::Found(found);
    }
    let of = |check: Check| {
        let in_check = |rule: &&Rule| rule.check == check && is_among(rule, ids);
        crate::rules::all().any(|rule| in_check(&rule))
    };
    if report.not_run_parts().any(|(part, _)| of(part.check)) {
        Standing::NotAllRun
    } else {
        Standing::Nothing
    }
}
