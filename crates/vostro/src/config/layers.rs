//! Putting the layers together, and remembering which one each value came from.
//!
//! figment merges and keeps the origins; this file only turns each layer into what figment takes,
//! refuses keys that do not exist, and checks the result.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use figment::value::{Dict, Map, Value as Merged};
use figment::{Figment, Metadata, Provider};
use serde_json::{Value, json};

use super::schema::{self, Key, Section, nearest};
use super::{Config, ConfigError, Problem, Profile};

/// Variables of this shape set a key; the two that choose layers are read by the command line.
const PREFIX: &str = "VOSTRO__";
/// A variable by the name that its owner gave it, and the key that it sets below all of Vostro's own.
const BORROWED: (&str, &str) = ("TOGETHER_API_KEY", "llm.together_api_key");
const NOT_SETTINGS: [&str; 2] = ["VOSTRO__CONFIG", "VOSTRO__PROFILE"];

/// Where configuration comes from, apart from the defaults.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    /// The file to read.
    pub file: Option<PathBuf>,
    /// The profile to start from.
    pub profile: Option<Profile>,
    /// The environment's variables; others than Vostro's are passed over.
    pub environment: Vec<(String, String)>,
    /// What the command line sets.
    pub overrides: Vec<Override>,
}

/// A setting made on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Override {
    /// The dotted key.
    pub key: String,
    /// The value as text.
    pub value: String,
    /// The flag that set it, as the user knows it.
    pub flag: String,
}

/// A configuration that passed every check.
#[derive(Debug, Clone)]
pub(crate) struct Effective {
    /// The values.
    pub config: Config,
    /// For each dotted key, the layer that its value came from.
    pub origins: BTreeMap<String, String>,
    /// The file that was read.
    pub file: Option<PathBuf>,
}

/// Reads, merges and checks. All problems are reported at once.
pub(crate) fn load(sources: &Sources) -> Result<Effective, ConfigError> {
    let sections = schema::sections();
    let mut problems = Vec::new();
    let mut figment = Figment::from(Layer::new("default", json!(Config::default())));
    if let Some(profile) = sources.profile {
        figment = figment.merge(Layer::new(
            &format!("profile {}", profile.name()),
            profile.values(),
        ));
    }
    if let Some(path) = &sources.file {
        figment = figment.merge(read_file(path, &sections, &mut problems)?);
    }
    for layer in environment(&sources.environment, &sections, &mut problems) {
        figment = figment.merge(layer);
    }
    for layer in overrides(&sources.overrides, &sections, &mut problems) {
        figment = figment.merge(layer);
    }
    let origins = check(&figment, &sections, &mut problems);
    finish(&figment, problems, origins, sources.file.clone())
}

fn finish(
    figment: &Figment,
    mut problems: Vec<Problem>,
    origins: BTreeMap<String, String>,
    file: Option<PathBuf>,
) -> Result<Effective, ConfigError> {
    if !problems.is_empty() {
        return Err(ConfigError::Problems(problems));
    }
    let config = match figment.extract::<Config>() {
        Ok(config) => config,
        Err(error) => {
            let problem = Problem::new(&error.path.join("."), error.kind.to_string());
            return Err(ConfigError::Problems(vec![problem]));
        }
    };
    problems.extend(config.validate().into_iter().map(|problem| {
        match origins.get(setting_of(&problem.key)) {
            Some(origin) => problem.from(origin.as_str()),
            None => problem,
        }
    }));
    if problems.is_empty() {
        Ok(Effective {
            config,
            origins,
            file,
        })
    } else {
        Err(ConfigError::Problems(problems))
    }
}

/// The setting that a place in its value belongs to: `a.b` of `a.b[2].c`.
fn setting_of(place: &str) -> &str {
    place.split('[').next().unwrap_or(place)
}

/// Checks every merged value against its setting and notes where it came from.
fn check(
    figment: &Figment,
    sections: &[Section],
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let mut origins = BTreeMap::new();
    for key in sections.iter().flat_map(|section| &section.keys) {
        let origin = figment
            .find_metadata(&key.dotted)
            .map_or_else(|| "default".to_owned(), |found| found.name.to_string());
        let value = figment
            .find_value(&key.dotted)
            .ok()
            .and_then(|value| serde_json::to_value(value).ok())
            .unwrap_or_default();
        for (place, reason) in key.refusals(&value) {
            problems.push(Problem::new(&place, reason).from(&origin));
        }
        origins.insert(key.dotted.clone(), origin);
    }
    origins
}

