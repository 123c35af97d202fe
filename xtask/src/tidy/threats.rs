//! The threat model names a test for every row, and the tests are there.
//!
//! A row is a line of a table with a column "held by"; what stands there in backticks is the name of a test function.
//! Whether the test holds what the row says is for the reader.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::Tree;

const FILE: &str = "docs/security/threat-model.md";
const COLUMN: &str = "held by";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(FILE) else {
        return vec![Finding::new(FILE, "is missing")];
    };
    let tests = tests(tree);
    let mut findings = Vec::new();
    let mut in_table = false;
    for (index, line) in text.lines().enumerate() {
        let Some(cell) = last_cell(line) else {
            in_table = false;
            continue;
        };
        if cell == COLUMN {
            in_table = true;
        } else if in_table && (cell.is_empty() || !cell.chars().all(|c| c == '-')) {
            let names: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
            if names.is_empty() {
                findings.push(Finding::at_line(FILE, index + 1, "names no test"));
            }
            for name in names.into_iter().filter(|name| !tests.contains(name)) {
                let what = format!("names the test `{name}`, which does not exist");
                findings.push(Finding::at_line(FILE, index + 1, what));
            }
        }
    }
    findings
}

/// The last cell of a table's row.
fn last_cell(line: &str) -> Option<&str> {
    let row = line.strip_prefix('|')?.trim_end().strip_suffix('|')?;
    row.rsplit('|').next().map(str::trim)
}

/// What a case of a suite that every driver passes takes; a macro makes a test of each.
const CASE: &str = "<B: Backend>()";

/// The names of all test functions: those on the line after `#[test]` or its kin, further attributes passed over, and
/// the cases of a suite.
fn tests(tree: &Tree) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for (_, text) in tree.texts(&[".rs"]) {
        let mut after_mark = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[") {
                after_mark |= line.starts_with("#[test]") || line.contains("::test");
            } else if !line.starts_with("//") {
                if (after_mark || line.contains(CASE))
                    && let Some((_, rest)) = line.split_once("fn ")
                {
                    names.extend(rest.split(['(', '<']).next());
                }
                after_mark = false;
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "//! A.\n#[test]\nfn a_b() {}\n#[tokio::test(flavor = \"x\")]\n#[cfg(unix)]\nasync fn c_d() {}\nfn e_f() {}\n\
        pub async fn g_h<B: Backend>() {}\n";

    fn found(row: &str) -> usize {
        let page = format!(
            "# Threats\n\n| threat | held by |\n|---|---|\n{row}\n\n| other | table |\n|---|---|\n| a | b |\n"
        );
        check(&Tree::of(&[(FILE, &page), ("a.rs", SOURCE)])).len()
    }

    #[test]
    fn rows_name_tests_that_are_there() {
        let table = [
            ("| a | `a_b` |", 0),
            ("| a | `a_b`, `c_d`. Open: more |", 0),
            ("| a | `g_h` |", 0),
            ("| a | `e_f` |", 1),
            ("| a | `gone`, `a_b` |", 1),
            ("| a | nothing |", 1),
            ("| a | |", 1),
        ];
        for (row, findings) in table {
            assert_eq!(found(row), findings, "{row}");
        }
        assert_eq!(check(&Tree::default()).len(), 1);
    }
}
