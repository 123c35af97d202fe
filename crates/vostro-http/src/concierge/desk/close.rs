//! `POST /api/v1/desk/handoffs/{handoff_id}/close`: a colleague ends a hand-off.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};

use serde::Deserialize;
use utoipa::ToSchema;
use vostro_bank::HandOffEnd;

use super::super::State as Shared;
use super::{Colleague, ColleagueName, HandOffView, changed, named};
use crate::docs::{BodyFailures, Failures};
use crate::edge::Caller;
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::{ErrorBody, Problem};

/// How it ends.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"by": "anna", "give_back": false}))]
#[allow(dead_code, reason = "the schema of what `Asked` reads")]
pub(in super::super) struct CloseRequest {
    #[schema(inline)]
    by: ColleagueName,
    /// Whether the conversation is given back to the assistant undone, rather than resolved.
    #[schema(default = false)]
    give_back: Option<bool>,
}

/// The order, checked.
pub(in super::super) struct Asked {
    by: Colleague,
    end: HandOffEnd,
}

impl FromFields for Asked {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        let by = Colleague::from_fields(fields)?;
        let end = if fields.flag("give_back", false)? {
            HandOffEnd::GivenBack
        } else {
            HandOffEnd::Resolved
        };
        Ok(Self { by, end })
    }
}

/// End a hand-off
///
/// For the colleague who has the conversation, or for anybody while nobody has it. The assistant answers again.
#[utoipa::path(
    post, path = "/api/v1/desk/handoffs/{handoff_id}/close", operation_id = "closeHandoff", tag = "desk",
    params(("handoff_id" = String, Path, description = "The entry", example = "hnd_00041061050r3gg28a1c60t3gf")),
    request_body(content = CloseRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "How it stands now", body = HandOffView),
        (status = 404, description = "There is no such entry", body = ErrorBody, content_type = "application/problem+json"),
        (status = 409, description = "It stands otherwise, or another colleague has it", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(in super::super) async fn close(
    State(shared): State<Shared>,
    id: Result<Path<String>, PathRejection>,
    Extension(caller): Extension<Caller>,
    JsonBody(asked, _): JsonBody<Asked>,
) -> Result<Json<HandOffView>, Problem> {
    let (_, service) = shared;
    let by = asked.by.signed(&caller)?;
    let change = service
        .store
        .close_hand_off(&named(id)?, &by, asked.end)
        .await;
    changed(change)
}
