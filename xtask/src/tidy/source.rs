//! Every source file opens with what it does; none holds unfinished code or a test that is off without a reason.

use super::Finding;
use super::tree::Tree;

/// Needles are put together, so that this file does not hold what it looks for.
const UNFINISHED: [&str; 2] = [concat!("to", "do!("), concat!("unimple", "mented!(")];
const IGNORED: &str = concat!("#[ig", "nore]");

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts(&[".rs"]) {
        if !text.starts_with("//!") {
            findings.push(Finding::at_line(
                path,
                1,
                "opens without `//!`: say what the file does and why",
            ));
        }
        for (index, line) in text.lines().enumerate() {
            if UNFINISHED.iter().any(|needle| line.contains(needle)) {
                findings.push(Finding::at_line(path, index + 1, "is unfinished"));
            }
            if line.trim_start().starts_with(IGNORED) {
                let what = "turns a test off without a reason: `#[ignore = \"why\"]`";
                findings.push(Finding::at_line(path, index + 1, what));
            }
        }
    }
    for (path, text) in tree.texts(&[".py"]) {
        // What is run by its name begins with the line that says by whom.
        let script = text
            .strip_prefix("#!")
            .and_then(|rest| rest.split_once('\n'));
        let text = script.map_or(text, |(_, rest)| rest);
        if !text.starts_with("\"\"\"") {
            findings.push(Finding::at_line(
                path,
                1,
                "opens without a docstring: say what the file does and why",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_breach_is_found_once() {
        let unfinished = format!("//! A file.\nfn f() {{ {}) }}\n", UNFINISHED[0]);
        let missing = format!("//! A file.\nfn f() {{ {}) }}\n", UNFINISHED[1]);
        let ignored = format!("//! A file.\n    {IGNORED}\n");
        let table = [
            ("a.rs", "//! A file.\nfn f() {}\n", 0),
            ("a.rs", "//! A file.\n#[ignore = \"needs a network\"]\n", 0),
            ("a.rs", "fn f() {}\n", 1),
            ("a.rs", "", 1),
            ("a.rs", unfinished.as_str(), 1),
            ("a.rs", missing.as_str(), 1),
            ("a.rs", ignored.as_str(), 1),
            ("a.py", "import os\n", 1),
            ("a.py", "\"\"\"A file.\"\"\"\n", 0),
            ("a.py", "#!/usr/bin/env python3\n\"\"\"A file.\"\"\"\n", 0),
            ("a.py", "#!/usr/bin/env python3\nimport os\n", 1),
            ("a.sql", "SELECT 1;\n", 0),
        ];
        for (path, text, findings) in table {
            assert_eq!(
                check(&Tree::of(&[(path, text)])).len(),
                findings,
                "{path}: {text}"
            );
        }
    }
}
