//! `POST /api/v1/desk/handoffs/{handoff_id}/claim`: a colleague takes a conversation over.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};

use super::super::State as Shared;
use super::{ByRequest, Colleague, HandOffView, changed, named};
use crate::docs::{BodyFailures, Failures};
use crate::edge::Caller;
use crate::extract::JsonBody;
use crate::problem::{ErrorBody, Problem};

/// Take a conversation over
///
/// For colleagues. From then on the assistant is silent in it, and what the customer writes comes to the thread.
#[utoipa::path(
    post, path = "/api/v1/desk/handoffs/{handoff_id}/claim", operation_id = "claimHandoff", tag = "desk",
    params(("handoff_id" = String, Path, description = "The entry", example = "hnd_00041061050r3gg28a1c60t3gf")),
    request_body(content = ByRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "How it stands now", body = HandOffView),
        (status = 404, description = "There is no such entry", body = ErrorBody, content_type = "application/problem+json"),
        (status = 409, description = "It stands otherwise, or another colleague has it", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(in super::super) async fn claim(
    State(shared): State<Shared>,
    id: Result<Path<String>, PathRejection>,
    Extension(caller): Extension<Caller>,
    JsonBody(colleague, _): JsonBody<Colleague>,
) -> Result<Json<HandOffView>, Problem> {
    let (_, service) = shared;
    let by = colleague.signed(&caller)?;
    let change = service.store.claim_hand_off(&named(id)?, &by).await;
    changed(change)
}
