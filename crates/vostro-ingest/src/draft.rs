//! What a file says of a document, and what is taken where it says nothing.

use jiff::civil::Date;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use vostro_knowledge::{Audience, Document};

use crate::Fault;
use crate::text::{MAX_TEXT_BYTES, lines};

/// Longest id, title and tag, in characters, and the most tags.
const MAX_ID: usize = 128;
const MAX_TITLE: usize = 300;
const MAX_TAG: usize = 64;
const MAX_TAGS: usize = 100;
/// Longest id that is made of a name, before its hash.
const MAX_SLUG: usize = 64;

/// What holds for documents that do not say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// Category slug.
    pub category: String,
    /// Who may read them.
    pub audience: Audience,
    /// Language (BCP 47).
    pub language: String,
    /// Day of the last change.
    pub updated: Date,
}

/// The text of a file, and what the file calls itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) title: Option<String>,
    pub(crate) body: String,
}

impl From<String> for Text {
    fn from(body: String) -> Self {
        Self { title: None, body }
    }
}

/// A document as it was read. What is `None` was not said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) id: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) body: String,
    category: Option<String>,
    tags: Vec<String>,
    audience: Option<Audience>,
    language: Option<String>,
    version: Option<u32>,
    updated: Option<Date>,
    valid_from: Option<Date>,
    valid_until: Option<Date>,
}

impl Draft {
    /// Reads the fields that are known here; others are passed over. `null` and an empty text are as good as
    /// missing.
    pub(crate) fn of(fields: &Map<String, Value>, text: Text) -> Result<Self, Fault> {
        let fields = Fields(fields);
        Ok(Self {
            id: fields.text(&["id", "_id"])?,
            title: fields.text(&["title", "question"])?.or(text.title),
            body: text.body,
            category: fields.text(&["category"])?,
            tags: fields.tags()?,
            audience: fields.audience()?,
            language: fields.text(&["language", "lang"])?,
            version: fields.version()?,
            updated: fields.day(&["updated", "date", "last_updated"])?,
            valid_from: fields.day(&["valid_from"])?,
            valid_until: fields.day(&["valid_until"])?,
        })
    }

    /// The document, with what was not said filled in. `id` and `title` are made of names.
    pub(crate) fn document(
        self,
        source: &str,
        id: &str,
        title: &str,
        defaults: &Defaults,
    ) -> Result<Document, Fault> {
        let body = self.body.trim().to_owned();
        if body.is_empty() {
            return Err(Fault::NoText);
        }
        if body.len() > MAX_TEXT_BYTES {
            let most = MAX_TEXT_BYTES >> 20;
            return Err(Fault::TooLarge(format!(
                "over {most} MiB of text; split it"
            )));
        }
        let id = self.id.unwrap_or_else(|| id.to_owned());
        check_id(&id)?;
        let title = self.title.unwrap_or_else(|| title.to_owned());
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let category = self.category.unwrap_or_else(|| defaults.category.clone());
        let updated = self.updated.unwrap_or(defaults.updated);
        if let (Some(first), Some(last)) = (self.valid_from, self.valid_until)
            && last < first
        {
            return Err(Fault::field("valid_until", "is before `valid_from`"));
        }
        Ok(Document {
            id,
            title: title.chars().take(MAX_TITLE).collect(),
            category: slug(&category),
            tags: self.tags,
            audience: self.audience.unwrap_or(defaults.audience),
            language: self.language.unwrap_or_else(|| defaults.language.clone()),
            version: self.version.unwrap_or(1),
            updated: updated.to_string(),
            valid_from: self.valid_from.map(|day| day.to_string()),
            valid_until: self.valid_until.map(|day| day.to_string()),
            body,
            source: source.to_owned(),
        })
    }
}

struct Fields<'a>(&'a Map<String, Value>);

