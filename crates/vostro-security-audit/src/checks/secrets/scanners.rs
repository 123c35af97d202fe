//! What gitleaks or detect-secrets find, when one of them is installed.

use serde_json::Value;

use super::SEC;
use crate::checks::{Context, count};
use crate::finding::{Finding, Place, Severity};
use crate::report::Report;
use crate::rules::the;

const NAME: &str = "gitleaks or detect-secrets";

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let gitleaks = [
        "detect",
        "--source",
        ".",
        "--redact",
        "--no-banner",
        "--exit-code",
        "0",
        "--report-format",
        "json",
        "--report-path",
        "/dev/stdout",
    ];
    let read = match context.run_json("gitleaks", &gitleaks) {
        Ok(read) => Ok(("gitleaks", of_gitleaks(&read))),
        Err(first) => match context.run_json("detect-secrets", &["scan"]) {
            Ok(read) => Ok(("detect-secrets", of_detect_secrets(&read))),
            Err(second) => Err(format!("{first}, {second}")),
        },
    };
    match read {
        Ok((tool, Some(findings))) => {
            report.ran(
                SEC,
                NAME,
                format!("{tool}: {}", count(findings.len(), "hit")),
            );
            report.findings.extend(findings);
        }
        Ok((tool, None)) => report.not_run(SEC, NAME, format!("{tool}'s report cannot be read")),
        Err(reason) => report.not_run(SEC, NAME, reason),
    }
}

fn at(path: &str, line: &Value) -> Place {
    let line = line.as_u64().and_then(|line| usize::try_from(line).ok());
    Place::line(path, line.unwrap_or(1).saturating_sub(1))
}

fn of_gitleaks(read: &Value) -> Option<Vec<Finding>> {
    let hits = read.as_array()?.iter().map(|hit| {
        let text = |key| hit[key].as_str().unwrap_or_default();
        let mut place = at(text("File"), &hit["StartLine"]);
        let commit: String = text("Commit").chars().take(12).collect();
        place.commit = (!commit.is_empty()).then_some(commit);
        let what = format!("gitleaks: {}", text("RuleID"));
        Finding::new(the("SEC-019"), place, what).named_by(text("Fingerprint"))
    });
    Some(hits.collect())
}

/// detect-secrets tells a hash of each secret and never the secret. Its entropy rules take many hashes for secrets,
/// so its findings weigh less.
fn of_detect_secrets(read: &Value) -> Option<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, hits) in read.get("results")?.as_object()? {
        for hit in hits.as_array()? {
            let what = format!("detect-secrets: {}", hit["type"].as_str()?);
            let hash = hit["hashed_secret"].as_str().unwrap_or_default();
            let finding = Finding::new(the("SEC-019"), at(path, &hit["line_number"]), what);
            findings.push(finding.named_by(hash).severity(Severity::Low));
        }
    }
    Some(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_reports_are_read() {
        let leaks = serde_json::json!([{
            "RuleID": "aws", "File": "a.txt", "StartLine": 3, "Commit": "0123456789abcdef", "Fingerprint": "x"
        }]);
        let found = of_gitleaks(&leaks).unwrap();
        assert_eq!(found[0].place.to_string(), "0123456789ab:a.txt:3");
        let secrets = serde_json::json!({"results": {"b.py": [
            {"type": "Secret Keyword", "hashed_secret": "ff", "line_number": 7}
        ]}});
        assert_eq!(
            of_detect_secrets(&secrets).unwrap()[0].place.to_string(),
            "b.py:7"
        );
        assert!(of_gitleaks(&serde_json::json!({})).is_none());
        assert!(of_detect_secrets(&serde_json::json!([])).is_none());
    }
}
