//! What the sources do: Rust by its syntax tree, other languages by patterns, linters where they may run.

mod linters;
mod patterns;
mod rust;

use std::sync::LazyLock;

use regex::Regex;

use super::{Context, count};
use crate::finding::{Check, Finding, Place};
use crate::project::{Project, ends, file_name, folder};
use crate::report::Report;
use crate::rules::the;

const COD: Check = Check::Code;

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let (mut rust, mut other) = (0, 0);
    let mut unsafe_places = 0;
    let tests_only = tests_only(context.project);
    let test_modules = test_modules(context.project);
    for (path, text) in context.project.texts() {
        if is_test(path)
            || test_modules.iter().any(|start| path.starts_with(start))
            || tests_only.iter().any(|folder| path.starts_with(*folder))
        {
            continue;
        }
        if ends(path, &[".rs"]) {
            rust += 1;
            let serves = serves_requests(&context.options.request_paths, path);
            let seen = rust::breaches(text, serves);
            unsafe_places += seen
                .iter()
                .filter(|it| ["COD-002", "COD-003"].contains(&it.0))
                .count();
            add(report, path, seen);
        } else {
            let seen = patterns::breaches(path, text, &[]);
            other += usize::from(patterns::is_known(path));
            add(report, path, seen);
        }
    }
    let name = "own rules over Rust";
    if rust == 0 {
        report.nothing_there(COD, name, "Rust");
    } else {
        let places = count(unsafe_places, "place");
        report.ran(
            COD,
            name,
            format!("{}, {places} of unsafe code", count(rust, "file")),
        );
    }
    let name = "own rules over Python, JavaScript and shell";
    if other == 0 {
        report.nothing_there(COD, name, "such source");
    } else {
        report.ran(COD, name, count(other, "file"));
    }
    linters::check(context, report);
}

/// What a rule saw: the rule, the line from 0, what.
type Seen = (&'static str, usize, String);

fn add(report: &mut Report, path: &str, seen: Vec<Seen>) {
    for (rule, line, what) in seen {
        report
            .findings
            .push(Finding::new(the(rule), Place::line(path, line), what));
    }
}

/// Sources that run on a developer's machine only.
fn is_test(path: &str) -> bool {
    let folders = [
        "tests/",
        "test/",
        "benches/",
        "examples/",
        "testkit/",
        "fuzz/",
    ];
    let name = file_name(path);
    folders
        .iter()
        .any(|folder| path.starts_with(folder) || path.contains(&format!("/{folder}")))
        || ["build.rs", "tests.rs", "conftest.py"].contains(&name)
        || (name.starts_with("test_") && ends(path, &[".py"]))
        || [".test.ts", ".spec.ts", ".test.js", ".spec.js", "_test.py"]
            .iter()
            .any(|ending| name.ends_with(ending))
        || path.contains("-testkit/")
        || path.starts_with("xtask/")
}

/// Folders of packages whose manifest says `[package.metadata.audit] tests-only = true`.
fn tests_only(project: &Project) -> Vec<&str> {
    let says_so = |text: &str| {
        let manifest = text.parse::<toml::Table>().ok()?;
        let metadata = manifest.get("package")?.get("metadata")?;
        metadata.get("audit")?.get("tests-only")?.as_bool()
    };
    let manifests = project.named("Cargo.toml");
    let of_tests = manifests.filter(|(_, text)| says_so(text) == Some(true));
    of_tests.map(|(path, _)| folder(path)).collect()
}

/// Starts of the paths of modules that are declared for tests: `#[cfg(test)] mod name;`.
fn test_modules(project: &Project) -> Vec<String> {
    static DECLARED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"#\[cfg\(test\)\]\s*(?:pub(?:\([a-z]+\))?\s+)?mod\s+(\w+)\s*;").ok()
    });
    let mut starts = Vec::new();
    for (path, text) in project.texts().filter(|(path, _)| ends(path, &[".rs"])) {
        let at = match file_name(path) {
            "lib.rs" | "main.rs" | "mod.rs" => folder(path).to_owned(),
            _ => format!("{}/", path.strip_suffix(".rs").unwrap_or(path)),
        };
        let declared = DECLARED
            .iter()
            .flat_map(|pattern| pattern.captures_iter(text));
        for name in declared.filter_map(|found| found.get(1)) {
            starts.push(format!("{at}{}.rs", name.as_str()));
            starts.push(format!("{at}{}/", name.as_str()));
        }
    }
    starts
}

/// Whether a panic in this file would be in somebody's request.
fn serves_requests(paths: &[String], path: &str) -> bool {
    paths.is_empty() || paths.iter().any(|part| path.contains(part.as_str()))
}
