//! `/api/v1/rag/documents`: what the bank puts into its knowledge base, lists there and takes out.
//!
//! For operators (`Rule::Admin`). A document is read, cut, screened and embedded as `vostro ingest` does it, and kept
//! whole or not at all. The answer waits a moment for the search to know of it; replicas follow within seconds.
//! Who approves a text is left to whoever holds the operators' secret.

mod wire;

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde_json::Value;
use vostro_bank::StoreError;
use vostro_ingest::{Defaults, Fault, Found, Prepared, Source, content_hash, embed, prepare, read};

use self::wire::{
    DocumentKept, DocumentList, DocumentRemoved, DocumentRequest, DocumentView, DocumentsKept,
    FlaggedPassage, ListParameters, RowFault, Upload,
};
use crate::docs::{BodyFailures, Failures};
use crate::edge::Edge;
use crate::extract::JsonBody;
use crate::problem::{ErrorBody, Problem};
use crate::services::{DocumentService, RagService};

/// How long an answer waits for the search to know of the change.
const WAIT: Duration = Duration::from_secs(5);
/// Documents of a page: the usual number and the most.
const PAGE: u32 = 50;
const MOST: u32 = 200;
const MAX_ID: usize = 128;

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
    // What has no name is named after its content, so that one does not take another's place.
    let hash = content_hash(&upload.bytes, &upload.said, defaults);
    let nameless = format!("document-{}", hash.get(..8).unwrap_or_default());
    let source = upload.source.as_deref();
    let found = read(
        &Source {
            source: source.unwrap_or("api"),
            name: title.or(source).unwrap_or(&nameless),
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
    if page
        .after
        .as_ref()
        .is_some_and(|after| after.chars().count() > MAX_ID)
    {
        return Err(Problem::invalid("`after` is longer than an id"));
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
