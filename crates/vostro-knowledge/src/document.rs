//! Documents: Markdown with TOML front matter between two `+++` lines.
//!
//! TOML, because its parser is well kept and reports where a fault is, and because a date is a date in
//! it. Parsing is pure: the caller brings the name (for messages) and the text.

use serde::{Deserialize, Serialize};

use crate::KnowledgeError;

/// Longest accepted document, in bytes. An article is a few kilobytes; beyond this it is a mistake.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;

const FENCE: &str = "+++";

/// Who may read a document. Ordered: a reader sees everything up to its own level.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Anyone, signed in or not.
    Public,
    /// Customers of the bank.
    #[default]
    Customer,
    /// The bank's own people.
    Staff,
}

impl Audience {
    /// Every audience, each with those who see more behind it.
    pub const ALL: [Self; 3] = [Self::Public, Self::Customer, Self::Staff];

    /// Its name, as documents and the API spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Customer => "customer",
            Self::Staff => "staff",
        }
    }
}

/// One article of the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Stable id, `a-z`, `0-9` and `-`; citations refer to it.
    pub id: String,
    /// Title in the customer's words.
    pub title: String,
    /// Category slug, such as `transfers`.
    pub category: String,
    /// More words under which customers look for it.
    pub tags: Vec<String>,
    /// Who may read it.
    pub audience: Audience,
    /// Language of the text (BCP 47), such as `en`.
    pub language: String,
    /// Edition of the text, counted from 1.
    pub version: u32,
    /// Day of the last change, ISO 8601 (`2026-11-01`).
    pub updated: String,
    /// First day on which it holds, ISO 8601; none for always.
    #[serde(default)]
    pub valid_from: Option<String>,
    /// Last day on which it holds, ISO 8601; none for always.
    #[serde(default)]
    pub valid_until: Option<String>,
    /// The Markdown below the front matter, with `\n` line ends. Spans point into this text.
    pub body: String,
    /// File or embedded name that it was read from.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    id: String,
    title: String,
    category: String,
    #[serde(default)]
    tags: Vec<String>,
    audience: Audience,
    language: String,
    version: u32,
    updated: toml::value::Datetime,
    valid_from: Option<toml::value::Datetime>,
    valid_until: Option<toml::value::Datetime>,
}

impl Document {
    /// Whether it holds on a day, ISO 8601 (`2026-11-01`). Such days are in order as texts are.
    pub fn holds_on(&self, day: &str) -> bool {
        self.valid_from.as_deref().is_none_or(|first| first <= day)
            && self.valid_until.as_deref().is_none_or(|last| day <= last)
    }
}

/// Reads one document. `name` appears in error messages and in [`Document::source`].
///
/// # Errors
/// [`KnowledgeError::Malformed`] with name and line, when the front matter is missing, is not TOML,
/// lacks a field or has an unknown one, or when the text is empty, has U+0000 or is over 1 MiB.
pub fn parse(name: &str, text: &str) -> Result<Document, KnowledgeError> {
    let fault = |line: usize, reason: String| KnowledgeError::Malformed {
        name: name.to_owned(),
        line,
        reason,
    };
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(fault(
            1,
            format!("is {} bytes long, over 1 MiB", text.len()),
        ));
    }
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n");
    if let Some(at) = text.find('\0') {
        return Err(fault(line_of(&text, at), "contains U+0000".into()));
    }
    let (front, body) = split(&text).map_err(|(line, reason)| fault(line, reason.into()))?;
    let front: FrontMatter = toml::from_str(front).map_err(|error| {
        // The front matter begins on line 2.
        let line = error
            .span()
            .map_or(1, |span| 1 + line_of(front, span.start));
        fault(line, error.message().to_owned())
    })?;
    let checked = check(&front, body).map_err(|(field, reason)| {
        let line = text
            .lines()
            .position(|line| line.starts_with(field))
            .map_or(1, |at| at + 1);
        fault(line, reason)
    });
    checked?;
    Ok(Document {
        id: front.id,
        title: front.title.trim().to_owned(),
        category: front.category,
        tags: front.tags,
        audience: front.audience,
        language: front.language,
        version: front.version,
        updated: front.updated.to_string(),
        valid_from: front.valid_from.map(|day| day.to_string()),
        valid_until: front.valid_until.map(|day| day.to_string()),
        body: body.to_owned(),
        source: name.to_owned(),
    })
}

/// Front matter and trimmed body, or line and reason.
fn split(text: &str) -> Result<(&str, &str), (usize, &'static str)> {
    let rest = text
        .strip_prefix(FENCE)
        .and_then(|rest| rest.strip_prefix('\n'))
        .ok_or((1, "the first line must be `+++`, then TOML front matter"))?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            let front = rest.get(..at).unwrap_or_default();
            let body = rest.get(at + line.len()..).unwrap_or_default();
            return Ok((front, body.trim_start_matches('\n').trim_end()));
        }
        at += line.len();
    }
    Err((1, "the front matter has no closing `+++` line"))
}

