//! What goes over the wire about documents.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use vostro_bank::DocumentEntry;
use vostro_ingest::Format;
use vostro_knowledge::Audience;

use crate::extract::{Fields, FromFields, expect_chars};
use crate::problem::Problem;
use crate::rag::question::audience;
use crate::settings::SizeLimits;

/// Members that are texts, and are handed on to the document.
const TEXTS: [&str; 7] = [
    "id",
    "title",
    "category",
    "language",
    "updated",
    "valid_from",
    "valid_until",
];
/// Those that say nothing by being empty, and were meant to say something.
const NEVER_EMPTY: [&str; 4] = ["id", "updated", "valid_from", "valid_until"];
const MAX_SOURCE: usize = 500;
const MAX_TAGS: usize = 100;
const MAX_VERSION: usize = 1_000_000_000;

/// A document, or a file of many. What is not said is taken from the front matter, else filled in.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({
    "id": "wire-recall",
    "title": "Recalling a wire",
    "category": "transfers",
    "tags": ["recall", "cancel a wire"],
    "audience": "customer",
    "content": "A wire can be recalled until it is sent. A recall costs $15.00."
}))]
#[allow(dead_code, reason = "the schema of what `Upload` reads")]
pub(crate) struct DocumentRequest {
    /// The text, in the format that `media_type` names. Either this or `content_base64`.
    #[schema(min_length = 1, pattern = r"^[^\x00]*$", nullable)]
    content: Option<String>,
    /// The bytes of a file, in Base64.
    #[schema(nullable)]
    content_base64: Option<String>,
    /// `text/markdown` (the default), `text/html`, `text/plain`, `text/csv`, `application/pdf`, `application/jsonl` or
    /// `application/vnd.openxmlformats-officedocument.wordprocessingml.document`. CSV (columns `question` and
    /// `answer`) and JSON lines are many documents.
    #[schema(nullable, example = "text/markdown")]
    media_type: Option<String>,
    /// Where it is from, for the list.
    #[schema(nullable, max_length = 500, pattern = r"^[^\x00]*$")]
    source: Option<String>,
    /// Its id: 1 to 128 of a-z, A-Z, 0-9 and `-_.:()`. A document of the same id is replaced.
    #[schema(
        nullable,
        min_length = 1,
        max_length = 128,
        pattern = r"^[-A-Za-z0-9_.:()]+$"
    )]
    id: Option<String>,
    /// Its title.
    #[schema(nullable, pattern = r"^[^\x00]*$")]
    title: Option<String>,
    /// Its category.
    #[schema(nullable, example = "transfers", pattern = r"^[^\x00]*$")]
    category: Option<String>,
    /// More words under which it is looked for.
    #[schema(nullable, max_items = 100)]
    tags: Option<Vec<String>>,
    /// Who may find it: `public`, `customer` (the default) or `staff`.
    #[schema(nullable, inline)]
    audience: Option<Audience>,
    /// Language of the text (BCP 47); `en` when it is not said.
    #[schema(nullable, pattern = r"^[^\x00]*$")]
    language: Option<String>,
    /// Edition of the text, counted from 1.
    #[schema(nullable, minimum = 1, maximum = 1_000_000_000)]
    version: Option<u32>,
    /// Day of the last change.
    #[schema(nullable, format = Date, example = "2026-11-01")]
    updated: Option<String>,
    /// First day on which it is found.
    #[schema(nullable, format = Date, example = "2026-11-01")]
    valid_from: Option<String>,
    /// Last day on which it is found.
    #[schema(nullable, format = Date, example = "2027-12-31")]
    valid_until: Option<String>,
}

/// What became of what was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentsKept {
    /// The documents that are kept now.
    pub(super) documents: Vec<DocumentKept>,
    /// The rows that are no documents, of a file of many.
    pub(super) errors: Vec<RowFault>,
    /// Whether this process's search knows of them already; else in a moment.
    pub(super) searchable: bool,
}

/// A document that is kept now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentKept {
    /// Its id.
    pub(super) id: String,
    /// Its title.
    pub(super) title: String,
    /// Whether there was none of this id before.
    pub(super) created: bool,
    /// How many passages it was cut into.
    pub(super) passages: usize,
    /// The passages that nobody finds, and why.
    pub(super) flagged: Vec<FlaggedPassage>,
    /// Why nobody finds any of it; null where it is found.
    pub(super) quarantined: Option<String>,
    /// The knowledge version since then.
    pub(super) revision: i64,
}

/// A passage that nobody finds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlaggedPassage {
    /// Its number in the document, from 1.
    pub(super) number: usize,
    /// Why.
    pub(super) reason: String,
}

/// A row that is no document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowFault {
    /// The line that it begins on.
    pub(super) line: usize,
    /// What is wrong with it.
    pub(super) reason: String,
}

/// A page of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentList {
    /// The documents, in the order of their ids.
    pub(super) documents: Vec<DocumentView>,
    /// What to give as `after` for the next page; null on the last.
    pub(super) next: Option<String>,
    /// The number that every change of a document raises.
    pub(super) revision: i64,
}

