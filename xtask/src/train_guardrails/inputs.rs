//! What the guardrails' weights are learnt from besides pinned packages, as one checksum of the templates and one of
//! the articles. The recipe names them, so whether the same weights can be made again is seen without making them.

use super::{HARM, SAID};
use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The recipe, from the root.
pub(crate) const RECIPE: &str = "crates/vostro-guardrails/weights/RECIPE.md";
const TEMPLATES: &str = "evals/guardrails/templates";
const ARTICLES: &str = "knowledge-base";

/// What is learnt apart.
pub(crate) const TASKS: [&str; 2] = ["injection", "safety"];

/// A group of files: what the recipe calls it, the folder, the ending.
pub(crate) const GROUPS: [(&str, &str, &str); 2] = [
    ("templates", TEMPLATES, ".toml"),
    ("articles", ARTICLES, ".md"),
];

/// The recipe's lines about what the weights for a task were learnt from: the files as they are, or where the weights
/// are kept what the recipe has said.
pub(super) fn lines(root: &Path, task: &str, kept: bool) -> Result<String> {
    let mut lines = String::new();
    if kept {
        let recipe = fs::read_to_string(root.join(RECIPE))?;
        for (name, ..) in GROUPS {
            let said = recipe
                .lines()
                .find(|l| l.starts_with(&line(name, task, "")));
            lines.push_str(said.with_context(|| format!("no {name} for {task} in {RECIPE}"))?);
            lines.push('\n');
        }
        return Ok(lines);
    }
    for (name, folder, ending) in GROUPS {
        let mut files = BTreeMap::new();
        for path in below(root, folder, ending)? {
            let place = path.strip_prefix(root)?;
            let parts: Vec<_> = place.iter().map(|p| p.to_string_lossy()).collect();
            let place = parts.join("/");
            if read_for(task, &place) {
                files.insert(place, fs::read(&path)?);
            }
        }
        let sum = checksum(files.iter().map(|(p, b)| (p.as_str(), b.as_slice())));
        lines.push_str(&line(name, task, &sum));
        lines.push('\n');
    }
    Ok(lines)
}

/// Whether what is learnt for a task is learnt from this file, too: some templates are read for one alone.
pub(crate) fn read_for(task: &str, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let other: &[_] = if task == TASKS[0] { &HARM } else { &SAID };
    let among = |(other, _): &(&str, &str)| name.strip_suffix(".toml") == Some(other);
    !other.iter().any(among)
}

/// How the recipe says what a group's checksum is.
pub(crate) fn line(name: &str, task: &str, sum: &str) -> String {
    format!("- {name}, for {task} {sum}")
}

/// One checksum of some files, in the order of their paths.
pub(crate) fn checksum<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut all = Sha256::new();
    for (path, bytes) in files {
        let sum = hex::encode(Sha256::digest(bytes));
        all.update(format!("{sum}  {path}\n"));
    }
    hex::encode(all.finalize())
}

/// The project's own articles and guides, in order.
pub(super) fn articles(root: &Path) -> Result<Vec<PathBuf>> {
    below(root, ARTICLES, ".md")
}

/// The files below a folder whose names end so, in order.
fn below(root: &Path, folder: &str, ending: &str) -> Result<Vec<PathBuf>> {
    let mut folders = vec![root.join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
