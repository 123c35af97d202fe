//! The report as SARIF 2.1.0 (OASIS), for code hosts and editors.

use serde_json::{Value, json};

use crate::finding::{Finding, Severity};
use crate::report::Report;
use crate::rules::{self, Rule};

/// One run, with the whole catalogue as its rules, and what did not run as notifications.
pub fn sarif(report: &Report, version: &str) -> Value {
    let catalogue: Vec<&Rule> = rules::all().collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| result(finding, &catalogue))
        .collect();
    let notifications: Vec<Value> = report
        .not_run_parts()
        .map(|(part, reason)| {
            let text = format!("{}, {}: not run: {reason}", part.check.title(), part.name);
            json!({ "level": "warning", "message": { "text": text } })
        })
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "vostro audit",
                "semanticVersion": version,
                "rules": catalogue.iter().map(|rule| describe(rule)).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn describe(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.mend },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": {
            "tags": ["security", format!("external/cwe/cwe-{}", rule.cwe)],
            "security-severity": score(rule.severity),
        },
    })
}

fn result(finding: &Finding, catalogue: &[&Rule]) -> Value {
    let index = catalogue.iter().position(|rule| rule.id == finding.rule.id);
    let mut location = json!({ "artifactLocation": { "uri": uri(&finding.place.path) } });
    if let Some(line) = finding.place.line {
        location["region"] = json!({ "startLine": line });
    }
    let mut text = format!(
        "{}: {}. {}",
        finding.rule.title,
        finding.what,
        finding.how()
    );
    if let Some(commit) = &finding.place.commit {
        text = format!("{text} (brought in by commit {commit})");
    }
    let mut result = json!({
        "ruleId": finding.rule.id,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": location }],
        "partialFingerprints": { "vostroAudit/v1": finding.fingerprint },
    });
    if let Some(index) = index {
        result["ruleIndex"] = index.into();
    }
    if let Some(reason) = &finding.accepted {
        result["suppressions"] = json!([{ "kind": "external", "justification": reason }]);
    }
    result
}

/// A path as a relative URI reference (RFC 3986): what is not unreserved is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            use std::fmt::Write as _;
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Low | Severity::Medium => "warning",
        Severity::High | Severity::Critical => "error",
    }
}

/// The score that code hosts sort by, in the bands of CVSS.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "0.0",
        Severity::Low => "3.0",
        Severity::Medium => "5.5",
        Severity::High => "8.0",
        Severity::Critical => "9.5",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("a/b c%.rs"), "a/b%20c%25.rs");
        assert_eq!(uri("ä"), "%C3%A4");
    }
}
