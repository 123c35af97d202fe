//! Cargo's manifests and lock files, and the `RustSec` advisories.

use std::path::Path;

use jiff::civil::Date;
use rustsec::advisory::{Informational, Severity as Cvss};
use rustsec::database::Query;
use rustsec::{Database, Lockfile};
use toml::Value;

use super::{DEP, is_commit, line_of, lock_missing};
use crate::checks::{Context, count};
use crate::finding::{Finding, Place, Severity};
use crate::report::Report;
use crate::rules::the;

const ADVISORIES: &str = "RustSec advisories";
const MANIFESTS: &str = "Cargo's manifests and lock files";

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let manifests: Vec<_> = context.project.named("Cargo.toml").collect();
    let locks: Vec<_> = context.project.named("Cargo.lock").collect();
    if manifests.is_empty() && locks.is_empty() {
        report.nothing_there(DEP, MANIFESTS, "Cargo.toml");
        report.nothing_there(DEP, ADVISORIES, "Cargo.lock");
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
    report.ran(DEP, MANIFESTS, looked_at);
    if locks.is_empty() {
        report.not_run(DEP, ADVISORIES, "there is no Cargo.lock to look up");
    } else if let Err(reason) = advisories(context, &locks, report) {
        report.not_run(DEP, ADVISORIES, reason);
    }
}

fn manifest(context: &Context<'_>, path: &str, text: &str, report: &mut Report) {
    let Ok(read) = text.parse::<toml::Table>() else {
        return;
    };
    report
        .findings
        .extend(lock_missing(context, path, &["Cargo.lock"]));
    let mut tables = vec![&read];
    tables.extend(read.get("workspace").and_then(Value::as_table));
    let targets = read.get("target").and_then(Value::as_table);
    tables.extend(
        targets
            .into_iter()
            .flat_map(|all| all.values())
            .filter_map(Value::as_table),
    );
    for table in tables {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let wanted = table.get(kind).and_then(Value::as_table);
            for (name, wanted) in wanted.into_iter().flatten() {
                let line = line_of(text, name);
                if let Some((rule, what)) = requirement(name, wanted) {
                    report
                        .findings
                        .push(Finding::new(the(rule), Place::line(path, line), what));
                }
            }
        }
    }
}

/// What is wrong with one requirement.
fn requirement(name: &str, wanted: &Value) -> Option<(&'static str, String)> {
    let part = |key| wanted.get(key).and_then(Value::as_str);
    if wanted.as_str().or(part("version")) == Some("*") {
        return Some(("DEP-007", format!("`{name} = \"*\"`")));
    }
    match part("git") {
        Some(url) if url.starts_with("http://") || url.starts_with("git://") => {
            Some(("DEP-008", format!("`{name}` from {url}")))
        }
        Some(url) if !part("rev").is_some_and(is_commit) => {
            Some(("DEP-006", format!("`{name}` from {url}")))
        }
        _ => None,
    }
}

fn lock(path: &str, text: &str, report: &mut Report) {
    let read = text.parse::<toml::Table>().unwrap_or_default();
    let packages = read.get("package").and_then(Value::as_array);
    for package in packages.into_iter().flatten() {
        let part = |key| package.get(key).and_then(Value::as_str);
        let (Some(name), Some(source)) = (part("name"), part("source")) else {
            continue;
        };
        let rule = if source.starts_with("registry+http://") {
            "DEP-008"
        } else if source.starts_with("registry+") && part("checksum").is_none() {
            "DEP-009"
        } else {
            continue;
        };
        let line = line_of(text, &format!("name = \"{name}\""));
        let what = format!("{name} {}", part("version").unwrap_or_default());
        report
            .findings
            .push(Finding::new(the(rule), Place::line(path, line), what));
    }
}

/// Looks the locked packages up. The error says why that could not be done.
fn advisories(
    context: &Context<'_>,
    locks: &[(&str, &str)],
    report: &mut Report,
) -> Result<(), String> {
    let database = database(&context.options.advisory_dbs)?;
    let mut packages = 0;
    for (path, text) in locks {
        let read: Lockfile = text
            .parse()
            .map_err(|_| format!("{path} cannot be read as a lock file"))?;
        packages += read.packages.len();
        for hit in database.query_vulnerabilities(&read, &Query::crate_scope()) {
            report.findings.push(finding(path, text, &hit, None));
        }
        for hit in database.query_vulnerabilities(&read, &Query::crate_scope().informational(true))
        {
            let kind = hit.advisory.informational.as_ref();
            if let Some(kind) = kind.filter(|kind| **kind != Informational::Notice) {
                report.findings.push(finding(path, text, &hit, Some(kind)));
            }
        }
    }
    let looked_at = format!(
        "{}, {}",
        count(packages, "package"),
        age(context, &database)
    );
    report.ran(DEP, ADVISORIES, looked_at);
    Ok(())
}

fn database(candidates: &[std::path::PathBuf]) -> Result<Database, String> {
    let is_one = |folder: &&std::path::PathBuf| Path::join(folder, "crates").is_dir();
    let folder = candidates.iter().find(is_one).ok_or(
        "no RustSec database: give one with --advisory-db, or let `cargo deny fetch` or `cargo audit` fetch it",
    )?;
    let database = Database::open(folder);
    let database = database.map_err(|_| "the RustSec database cannot be read")?;
    if database.iter().next().is_none() {
        return Err("the RustSec database is empty".to_owned());
    }
    Ok(database)
}

/// How many advisories, and how old the newest is.
fn age(context: &Context<'_>, database: &Database) -> String {
    let dates = database.iter().filter_map(|advisory| {
        let date = &advisory.metadata.date;
        date.as_str().parse::<Date>().ok()
    });
    let total = database.iter().count();
    let Some(newest) = dates.max() else {
        return format!("{total} advisories of unknown age");
    };
    let days = i64::from((context.today - newest).get_days());
    let most = context.options.advisory_db_days;
    let old = if days > most {
        format!("; OLDER than {most} days: fetch a new one")
    } else {
        String::new()
    };
    format!("{total} advisories, the newest of {newest} ({days} days old{old})")
}

fn finding(
    path: &str,
    text: &str,
    hit: &rustsec::Vulnerability,
    kind: Option<&Informational>,
) -> Finding {
    let (advisory, package) = (&hit.advisory, &hit.package);
    let line = line_of(text, &format!("name = \"{}\"", package.name));
    let place = Place::line(path, line);
    let name = format!("{} {}: {}", package.name, package.version, advisory.id);
    let title = &advisory.title;
    if let Some(kind) = kind {
        let what = format!("{name} ({}): {title}", kind.as_str());
        return Finding::new(the("DEP-002"), place, what);
    }
    // Without a score the worst is assumed that does not stop all work.
    let score = match &advisory.cvss {
        Some(cvss) => cvss.severity(),
        None => Cvss::High,
    };
    let severity = match score {
        Cvss::Critical => Severity::Critical,
        Cvss::High => Severity::High,
        Cvss::Medium => Severity::Medium,
        Cvss::Low | Cvss::None => Severity::Low,
    };
    let patched: Vec<String> = hit
        .versions
        .patched()
        .iter()
        .map(ToString::to_string)
        .collect();
    let mend = if patched.is_empty() {
        "There is no patched version: drop the dependency.".to_owned()
    } else {
        format!("Update to {}.", patched.join(" or "))
    };
    Finding::new(the("DEP-001"), place, format!("{name}: {title}"))
        .severity(severity)
        .mend(mend)
}
