//! Secrets in the history: every line that any commit on any branch added, and the messages.

use super::{Known, SEC, finding, scan};
use crate::checks::{Context, count};
use crate::report::Report;

const NAME: &str = "own rules over the history";
/// Commits begin with this byte, which no diff has.
const MARK: u8 = 1;
/// Added lines that are looked at together, so that a key's head sees its body.
const WINDOW: usize = 8;

pub(super) fn check(context: &Context<'_>, known: &Known, report: &mut Report) {
    if !context.project.has_git() {
        return report.nothing_there(SEC, NAME, "history");
    }
    if !context.options.history {
        return report.not_run(SEC, NAME, "it was left out by --no-history");
    }
    let root = context.project.root();
    let mut walk = Walk {
        known: known.clone(),
        report,
        commit: String::new(),
        path: String::new(),
        line: 0,
        added: Vec::new(),
        commits: 0,
    };
    let arguments = [
        "log",
        "--all",
        "-m",
        "-p",
        "-U0",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--no-renames",
        "--format=%x01%h%n%B",
    ];
    let read = context
        .tools
        .git_lines(root, &arguments, &mut |line| walk.line(line));
    walk.scan();
    let commits = walk.commits;
    match read {
        Ok(true) => {}
        Ok(false) => return report.not_run(SEC, NAME, "git could not read the history"),
        Err(error) => return report.not_run(SEC, NAME, error.to_string()),
    }
    report.ran(SEC, NAME, count(commits, "commit"));
    let shallow = context
        .tools
        .git(root, &["rev-parse", "--is-shallow-repository"]);
    if shallow.is_ok_and(|answer| answer.stdout.starts_with(b"true")) {
        let reason = "the clone is shallow: what is before its first commit was not read";
        report.not_run(SEC, "the whole history", reason);
    }
}

struct Walk<'a> {
    known: Known,
    report: &'a mut Report,
    commit: String,
    path: String,
    line: usize,
    /// Added lines that wait, the first of them on line `line`.
    added: Vec<String>,
    commits: usize,
}

impl Walk<'_> {
    fn line(&mut self, line: &[u8]) {
        let text = || String::from_utf8_lossy(line).into_owned();
        match line {
            [MARK, hash @ ..] => {
                self.scan();
                self.commit = String::from_utf8_lossy(hash).into_owned();
                "(message)".clone_into(&mut self.path);
                self.line = 0;
                self.commits += 1;
            }
            [b'd', b'i', b'f', b'f', b' ', ..] => {
                self.scan();
                self.path.clear();
            }
            [b'+', b'+', b'+', b' ', rest @ ..] if self.path.is_empty() => {
                let name = String::from_utf8_lossy(rest).into_owned();
                name.strip_prefix("b/")
                    .unwrap_or(&name)
                    .clone_into(&mut self.path);
            }
            [b'@', b'@', ..] => {
                self.scan();
                self.line = first_line(&text()).saturating_sub(1);
            }
            [b'+', rest @ ..] if !self.path.is_empty() => {
                self.add(String::from_utf8_lossy(rest).into_owned());
            }
            _ if self.path == "(message)" => self.add(text()),
            _ => {}
        }
    }

    fn add(&mut self, line: String) {
        self.added.push(line);
        if self.added.len() > WINDOW {
            self.first();
        }
    }

    /// Scans all lines that wait.
    fn scan(&mut self) {
        while !self.added.is_empty() {
            self.first();
        }
    }

    /// Scans the first of the lines that wait.
    fn first(&mut self) {
        let lines: Vec<&str> = self.added.iter().map(String::as_str).collect();
        for hit in scan::line(&self.path, self.line, &lines) {
            if self.known.insert((hit.rule, hit.name())) {
                let finding = finding(&self.path, &hit, Some(&self.commit));
                self.report.findings.push(finding);
            }
        }
        self.added.remove(0);
        self.line += 1;
    }
}

/// The line at which the added lines of a hunk begin: `@@ -1,2 +3,4 @@` is 3.
fn first_line(hunk: &str) -> usize {
    let added = hunk.split(' ').find_map(|part| part.strip_prefix('+'));
    let number = added.and_then(|part| part.split(',').next()?.parse().ok());
    number.unwrap_or(1)
}
