//! hadolint over Dockerfiles and Trivy over an image, when they are installed.

use serde_json::Value;

use super::CON;
use crate::checks::{Context, count};
use crate::finding::{Finding, Place, Severity};
use crate::report::Report;
use crate::rules::the;

const LINTER: &str = "hadolint";
const SCANNER: &str = "image scanner (Trivy)";

pub(super) fn check(context: &Context<'_>, images: &[(&str, &str)], report: &mut Report) {
    if images.is_empty() {
        report.nothing_there(CON, LINTER, "Dockerfile");
    } else {
        match hadolint(context, images) {
            Ok(findings) => {
                report.ran(CON, LINTER, count(images.len(), "Dockerfile"));
                report.findings.extend(findings);
            }
            Err(reason) => report.not_run(CON, LINTER, reason),
        }
    }
    let Some(image) = &context.options.image else {
        let reason = "no image was named: give one with --image";
        if images.is_empty() {
            report.nothing_there(CON, SCANNER, "image");
        } else {
            report.not_run(CON, SCANNER, reason);
        }
        return;
    };
    match trivy(context, image) {
        Ok(findings) => {
            report.ran(CON, SCANNER, image);
            report.findings.extend(findings);
        }
        Err(reason) => report.not_run(CON, SCANNER, reason),
    }
}

fn hadolint(context: &Context<'_>, images: &[(&str, &str)]) -> Result<Vec<Finding>, String> {
    let mut arguments = vec!["--format", "json", "--no-fail", "--"];
    arguments.extend(images.iter().map(|(path, _)| *path));
    let read = context.run_json("hadolint", &arguments)?;
    of_hadolint(&read).ok_or_else(|| "hadolint's report cannot be read".to_owned())
}

fn of_hadolint(read: &Value) -> Option<Vec<Finding>> {
    let hits = read.as_array()?.iter().map(|hit| {
        let text = |key| hit[key].as_str().unwrap_or_default();
        let severity = match text("level") {
            "error" => Severity::Medium,
            "warning" => Severity::Low,
            _ => Severity::Info,
        };
        let line = hit["line"]
            .as_u64()
            .and_then(|line| usize::try_from(line).ok());
        let place = Place::line(text("file"), line.unwrap_or(1).saturating_sub(1));
        let what = format!("{}: {}", text("code"), text("message"));
        Finding::new(the("CON-022"), place, what).severity(severity)
    });
    Some(hits.collect())
}

fn trivy(context: &Context<'_>, image: &str) -> Result<Vec<Finding>, String> {
    let arguments = [
        "image",
        "--quiet",
        "--format",
        "json",
        "--scanners",
        "vuln",
        "--",
        image,
    ];
    let read = context.run_json("trivy", &arguments)?;
    of_trivy(image, &read).ok_or_else(|| "Trivy's report cannot be read".to_owned())
}

fn of_trivy(image: &str, read: &Value) -> Option<Vec<Finding>> {
    let mut findings = Vec::new();
    for result in read.get("Results")?.as_array()? {
        for hit in result["Vulnerabilities"].as_array().into_iter().flatten() {
            let text = |key| hit[key].as_str().unwrap_or_default();
            let severity = match text("Severity") {
                "CRITICAL" => Severity::Critical,
                "HIGH" => Severity::High,
                "MEDIUM" => Severity::Medium,
                _ => Severity::Low,
            };
            let (package, version, id) = (
                text("PkgName"),
                text("InstalledVersion"),
                text("VulnerabilityID"),
            );
            let what = format!("{package} {version}: {id} {}", text("Title"));
            let finding = Finding::new(the("CON-023"), Place::file(image), what).severity(severity);
            findings.push(match text("FixedVersion") {
                "" => finding,
                fixed => finding.mend(format!("Update to {fixed}: build the image anew.")),
            });
        }
    }
    Some(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_reports_are_read() {
        let lint = serde_json::json!([
            {"file": "Dockerfile", "line": 3, "code": "DL3007", "message": "no latest", "level": "warning"}
        ]);
        let found = of_hadolint(&lint).unwrap();
        assert_eq!(
            (found[0].place.to_string().as_str(), found[0].severity),
            ("Dockerfile:3", Severity::Low)
        );
        let scan = serde_json::json!({"Results": [{"Vulnerabilities": [
            {"PkgName": "zlib", "InstalledVersion": "1", "VulnerabilityID": "CVE-1", "Severity": "HIGH", "FixedVersion": "2"}
        ]}, {}]});
        let found = of_trivy("vostro:1", &scan).unwrap();
        assert_eq!((found.len(), found[0].severity), (1, Severity::High));
        assert!(of_hadolint(&serde_json::json!({})).is_none());
        assert!(of_trivy("vostro:1", &serde_json::json!([])).is_none());
    }
}
