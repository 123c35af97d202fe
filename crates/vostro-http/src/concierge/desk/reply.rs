//! `POST /api/v1/desk/handoffs/{handoff_id}/reply`: a colleague writes to the customer.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};

use serde::Deserialize;
use utoipa::ToSchema;

use super::super::State as Shared;
use super::{Colleague, ColleagueName, HandOffView, changed, named};
use crate::docs::{BodyFailures, Failures};
use crate::edge::Caller;
use crate::extract::{Fields, FromFields, JsonBody, expect_chars};
use crate::problem::{ErrorBody, Problem};

/// The most characters of a message.
const MOST: usize = 4_000;

/// A message to the customer.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"by": "anna", "message": "Hello, this is Anna. I am looking at it now."}))]
#[allow(dead_code, reason = "the schema of what `Asked` reads")]
pub(in super::super) struct ReplyRequest {
    #[schema(inline)]
    by: ColleagueName,
    /// What to tell the customer: not only white space, without U+0000.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    message: String,
}

/// The message, checked.
pub(in super::super) struct Asked {
    by: Colleague,
    message: String,
}

impl FromFields for Asked {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        let by = Colleague::from_fields(fields)?;
        let message = fields.required_text(&["message"])?.trim();
        expect_chars("message", message, MOST)?;
        if message.is_empty() {
            return Err(Problem::invalid("`message` is empty"));
        }
        let message = message.to_owned();
        Ok(Self { by, message })
    }
}

/// Write to the customer
///
/// For the colleague who has the conversation. Personal data is masked where the message is kept and shown.
#[utoipa::path(
    post, path = "/api/v1/desk/handoffs/{handoff_id}/reply", operation_id = "replyHandoff", tag = "desk",
    params(("handoff_id" = String, Path, description = "The entry", example = "hnd_00041061050r3gg28a1c60t3gf")),
    request_body(content = ReplyRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "How it stands now", body = HandOffView),
        (status = 404, description = "There is no such entry", body = ErrorBody, content_type = "application/problem+json"),
        (status = 409, description = "It stands otherwise, or another colleague has it", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(in super::super) async fn reply(
    State(shared): State<Shared>,
    id: Result<Path<String>, PathRejection>,
    Extension(caller): Extension<Caller>,
    JsonBody(asked, _): JsonBody<Asked>,
) -> Result<Json<HandOffView>, Problem> {
    let (_, service) = shared;
    let by = asked.by.signed(&caller)?;
    let id = named(id)?;
    let text = service.concierge.masked(&asked.message).await;
    let text = text.map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "no verdict");
        Problem::unavailable("messages cannot be checked at the moment, so none are taken")
    })?;
    let change = service.store.reply_hand_off(&id, &by, &text).await;
    changed(change)
}
