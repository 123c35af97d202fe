//! Texts made from the project's own templates and from its own articles.

use super::{Dice, Sample, WIDTH, inputs, labels};
use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
struct Templates {
    family: Vec<Family>,
    lists: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Family {
    name: String,
    heads: Vec<String>,
    count: usize,
    texts: Vec<String>,
}

/// Expands a file of templates; `file` is its name and tells what its families are.
pub(super) fn read(path: &Path, file: &str, dice: &mut Dice, out: &mut Vec<Sample>) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let templates: Templates = toml::from_str(&text).with_context(|| path.display().to_string())?;
    for family in &templates.family {
        let labels = labels(file, &family.heads).with_context(|| family.name.clone())?;
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..family.count {
            let Some(template) = dice.pick(&family.texts) else {
                continue;
            };
            let text = expand(template, &templates.lists, dice, 0)?;
            let text = tidied(&text);
            if seen.insert(text.clone()) {
                let source = format!("{file}/{}", family.name);
                out.push(Sample::new(&source, &text, labels, 1.0));
            }
        }
    }
    Ok(())
}

/// Single spaces, and the line ends as they are.
fn tidied(text: &str) -> String {
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = text.trim().lines().map(line).collect();
    lines.join("\n")
}

/// Replaces `<list>` by one of its entries, to a small depth; names that are no list stay.
fn expand(
    template: &str,
    lists: &BTreeMap<String, Vec<String>>,
    dice: &mut Dice,
    depth: usize,
) -> Result<String> {
    ensure!(depth < 8, "lists refer to each other: {template}");
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('<') {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let name = tail.find('>').and_then(|close| tail.get(1..close));
        if let Some((name, entry)) = name.and_then(|n| Some((n, dice.pick(lists.get(n)?)?))) {
            out.push_str(&expand(entry, lists, dice, depth + 1)?);
            rest = tail.get(name.len() + 2..).unwrap_or_default();
        } else {
            out.push('<');
            rest = tail.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// The project's own articles and guides: long texts with orders to people and none to a model.
pub(super) fn articles(root: &Path, out: &mut Vec<Sample>) -> Result<()> {
    for path in inputs::articles(root)? {
        let text = fs::read_to_string(&path)?;
        for part in text.split("\n\n").filter(|p| p.len() > 40) {
            out.push(Sample::new("articles", part, [Some(false); WIDTH], 1.0));
        }
    }
    Ok(())
}
