//! A turn as server-sent events (WHATWG HTML, section 9.2): `event`, `id` (`<turn_id>.<n>`), `data`.
//!
//! What is sent was approved and recorded before: there are no raw tokens to stream.

use std::convert::Infallible;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt};
use serde::Serialize;
use serde_json::json;
use tokio::time::Instant;
use utoipa::ToSchema;
use vostro_bank::ReplyEvent;
use vostro_types::TurnId;

use super::turns::{Turn, ended};
use crate::edge::Edge;
use crate::problem::Problem;

/// One event of a stream, as a reader of server-sent events sees it.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code, reason = "the schema of what `Event` writes")]
pub(crate) struct ServerSentEvent {
    /// What kind it is: `progress`, `sentence`, `card`, `done`, `error`.
    #[schema(required = false, nullable = false)]
    event: Option<String>,
    /// `<turn_id>.<n>`, after which the stream can be resumed.
    #[schema(required = false, nullable = false)]
    id: Option<String>,
    /// Its content, in most cases JSON.
    data: String,
}

/// Whether a client asked for a stream.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter();
    let mut accepted = accepted.filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.contains("text/event-stream"))
}

/// Answers with a turn's events. A turn that fails soon is answered with its status; one that takes
/// longer than the keep-alive is answered with a stream at once, and a failure is its `error` event.
pub(super) async fn of_turn(edge: &Edge, mut turn: Turn) -> Result<Response, Problem> {
    let deadlines = edge.settings().deadlines;
    let until = Instant::now() + deadlines.turn;
    let soon = deadlines.keep_alive.min(deadlines.turn);
    if let Ok(result) = tokio::time::timeout(soon, &mut turn).await {
        let recorded = ended(result)?;
        let turn = recorded.reply.turn_id().clone();
        return Ok(of_events(&turn, recorded.events));
    }
    let later = async move {
        let result = match tokio::time::timeout_at(until, turn).await {
            Ok(result) => ended(result),
            Err(_) => Err(super::chat::too_slow()),
        };
        stream::iter(match result {
            Ok(recorded) => {
                let turn = recorded.reply.turn_id().clone();
                recorded
                    .events
                    .into_iter()
                    .filter_map(|event| wire(&turn, event))
                    .collect()
            }
            Err(problem) => vec![failure(&problem)],
        })
    };
    let events = stream::once(later).flatten().map(Ok::<_, Infallible>);
    let keep_alive = KeepAlive::new()
        .interval(deadlines.keep_alive)
        .text("working");
    Ok(Sse::new(events).keep_alive(keep_alive).into_response())
}

/// Answers with recorded events.
pub(super) fn of_events(turn: &TurnId, events: Vec<ReplyEvent>) -> Response {
    Sse::new(recorded(turn.clone(), events)).into_response()
}

fn recorded(
    turn: TurnId,
    events: Vec<ReplyEvent>,
) -> impl Stream<Item = Result<Event, Infallible>> + Send + 'static {
    stream::iter(
        events
            .into_iter()
            .filter_map(move |event| wire(&turn, event))
            .map(Ok),
    )
}

/// An event as it goes over the wire. Names and ids are ours; one with a line break in it, which the
/// format cannot carry, is left out.
fn wire(turn: &TurnId, event: ReplyEvent) -> Option<Event> {
    let breaks = |text: &str| text.contains(['\n', '\r', '\0']);
    if breaks(&event.event) || breaks(turn.as_str()) {
        return None;
    }
    let id = format!("{turn}.{}", event.number);
    Event::default()
        .event(event.event)
        .id(id)
        .json_data(event.data)
        .ok()
}

fn failure(problem: &Problem) -> Event {
    let status = problem.status().as_u16();
    let data = json!({"error": problem.error_name(), "detail": problem.detail(), "status": status});
    Event::default().event("error").data(data.to_string())
}
