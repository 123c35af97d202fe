//! `/api/v1/rag/documents`: what the bank puts into its knowledge base, lists there and takes out.
//!
//! For operators (`Rule::Admin`). A document is read, cut, screened and embedded as `vostro ingest` does it, and kept
//! whole or not at all. The answer waits a moment for the search to know of it; replicas follow within seconds.
//! Who approves a text is left to whoever holds the operators' secret.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use vostro_bank::{DocumentEntry, StoreError};
use vostro_ingest::{Defaults, Fault, Format, Found, Prepared, Source, embed, prepare, read};
use vostro_knowledge::Audience;

use crate::docs::{BodyFailures, Failures};
use crate::edge::Edge;
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::{ErrorBody, Problem};
use crate::services::{DocumentService, RagService};
use crate::settings::SizeLimits;

/// How long an answer waits for the search to know of the change.
const WAIT: Duration = Duration::from_secs(5);
/// Documents of a page: the usual number and the most.
const PAGE: u32 = 50;
const MOST: u32 = 200;
/// Members that are handed on to the document as they are.
const SAID: [&str; 10] = [
    "id",
    "title",
    "category",
    "tags",
    "audience",
    "language",
    "version",
    "updated",
    "valid_from",
    "valid_until",
];

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
    #[schema(nullable)]
    tags: Option<Vec<String>>,
    /// Who may find it: `public`, `customer` (the default) or `staff`.
    #[schema(nullable, inline)]
    audience: Option<Audience>,
    /// Language of the text (BCP 47); `en` when it is not said.
    #[schema(nullable, pattern = r"^[^\x00]*$")]
    language: Option<String>,
    /// Edition of the text, counted from 1.
    #[schema(nullable, minimum = 1)]
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
    documents: Vec<DocumentKept>,
    /// The rows that are no documents, of a file of many.
    errors: Vec<RowFault>,
    /// Whether this process's search knows of them already; else in a moment.
    searchable: bool,
}

/// A document that is kept now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentKept {
    /// Its id.
    id: String,
    /// Its title.
    title: String,
    /// Whether there was none of this id before.
    created: bool,
    /// How many passages it was cut into.
    passages: usize,
    /// The passages that nobody finds, and why.
    flagged: Vec<FlaggedPassage>,
    /// Why nobody finds any of it; null where it is found.
    quarantined: Option<String>,
    /// The knowledge version since then.
    revision: i64,
}

/// A passage that nobody finds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlaggedPassage {
    /// Its number in the document, from 1.
    number: usize,
    /// Why.
    reason: String,
}

/// A row that is no document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RowFault {
    /// The line that it begins on.
    line: usize,
    /// What is wrong with it.
    reason: String,
}

/// A page of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentList {
    /// The documents, in the order of their ids.
    documents: Vec<DocumentView>,
    /// What to give as `after` for the next page; null on the last.
    next: Option<String>,
    /// The number that every change of a document raises.
    revision: i64,
}

/// What is known of a document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentView {
    /// Its id.
    id: String,
    /// Its title.
    title: String,
    /// Where it is from.
    source: String,
    /// Its category.
    category: String,
    /// More words under which it is looked for.
    tags: Vec<String>,
    /// Who may find it: `public`, `customer` or `staff`.
    audience: String,
    /// Language of the text.
    language: String,
    /// Edition of the text.
    version: u32,
    /// Day of the last change.
    #[schema(format = Date)]
    updated: String,
    /// First day on which it is found.
    #[schema(format = Date)]
    valid_from: Option<String>,
    /// Last day on which it is found.
    #[schema(format = Date)]
    valid_until: Option<String>,
    /// How many passages it has.
    passages: u32,
    /// How many of them nobody finds.
    flagged: u32,
    /// `active`, or `quarantined`: nobody finds it.
    state: &'static str,
    /// Why it is quarantined.
    reason: Option<String>,
    /// The knowledge version that it came with.
    revision: i64,
    /// When it came.
    #[schema(format = DateTime)]
    ingested_at: String,
}

/// What was taken out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentRemoved {
    /// The document's id.
    id: String,
    /// The knowledge version since then.
    revision: i64,
    /// Whether this process's search knows of it already; else in a moment.
    searchable: bool,
}

/// Which page of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct ListParameters {
    /// Only documents after this id: the `next` of the page before.
    #[param(required = false, max_length = 128)]
    after: Option<String>,
    /// Most documents of a page.
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// What was sent, checked as far as that goes without reading it.
pub(super) struct Upload {
    bytes: Vec<u8>,
    format: Format,
    source: String,
    said: Map<String, Value>,
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
        let source = fields.text(&["source"])?.unwrap_or("api").to_owned();
        let mut said = Map::new();
        for name in SAID {
            if let Some(value) = fields.value(name) {
                said.insert(name.to_owned(), value.clone());
            }
        }
        if said
            .values()
            .any(|value| value.to_string().contains("\\u0000"))
        {
            return Err(Problem::invalid("a member has a U+0000 in it"));
        }
        Ok(Self {
            bytes,
            format,
            source,
            said,
        })
    }
}

