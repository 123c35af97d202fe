//! The effective configuration for people and for programs, with where each value came from.
//! Passwords inside URLs are not shown.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Effective;
use super::schema::sections;

/// TOML that could be used as a file, each line with its origin as a comment. Settings without a
/// value are comments altogether, since TOML has no null.
pub(crate) fn to_toml(effective: &Effective) -> String {
    let values = json!(effective.config);
    let mut out = String::new();
    if let Some(file) = &effective.file {
        let _ = writeln!(out, "# file: {}", file.display());
    }
    for section in sections() {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "[{}]", section.name);
        for key in section.keys {
            let name = key.dotted.rsplit('.').next().unwrap_or_default();
            let origin = effective
                .origins
                .get(&key.dotted)
                .map_or("default", String::as_str);
            let line = match value(&values, &key.dotted) {
                Value::Null => format!("# {name} is not set"),
                value => format!("{name} = {}", toml_value(&concealed(&value, key.secret))),
            };
            let _ = writeln!(out, "{line:<44} # {origin}");
        }
    }
    out
}

/// A value as TOML writes it; JSON's way is TOML's too, except for what is inside lists of tables.
fn toml_value(value: &Value) -> String {
    match (value, toml::Value::try_from(value)) {
        (Value::Array(_), Ok(list)) => list.to_string(),
        _ => value.to_string(),
    }
}

/// The same for programs: `{file, settings: {"section.key": {value, origin}}}`.
pub(crate) fn to_json(effective: &Effective) -> Value {
    let values = json!(effective.config);
    let settings: serde_json::Map<String, Value> = sections()
        .into_iter()
        .flat_map(|section| section.keys)
        .map(|key| {
            let origin = effective
                .origins
                .get(&key.dotted)
                .map_or("default", String::as_str);
            let shown = concealed(&value(&values, &key.dotted), key.secret);
            (key.dotted, json!({ "value": shown, "origin": origin }))
        })
        .collect();
    json!({ "file": effective.file, "settings": settings })
}

fn value(values: &Value, dotted: &str) -> Value {
    let pointer = format!("/{}", dotted.replace('.', "/"));
    values.pointer(&pointer).cloned().unwrap_or_default()
}

fn concealed(value: &Value, secret: bool) -> Value {
    match value {
        Value::String(_) if secret => Value::String("***".to_owned()),
        Value::String(text) => Value::String(conceal(text)),
        other => other.clone(),
    }
}

/// Text with the credentials of a URL in it replaced by `***`: those before the host, and a password
/// among the parameters.
pub(crate) fn conceal(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // A password may itself hold an unescaped `/`: everything up to the last `@` counts as secret.
    let shown = match rest.rfind('@') {
        Some(at) => {
            let name = rest.get(..authority_end.min(at)).unwrap_or_default();
            let name = name.split(':').next().unwrap_or_default();
            let host = rest.get(at + 1..).unwrap_or_default();
            format!("{scheme}://{name}:***@{host}")
        }
        None => text.to_owned(),
    };
    match shown.split_once('?') {
        Some((place, parameters)) => {
            let parameters: Vec<_> = parameters.split('&').map(parameter).collect();
            format!("{place}?{}", parameters.join("&"))
        }
        None => shown,
    }
}

fn parameter(text: &str) -> String {
    match text.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("pass") => format!("{name}=***"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Override, Sources, load};

    #[test]
    fn credentials_are_never_shown() {
        let cases = [
            ("postgres://ann:s3cret@db/v", "postgres://ann:***@db/v"),
            ("postgres://ann:s3/cr@et@db/v", "postgres://ann:***@db/v"),
            ("http://s3cret@rag:8001", "http://s3cret:***@rag:8001"),
            ("http://rag:8001", "http://rag:8001"),
            (
                "postgres://db/v?Password=s3cret&user=ann",
                "postgres://db/v?Password=***&user=ann",
            ),
            (
                "postgres://ann:s3?cr@db/v?connect_timeout=5",
                "postgres://ann:***@db/v?connect_timeout=5",
            ),
            ("sqlite:./data/vostro.db", "sqlite:./data/vostro.db"),
            ("", ""),
        ];
        for (text, shown) in cases {
            assert_eq!(conceal(text), shown, "{text}");
        }
    }

    #[test]
    fn what_is_shown_can_be_used_as_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let sources = Sources {
            overrides: vec![
                Override {
                    key: "services.token".into(),
                    value: "s3cret-s3cret-s3cret".into(),
                    flag: "--set".into(),
                },
                Override {
                    key: "services.rag_url".into(),
                    value: "http://ann:s3cret@rag:8001".into(),
                    flag: "--rag-url".into(),
                },
                Override {
                    key: "database.url".into(),
                    value: "sqlite:odd \"name\" \\ # é.db".into(),
                    flag: "--set".into(),
                },
            ],
            ..Sources::default()
        };
        let first = load(&sources).unwrap();
        let shown = to_toml(&first);
        assert!(shown.contains("# --rag-url"), "{shown}");
        assert!(!shown.contains("s3cret") && !to_json(&first).to_string().contains("s3cret"));
        let path = folder.path().join("vostro.toml");
        std::fs::write(&path, &shown).unwrap();
        // What is hidden has to be filled in again, and a file with `***` says so.
        let error = load(&Sources {
            file: Some(path.clone()),
            ..Sources::default()
        })
        .unwrap_err();
        assert!(error.to_string().contains("services.token"), "{error}");
        std::fs::write(&path, shown.replace("token = \"***\"", "")).unwrap();
        let second = load(&Sources {
            file: Some(path),
            ..Sources::default()
        })
        .unwrap();
        assert_eq!(second.config.database, first.config.database);
        assert_eq!(second.config.limits, first.config.limits);
    }
}
