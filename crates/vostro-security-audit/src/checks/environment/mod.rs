//! Files with settings: environment files, templates, defaults in configuration, and how this program itself is set.

mod defaults;
mod posture;

use super::{Context, count};
use crate::finding::{Check, Finding, Place};
use crate::project::{ends, file_name};
use crate::report::Report;
use crate::rules::the;

pub use posture::Posture;

const ENV: Check = Check::Environment;

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let (mut files, mut settings) = (0, 0);
    for (path, text) in context.project.texts() {
        let name = file_name(path);
        if is_template(name) {
            files += 1;
            template(path, text, report);
        } else if is_environment(name) && !text.trim().is_empty() {
            files += 1;
            report.findings.push(Finding::new(
                the("ENV-001"),
                Place::file(path),
                "is not ignored",
            ));
        } else if defaults::is_one(path, text) {
            settings += 1;
            for (rule, line, what) in defaults::breaches(text) {
                report
                    .findings
                    .push(Finding::new(the(rule), Place::line(path, line), what));
            }
        }
    }
    if context.project.has_git() && !context.project.ignores(".env") {
        let place = Place::file(".gitignore");
        report
            .findings
            .push(Finding::new(the("ENV-002"), place, "does not name `.env`"));
    }
    report.ran(ENV, "environment files and templates", count(files, "file"));
    report.ran(ENV, "defaults in configuration", count(settings, "file"));
    posture::check(context, report);
}

/// A template of an environment file, by its name.
pub(super) fn is_template(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("env")
        && ["template", "example", "sample", "dist"]
            .iter()
            .any(|word| name.ends_with(word))
}

fn is_environment(name: &str) -> bool {
    name == ".env" || name.starts_with(".env.") || ends(name, &[".env"])
}

/// A template may hold defaults, and no value for a secret.
fn template(path: &str, text: &str, report: &mut Report) {
    for (index, line) in text.lines().enumerate() {
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let name = name.trim().trim_start_matches("export ").trim();
        let value = value.trim().trim_matches(['"', '\'']);
        let commented = name.starts_with('#');
        let placeholder = [
            "<",
            "your",
            "changeme",
            "change-me",
            "xxx",
            "...",
            "${",
            "example",
        ]
        .iter()
        .any(|word| value.to_ascii_lowercase().contains(word));
        if !commented && !value.is_empty() && !placeholder && defaults::names_a_secret(name) {
            let what = format!("`{name}` has a value");
            report
                .findings
                .push(Finding::new(the("ENV-003"), Place::line(path, index), what));
        }
    }
}