/// The rules that TOML cannot express; an error names the field, for its line.
fn check(front: &FrontMatter, body: &str) -> Result<(), (&'static str, String)> {
    for (field, value) in [("id", &front.id), ("category", &front.category)] {
        let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if value.is_empty() || value.len() > 64 || !value.chars().all(slug) {
            let reason = format!("{field} must be 1 to 64 of a-z, 0-9 and `-`, not {value:?}");
            return Err((field, reason));
        }
    }
    if front.title.trim().is_empty() {
        return Err(("title", "title must not be empty".into()));
    }
    if front.version == 0 {
        return Err(("version", "version counts from 1".into()));
    }
    let days = [
        ("updated", Some(&front.updated)),
        ("valid_from", front.valid_from.as_ref()),
        ("valid_until", front.valid_until.as_ref()),
    ];
    for (field, day) in days {
        if day.is_some_and(|day| day.date.is_none() || day.time.is_some()) {
            let reason = format!("{field} must be a date such as 2026-11-01");
            return Err((field, reason));
        }
    }
    if body.is_empty() {
        return Err((FENCE, "there is no text below the front matter".into()));
    }
    Ok(())
}

/// Line of a byte offset, counted from 1.
fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "+++\nid = \"fees\"\ntitle = \"Fees\"\ncategory = \"fees\"\n\
        tags = [\"cost\"]\naudience = \"public\"\nlanguage = \"en\"\nversion = 2\n\
        updated = 2026-11-01\n+++\n\n# Fees\n\nNone.\n";

    #[test]
    fn reads_front_matter_and_body() {
        let document = parse("fees.md", GOOD).unwrap();
        assert_eq!(document.id, "fees");
        assert_eq!(document.audience, Audience::Public);
        assert_eq!(document.version, 2);
        assert_eq!(document.updated, "2026-11-01");
        assert_eq!(document.body, "# Fees\n\nNone.");
        let windows = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
        assert_eq!(parse("fees.md", &windows).unwrap(), document);
    }

    #[test]
    fn names_file_line_and_reason() {
        let with = |from: &str, to: &str| GOOD.replace(from, to);
        let cases = [
            (String::new(), 1, "first line"),
            ("# Fees".into(), 1, "first line"),
            ("+++\nid = \"a\"\n".into(), 1, "closing"),
            (with("title = \"Fees\"", "title = Fees"), 3, ""),
            (with("version = 2", "version = \"two\""), 8, "invalid type"),
            (with("language", "langauge"), 7, "unknown field"),
            (
                with("language = \"en\"\n", ""),
                2,
                "missing field `language`",
            ),
            (with("\"public\"", "\"everyone\""), 6, "unknown variant"),
            (with("\"fees\"", "\"Fees & more\""), 2, "a-z"),
            (with("version = 2", "version = 0"), 8, "counts from 1"),
            (with("2026-11-01", "2026-13-41"), 9, ""),
            (with("2026-11-01", "10:00:00"), 9, "date"),
            (
                with("version = 2", "version = 2\nvalid_until = 10:00:00"),
                9,
                "date",
            ),
            (with("# Fees\n\nNone.\n", ""), 1, "no text"),
            (with("None.", "No\0ne."), 14, "U+0000"),
            ("x".repeat(MAX_DOCUMENT_BYTES + 1), 1, "1 MiB"),
        ];
        for (text, line, reason) in cases {
            let message = parse("a/fees.md", &text).unwrap_err().to_string();
            let start = format!("a/fees.md:{line}: ");
            assert!(
                message.starts_with(&start),
                "{message:?} does not start with {start:?}"
            );
            assert!(message.contains(reason), "{message:?} lacks {reason:?}");
        }
    }

    #[test]
    fn a_document_holds_from_its_first_day_to_its_last() {
        let front = "version = 2\nvalid_from = 2026-02-01\nvalid_until = 2026-03-31";
        let document = parse("fees.md", &GOOD.replace("version = 2", front)).unwrap();
        let days = ["2026-01-31", "2026-02-01", "2026-03-31", "2026-04-01"];
        assert_eq!(
            days.map(|day| document.holds_on(day)),
            [false, true, true, false]
        );
        assert!(parse("fees.md", GOOD).unwrap().holds_on("1999-01-01"));
    }

    #[test]
    fn audiences_are_ordered_from_open_to_closed() {
        assert!(Audience::Public < Audience::Customer && Audience::Customer < Audience::Staff);
    }
}
