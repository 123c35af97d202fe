//! `POST /api/v1/rag/search`: passages of the knowledge base for a question.

use axum::Json;
use axum::extract::{Extension, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vostro_knowledge::{Audience, Passage};

use super::question::Question;
use crate::docs::{BodyFailures, Failures};
use crate::edge::{Caller, Edge};
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::{ErrorBody, Problem};
use crate::services::RagService;

/// The most passages that can be asked for.
const MOST: usize = 50;
/// As many as are given when none are asked for.
const DEFAULT: usize = 5;

/// A question to the knowledge base.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"query": "How do I transfer money?", "limit": 3}))]
#[allow(dead_code, reason = "the schema of what `SearchQuestion` reads")]
pub(crate) struct SearchRequest {
    /// The question in ordinary words: not only white space, at most 2,000 characters, without U+0000.
    #[schema(
        min_length = 1,
        max_length = 2_000,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    query: String,
    /// Most passages wanted.
    #[schema(minimum = 1, maximum = 50, default = 5, nullable)]
    limit: Option<u32>,
    /// As `limit`, which counts first.
    #[schema(minimum = 1, maximum = 50, nullable)]
    top_k: Option<u32>,
    /// Only passages of this category.
    #[schema(example = "transfers", nullable, pattern = r"^[^\x00]*$")]
    category: Option<String>,
    /// Only passages with at least this score, 0 to 1.
    #[schema(minimum = 0, maximum = 1, nullable)]
    min_score: Option<f32>,
    /// For whom: `public` finds what anyone may read, `customer` (the default) what customers may read too, `staff`
    /// everything, which takes the operators' secret.
    #[schema(nullable, inline)]
    audience: Option<Audience>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "results": [{
        "document_id": "transfers-own-accounts",
        "chunk_id": "transfers-own-accounts#1",
        "title": "Transfers",
        "category": "transfers",
        "heading": "How to transfer",
        "content": "Say how much, from which account and to whom.",
        "score": 0.87,
        "start": 0,
        "end": 45
    }],
    "query": "How do I transfer money?",
    "count": 1
}))]
pub(crate) struct SearchResponse {
    /// Passages, best first. One that the guardrails take for an attack is left out.
    results: Vec<Passage>,
    /// The question, as sent.
    query: String,
    /// How many there are.
    count: usize,
}

/// The request, checked.
pub(super) struct SearchQuestion {
    question: Question,
    limit: usize,
    min_score: Option<f32>,
}

impl FromFields for SearchQuestion {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        Ok(Self {
            question: Question::read(fields)?,
            limit: fields.count(&["limit", "top_k"], DEFAULT, 1..=MOST)?,
            min_score: fields.fraction("min_score")?,
        })
    }
}

/// Search the knowledge base
///
/// Passages of the bank's own articles, screened as untrusted documents. `start` and `end` are
/// offsets in Unicode code points of the article's text.
#[utoipa::path(
    post, path = "/api/v1/rag/search", operation_id = "ragSearch", tag = "rag",
    request_body(content = SearchRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "What was found; nothing is an empty list", body = SearchResponse),
        (status = 401, description = "`audience` is `staff`, and the operators' secret is missing", body = ErrorBody, content_type = "application/problem+json"),
        (status = 403, description = "`audience` is `staff`, and this caller is no operator", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn search(
    State((edge, service)): State<(Edge, RagService)>,
    Extension(caller): Extension<Caller>,
    JsonBody(asked, _): JsonBody<SearchQuestion>,
) -> Result<Json<SearchResponse>, Problem> {
    let question = asked.question;
    let (limit, min_score) = (asked.limit, asked.min_score);
    let results = question
        .find(&edge, &caller, &service, limit, min_score)
        .await?;
    Ok(Json(SearchResponse {
        count: results.len(),
        results,
        query: question.query,
    }))
}
