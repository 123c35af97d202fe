//! `POST /api/v1/guardrails/check`: safety, personal data and prompt injection of a text.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use vostro_guardrails::{CheckRequest as Checks, Direction, Verdict};

use crate::docs::{BodyFailures, Failures};
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::Problem;
use crate::services::GuardrailsService;

/// The most values that can be exempted.
const MOST_ALLOWED: usize = 64;

/// A text to check.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({
    "text": "My SSN is 123-45-6789",
    "check_safety": true,
    "check_pii": true,
    "check_injection": true
}))]
#[allow(dead_code, reason = "the schema of what `CheckedText` reads")]
pub(crate) struct CheckRequest {
    /// The text, without U+0000. May be called `message` instead.
    text: String,
    /// As `text`, which counts first.
    #[schema(nullable)]
    message: Option<String>,
    /// Look for unsafe content.
    #[schema(default = true, nullable)]
    check_safety: Option<bool>,
    /// Look for personal data, and mask it.
    #[schema(default = true, nullable)]
    check_pii: Option<bool>,
    /// Look for prompt injection.
    #[schema(default = true, nullable)]
    check_injection: Option<bool>,
    /// Where the text comes from; `input` when not said.
    #[schema(nullable)]
    direction: Option<Direction>,
    /// Values that are not masked: a customer's own details that they asked for. At most 64.
    #[schema(max_items = 64, nullable)]
    allow: Option<Vec<String>>,
}

/// The request, checked.
pub(super) struct CheckedText {
    text: String,
    safety: bool,
    pii: bool,
    injection: bool,
    direction: Direction,
    allow: Vec<String>,
}

impl FromFields for CheckedText {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        Ok(Self {
            text: fields.required_text(&["text", "message"])?.to_owned(),
            safety: fields.flag("check_safety", true)?,
            pii: fields.flag("check_pii", true)?,
            injection: fields.flag("check_injection", true)?,
            direction: direction(fields)?,
            allow: fields.texts("allow", MOST_ALLOWED)?,
        })
    }
}

fn direction(fields: &Fields) -> Result<Direction, Problem> {
    match fields.text(&["direction"])? {
        None | Some("input") => Ok(Direction::Input),
        Some("output") => Ok(Direction::Output),
        Some("document") => Ok(Direction::Document),
        Some(_) => Err(Problem::invalid(
            "`direction` is to be `input`, `output` or `document`",
        )),
    }
}

/// Check a text
///
/// `start` and `end` are offsets in Unicode code points of the text as sent. A raw personal value is
/// never in the answer. A check that is switched off reports nothing.
#[utoipa::path(
    post, path = "/api/v1/guardrails/check", operation_id = "guardrailsCheck", tag = "guardrails",
    request_body(content = CheckRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The verdict", body = Verdict, example = json!({
            "is_safe": true,
            "has_pii": true,
            "is_injection": false,
            "masked_text": "My SSN is ***-**-****",
            "safety_violations": [],
            "pii_matches": [{"pii_type": "ssn", "confidence": 0.99, "start": 10, "end": 21, "masked_value": "***-**-****"}],
            "injections": [],
            "handoff": null,
            "topics": [],
            "blocked": false,
            "safety_score": 0.01,
            "injection_score": 0.0
        })),
        (status = 503, description = "The check could not be made", body = crate::problem::ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn check(
    State(service): State<GuardrailsService>,
    JsonBody(text, _): JsonBody<CheckedText>,
) -> Result<Json<Verdict>, Problem> {
    let checks = Checks {
        direction: text.direction,
        safety: text.safety,
        pii: text.pii,
        injection: text.injection,
        allow: &text.allow,
    };
    let verdict = service
        .guard
        .check(&text.text, &checks)
        .await
        .map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a check failed");
            Problem::unavailable("the text could not be checked")
        })?;
    Ok(Json(verdict))
}
