//! What settings there are, read off the section structs: key, help, kind, range and default.
//!
//! One description serves the check of values, the suggestion for a mistyped key, the coercion of
//! environment variables and the reference page, so none of them can drift from the code.

use std::fmt;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Config;

/// What a setting takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// True or false.
    Boolean,
    /// A whole number, both ends included.
    Integer { min: i128, max: i128 },
    /// Any text; what it must be beyond that is the section's own check.
    Text,
    /// An IP address.
    Address,
    /// One of a few words, each with its meaning.
    Choice(Vec<(String, String)>),
    /// Several texts.
    Texts,
    /// Several tables with these settings.
    Tables(Vec<Key>),
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean => f.write_str("`true` or `false`"),
            Self::Integer { min, max } if *max >= i128::from(i64::MAX) => {
                write!(f, "a whole number from {min}")
            }
            Self::Integer { min, max } => write!(f, "a whole number from {min} to {max}"),
            Self::Text => f.write_str("text"),
            Self::Address => f.write_str("an IP address such as `127.0.0.1`, `0.0.0.0` or `::1`"),
            Self::Texts => f.write_str("a list of texts"),
            Self::Tables(_) => f.write_str("a list of tables, with the keys below"),
            Self::Choice(words) => {
                for (index, (word, _)) in words.iter().enumerate() {
                    let joint = if index == 0 { "" } else { ", " };
                    write!(f, "{joint}`{word}`")?;
                }
                Ok(())
            }
        }
    }
}

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key {
    /// `section.name`.
    pub dotted: String,
    /// What it is for.
    pub about: String,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may be left without a value.
    pub optional: bool,
    /// Whether its value is never shown.
    pub secret: bool,
    /// Its default; null when it has none.
    pub default: Value,
}

impl Key {
    /// The environment variable that sets it.
    pub(super) fn variable(&self) -> String {
        format!(
            "VOSTRO__{}",
            self.dotted.to_ascii_uppercase().replace('.', "__")
        )
    }

    /// Reads text (an environment variable, a flag) as what the setting takes. Text of the wrong kind
    /// stays text, for the check to refuse with its place. `None`: not set, by an empty value.
    pub(super) fn read(&self, text: &str) -> Option<Value> {
        if text.is_empty() && self.optional {
            return None;
        }
        let read = match self.kind {
            Kind::Boolean => text.parse().ok().map(Value::Bool),
            Kind::Integer { .. } => text
                .parse::<u64>()
                .map(Value::from)
                .or_else(|_| text.parse::<i64>().map(Value::from))
                .ok(),
            Kind::Texts | Kind::Tables(_) => serde_json::from_str(text).ok(),
            Kind::Text | Kind::Address | Kind::Choice(_) => None,
        };
        Some(read.unwrap_or_else(|| Value::String(text.to_owned())))
    }

    /// What a value has that the setting does not take: the dotted key, and why.
    pub(super) fn refusals(&self, value: &Value) -> Vec<(String, String)> {
        if let (Kind::Tables(keys), Value::Array(tables)) = (&self.kind, value) {
            let places = (0..).map(|index: u32| format!("{}[{index}]", self.dotted));
            return places
                .zip(tables)
                .flat_map(|(place, table)| table_refusals(&place, keys, table))
                .collect();
        }
        let reason = self.refuse(value);
        reason
            .map(|reason| (self.dotted.clone(), reason))
            .into_iter()
            .collect()
    }

    /// Why a value is not one that the setting takes.
    pub(super) fn refuse(&self, value: &Value) -> Option<String> {
        let fits = match (&self.kind, value) {
            (_, Value::Null) => self.optional,
            // What is in tables is `refusals`' matter.
            (Kind::Boolean, Value::Bool(_))
            | (Kind::Text, Value::String(_))
            | (Kind::Tables(_), Value::Array(_)) => true,
            (Kind::Address, Value::String(text)) => text.parse::<std::net::IpAddr>().is_ok(),
            (Kind::Choice(words), Value::String(text)) => {
                words.iter().any(|(word, _)| word == text)
            }
            (Kind::Texts, Value::Array(texts)) => texts.iter().all(Value::is_string),
            (Kind::Integer { min, max }, Value::Number(number)) => number
                .as_i128()
                .is_some_and(|number| (*min..=*max).contains(&number)),
            _ => false,
        };
        let shown = if self.secret {
            "***".to_owned()
        } else {
            super::conceal(&value.to_string())
        };
        (!fits).then(|| format!("{shown} does not fit; allowed: {}", self.kind))
    }
}

