//! `GET /api/v1/desk/handoffs`: the queue.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vostro_bank::HandOffStatus;

use super::super::State as Shared;
use super::super::turns::store_problem;
use super::HandOffView;
use crate::docs::Failures;
use crate::problem::{ErrorBody, Problem};

/// How many entries are given when nothing else is said, and at most.
const DEFAULT: u32 = 50;
const MOST: u32 = 200;

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in super::super) struct QueueQuery {
    /// `waiting` (the default), `claimed` or `closed`.
    #[param(
        required = false,
        pattern = "^(waiting|claimed|closed)$",
        example = "waiting"
    )]
    status: Option<String>,
    /// How many at most: 1 to 200, 50 if not given.
    #[param(required = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Conversations for people.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct Queue {
    /// The entries: most urgent and then oldest first; closed ones newest first.
    handoffs: Vec<HandOffView>,
}

/// The queue of conversations for people
///
/// For colleagues. Entries are opened by customers who ask for a person, and by the assistant's policies.
#[utoipa::path(
    get, path = "/api/v1/desk/handoffs", operation_id = "listHandoffs", tag = "desk",
    params(QueueQuery),
    responses(
        (status = 200, description = "The entries", body = Queue),
        (status = 400, description = "The query cannot be read", body = ErrorBody, content_type = "application/problem+json"),
        (status = 422, description = "There is no such status, or `limit` is out of range", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(in super::super) async fn list(
    State(shared): State<Shared>,
    query: Result<Query<QueueQuery>, QueryRejection>,
) -> Result<Json<Queue>, Problem> {
    let (_, service) = shared;
    let Query(query) = query.map_err(|_| Problem::bad_request("the query cannot be read"))?;
    let status = query.status.as_deref().unwrap_or("waiting");
    let status = HandOffStatus::parse(status).ok_or(Problem::invalid(
        "`status` is `waiting`, `claimed` or `closed`",
    ))?;
    let limit = query.limit.unwrap_or(DEFAULT);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::invalid(format!("`limit` is from 1 to {MOST}")));
    }
    let found = service.store.hand_offs(status, limit).await;
    let found = found.map_err(|error| store_problem(&error))?;
    Ok(Json(Queue {
        handoffs: found.into_iter().map(HandOffView::from).collect(),
    }))
}
