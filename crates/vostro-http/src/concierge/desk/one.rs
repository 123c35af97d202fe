//! `GET /api/v1/desk/handoffs/{handoff_id}`: an entry with the conversation and its thread.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::State as Shared;
use super::super::turns::store_problem;
use super::{HandOffView, MessageView, named, not_found};
use crate::docs::Failures;
use crate::problem::{ErrorBody, Problem};

/// The most turns and messages in one answer.
const MOST: u32 = 200;

/// From where on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in super::super) struct ThreadQuery {
    /// Only messages after this number.
    #[param(required = false)]
    after: Option<u32>,
}

/// A turn of the conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct TurnView {
    /// Its place in the conversation, from 1.
    version: u64,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What the customer wrote, personal data masked.
    message: String,
    /// What the assistant answered, personal data masked.
    reply: String,
}

/// An entry with what was said.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct HandOffDetail {
    /// The entry.
    handoff: HandOffView,
    /// The conversation's last turns, at most 200.
    conversation: Vec<TurnView>,
    /// The messages between customer and colleague, at most 200.
    thread: Vec<MessageView>,
}

/// A conversation for people, with what was said
///
/// For colleagues.
#[utoipa::path(
    get, path = "/api/v1/desk/handoffs/{handoff_id}", operation_id = "readHandoff", tag = "desk",
    params(
        ("handoff_id" = String, Path, description = "The entry", example = "hnd_00041061050r3gg28a1c60t3gf"),
        ThreadQuery,
    ),
    responses(
        (status = 200, description = "The entry", body = HandOffDetail),
        (status = 400, description = "The query cannot be read", body = ErrorBody, content_type = "application/problem+json"),
        (status = 404, description = "There is no such entry", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(in super::super) async fn one(
    State(shared): State<Shared>,
    id: Result<Path<String>, PathRejection>,
    query: Result<Query<ThreadQuery>, QueryRejection>,
) -> Result<Json<HandOffDetail>, Problem> {
    let (_, service) = shared;
    let id = named(id)?;
    let Query(query) = query.map_err(|_| Problem::bad_request("the query cannot be read"))?;
    let store = &service.store;
    let found = store.hand_off(&id).await;
    let found = found
        .map_err(|error| store_problem(&error))?
        .ok_or_else(not_found)?;
    let turns = store.spoken_turns(&found.session, MOST).await;
    let thread = store
        .hand_off_messages(&id, query.after.unwrap_or(0), MOST)
        .await;
    let conversation = turns
        .map_err(|error| store_problem(&error))?
        .into_iter()
        .map(|turn| TurnView {
            version: turn.version,
            at: turn.at.to_string(),
            message: turn.message,
            reply: turn.reply,
        });
    let thread = thread.map_err(|error| store_problem(&error))?;
    Ok(Json(HandOffDetail {
        handoff: found.into(),
        conversation: conversation.collect(),
        thread: thread.into_iter().map(MessageView::from).collect(),
    }))
}