/// What one of several tables has that does not fit.
fn table_refusals(place: &str, keys: &[Key], table: &Value) -> Vec<(String, String)> {
    let Value::Object(members) = table else {
        return vec![(place.to_owned(), "is no table".to_owned())];
    };
    let name = |key: &Key| key.dotted.rsplit('.').next().unwrap_or_default().to_owned();
    let names: Vec<String> = keys.iter().map(name).collect();
    let mut refusals = Vec::new();
    for unknown in members.keys().filter(|member| !names.contains(member)) {
        let reason = match nearest(unknown, names.iter().map(String::as_str)) {
            Some(near) => format!("there is no such key; did you mean `{near}`?"),
            None => format!("there is no such key; allowed: {}", names.join(", ")),
        };
        refusals.push((format!("{place}.{unknown}"), reason));
    }
    for (key, name) in keys.iter().zip(&names) {
        let reason = match members.get(name) {
            Some(value) => key.refuse(value),
            None if key.optional => None,
            None => Some(format!("is missing; allowed: {}", key.kind)),
        };
        refusals.extend(reason.map(|reason| (format!("{place}.{name}"), reason)));
    }
    refusals
}

/// One section of the file.
#[derive(Debug, Clone)]
pub(super) struct Section {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// Its settings, in the order of the struct.
    pub keys: Vec<Key>,
}

/// All sections, in the order of [`Config`].
pub(super) fn sections() -> Vec<Section> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let schema = settings.into_generator().into_root_schema_for::<Config>();
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    properties(schema.as_value())
        .map(|(name, section)| Section {
            name: name.clone(),
            about: about(section),
            keys: properties(section)
                .map(|(key, schema)| Key {
                    dotted: format!("{name}.{key}"),
                    about: about(schema),
                    kind: kind(schema),
                    optional: is_optional(schema),
                    secret: schema.get("x-secret") == Some(&Value::Bool(true)),
                    default: defaults
                        .get(name)
                        .and_then(|section| section.get(key))
                        .cloned()
                        .unwrap_or_default(),
                })
                .collect(),
        })
        .collect()
}

/// The setting that a mistyped one was most likely meant to be.
pub(super) fn nearest<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const ALIKE: f64 = 0.8;
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(text, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn about(schema: &Value) -> String {
    let text = schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_optional(schema: &Value) -> bool {
    schema
        .get("type")
        .and_then(Value::as_array)
        .is_some_and(|types| types.iter().any(|one| one == "null"))
}

/// The settings of one of several tables. What has a default may be left out.
fn table_keys(table: &Value) -> Vec<Key> {
    let required = table.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|it| it == name));
    properties(table)
        .map(|(name, schema)| Key {
            dotted: name.clone(),
            about: about(schema),
            kind: kind(schema),
            optional: !is_required(name),
            secret: false,
            default: schema.get("default").cloned().unwrap_or_default(),
        })
        .collect()
}

fn kind(schema: &Value) -> Kind {
    if let Some(words) = schema.get("oneOf").and_then(Value::as_array) {
        let word = |one: &Value| Some((one.get("const")?.as_str()?.to_owned(), about(one)));
        return Kind::Choice(words.iter().filter_map(word).collect());
    }
    let is = |wanted: &str| match schema.get("type") {
        Some(Value::String(one)) => one == wanted,
        Some(Value::Array(types)) => types.iter().any(|one| one == wanted),
        _ => false,
    };
    let bound = |name: &str, otherwise| {
        schema
            .get(name)
            .and_then(Value::as_number)
            .and_then(serde_json::Number::as_i128)
            .unwrap_or(otherwise)
    };
    if is("array") {
        let item = schema.get("items").unwrap_or(&Value::Null);
        return match item.get("properties") {
            Some(_) => Kind::Tables(table_keys(item)),
            None => Kind::Texts,
        };
    }
    if is("boolean") {
        Kind::Boolean
    } else if is("integer") {
        Kind::Integer {
            min: bound("minimum", i128::from(i64::MIN)),
            max: bound("maximum", i128::from(u64::MAX)),
        }
    } else if schema.get("format").and_then(Value::as_str) == Some("ip") {
        Kind::Address
    } else {
        Kind::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_says_what_it_is_for() {
        let mut seen = 0;
        for section in sections() {
            assert!(section.about.ends_with('.'), "{}", section.name);
            for key in section.keys {
                assert!(key.about.ends_with('.'), "{} lacks a sentence", key.dotted);
                let default_fits = key.refuse(&key.default).is_none();
                assert!(
                    default_fits,
                    "{}: {:?}",
                    key.dotted,
                    key.refuse(&key.default)
                );
                seen += 1;
            }
        }
        assert!(seen > 20, "only {seen} settings were found");
    }

    #[test]
    fn the_nearest_key_is_suggested_and_a_far_one_is_not() {
        let keys = [
            "server.host",
            "server.rag_port",
            "limits.requests_per_minute",
        ];
        let cases = [
            ("server.hots", Some("server.host")),
            ("server.ragport", Some("server.rag_port")),
            (
                "limits.request_per_minute",
                Some("limits.requests_per_minute"),
            ),
            ("zzz", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(nearest(text, keys), expected, "{text}");
        }
    }
}
