//! Source files stay under 400 lines, those that a program makes aside. Those that do not are written down with
//! their size, which may only shrink.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Finding;
use super::tree::Tree;

/// The written-down files: `lines path`, one a line.
pub(super) const ALLOWED: &str = "xtask/tidy/long-files.txt";
const LINES_MAX: usize = 400;
/// Made by scripts/python-types.sh.
const MADE: [&str; 1] = ["sdk/python/src/vostro_client/models.py"];
const SOURCES: [&str; 5] = [".rs", ".py", ".ts", ".sh", ".css"];
const HEADING: &str = "# Source files over 400 lines, with their size. A size may only shrink: `cargo xtask tidy --bless`.\n";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let allowed = allowed(tree);
    let mut findings = Vec::new();
    for (path, lines) in sizes(tree) {
        match allowed.get(path) {
            None if lines > LINES_MAX => findings.push(Finding::new(
                path,
                format!("has {lines} lines; split it by what it does (limit {LINES_MAX})"),
            )),
            Some(&limit) if lines > limit => findings.push(Finding::new(
                path,
                format!("grew from {limit} to {lines} lines; a long file may only shrink"),
            )),
            Some(&limit) if lines < limit => findings.push(Finding::new(
                path,
                format!("shrank from {limit} to {lines} lines; keep that with `cargo xtask tidy --bless`"),
            )),
            _ => {}
        }
    }
    for path in allowed.keys().filter(|path| tree.text(path).is_none()) {
        findings.push(Finding::new(
            ALLOWED,
            format!("names {path}, which is gone"),
        ));
    }
    findings
}

/// The list with the sizes of today, where they are smaller. A file that is not in the list does not get in.
pub(super) fn blessed(tree: &Tree) -> String {
    let today: BTreeMap<&str, usize> = sizes(tree).collect();
    let mut text = HEADING.to_owned();
    for (path, limit) in allowed(tree) {
        if let Some(&lines) = today.get(path) {
            let lines = lines.min(limit);
            if lines > LINES_MAX {
                let _ = writeln!(text, "{lines} {path}");
            }
        }
    }
    text
}

fn sizes(tree: &Tree) -> impl Iterator<Item = (&str, usize)> {
    tree.texts(&SOURCES)
        .filter(|(path, _)| !MADE.contains(path))
        .map(|(path, text)| (path, text.lines().count()))
}

fn allowed(tree: &Tree) -> BTreeMap<&str, usize> {
    let rows = tree.text(ALLOWED).unwrap_or_default().lines();
    rows.filter_map(|row| {
        let (lines, path) = row.split_once(' ')?;
        Some((path, lines.parse().ok()?))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(lines: usize, list: &str) -> Tree {
        Tree::of(&[("a.rs", &"x\n".repeat(lines)), (ALLOWED, list)])
    }

    #[test]
    fn sizes_only_shrink() {
        // lines of the file, the list, whether it passes
        let table = [
            (400, "", true),
            (401, "", false),
            (500, "500 a.rs", true),
            (501, "500 a.rs", false),
            (499, "500 a.rs", false),
            (10, "500 gone.rs", false),
        ];
        for (lines, list, passes) in table {
            assert_eq!(
                check(&tree(lines, list)).is_empty(),
                passes,
                "{lines} lines, list {list:?}"
            );
        }
    }

    #[test]
    fn a_blessing_only_shrinks() {
        let rows = |lines, list| blessed(&tree(lines, list)).replace(HEADING, "");
        assert_eq!(rows(450, "500 a.rs"), "450 a.rs\n");
        assert_eq!(rows(550, "500 a.rs"), "500 a.rs\n");
        assert_eq!(rows(400, "500 a.rs"), "");
        assert_eq!(rows(450, ""), "", "a new long file is not let in");
    }

    #[test]
    fn what_is_no_source_may_be_long() {
        assert_eq!(check(&Tree::of(&[("a.md", &"x\n".repeat(900))])), []);
    }
}
