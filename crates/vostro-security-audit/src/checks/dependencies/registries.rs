//! What registries know: npm's and pip's advisories, newer versions. Asked through their own clients, and only when
//! the caller allows it.

use serde_json::Value;

use super::{DEP, line_of};
use crate::checks::{Context, count};
use crate::finding::{Finding, Place, Severity};
use crate::project::folder;
use crate::report::Report;
use crate::rules::the;

const NPM: &str = "npm's advisories";
const PIP: &str = "pip's advisories";
const NEWER: &str = "newer versions of crates";
const OFFLINE: &str = "it asks a registry: give --online";

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let npm: Vec<_> = context.project.named("package-lock.json").collect();
    let pip: Vec<_> = context
        .project
        .texts()
        .filter(|(path, _)| super::python::is_requirements(path))
        .collect();
    let cargo: Vec<_> = context.project.named("Cargo.lock").collect();
    part(context, report, (NPM, "package-lock.json"), &npm, npm_audit);
    part(context, report, (PIP, "requirements.txt"), &pip, pip_audit);
    part(context, report, (NEWER, "Cargo.lock"), &cargo, newer);
}

type Ask = fn(&Context<'_>, &str, &str) -> Result<Vec<Finding>, String>;

fn part(
    context: &Context<'_>,
    report: &mut Report,
    (name, none_of): (&'static str, &str),
    files: &[(&str, &str)],
    ask: Ask,
) {
    if files.is_empty() {
        return report.nothing_there(DEP, name, none_of);
    }
    if !context.options.online {
        return report.not_run(DEP, name, OFFLINE);
    }
    for (path, text) in files {
        match ask(context, path, text) {
            Ok(findings) => report.findings.extend(findings),
            Err(reason) => return report.not_run(DEP, name, format!("{path}: {reason}")),
        }
    }
    report.ran(DEP, name, count(files.len(), "lock file"));
}

/// The folder of a lock file as an argument.
fn place_of(path: &str) -> &str {
    match folder(path) {
        "" => ".",
        at => at,
    }
}

fn npm_audit(context: &Context<'_>, path: &str, text: &str) -> Result<Vec<Finding>, String> {
    let arguments = [
        "audit",
        "--json",
        "--package-lock-only",
        "--prefix",
        place_of(path),
    ];
    let read = context.run_json("npm", &arguments)?;
    let hits = read.get("vulnerabilities").and_then(Value::as_object);
    let hits = hits.ok_or_else(|| format!("npm audit: {}", read["error"]["summary"]))?;
    let finding = |(name, hit): (&String, &Value)| {
        let severity = match hit["severity"].as_str() {
            Some("critical") => Severity::Critical,
            Some("high") => Severity::High,
            Some("moderate") => Severity::Medium,
            _ => Severity::Low,
        };
        let mut via = hit["via"].as_array().into_iter().flatten();
        let title = via.find_map(|via| via["title"].as_str());
        let what = format!(
            "{name} {}: {}",
            hit["range"].as_str().unwrap_or_default(),
            title.unwrap_or("by a dependency of its own")
        );
        let line = line_of(text, &format!("node_modules/{name}\""));
        Finding::new(the("DEP-001"), Place::line(path, line), what).severity(severity)
    };
    Ok(hits.iter().map(finding).collect())
}

fn pip_audit(context: &Context<'_>, path: &str, text: &str) -> Result<Vec<Finding>, String> {
    let arguments = [
        "--format",
        "json",
        "--disable-pip",
        "--no-deps",
        "--requirement",
        path,
    ];
    let read = context.run_json("pip-audit", &arguments)?;
    let packages = read["dependencies"].as_array();
    let packages = packages.ok_or("pip-audit gave no list of packages")?;
    let mut findings = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let version = package["version"].as_str().unwrap_or_default();
        for hit in package["vulns"].as_array().into_iter().flatten() {
            let id = hit["id"].as_str().unwrap_or_default();
            let place = Place::line(path, line_of(text, name));
            let fixed = hit["fix_versions"].as_array().into_iter().flatten();
            let fixed: Vec<&str> = fixed.filter_map(Value::as_str).collect();
            let finding = Finding::new(the("DEP-001"), place, format!("{name} {version}: {id}"));
            findings.push(if fixed.is_empty() {
                finding
            } else {
                finding.mend(format!("Update to {}.", fixed.join(" or ")))
            });
        }
    }
    Ok(findings)
}

/// `cargo update --dry-run` tells what it would do on standard error, and changes nothing.
fn newer(context: &Context<'_>, path: &str, text: &str) -> Result<Vec<Finding>, String> {
    let manifest = format!("{}Cargo.toml", folder(path));
    let arguments = [
        "update",
        "--dry-run",
        "--verbose",
        "--color",
        "never",
        "--manifest-path",
        &manifest,
    ];
    let answer = context.run("cargo", &arguments)?;
    if !answer.success {
        return Err(answer.last_word());
    }
    let told = String::from_utf8_lossy(&answer.stderr);
    let finding = |line: &str| {
        let (name, what) = newer_version(line)?;
        let at = line_of(text, &format!("name = \"{name}\""));
        Some(Finding::new(the("DEP-010"), Place::line(path, at), what))
    };
    Ok(told.lines().filter_map(finding).collect())
}

/// The package of a line such as `Updating a v1.0.0 -> v1.1.0` or `Unchanged a v1.0.0 (available: v2.0.0)`.
fn newer_version(line: &str) -> Option<(&str, String)> {
    let mut words = line.split_whitespace();
    let (verb, name, now) = (words.next()?, words.next()?, words.next()?);
    let newest = match verb {
        "Updating" if words.next() == Some("->") => words.next()?,
        "Unchanged" => line
            .split_once("(available: ")?
            .1
            .trim_end_matches(')')
            .split(',')
            .next()?,
        _ => return None,
    };
    Some((name, format!("{name} {now}, newest {newest}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_words_are_read() {
        let cases = [
            (
                "    Updating a v1.0.0 -> v1.1.0",
                Some("a v1.0.0, newest v1.1.0"),
            ),
            (
                "   Unchanged b v0.1.0 (available: v0.2.0)",
                Some("b v0.1.0, newest v0.2.0"),
            ),
            (
                "   Unchanged b v0.1.0 (available: v0.2.0, requires Rust 1.99)",
                Some("b v0.1.0, newest v0.2.0"),
            ),
            ("    Updating crates.io index", None),
            ("     Locking 3 packages to latest versions", None),
            ("note: to see how you depend on a package, run", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(
                newer_version(line).map(|it| it.1).as_deref(),
                expected,
                "{line}"
            );
        }
    }
}
