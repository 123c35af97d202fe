//! Who may write, read and run the files of the tree.

use std::path::Component;

use super::{Context, count};
use crate::finding::{Check, Finding, Place};
use crate::project::{File, file_name, folder};
use crate::report::Report;
use crate::rules::the;

/// Endings of files that hold data and are never run.
const DATA: [&str; 22] = [
    ".md", ".txt", ".toml", ".json", ".jsonl", ".yaml", ".yml", ".lock", ".csv", ".css", ".html",
    ".sql", ".svg", ".png", ".jpg", ".ini", ".conf", ".cfg", ".env", ".rs", ".ts", ".pem",
];

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    if !cfg!(unix) {
        let reason = "this system has no Unix permissions";
        report.not_run(Check::Permissions, "modes", reason);
        return;
    }
    for (path, file) in context.project.files() {
        for (rule, what) in breaches(path, file) {
            let finding = Finding::new(the(rule), Place::file(path), what);
            report.findings.push(finding);
        }
    }
    let looked_at = count(context.project.len(), "file");
    report.ran(Check::Permissions, "modes", looked_at);
}

fn breaches(path: &str, file: &File) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if let Some(target) = &file.link {
        let target = target.to_string_lossy();
        if leaves(path, &target) {
            found.push(("PER-005", format!("leads to {target}")));
        }
        return found;
    }
    let mode = format!("mode {:04o}", file.mode);
    if file.mode & 0o002 != 0 {
        found.push(("PER-001", mode.clone()));
    }
    if file.mode & 0o044 != 0 && is_secret(path, file) {
        found.push(("PER-002", mode.clone()));
    }
    if file.mode & 0o6000 != 0 {
        found.push(("PER-003", mode.clone()));
    }
    let script = file
        .text
        .as_deref()
        .is_some_and(|text| text.starts_with("#!"));
    if file.mode & 0o111 != 0 && !script && DATA.iter().any(|ending| path.ends_with(ending)) {
        found.push(("PER-004", mode));
    }
    found
}

/// A file that is made for secrets: by its name, or because it holds a private key.
fn is_secret(path: &str, file: &File) -> bool {
    let name = file_name(path);
    let named =
        (name == ".env" || name.starts_with(".env.")) && !super::environment::is_template(name);
    let key = || {
        let text = file.text.as_deref().unwrap_or_default();
        text.trim_start().starts_with("-----BEGIN") && text.contains("PRIVATE KEY-----")
    };
    named || [".netrc", ".pgpass", "id_rsa", "id_ed25519"].contains(&name) || key()
}

/// Whether a link at `path` to `target` ends outside the tree.
fn leaves(path: &str, target: &str) -> bool {
    let mut depth = folder(path).matches('/').count();
    for part in std::path::Path::new(target).components() {
        match part {
            Component::Prefix(_) | Component::RootDir => return true,
            Component::CurDir => {}
            Component::ParentDir if depth == 0 => return true,
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_judged_from_where_it_lies() {
        let cases = [
            ("a", "b", false),
            ("a", "../b", true),
            ("x/a", "../b", false),
            ("x/a", "../../b", true),
            ("x/y/a", "../../b/../../c", true),
            ("a", "/etc/passwd", true),
            ("a", "./x/../y", false),
        ];
        for (path, target, expected) in cases {
            assert_eq!(leaves(path, target), expected, "{path} -> {target}");
        }
    }
}
