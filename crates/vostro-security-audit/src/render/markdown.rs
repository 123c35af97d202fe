//! The report as a page: checklist, checks, findings, recommendations, compliance by standard.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Standing, outcome, standing};
use crate::finding::{Check, Finding, Severity};
use crate::report::{Outcome, Part, Report, Status};
use crate::rules::Rule;
use crate::standards::{CHECKLIST, REQUIREMENTS};

/// Findings of one rule that the page lists; the JSON has all.
const LISTED: usize = 20;

/// `SECURITY-AUDIT-REPORT.md`.
pub fn markdown(report: &Report, threshold: Severity) -> String {
    let mut page = String::new();
    head(&mut page, report, threshold);
    checklist(&mut page, report);
    checks(&mut page, report, threshold);
    findings(&mut page, report);
    recommendations(&mut page, report);
    compliance(&mut page, report);
    page
}

macro_rules! line {
    ($page:expr $(, $($arg:tt)*)?) => {
        // Writing into a text does not fail.
        let _ = writeln!($page $(, $($arg)*)?);
    };
}

fn head(page: &mut String, report: &Report, threshold: Severity) {
    line!(page, "# Security audit of {}\n", text(&report.project));
    line!(page, "{}, {} files. ", report.day, report.files);
    let open = report.open_at(threshold);
    let not_run = report.not_run_parts().count();
    line!(
        page,
        "**{open} open findings at {threshold} or above**; {} findings in all, {} accepted; {not_run} parts did not run.\n",
        report.findings.len(),
        report.findings.len() - report.open().count(),
    );
    line!(
        page,
        "What did not run shows nothing, and is never counted as passed.\n"
    );
    for note in &report.notes {
        line!(page, "- {}", text(note));
    }
}

fn checklist(page: &mut String, report: &Report) {
    line!(page, "\n## Checklist\n");
    for item in CHECKLIST {
        let is_of = |part: &&Part| Some(part.name) == item.part;
        let looked = report.parts.iter().find(is_of).map(|part| &part.outcome);
        if let Some(Outcome::NothingThere { none_of }) = looked {
            line!(
                page,
                "- [ ] {}: not looked at, there is no {none_of}",
                item.holds
            );
            continue;
        }
        let (mark, words) = match standing(report, item.rules) {
            Standing::Found(number) => ("[ ]", format!(": {number} found")),
            Standing::NotAllRun => ("[ ]", ": nothing found, but parts did not run".to_owned()),
            Standing::Nothing => ("[x]", String::new()),
        };
        line!(page, "- {mark} {}{words}", item.holds);
    }
}

fn checks(page: &mut String, report: &Report, threshold: Severity) {
    line!(page, "\n## The six checks\n");
    line!(
        page,
        "| check | status | part | what was looked at |\n|---|---|---|---|"
    );
    for check in Check::ALL {
        let status = match report.status(check, threshold) {
            Status::Passed => "passed",
            Status::Incomplete => "nothing found, incomplete",
            Status::Failed => "**failed**",
            Status::NotRun => "not run",
        };
        let parts = report.parts.iter().filter(|part| part.check == check);
        for (index, part) in parts.enumerate() {
            let (title, status) = if index == 0 {
                (check.title(), status)
            } else {
                ("", "")
            };
            line!(
                page,
                "| {title} | {status} | {} | {} |",
                part.name,
                text(&outcome(part))
            );
        }
    }
}

fn by_rule<'a>(
    findings: impl Iterator<Item = &'a Finding>,
) -> Vec<(&'static Rule, Vec<&'a Finding>)> {
    let mut grouped: BTreeMap<(std::cmp::Reverse<Severity>, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let key = (std::cmp::Reverse(finding.severity), finding.rule.id);
        grouped.entry(key).or_default().push(finding);
    }
    let groups = grouped
        .into_values()
        .filter_map(|group| Some((group.first()?.rule, group)));
    groups.collect()
}

fn findings(page: &mut String, report: &Report) {
    line!(page, "\n## Findings\n");
    if report.findings.is_empty() {
        line!(page, "None.");
    }
    for (rule, group) in by_rule(report.findings.iter()) {
        let severity = group
            .first()
            .map_or(rule.severity, |finding| finding.severity);
        line!(
            page,
            "### {} {} ({severity}, CWE-{})\n",
            rule.id,
            rule.title,
            rule.cwe
        );
        line!(page, "{}\n", rule.why);
        for finding in group.iter().take(LISTED) {
            let accepted = finding
                .accepted
                .as_deref()
                .map(|why| format!(" — accepted {}", text(why)));
            line!(
                page,
                "- `{}`: {} [{}]{}",
                finding.place.to_string().replace('`', "'"),
                text(&finding.what),
                finding.fingerprint,
                accepted.unwrap_or_default()
            );
        }
        if let Some(more) = group.len().checked_sub(LISTED).filter(|more| *more > 0) {
            line!(page, "- … and {more} more (`--json` lists all)");
        }
        line!(page);
    }
}

fn recommendations(page: &mut String, report: &Report) {
    line!(page, "## Recommendations\n");
    let mut number = 0;
    for (rule, group) in by_rule(report.open()) {
        number += 1;
        let how = group.first().map_or(rule.mend, |finding| finding.how());
        let how = if group.len() == 1 { how } else { rule.mend };
        line!(
            page,
            "{number}. {} ({}, {} places): {}",
            rule.title,
            rule.id,
            group.len(),
            text(how)
        );
    }
    for (part, reason) in report.not_run_parts() {
        number += 1;
        line!(
            page,
            "{number}. Let “{}” run ({}): {}",
            part.name,
            part.check.title(),
            text(reason)
        );
    }
    if number == 0 {
        line!(page, "None.");
    }
}

fn compliance(page: &mut String, report: &Report) {
    line!(page, "\n## Compliance\n");
    line!(
        page,
        "What these checks can say about each requirement; a standard asks for more than files can show.\n"
    );
    line!(
        page,
        "| standard | requirement | asks for | stands |\n|---|---|---|---|"
    );
    for row in REQUIREMENTS {
        let stands = match standing(report, row.rules) {
            Standing::Found(number) => format!("**{number} findings**"),
            Standing::NotAllRun => "nothing found; parts did not run".to_owned(),
            Standing::Nothing => "nothing found".to_owned(),
        };
        line!(
            page,
            "| {} | {} | {} | {stands} |",
            row.standard,
            row.number,
            row.asks
        );
    }
}

/// Text of a hostile tree in a page: no table, no HTML, no link of its own.
fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '|' | '[' | ']' | '\\' | '*' | '_' | '#' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::OWN_CONFIGURATION;

    /// A project without this program's configuration has neither limits nor guardrails to tick off.
    #[test]
    fn what_is_not_there_is_not_ticked_off() {
        let with = |outcome| {
            let mut report = Report {
                project: "bank".to_owned(),
                files: 1,
                day: jiff::civil::date(2026, 11, 26),
                parts: Vec::new(),
                findings: Vec::new(),
                notes: Vec::new(),
            };
            report.parts.push(Part {
                check: Check::Environment,
                name: OWN_CONFIGURATION,
                outcome,
            });
            markdown(&report, Severity::Medium)
        };
        let none = with(Outcome::NothingThere {
            none_of: "configuration".to_owned(),
        });
        assert!(
            none.contains("- [ ] Guardrails are active: not looked at, there is no configuration")
        );
        let looked = with(Outcome::Ran {
            looked_at: "settings".to_owned(),
        });
        assert!(looked.contains("- [x] Guardrails are active\n"), "{looked}");
    }
}