/// Keep a document
///
/// For operators. A document of the same id is replaced whole. Instructions to a model that stand in it are told and
/// kept from everybody. A file that cannot be read is 422; of a file of many documents each row is for itself.
#[utoipa::path(
    post, path = "/api/v1/rag/documents", operation_id = "addDocuments", tag = "rag",
    request_body(content = DocumentRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "Kept; documents of these ids were replaced", body = DocumentsKept),
        (status = 201, description = "Kept; one at least is new", body = DocumentsKept),
        (status = 401, description = "The operators' secret is missing or wrong", body = ErrorBody, content_type = "application/problem+json"),
        (status = 403, description = "There is no such secret, or in the sandbox the call is not from this machine", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "There is no store for documents here, or it does not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn add(
    State((edge, service)): State<(Edge, RagService)>,
    JsonBody(upload, _): JsonBody<Upload>,
) -> Result<(StatusCode, Json<DocumentsKept>), Problem> {
    let documents = documents_of(&service)?;
    let today = jiff::Timestamp::try_from(edge.now()).unwrap_or_default();
    let defaults = Defaults {
        updated: today.to_zoned(jiff::tz::TimeZone::UTC).date(),
        ..documents.defaults.clone()
    };
    let worker = Arc::clone(documents);
    let work = tokio::task::spawn_blocking(move || ready(&upload, &defaults, &worker));
    let (prepared, errors) = work.await.map_err(|error| {
        tracing::error!(%error, "a document could not be worked on");
        Problem::internal()
    })??;
    let mut kept = Vec::with_capacity(prepared.len());
    for Prepared { record, .. } in prepared {
        let put = documents.store.put_document(&record).await;
        let put = put.map_err(|error| problem(&error))?;
        tracing::info!(
            document = record.meta.id,
            revision = put.revision,
            quarantined = record.meta.quarantined.is_some(),
            "a document was kept"
        );
        let passages = record.passages.iter().zip(1..);
        kept.push(DocumentKept {
            created: put.created,
            revision: put.revision,
            passages: record.passages.len(),
            flagged: passages
                .filter_map(|(passage, number)| {
                    let reason = passage.flagged.clone()?;
                    Some(FlaggedPassage { number, reason })
                })
                .collect(),
            quarantined: record.meta.quarantined,
            id: record.meta.id,
            title: record.meta.title,
        });
    }
    let last = kept.iter().map(|document| document.revision).max();
    let status = if kept.iter().any(|document| document.created) {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((
        status,
        Json(DocumentsKept {
            searchable: documents.served(last.unwrap_or_default(), WAIT).await,
            documents: kept,
            errors,
        }),
    ))
}

/// Reads, cuts, screens and embeds what was sent. A file of one document that is none is a problem.
fn ready(
    upload: &Upload,
    defaults: &Defaults,
    service: &DocumentService,
) -> Result<(Vec<Prepared>, Vec<RowFault>), Problem> {
    let invalid = |fault: Fault| Problem::invalid(format!("the document {fault}"));
    let title = upload.said.get("title").and_then(Value::as_str);
    let found = read(
        &Source {
            source: &upload.source,
            name: title.unwrap_or(&upload.source),
            format: upload.format,
            bytes: &upload.bytes,
            said: &upload.said,
        },
        defaults,
    );
    let (mut prepared, mut errors) = (Vec::new(), Vec::new());
    for Found {
        line,
        document,
        content_hash,
    } in found.map_err(invalid)?
    {
        let screen = service.screen.as_ref();
        let done = document
            .and_then(|document| prepare(document, content_hash, screen, service.quarantine));
        match (done, line) {
            (Ok(one), _) => prepared.push(one),
            (Err(fault), None) => return Err(invalid(fault)),
            (Err(fault), Some(line)) => errors.push(RowFault {
                line,
                reason: fault.to_string(),
            }),
        }
    }
    if prepared.is_empty() {
        let first = errors
            .first()
            .map(|fault| format!(": line {} {}", fault.line, fault.reason));
        return Err(Problem::invalid(format!(
            "no row is a document{}",
            first.unwrap_or_default()
        )));
    }
    if let Some(embedder) = service.embedder.get()
        && let Err(error) = embed(&mut prepared, embedder.as_ref())
    {
        tracing::warn!(%error, "documents are kept without vectors for now");
    }
    Ok((prepared, errors))
}

/// The documents that are kept
///
/// For operators, in the order of their ids. Articles that come with the program or from a folder are not in the list.
#[utoipa::path(
    get, path = "/api/v1/rag/documents", operation_id = "documents", tag = "rag",
    params(ListParameters),
    responses(
        (status = 200, description = "A page", body = DocumentList),
        (status = 401, description = "The operators' secret is missing or wrong", body = ErrorBody, content_type = "application/problem+json"),
        (status = 403, description = "There is no such secret, or in the sandbox the call is not from this machine", body = ErrorBody, content_type = "application/problem+json"),
        (status = 422, description = "The query cannot be read", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "There is no store for documents here, or it does not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn list(
    State((_edge, service)): State<(Edge, RagService)>,
    query: Result<Query<ListParameters>, QueryRejection>,
) -> Result<Json<DocumentList>, Problem> {
    let Query(page) =
        query.map_err(|_| Problem::invalid("`limit` is to be a whole number from 1 to 200"))?;
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::invalid(
            "`limit` is to be a whole number from 1 to 200",
        ));
    }
    let store = &documents_of(&service)?.store;
    let revision = store
        .knowledge_version()
        .await
        .map_err(|error| problem(&error))?;
    let found = store.document_entries(page.after.as_deref(), limit).await;
    let found = found.map_err(|error| problem(&error))?;
    let is_full = u32::try_from(found.len()).is_ok_and(|count| count == limit);
    let last = found.last().map(|entry| entry.meta.id.clone());
    Ok(Json(DocumentList {
        documents: found.into_iter().map(DocumentView::from).collect(),
        next: last.filter(|_| is_full),
        revision,
    }))
}

