//! The guardrails' weights are those that the recipe beside them names, and so are the templates that they were learnt
//! from. Articles of the knowledge base are learnt from, too, and change more often than weights are made: that they
//! are others by now is said and is no breach.

use sha2::{Digest as _, Sha256};

use super::Finding;
use super::tree::Tree;
use crate::train_guardrails::inputs::{GROUPS, RECIPE, TASKS, checksum, line, read_for};

const FOLDER: &str = "crates/vostro-guardrails/weights/";
const AGAIN: &str = "`cargo xtask train guardrails` makes the weights anew";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(recipe) = tree.text(RECIPE) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (name, sum) in recipe.lines().filter_map(weights) {
        let path = format!("{FOLDER}{name}");
        let file = tree.files().find(|(p, _)| *p == path);
        if file.is_none_or(|(_, bytes)| hex::encode(Sha256::digest(bytes)) != sum) {
            let what = format!("is not what {RECIPE} names: {AGAIN}");
            findings.push(Finding::new(path, what));
        }
    }
    if !as_learnt(tree, recipe, 0) {
        let what = format!("is not what the weights were learnt from: {AGAIN}");
        findings.push(Finding::new(GROUPS[0].1, what));
    }
    findings
}

/// What is worth knowing and no breach.
pub(super) fn note(tree: &Tree) -> Option<String> {
    let recipe = tree.text(RECIPE)?;
    let said = format!(
        "{} is not what the guardrails' weights were learnt from: the next training makes others",
        GROUPS[1].1
    );
    (!as_learnt(tree, recipe, 1)).then_some(said)
}

/// "- name.bin checksum".
fn weights(line: &str) -> Option<(&str, &str)> {
    let (name, sum) = line.strip_prefix("- ")?.split_once(' ')?;
    let weights = name.split_once('.').is_some_and(|(_, end)| end == "bin");
    weights.then_some((name, sum))
}

/// Whether a group's files are those that the recipe names, for every task.
fn as_learnt(tree: &Tree, recipe: &str, group: usize) -> bool {
    let (name, folder, ending) = GROUPS[group];
    let inside = |path: &str| {
        let below = path
            .strip_prefix(folder)
            .is_some_and(|p| p.starts_with('/'));
        below && path.ends_with(ending)
    };
    TASKS.into_iter().all(|task| {
        let read = tree
            .files()
            .filter(|(path, _)| inside(path) && read_for(task, path));
        let sum = checksum(read);
        recipe.lines().any(|l| l == line(name, task, &sum))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHTS: &str = "crates/vostro-guardrails/weights/document.bin";
    const TEMPLATE: &str = "evals/guardrails/templates/benign.toml";
    const ARTICLE: &str = "knowledge-base/fees/fees.md";

    #[test]
    fn what_is_not_as_it_was_learnt_is_noticed() {
        let sum = |path, text: &'static str| checksum([(path, text.as_bytes())].into_iter());
        let learnt = |task| {
            let templates = line("templates", task, &sum(TEMPLATE, "t"));
            let articles = line("articles", task, &sum(ARTICLE, "a"));
            format!("{templates}\n{articles}\n")
        };
        let recipe = format!(
            "# Recipe\n\n{}- document.bin {}\n",
            TASKS.map(learnt).concat(),
            hex::encode(Sha256::digest("w")),
        );
        for (weights, template, article, breaches, noted) in [
            ("w", "t", "a", vec![], false),
            ("w", "t", "b", vec![], true),
            ("w", "u", "a", vec!["evals/guardrails/templates"], false),
            ("v", "t", "a", vec![WEIGHTS], false),
        ] {
            let tree = Tree::of(&[
                (RECIPE, &recipe),
                (WEIGHTS, weights),
                (TEMPLATE, template),
                (ARTICLE, article),
                ("knowledge-base/notes.txt", "read by nobody"),
            ]);
            let found = check(&tree);
            let places: Vec<&str> = found.iter().map(|f| f.place.as_str()).collect();
            assert_eq!((places, note(&tree).is_some()), (breaches, noted));
        }
    }
}