/// What is known of a document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentView {
    /// Its id.
    pub(super) id: String,
    /// Its title.
    pub(super) title: String,
    /// Where it is from.
    pub(super) source: String,
    /// Its category.
    pub(super) category: String,
    /// More words under which it is looked for.
    pub(super) tags: Vec<String>,
    /// Who may find it: `public`, `customer` or `staff`.
    pub(super) audience: String,
    /// Language of the text.
    pub(super) language: String,
    /// Edition of the text.
    pub(super) version: u32,
    /// Day of the last change.
    #[schema(format = Date)]
    pub(super) updated: String,
    /// First day on which it is found.
    #[schema(format = Date)]
    pub(super) valid_from: Option<String>,
    /// Last day on which it is found.
    #[schema(format = Date)]
    pub(super) valid_until: Option<String>,
    /// How many passages it has.
    pub(super) passages: u32,
    /// How many of them nobody finds.
    pub(super) flagged: u32,
    /// `active`, or `quarantined`: nobody finds it.
    pub(super) state: &'static str,
    /// Why it is quarantined.
    pub(super) reason: Option<String>,
    /// The knowledge version that it came with.
    pub(super) revision: i64,
    /// When it came.
    #[schema(format = DateTime)]
    pub(super) ingested_at: String,
}

/// What was taken out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentRemoved {
    /// The document's id.
    pub(super) id: String,
    /// The knowledge version since then.
    pub(super) revision: i64,
    /// Whether this process's search knows of it already; else in a moment.
    pub(super) searchable: bool,
}

/// Which page of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in crate::rag) struct ListParameters {
    /// Only documents after this id: the `next` of the page before.
    #[param(required = false, max_length = 128)]
    pub(super) after: Option<String>,
    /// Most documents of a page.
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    pub(super) limit: Option<u32>,
}

/// What was sent, checked as far as that goes without reading it.
pub(in crate::rag) struct Upload {
    pub(super) bytes: Vec<u8>,
    pub(super) format: Format,
    pub(super) source: Option<String>,
    pub(super) said: Map<String, Value>,
}

impl FromFields for Upload {
    fn body_bytes(sizes: &SizeLimits) -> usize {
        sizes.document_bytes
    }

    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        let bytes = match (
            fields.text(&["content"])?,
            fields.text(&["content_base64"])?,
        ) {
            (Some(text), None) => text.as_bytes().to_vec(),
            (None, Some(coded)) => STANDARD
                .decode(coded.trim())
                .map_err(|_| Problem::invalid("`content_base64` is not Base64"))?,
            _ => {
                return Err(Problem::invalid(
                    "either `content` or `content_base64` is to be there",
                ));
            }
        };
        let media_type = fields.text(&["media_type"])?.unwrap_or("text/markdown");
        let format = Format::of_media_type(media_type)
            .ok_or_else(|| Problem::invalid("`media_type` is none of those that are read"))?;
        let source = fields.text(&["source"])?.map(str::to_owned);
        if let Some(source) = &source {
            expect_chars("source", source, MAX_SOURCE)?;
        }
        Ok(Self {
            said: said(fields)?,
            bytes,
            format,
            source,
        })
    }
}

/// What is said of the document beside its content.
fn said(fields: &Fields) -> Result<Map<String, Value>, Problem> {
    let mut said = Map::new();
    for name in TEXTS {
        if let Some(text) = fields.text(&[name])? {
            if text.is_empty() && NEVER_EMPTY.contains(&name) {
                return Err(Problem::invalid(format!("`{name}` is empty")));
            }
            said.insert(name.to_owned(), text.into());
        }
    }
    let tags = fields.texts("tags", MAX_TAGS)?;
    if tags.iter().any(|tag| tag.contains('\0')) {
        return Err(Problem::invalid("`tags` has a U+0000 in it"));
    }
    if !tags.is_empty() {
        said.insert("tags".to_owned(), tags.into());
    }
    if fields.value("audience").is_some() {
        let name = fields.text(&["audience"])?.unwrap_or_default();
        audience(fields)?;
        said.insert("audience".to_owned(), name.into());
    }
    if fields.value("version").is_some() {
        let version = fields.count(&["version"], 1, 1..=MAX_VERSION)?;
        said.insert("version".to_owned(), version.into());
    }
    Ok(said)
}

impl From<DocumentEntry> for DocumentView {
    fn from(entry: DocumentEntry) -> Self {
        let meta = entry.meta;
        Self {
            id: meta.id,
            title: meta.title,
            source: meta.source,
            category: meta.category,
            tags: meta.tags,
            audience: meta.audience,
            language: meta.language,
            version: meta.version,
            updated: meta.updated.to_string(),
            valid_from: meta.valid_from.map(|day| day.to_string()),
            valid_until: meta.valid_until.map(|day| day.to_string()),
            passages: entry.passages,
            flagged: entry.flagged,
            state: if meta.quarantined.is_some() {
                "quarantined"
            } else {
                "active"
            },
            reason: meta.quarantined,
            revision: entry.revision,
            ingested_at: entry.ingested_at.to_string(),
        }
    }
}