/// A document that is kept
///
/// For operators: what is known of it, without its text.
#[utoipa::path(
    get, path = "/api/v1/rag/documents/{document_id}", operation_id = "document", tag = "rag",
    params(("document_id" = String, Path, description = "The document", example = "wire-recall")),
    responses(
        (status = 200, description = "What is known of it", body = DocumentView),
        (status = 401, description = "The operators' secret is missing or wrong", body = ErrorBody, content_type = "application/problem+json"),
        (status = 403, description = "There is no such secret, or in the sandbox the call is not from this machine", body = ErrorBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such document", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "There is no store for documents here, or it does not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn one(
    State((_edge, service)): State<(Edge, RagService)>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<DocumentView>, Problem> {
    let Path(id) = id.map_err(|_| not_found())?;
    let found = documents_of(&service)?.store.document_entry(&id).await;
    let entry = found
        .map_err(|error| problem(&error))?
        .ok_or_else(not_found)?;
    Ok(Json(entry.into()))
}

/// Take a document out
///
/// For operators. It goes with all its passages.
#[utoipa::path(
    delete, path = "/api/v1/rag/documents/{document_id}", operation_id = "removeDocument", tag = "rag",
    params(("document_id" = String, Path, description = "The document", example = "wire-recall")),
    responses(
        (status = 200, description = "It is gone", body = DocumentRemoved),
        (status = 401, description = "The operators' secret is missing or wrong", body = ErrorBody, content_type = "application/problem+json"),
        (status = 403, description = "There is no such secret, or in the sandbox the call is not from this machine", body = ErrorBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such document", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "There is no store for documents here, or it does not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn remove(
    State((_edge, service)): State<(Edge, RagService)>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<DocumentRemoved>, Problem> {
    let Path(id) = id.map_err(|_| not_found())?;
    let documents = documents_of(&service)?;
    let removed = documents.store.remove_document(&id).await;
    let revision = removed
        .map_err(|error| problem(&error))?
        .ok_or_else(not_found)?;
    tracing::info!(document = id, revision, "a document was taken out");
    Ok(Json(DocumentRemoved {
        id,
        revision,
        searchable: documents.served(revision, WAIT).await,
    }))
}

fn documents_of(service: &RagService) -> Result<&Arc<DocumentService>, Problem> {
    let documents = service.documents.as_ref();
    documents.ok_or_else(|| {
        Problem::unavailable(
            "this process has no store for documents: a rag role by itself needs `database.url`",
        )
    })
}

fn not_found() -> Problem {
    Problem::not_found("there is no such document")
}

fn problem(error: &StoreError) -> Problem {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "the documents' store gave no answer"
    );
    match error {
        StoreError::Unavailable(_) => Problem::unavailable(
            "the documents' store cannot be written to or reached at the moment",
        ),
        StoreError::Corrupt { .. } | StoreError::Failed(_) => Problem::internal(),
    }
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
