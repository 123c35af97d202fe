//! pip's requirement files, and other managers' lock files.

use super::{DEP, is_commit, lock_missing};
use crate::checks::{Context, count};
use crate::finding::{Finding, Place};
use crate::project::{ends, file_name};
use crate::report::Report;
use crate::rules::the;

const NAME: &str = "pip's requirements and other lock files";

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let files: Vec<_> = context
        .project
        .texts()
        .filter(|(path, _)| is_requirements(path))
        .collect();
    for (path, text) in &files {
        requirements(path, text, report);
    }
    let mut manifests = 0;
    for (manifest, locks) in [
        ("Pipfile", "Pipfile.lock"),
        ("go.mod", "go.sum"),
        ("Gemfile", "Gemfile.lock"),
    ] {
        for (path, _) in context.project.named(manifest) {
            manifests += 1;
            report
                .findings
                .extend(lock_missing(context, path, &[locks]));
        }
    }
    if files.is_empty() && manifests == 0 {
        report.nothing_there(DEP, NAME, "requirements.txt");
        return;
    }
    report.ran(DEP, NAME, count(files.len() + manifests, "file"));
}

pub(super) fn is_requirements(path: &str) -> bool {
    let name = file_name(path);
    (name.starts_with("requirements") || path.contains("requirements/")) && ends(path, &[".txt"])
}

/// One requirement: the line it begins on, and its whole text.
fn entries(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (index, line) in text.lines().enumerate() {
        let bare = line.split(" #").next().unwrap_or_default().trim();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        let part = bare.trim_end_matches('\\').trim();
        match found.last_mut() {
            Some((_, whole)) if goes_on => {
                whole.push(' ');
                whole.push_str(part);
            }
            _ => found.push((index, part.to_owned())),
        }
        goes_on = bare.ends_with('\\');
    }
    found
}

fn requirements(path: &str, text: &str, report: &mut Report) {
    let mut unhashed = None;
    let mut any_loose = false;
    for (index, entry) in entries(text) {
        let place = Place::line(path, index);
        let shown = entry.split(" --hash").next().unwrap_or_default();
        if let Some(rule) = breach(&entry) {
            any_loose = true;
            report.findings.push(Finding::new(the(rule), place, shown));
        } else if !entry.starts_with('-') && !entry.contains("--hash=") {
            unhashed = unhashed.or(Some(place));
        }
    }
    if let Some(place) = unhashed.filter(|_| !any_loose) {
        report
            .findings
            .push(Finding::new(the("DEP-005"), place, "no `--hash`"));
    }
}

/// Which rule an entry breaks.
fn breach(entry: &str) -> Option<&'static str> {
    let plain = entry.contains("http://") || entry.contains("git://");
    if plain || entry.starts_with("--trusted-host") {
        return Some("DEP-008");
    }
    if let Some((_, address)) = entry.split_once("git+") {
        let reference = address.split('#').next().and_then(|it| it.rsplit_once('@'));
        return (!reference.is_some_and(|(_, it)| is_commit(it))).then_some("DEP-006");
    }
    if entry.starts_with('-') || entry.contains(" @ ") || entry.contains("==") {
        return None;
    }
    Some("DEP-004")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_whole_over_lines() {
        let text = "# by hand\na==1 \\\n    --hash=sha256:0 \\\n    --hash=sha256:1\nb>=2  # why\n\n-r other.txt\n";
        let expected = [
            (1, "a==1 --hash=sha256:0 --hash=sha256:1".to_owned()),
            (4, "b>=2".to_owned()),
            (6, "-r other.txt".to_owned()),
        ];
        assert_eq!(entries(text), expected);
    }

    #[test]
    fn each_entry_is_judged() {
        let commit = "a".repeat(40);
        let cases = [
            ("a==1.0", None),
            ("a==1.0; python_version < '3'", None),
            ("a", Some("DEP-004")),
            ("a>=1", Some("DEP-004")),
            ("-r other.txt", None),
            ("a @ https://example.org/a.whl", None),
            ("--index-url http://mirror.example/simple", Some("DEP-008")),
            ("--trusted-host mirror.example", Some("DEP-008")),
            (
                "-e git+https://example.org/a.git@main#egg=a",
                Some("DEP-006"),
            ),
            (&format!("a @ git+https://example.org/a.git@{commit}"), None),
        ];
        for (entry, expected) in cases {
            assert_eq!(breach(entry), expected, "{entry}");
        }
    }
}
