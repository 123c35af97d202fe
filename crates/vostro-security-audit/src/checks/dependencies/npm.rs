//! npm's manifests and lock files.

use serde_json::Value;

use super::{DEP, is_commit, line_of, lock_missing};
use crate::checks::{Context, count};
use crate::finding::{Finding, Place};
use crate::report::Report;
use crate::rules::the;

const NAME: &str = "npm's manifests and lock files";
const LOCKS: [&str; 4] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "yarn.lock",
];

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let manifests: Vec<_> = context.project.named("package.json").collect();
    let locks: Vec<_> = context.project.named("package-lock.json").collect();
    if manifests.is_empty() && locks.is_empty() {
        report.nothing_there(DEP, NAME, "package.json");
        return;
    }
    for (path, text) in &manifests {
        manifest(context, path, text, report);
    }
    for (path, text) in &locks {
        lock(path, text, report);
    }
    let looked_at = format!(
        "{}, {}",
        count(manifests.len(), "manifest"),
        count(locks.len(), "lock file")
    );
    report.ran(DEP, NAME, looked_at);
}

fn manifest(context: &Context<'_>, path: &str, text: &str, report: &mut Report) {
    let Ok(read) = serde_json::from_str::<Value>(text) else {
        return;
    };
    let kinds = ["dependencies", "devDependencies", "optionalDependencies"];
    let wanted = kinds.iter().filter_map(|kind| read.get(kind)?.as_object());
    let wanted: Vec<_> = wanted.flatten().collect();
    if wanted.is_empty() {
        return;
    }
    report.findings.extend(lock_missing(context, path, &LOCKS));
    for (name, version) in wanted {
        let version = version.as_str().unwrap_or_default();
        let Some(rule) = requirement(version) else {
            continue;
        };
        let line = line_of(text, &format!("\"{name}\""));
        let what = format!("`{name}`: `{version}`");
        report
            .findings
            .push(Finding::new(the(rule), Place::line(path, line), what));
    }
}

/// Which rule a version requirement breaks.
fn requirement(version: &str) -> Option<&'static str> {
    let reference = version.rsplit_once('#').map(|(_, reference)| reference);
    let from_git = ["git", "github:", "gitlab:", "bitbucket:"]
        .iter()
        .any(|start| version.starts_with(start));
    if ["", "*", "x", "latest"].contains(&version.trim()) {
        Some("DEP-007")
    } else if ["http://", "git://", "git+http://"]
        .iter()
        .any(|start| version.starts_with(start))
    {
        Some("DEP-008")
    } else if from_git && !reference.is_some_and(is_commit) {
        Some("DEP-006")
    } else {
        None
    }
}

fn lock(path: &str, text: &str, report: &mut Report) {
    let read = serde_json::from_str::<Value>(text).unwrap_or_default();
    let packages = read.get("packages").and_then(Value::as_object);
    for (name, package) in packages.into_iter().flatten() {
        let is = |key| package.get(key).and_then(Value::as_bool) == Some(true);
        // The project itself, members of its workspace, and what lies inside another package.
        if !name.contains("node_modules/") || is("link") || is("inBundle") {
            continue;
        }
        let resolved = package
            .get("resolved")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let rule = if resolved.starts_with("http://") {
            "DEP-008"
        } else if resolved.starts_with("git") {
            let commit = resolved
                .rsplit_once('#')
                .is_some_and(|(_, it)| is_commit(it));
            if commit {
                continue;
            }
            "DEP-006"
        } else if package.get("integrity").is_none() {
            "DEP-009"
        } else {
            continue;
        };
        let line = line_of(text, &format!("\"{name}\""));
        report.findings.push(Finding::new(
            the(rule),
            Place::line(path, line),
            name.as_str(),
        ));
    }
}
