//! `POST /api/v1/rag/context`: passages for a model's prompt, within a budget of tokens.

use axum::Json;
use axum::extract::{Extension, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vostro_knowledge::{Audience, Passage, RELEVANT_SCORE, context as assemble};

use super::question::Question;
use crate::docs::{BodyFailures, Failures};
use crate::edge::{Caller, Edge};
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::{ErrorBody, Problem};
use crate::services::RagService;

/// Passages that are looked at.
const PASSAGES: usize = 20;
/// The budget when none is given, and the largest.
const DEFAULT_TOKENS: usize = 1_000;
const MOST_TOKENS: usize = 16_000;

/// A question, and how much may be said about it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"query": "How do I transfer money?", "max_tokens": 400}))]
#[allow(dead_code, reason = "the schema of what `ContextQuestion` reads")]
pub(crate) struct ContextRequest {
    /// The question in ordinary words: not only white space, at most 2,000 characters, without U+0000.
    #[schema(
        min_length = 1,
        max_length = 2_000,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    query: String,
    /// Most tokens of the text, estimated at four characters each.
    #[schema(minimum = 1, maximum = 16_000, default = 1_000, nullable)]
    max_tokens: Option<u32>,
    /// Only passages of this category.
    #[schema(example = "transfers", nullable, pattern = r"^[^\x00]*$")]
    category: Option<String>,
    /// Only passages with at least this score, 0 to 1; without one those that are about the question.
    #[schema(minimum = 0, maximum = 1, nullable)]
    min_score: Option<f32>,
    /// For whom: `public` finds what anyone may read, `customer` (the default) what customers may read too, `staff`
    /// everything, which takes the operators' secret.
    #[schema(nullable, inline)]
    audience: Option<Audience>,
}

/// What was put together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContextResponse {
    /// The passages, each below a line `[number] Title › Heading`, an empty line between them.
    text: String,
    /// Estimated size of the text, in tokens.
    tokens: usize,
    /// The passages that are in it; the first has the number 1.
    passages: Vec<Passage>,
    /// How many were left out, because they did not fit.
    left_out: usize,
    /// The question, as sent.
    query: String,
}

/// The request, checked.
pub(super) struct ContextQuestion {
    question: Question,
    max_tokens: usize,
    min_score: f32,
}

impl FromFields for ContextQuestion {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        Ok(Self {
            question: Question::read(fields)?,
            max_tokens: fields.count(&["max_tokens"], DEFAULT_TOKENS, 1..=MOST_TOKENS)?,
            min_score: fields.fraction("min_score")?.unwrap_or(RELEVANT_SCORE),
        })
    }
}

/// Passages for a prompt
///
/// Whole passages that are about the question, best first, numbered for citing, as one text within a budget of
/// tokens. Screened as untrusted documents: data for a prompt, never instructions. Nothing relevant is
/// an empty text.
#[utoipa::path(
    post, path = "/api/v1/rag/context", operation_id = "ragContext", tag = "rag",
    request_body(content = ContextRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The text and the passages in it", body = ContextResponse),
        (status = 401, description = "`audience` is `staff`, and the operators' secret is missing", body = ErrorBody, content_type = "application/problem+json"),
        (status = 403, description = "`audience` is `staff`, and this caller is no operator", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn context(
    State((edge, service)): State<(Edge, RagService)>,
    Extension(caller): Extension<Caller>,
    JsonBody(asked, _): JsonBody<ContextQuestion>,
) -> Result<Json<ContextResponse>, Problem> {
    let (question, min_score) = (asked.question, Some(asked.min_score));
    let passages = question
        .find(&edge, &caller, &service, PASSAGES, min_score)
        .await?;
    let context = assemble(passages, asked.max_tokens);
    Ok(Json(ContextResponse {
        text: context.text,
        tokens: context.tokens,
        passages: context.passages,
        left_out: context.left_out,
        query: question.query,
    }))
}
