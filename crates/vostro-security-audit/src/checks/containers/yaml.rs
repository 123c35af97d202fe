//! Reading YAML, and finding the line of what was read: the parser tells values, not places.

use serde::Deserialize as _;
use yaml_serde::{Deserializer, Value};

use crate::project::ends;

pub(super) fn is_yaml(path: &str) -> bool {
    ends(path, &[".yaml", ".yml"])
}

/// The documents of a file, with what `<<` merges in; what cannot be read ends the list.
pub(super) fn documents(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for document in Deserializer::from_str(text) {
        match Value::deserialize(document) {
            // A merge of what is no mapping leaves the value as it stands.
            Ok(mut value) => {
                let _ = value.apply_merge();
                found.push(value);
            }
            Err(_) => break,
        }
    }
    found
}

/// The line, from 0, on which the last of `marks` stands, each looked for after the one before. Marks that are not
/// there are passed over.
pub(super) fn line(text: &str, marks: &[&str]) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    for mark in marks {
        let from = lines.get(at..).unwrap_or_default();
        if let Some(further) = from.iter().position(|line| line.contains(mark)) {
            at += further;
        }
    }
    at
}

/// A part of a value by its path of keys.
pub(super) fn part<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().try_fold(value, |value, key| value.get(*key))
}

/// The members of a mapping whose keys are text.
pub(super) fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let mapping = value.and_then(Value::as_mapping);
    mapping
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.as_str()?, value)))
}

/// The items of a list.
pub(super) fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_sequence).into_iter().flatten()
}

/// A scalar as text.
pub(super) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
