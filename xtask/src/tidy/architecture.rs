//! `ARCHITECTURE.md` stays short and names only what exists.
//!
//! A path is what stands in backticks and either ends in a known file ending or starts with a folder of the
//! tree. It may be written from the root or from any folder (`turn.rs`), and may use `{a,b}`. Prose is not checked.

use super::Finding;
use super::tree::Tree;

const FILE: &str = "ARCHITECTURE.md";
const LINES_MAX: usize = 400;
const ENDINGS: [&str; 9] = [
    ".rs", ".toml", ".md", ".sql", ".py", ".txt", ".yaml", ".jsonl", ".lock",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(FILE) else {
        return vec![Finding::new(FILE, "is missing")];
    };
    let mut findings = Vec::new();
    let lines = text.lines().count();
    if lines >= LINES_MAX {
        findings.push(Finding::new(
            FILE,
            format!("has {lines} lines; keep it under {LINES_MAX}"),
        ));
    }
    for (index, line) in text.lines().enumerate() {
        for path in code_spans(line)
            .flat_map(expand)
            .filter(|span| is_path(tree, span))
        {
            if !tree.has(&path) {
                findings.push(Finding::at_line(
                    FILE,
                    index + 1,
                    format!("`{path}` does not exist"),
                ));
            }
        }
    }
    findings
}

/// What stands between backticks on this line.
fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// `a/{b,c}.rs` as `a/b.rs` and `a/c.rs`; one pair of braces.
fn expand(span: &str) -> Vec<String> {
    let parts = span.split_once('{').and_then(|(before, rest)| {
        let (inner, after) = rest.split_once('}')?;
        Some((before, inner, after))
    });
    match parts {
        Some((before, inner, after)) => inner
            .split(',')
            .map(|choice| format!("{before}{}{after}", choice.trim()))
            .collect(),
        None => vec![span.to_owned()],
    }
}

fn is_path(tree: &Tree, span: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if span.is_empty() || span.starts_with('/') || !span.chars().all(plain) {
        return false;
    }
    let first = span.split('/').next().unwrap_or_default();
    let in_a_folder = span.contains('/')
        && tree
            .files()
            .any(|(path, _)| path.split('/').next() == Some(first));
    in_a_folder
        || ENDINGS
            .iter()
            .any(|ending| span.ends_with(ending) && span != *ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let tree = Tree::of(&[
            (FILE, text),
            ("crates/a/src/turn.rs", ""),
            ("crates/a/src/lib.rs", ""),
            ("policies/pii.toml", ""),
        ]);
        check(&tree)
            .into_iter()
            .map(|finding| finding.to_string())
            .collect()
    }

    #[test]
    fn names_of_what_exists_pass() {
        let text = "`turn.rs`, `crates/a/`, `crates/a/src/{turn,lib}.rs`, `policies/pii.toml`, `src/lib.rs`";
        assert_eq!(found(text), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_path_is_left_alone() {
        let text = "`POST /api/v1/chat`, `/health`, `text/event-stream`, `Confirmed<T>`, `vostro_http::router`";
        assert_eq!(found(text), Vec::<String>::new());
    }

    #[test]
    fn names_of_what_is_gone_are_found() {
        for gone in [
            "gone.rs",
            "crates/b/",
            "crates/a/src/{turn,gone}.rs",
            "urn.rs",
        ] {
            assert_eq!(found(&format!("one\ntwo `{gone}`")).len(), 1, "{gone}");
        }
        assert_eq!(
            found("\n`gone.rs`"),
            ["ARCHITECTURE.md:2: `gone.rs` does not exist"]
        );
    }

    #[test]
    fn a_long_or_missing_page_is_found() {
        assert_eq!(found(&"line\n".repeat(LINES_MAX - 1)).len(), 0);
        assert_eq!(found(&"line\n".repeat(LINES_MAX)).len(), 1);
        assert_eq!(check(&Tree::default()).len(), 1);
    }
}