impl Fields<'_> {
    fn get(&self, names: &[&'static str]) -> Option<(&'static str, &Value)> {
        let mut found = names
            .iter()
            .filter_map(|name| Some((*name, self.0.get(*name)?)));
        found.find(|(_, value)| !value.is_null() && value.as_str() != Some(""))
    }

    fn text(&self, names: &[&'static str]) -> Result<Option<String>, Fault> {
        match self.get(names) {
            None => Ok(None),
            Some((_, Value::String(text))) => Ok(Some(lines(text).trim().to_owned())),
            // An id may be written as a number.
            Some((_, Value::Number(number))) => Ok(Some(number.to_string())),
            Some((name, _)) => Err(Fault::field(name, "is to be a text")),
        }
    }

    fn tags(&self) -> Result<Vec<String>, Fault> {
        let wrong = || {
            Fault::field(
                "tags",
                "is to be a list of texts, or texts with commas between",
            )
        };
        let tags: Vec<String> = match self.get(&["tags", "keywords"]) {
            None => Vec::new(),
            Some((_, Value::String(text))) => text.split(',').map(str::to_owned).collect(),
            Some((_, Value::Array(items))) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect::<Result<_, _>>()?,
            Some(_) => return Err(wrong()),
        };
        let tags = tags
            .iter()
            .map(|tag| lines(tag.trim()).chars().take(MAX_TAG).collect());
        Ok(tags
            .filter(|tag: &String| !tag.is_empty())
            .take(MAX_TAGS)
            .collect())
    }

    fn audience(&self) -> Result<Option<Audience>, Fault> {
        let Some(name) = self.text(&["audience"])? else {
            return Ok(None);
        };
        match name.to_ascii_lowercase().as_str() {
            "public" => Ok(Some(Audience::Public)),
            "customer" | "customers" => Ok(Some(Audience::Customer)),
            "staff" | "internal" => Ok(Some(Audience::Staff)),
            _ => Err(Fault::field(
                "audience",
                "is to be public, customer or staff",
            )),
        }
    }

    fn version(&self) -> Result<Option<u32>, Fault> {
        let Some((name, value)) = self.get(&["version"]) else {
            return Ok(None);
        };
        let number = match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let number = number.and_then(|number| u32::try_from(number).ok());
        match number.filter(|number| *number > 0) {
            Some(number) => Ok(Some(number)),
            None => Err(Fault::field(name, "is to be a whole number from 1 on")),
        }
    }

    fn day(&self, names: &[&'static str]) -> Result<Option<Date>, Fault> {
        let Some((name, value)) = self.get(names) else {
            return Ok(None);
        };
        // Of a date with a time the date counts.
        let text = value.as_str().and_then(|text| text.trim().get(..10));
        let day = text.and_then(|text| text.parse().ok());
        day.map(Some)
            .ok_or_else(|| Fault::field(name, "is to be a date such as 2026-11-01"))
    }
}

fn check_id(id: &str) -> Result<(), Fault> {
    let sound = |c: char| c.is_ascii_alphanumeric() || "-_.:()".contains(c);
    if id.is_empty() || id.len() > MAX_ID || !id.chars().all(sound) {
        let reason = format!("is to be 1 to {MAX_ID} of a-z, A-Z, 0-9 and -_.:()");
        return Err(Fault::field("id", reason));
    }
    Ok(())
}

/// An id made of a name, such as `fees-wires` of `Fees/Wires.md`: small letters, digits and `-`. One that had to be
/// cut or lost its letters has a hash of the name behind it.
pub fn derived_id(name: &str) -> String {
    let name = name.strip_suffix(".md").unwrap_or(name);
    let slug = slug(name);
    let is_whole = name.chars().all(|c| c.is_ascii() && !c.is_ascii_control());
    if slug.len() <= MAX_SLUG && is_whole && slug != NAMELESS {
        return slug;
    }
    let cut: String = slug.chars().take(MAX_SLUG).collect();
    format!("{}-{}", cut.trim_end_matches('-'), short_hash(name))
}

/// A hash of eight hexadecimal digits.
pub(crate) fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    hex::encode(digest.get(..4).unwrap_or_default())
}

/// What a name without any letter or digit becomes.
const NAMELESS: &str = "document";

fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        NAMELESS.into()
    } else {
        slug.into()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    fn defaults() -> Defaults {
        Defaults {
            category: "documents".into(),
            audience: Audience::Customer,
            language: "en".into(),
            updated: date(2026, 11, 26),
        }
    }

    fn read(fields: &Value) -> Result<Document, Fault> {
        let draft = Draft::of(fields.as_object().unwrap(), " Text. ".to_owned().into())?;
        draft.document("a.md", "a", "A", &defaults())
    }

    #[test]
    fn what_is_said_counts_and_the_rest_is_filled_in() {
        let document = read(&json!({
            "id": 7, "title": " Wire\n fees ", "category": "Fees & more", "tags": "wire, fee,,", "audience": "Staff",
            "lang": "de", "version": "3", "date": "2026-01-02T03:04:05Z", "valid_from": "2026-02-01", "layout": "page",
        }))
        .unwrap();
        assert_eq!(
            (document.id.as_str(), document.title.as_str()),
            ("7", "Wire fees")
        );
        assert_eq!(
            (document.category.as_str(), document.language.as_str()),
            ("fees-more", "de")
        );
        assert_eq!(
            (document.version, document.updated.as_str()),
            (3, "2026-01-02")
        );
        assert_eq!(
            (document.tags, document.audience),
            (vec!["wire".into(), "fee".into()], Audience::Staff)
        );
        assert_eq!(document.valid_from.as_deref(), Some("2026-02-01"));
        let bare = read(&json!({"title": "", "tags": null})).unwrap();
        assert_eq!(
            (bare.id.as_str(), bare.title.as_str(), bare.body.as_str()),
            ("a", "A", "Text.")
        );
        assert_eq!(
            (bare.audience, bare.updated.as_str()),
            (Audience::Customer, "2026-11-26")
        );
    }

    #[test]
    fn a_wrong_field_is_named() {
        for (fields, field) in [
            (json!({"id": "a b"}), "id"),
            (json!({"id": "a/b"}), "id"),
            (json!({"id": "x".repeat(129)}), "id"),
            (json!({"title": ["a"]}), "title"),
            (json!({"tags": [1]}), "tags"),
            (json!({"audience": "everyone"}), "audience"),
            (json!({"version": 0}), "version"),
            (json!({"version": 1.5}), "version"),
            (json!({"updated": "yesterday"}), "updated"),
            (
                json!({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}),
                "valid_until",
            ),
        ] {
            let fault = read(&fields).unwrap_err().to_string();
            assert!(fault.starts_with(&format!("`{field}` ")), "{fault}");
        }
    }

    #[test]
    fn ids_are_made_of_names() {
        for (name, id) in [
            ("Fees/Wires (US).md", "fees-wires-us"),
            ("fees.html", "fees-html"),
            ("--a__b--", "a-b"),
        ] {
            assert_eq!(derived_id(name), id);
        }
        assert!(derived_id("\u{4e2d}.md").starts_with("document-"));
        assert_ne!(derived_id("\u{4e2d}.md"), derived_id("\u{56fd}.md"));
        assert!(derived_id(&"long/".repeat(100)).len() <= 80);
    }
}
