//! Clippy, which compiles the project and so runs its build scripts; bandit, which only reads.

use serde_json::Value;

use super::COD;
use crate::checks::{Context, count};
use crate::finding::{Finding, Place, Severity};
use crate::project::ends;
use crate::report::Report;
use crate::rules::the;

const CLIPPY: &str = "clippy";
const BANDIT: &str = "bandit";

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    if context.project.text("Cargo.toml").is_none() {
        report.nothing_there(COD, CLIPPY, "Cargo.toml");
    } else if context.options.clippy {
        match clippy(context) {
            Ok(findings) => {
                report.ran(COD, CLIPPY, count(findings.len(), "warning"));
                report.findings.extend(findings);
            }
            Err(reason) => report.not_run(COD, CLIPPY, reason),
        }
    } else {
        let reason = "it compiles the project, which runs its build scripts: give --clippy";
        report.not_run(COD, CLIPPY, reason);
    }
    if !context
        .project
        .texts()
        .any(|(path, _)| ends(path, &[".py"]))
    {
        return report.nothing_there(COD, BANDIT, "Python");
    }
    match context.run_json(
        "bandit",
        &["--recursive", "--format", "json", "--quiet", "."],
    ) {
        Ok(read) => match of_bandit(&read) {
            Some(findings) => {
                report.ran(COD, BANDIT, count(findings.len(), "hit"));
                report.findings.extend(findings);
            }
            None => report.not_run(COD, BANDIT, "its report cannot be read"),
        },
        Err(reason) => report.not_run(COD, BANDIT, reason),
    }
}

fn clippy(context: &Context<'_>) -> Result<Vec<Finding>, String> {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--message-format",
        "json",
    ];
    let answer = context.run("cargo", &arguments)?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let mut findings = Vec::new();
    for message in text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
    {
        findings.extend(of_clippy(&message));
    }
    if !answer.success && findings.is_empty() {
        return Err(format!("cargo clippy: {}", answer.last_word()));
    }
    findings.dedup();
    Ok(findings)
}

fn of_clippy(message: &Value) -> Option<Finding> {
    let message = message.get("message")?;
    let severity = match message["level"].as_str()? {
        "error" => Severity::Medium,
        "warning" => Severity::Low,
        _ => return None,
    };
    let span = message["spans"]
        .as_array()?
        .iter()
        .find(|span| span["is_primary"] == true)?;
    let at = usize::try_from(span["line_start"].as_u64()?).ok()?;
    let code = message["code"]["code"].as_str().unwrap_or("rustc");
    let what = format!("{code}: {}", message["message"].as_str()?);
    let place = Place::line(span["file_name"].as_str()?, at.saturating_sub(1));
    Some(Finding::new(the("COD-001"), place, what).severity(severity))
}

fn of_bandit(read: &Value) -> Option<Vec<Finding>> {
    let hits = read.get("results")?.as_array()?.iter().map(|hit| {
        let text = |key| hit[key].as_str().unwrap_or_default();
        let severity = match text("issue_severity") {
            "HIGH" => Severity::High,
            "MEDIUM" => Severity::Medium,
            _ => Severity::Low,
        };
        let line = hit["line_number"]
            .as_u64()
            .and_then(|line| usize::try_from(line).ok());
        let path = text("filename").trim_start_matches("./");
        let what = format!("bandit {}: {}", text("test_id"), text("issue_text"));
        let place = Place::line(path, line.unwrap_or(1).saturating_sub(1));
        Finding::new(the("COD-015"), place, what).severity(severity)
    });
    Some(hits.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_reports_are_read() {
        let message = serde_json::json!({"reason": "compiler-message", "message": {
            "level": "warning", "message": "useless", "code": {"code": "clippy::x"},
            "spans": [{"is_primary": true, "file_name": "src/a.rs", "line_start": 4}]
        }});
        let found = of_clippy(&message).unwrap();
        assert_eq!(found.place.to_string(), "src/a.rs:4");
        assert!(of_clippy(&serde_json::json!({"reason": "build-finished"})).is_none());
        let bandit = serde_json::json!({"results": [
            {"filename": "./a.py", "line_number": 2, "test_id": "B1", "issue_text": "x", "issue_severity": "HIGH"}
        ]});
        let found = of_bandit(&bandit).unwrap();
        assert_eq!(
            (found[0].place.to_string().as_str(), found[0].severity),
            ("a.py:2", Severity::High)
        );
        assert!(of_bandit(&serde_json::json!([])).is_none());
    }
}
