//! The report as JSON: what the terminal shows, for scripts.

use serde_json::{Value, json};

use crate::finding::{Check, Finding, Severity};
use crate::report::Report;

/// `{project, day, files, threshold, open, checks: [{check, title, status, parts}], findings: […], notes}`.
pub fn json(report: &Report, threshold: Severity) -> Value {
    let checks = Check::ALL.map(|check| {
        let parts = report.parts.iter().filter(|part| part.check == check);
        json!({
            "check": check,
            "title": check.title(),
            "status": report.status(check, threshold),
            "parts": parts.collect::<Vec<_>>(),
        })
    });
    json!({
        "project": report.project,
        "day": report.day,
        "files": report.files,
        "threshold": threshold,
        "open": report.open_at(threshold),
        "checks": checks,
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "notes": report.notes,
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "fingerprint": finding.fingerprint,
        "rule": finding.rule.id,
        "check": finding.rule.check,
        "severity": finding.severity,
        "cwe": finding.rule.cwe,
        "title": finding.rule.title,
        "place": finding.place,
        "what": finding.what,
        "why": finding.rule.why,
        "mend": finding.how(),
        "accepted": finding.accepted,
    })
}