fn read_file(
    path: &Path,
    sections: &[Section],
    problems: &mut Vec<Problem>,
) -> Result<Layer, ConfigError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::File(format!("{name} cannot be read: {error}")))?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        let before = error
            .span()
            .and_then(|span| text.get(..span.start))
            .unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        ConfigError::File(format!("{name}:{line}: {}", error.message().trim()))
    })?;
    let mut values = serde_json::Map::new();
    for (section_name, content) in table {
        let Some(section) = sections.iter().find(|section| section.name == section_name) else {
            let known = sections.iter().map(|section| section.name.as_str());
            problems.push(unknown(&section_name, "section", known).from(&name));
            continue;
        };
        let toml::Value::Table(content) = content else {
            let reason = format!("is a section; write `[{section_name}]` and its keys below");
            problems.push(Problem::new(&section_name, reason).from(&name));
            continue;
        };
        let mut kept = serde_json::Map::new();
        for (key, value) in content {
            let dotted = format!("{section_name}.{key}");
            if find(sections, &dotted).is_some() {
                kept.insert(key, serde_json::to_value(value).unwrap_or_default());
            } else {
                let near = section.keys.iter().map(|key| key.dotted.as_str());
                let all = keys(sections).map(|key| key.dotted.as_str());
                problems.push(unknown(&dotted, "key", near.chain(all)).from(&name));
            }
        }
        values.insert(section_name, Value::Object(kept));
    }
    Ok(Layer::new(&name, Value::Object(values)))
}

fn environment(
    variables: &[(String, String)],
    sections: &[Section],
    problems: &mut Vec<Problem>,
) -> Vec<Layer> {
    let known: Vec<(String, &Key)> = keys(sections).map(|key| (key.variable(), key)).collect();
    let borrowed = variables.iter().find(|(name, _)| name == BORROWED.0);
    let mut layers: Vec<Layer> = borrowed
        .zip(find(sections, BORROWED.1))
        .and_then(|((name, text), key)| Layer::of(name, key, text))
        .into_iter()
        .collect();
    for (name, text) in variables {
        if !name.starts_with(PREFIX) || NOT_SETTINGS.contains(&name.as_str()) {
            continue;
        }
        if let Some((_, key)) = known.iter().find(|(variable, _)| variable == name) {
            layers.extend(Layer::of(name, key, text));
        } else {
            let candidates = known.iter().map(|(variable, _)| variable.as_str());
            problems.push(unknown(name, "variable", candidates).from("the environment"));
        }
    }
    layers
}

fn overrides(
    overrides: &[Override],
    sections: &[Section],
    problems: &mut Vec<Problem>,
) -> Vec<Layer> {
    let mut layers = Vec::new();
    for given in overrides {
        if let Some(key) = find(sections, &given.key) {
            layers.extend(Layer::of(&given.flag, key, &given.value));
        } else {
            let candidates = keys(sections).map(|key| key.dotted.as_str());
            problems.push(unknown(&given.key, "key", candidates).from(&given.flag));
        }
    }
    layers
}

fn unknown<'a>(text: &str, what: &str, candidates: impl Iterator<Item = &'a str>) -> Problem {
    let reason = match nearest(text, candidates) {
        Some(near) => format!("there is no such {what}; did you mean `{near}`?"),
        None => format!("there is no such {what}; `vostro config` lists all that there are"),
    };
    Problem::new(text, reason)
}

fn keys(sections: &[Section]) -> impl Iterator<Item = &Key> {
    sections.iter().flat_map(|section| &section.keys)
}

fn find<'a>(sections: &'a [Section], dotted: &str) -> Option<&'a Key> {
    keys(sections).find(|key| key.dotted == dotted)
}

/// One layer, as figment takes it.
struct Layer {
    name: String,
    values: Value,
}

impl Layer {
    fn new(name: &str, values: Value) -> Self {
        Self {
            name: name.to_owned(),
            values,
        }
    }

    /// A layer of one setting; none when its text says "not set".
    fn of(name: &str, key: &Key, text: &str) -> Option<Self> {
        let (section, field) = key.dotted.split_once('.')?;
        let value = key.read(text)?;
        Some(Self::new(name, json!({ section: { field: value } })))
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<figment::Profile, Dict>, figment::Error> {
        let dict = Merged::serialize(&self.values)?
            .into_dict()
            .unwrap_or_default();
        Ok(Map::from([(figment::Profile::Default, dict)]))
    }
}

#[cfg(test)]
mod tests;
