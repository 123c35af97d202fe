//! What an audit found: parts that ran or did not, findings, and what the baseline made of them.

use jiff::civil::Date;
use serde::Serialize;

use crate::baseline::Baseline;
use crate::finding::{Check, Finding, Severity};
use crate::project::Project;

/// How one part of a check went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It ran over so much.
    Ran {
        /// What was looked at, with figures: `412 packages, advisories of 2026-08-21`.
        looked_at: String,
    },
    /// It did not run. Never a pass.
    NotRun {
        /// Why.
        reason: String,
    },
    /// There is nothing of its kind in this project.
    NothingThere {
        /// What there is none of.
        none_of: String,
    },
}

/// One part of a check: a set of rules, or another tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The check it belongs to.
    pub check: Check,
    /// What it is.
    pub name: &'static str,
    /// How it went.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How a check stands at a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every part ran, or had nothing to look at, and nothing at the threshold was found.
    Passed,
    /// Nothing at the threshold was found by the parts that ran; others did not run.
    Incomplete,
    /// Something at the threshold was found.
    Failed,
    /// No part ran.
    NotRun,
}

/// The result of an audit.
#[derive(Debug, Clone)]
pub struct Report {
    /// The audited folder's name.
    pub project: String,
    /// Number of files in it.
    pub files: usize,
    /// The day of the audit.
    pub day: Date,
    /// All parts, in order.
    pub parts: Vec<Part>,
    /// All findings, the worst first.
    pub findings: Vec<Finding>,
    /// What there is to say beside: entries of the baseline that ended or fit nothing.
    pub notes: Vec<String>,
}

impl Report {
    pub(crate) fn new(project: &Project, day: Date) -> Self {
        let root = project.root().canonicalize();
        let root = root.unwrap_or_else(|_| project.root().to_owned());
        let name = root.file_name().map(|name| name.to_string_lossy());
        Self {
            project: crate::finding::printable(&name.unwrap_or_default()),
            files: project.len(),
            day,
            parts: Vec::new(),
            findings: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Notes a part that ran.
    pub fn ran(&mut self, check: Check, name: &'static str, looked_at: impl Into<String>) {
        let looked_at = looked_at.into();
        self.part(check, name, Outcome::Ran { looked_at });
    }

    /// Notes a part that did not run.
    pub fn not_run(&mut self, check: Check, name: &'static str, reason: impl Into<String>) {
        let reason = reason.into();
        self.part(check, name, Outcome::NotRun { reason });
    }

    /// Notes a part that had nothing to look at.
    pub fn nothing_there(&mut self, check: Check, name: &'static str, none_of: impl Into<String>) {
        let none_of = none_of.into();
        self.part(check, name, Outcome::NothingThere { none_of });
    }

    fn part(&mut self, check: Check, name: &'static str, outcome: Outcome) {
        self.parts.push(Part {
            check,
            name,
            outcome,
        });
    }

    /// Orders the findings, tells equal ones apart, and marks what the baseline accepts. To be called again when
    /// findings were added.
    pub fn settle(&mut self, baseline: &Baseline) {
        self.findings.sort_by(|a, b| {
            (b.severity, a.rule.id, &a.place, &a.what)
                .cmp(&(a.severity, b.rule.id, &b.place, &b.what))
        });
        self.notes.clear();
        let mut seen = std::collections::HashMap::<String, u32>::new();
        for finding in &mut self.findings {
            let base: String = finding.fingerprint.chars().take(16).collect();
            let nth = seen.entry(base.clone()).or_default();
            *nth += 1;
            finding.fingerprint = if *nth == 1 {
                base
            } else {
                format!("{base}-{nth}")
            };
            finding.accepted = None;
            if let Some(entry) = baseline.entry(finding.rule.id, &finding.fingerprint) {
                if entry.until >= self.day {
                    finding.accepted = Some(format!("until {}: {}", entry.until, entry.reason));
                } else {
                    self.notes.push(format!(
                        "{} {} at {} was accepted until {}, which has passed",
                        finding.rule.id, finding.fingerprint, finding.place, entry.until
                    ));
                }
            }
        }
        for entry in &baseline.accepted {
            let fits = |finding: &Finding| {
                finding.rule.id == entry.rule && finding.fingerprint == entry.fingerprint
            };
            if !self.findings.iter().any(fits) {
                self.notes.push(format!(
                    "the baseline accepts {} {}, which was not found: take the entry out",
                    entry.rule, entry.fingerprint
                ));
            }
        }
    }

    /// The findings that nobody accepted.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.accepted.is_none())
    }

    /// Number of findings that are not accepted and at least this severe.
    pub fn open_at(&self, threshold: Severity) -> usize {
        self.open()
            .filter(|finding| finding.severity >= threshold)
            .count()
    }

    /// The parts that did not run.
    pub fn not_run_parts(&self) -> impl Iterator<Item = (&Part, &str)> {
        self.parts.iter().filter_map(|part| match &part.outcome {
            Outcome::NotRun { reason } => Some((part, reason.as_str())),
            _ => None,
        })
    }

    /// How a check stands.
    pub fn status(&self, check: Check, threshold: Severity) -> Status {
        let found =
            |finding: &Finding| finding.rule.check == check && finding.severity >= threshold;
        let mut parts = self.parts.iter().filter(|part| part.check == check);
        let any_not_run = self.not_run_parts().any(|(part, _)| part.check == check);
        if self.open().any(found) {
            Status::Failed
        } else if parts.all(|part| matches!(part.outcome, Outcome::NotRun { .. })) {
            Status::NotRun
        } else if any_not_run {
            Status::Incomplete
        } else {
            Status::Passed
        }
    }
}
