//! A migration that has landed never changes: databases in the field have run it. Their checksums are written down.
//!
//! A new migration is added to the list by `cargo xtask tidy --bless`, which never touches a line that is there.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::Finding;
use super::tree::Tree;

/// The checksums: `sha256  path`, one a line, as `sha256sum` prints them.
pub(super) const FROZEN: &str = "xtask/tidy/migrations.sha256";
const FOLDER: &str = "crates/vostro-store/migrations/";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let frozen = frozen(tree);
    let today = today(tree);
    let mut findings = Vec::new();
    for (path, sum) in &today {
        match frozen.get(path) {
            None => findings.push(Finding::new(
                *path,
                "is new and not written down: `cargo xtask tidy --bless`, then it is frozen",
            )),
            Some(landed) if *landed != sum => findings.push(Finding::new(
                *path,
                "has landed and must not change: write a new migration",
            )),
            Some(_) => {}
        }
    }
    for path in frozen.keys().filter(|path| !today.contains_key(*path)) {
        findings.push(Finding::new(*path, "has landed and must not go"));
    }
    findings
}

/// The list with what is new at its place; what was there stays as it was.
pub(super) fn blessed(tree: &Tree) -> String {
    let mut rows = today(tree);
    rows.extend(
        frozen(tree)
            .into_iter()
            .map(|(path, sum)| (path, sum.to_owned())),
    );
    rows.iter().fold(String::new(), |mut text, (path, sum)| {
        let _ = writeln!(text, "{sum}  {path}");
        text
    })
}

fn frozen(tree: &Tree) -> BTreeMap<&str, &str> {
    let rows = tree.text(FROZEN).unwrap_or_default().lines();
    rows.filter_map(|row| row.split_once("  "))
        .map(|(sum, path)| (path, sum))
        .collect()
}

fn today(tree: &Tree) -> BTreeMap<&str, String> {
    tree.files()
        .filter(|(path, _)| path.starts_with(FOLDER))
        .map(|(path, bytes)| (path, hex::encode(Sha256::digest(bytes))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "crates/vostro-store/migrations/sqlite/V1__a.sql";
    const TWO: &str = "crates/vostro-store/migrations/sqlite/V2__b.sql";

    #[test]
    fn landed_is_frozen() {
        let list = blessed(&Tree::of(&[(ONE, "CREATE TABLE a;")]));
        let landed = (FROZEN, list.as_str());
        let table = [
            ("as landed", vec![(ONE, "CREATE TABLE a;"), landed], 0),
            ("changed", vec![(ONE, "CREATE TABLE b;"), landed], 1),
            ("gone", vec![landed], 1),
            (
                "one more",
                vec![(ONE, "CREATE TABLE a;"), (TWO, "CREATE TABLE b;"), landed],
                1,
            ),
            ("never written down", vec![(ONE, "CREATE TABLE a;")], 1),
        ];
        for (name, files, findings) in table {
            assert_eq!(check(&Tree::of(&files)).len(), findings, "{name}");
        }
    }

    #[test]
    fn a_blessing_adds_and_never_changes() {
        let landed = blessed(&Tree::of(&[(ONE, "CREATE TABLE a;")]));
        let later = Tree::of(&[
            (ONE, "changed"),
            (TWO, "CREATE TABLE b;"),
            (FROZEN, &landed),
        ]);
        let list = blessed(&later);
        assert!(list.starts_with(&landed), "{list}");
        assert_eq!(list.lines().count(), 2);
    }
}
