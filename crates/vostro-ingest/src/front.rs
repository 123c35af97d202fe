//! Markdown with front matter: YAML between `---` lines, as most tools have it, or TOML between `+++` lines.

use serde_json::{Map, Value};

use crate::Fault;
use crate::draft::Draft;

/// Reads a Markdown text. What is said beside it counts before its front matter.
pub(crate) fn read(text: &str, said: &Map<String, Value>) -> Result<Draft, Fault> {
    let (mut fields, body) = match split(text) {
        Some(("+++", front, body)) => (toml_fields(front)?, body),
        Some((_, front, body)) => (yaml_fields(front)?, body),
        None => (Map::new(), text),
    };
    fields.extend(said.clone());
    Draft::of(&fields, body.to_owned().into())
}

/// Mark, front matter and the rest; `None` where no front matter is closed.
fn split(text: &str) -> Option<(&'static str, &str, &str)> {
    let mark = ["---", "+++"].into_iter().find(|mark| {
        let rest = text.strip_prefix(mark);
        rest.is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with('\n'))
    })?;
    let rest = text.split_once('\n')?.1;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == mark {
            let (front, body) = (rest.get(..at)?, rest.get(at + line.len()..)?);
            return Some((mark, front, body));
        }
        at += line.len();
    }
    None
}

fn toml_fields(front: &str) -> Result<Map<String, Value>, Fault> {
    let table: toml::Table =
        toml::from_str(front).map_err(|error| Fault::broken("front matter", error.message()))?;
    let plain = |value: toml::Value| match value {
        toml::Value::Datetime(day) => Value::String(day.to_string()),
        other => serde_json::to_value(other).unwrap_or_default(),
    };
    Ok(table
        .into_iter()
        .map(|(name, value)| (name, plain(value)))
        .collect())
}

fn yaml_fields(front: &str) -> Result<Map<String, Value>, Fault> {
    if front.trim().is_empty() {
        return Ok(Map::new());
    }
    match yaml_serde::from_str(front) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Fault::broken("front matter", "it has no fields")),
        Err(error) => Err(Fault::broken("front matter", error)),
    }
}

/// The text of a first line that is a heading.
pub(crate) fn first_heading(body: &str) -> Option<String> {
    let line = body.lines().find(|line| !line.trim().is_empty())?;
    let hashes = line.len() - line.trim_start_matches('#').len();
    let title = line
        .get(hashes..)?
        .strip_prefix(' ')?
        .trim()
        .trim_end_matches('#')
        .trim();
    ((1..=6).contains(&hashes) && !title.is_empty()).then(|| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_front_matter_are_read() {
        for text in [
            "---\ntitle: Wire fees\ntags: [a, b]\nupdated: 2026-11-01\n---\n# Other\n\nNone.",
            "+++\ntitle = \"Wire fees\"\ntags = [\"a\", \"b\"]\nupdated = 2026-11-01\n+++\n# Other\n\nNone.",
        ] {
            let draft = read(text, &Map::new()).unwrap();
            assert_eq!(draft.title.as_deref(), Some("Wire fees"), "{text}");
            assert_eq!(draft.body, "# Other\n\nNone.");
        }
    }

    #[test]
    fn a_first_line_may_be_a_heading() {
        for (text, title) in [
            ("\n# Wire fees #\n\nNone.", Some("Wire fees")),
            ("---\n\nA rule above.", None),
            ("#hashtag\n", None),
            ("Text.\n# Later", None),
            ("", None),
        ] {
            assert_eq!(first_heading(text).as_deref(), title, "{text:?}");
        }
    }

    #[test]
    fn broken_front_matter_is_a_fault() {
        for text in [
            "---\n: [\n---\nx",
            "---\n- a\n---\nx",
            "+++\na = \n+++\nx",
            "---\naudience: all\n---\nx",
        ] {
            assert!(read(text, &Map::new()).is_err(), "{text:?}");
        }
    }
}
