//! Reading the intents' files and filling words in braces.
//!
//! A file has `about:` and `does:`, an empty line, then an utterance a line; `[es]` begins the Spanish
//! ones. Anything else is an error that names the file.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use vostro_classifier::rng::SplitMix;

/// An intent as its file has it.
pub(super) struct Intent {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) does: String,
    pub(super) utterances: Vec<String>,
    /// How many of the utterances are in English.
    pub(super) english: usize,
}

/// What words in braces stand for.
pub(super) struct Values(HashMap<String, Vec<String>>);

impl Values {
    fn read(text: &str) -> Result<Self> {
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        let pairs = lines.map(|line| {
            let (name, values) = line
                .split_once(':')
                .with_context(|| format!("values: {line}"))?;
            let values = values
                .split('|')
                .map(|value| value.trim().to_owned())
                .collect();
            Ok((name.to_owned(), values))
        });
        pairs.collect::<Result<_>>().map(Self)
    }

    /// Puts a value for each word in braces.
    pub(super) fn fill(&self, utterance: &str, rng: &mut SplitMix) -> String {
        let mut filled = String::new();
        let mut rest = utterance;
        while let Some((before, name, after)) = braces(rest) {
            filled.push_str(before);
            if let Some(values) = self.0.get(name) {
                filled.push_str(
                    values
                        .get(rng.below(values.len()))
                        .map_or("", String::as_str),
                );
            }
            rest = after;
        }
        filled + rest
    }

    fn check(&self, utterance: &str) -> Result<()> {
        let mut rest = utterance;
        while let Some((_, name, after)) = braces(rest) {
            ensure!(
                self.0.contains_key(name),
                "{utterance:?}: no values for {name:?}"
            );
            rest = after;
        }
        ensure!(!rest.contains(['{', '}']), "{utterance:?}: a brace alone");
        Ok(())
    }
}

fn braces(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// Reads every intent of the folder, by name, and the values.
pub(super) fn read(folder: &Path) -> Result<(Vec<Intent>, Values)> {
    let values = folder.join("_values.txt");
    let values = fs::read_to_string(&values).with_context(|| values.display().to_string())?;
    let values = Values::read(&values)?;
    let mut intents = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        if stem.starts_with('_') || path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let intent = parse(stem, &text, &values).with_context(|| path.display().to_string())?;
        intents.push(intent);
    }
    intents.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((intents, values))
}

fn parse(name: &str, text: &str, values: &Values) -> Result<Intent> {
    let mut lines = text.lines();
    let mut field = |key: &str| {
        let line = lines.next().unwrap_or_default();
        let value = line
            .strip_prefix(key)
            .and_then(|rest| rest.strip_prefix(": "));
        value
            .map(str::to_owned)
            .with_context(|| format!("no `{key}: ` where it should stand"))
    };
    let (about, does) = (field("about")?, field("does")?);
    let mut utterances: Vec<String> = Vec::new();
    let mut english = None;
    for line in lines.filter(|line| !line.is_empty()) {
        if line == "[es]" {
            english = Some(utterances.len());
            continue;
        }
        values.check(line)?;
        if utterances.iter().any(|known| known == line) {
            bail!("{line:?} stands twice");
        }
        utterances.push(line.to_owned());
    }
    Ok(Intent {
        name: name.to_owned(),
        about,
        does,
        english: english.unwrap_or(utterances.len()),
        utterances,
    })
}
