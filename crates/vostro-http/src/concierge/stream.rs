//! A turn as server-sent events (WHATWG HTML, section 9.2): `event`, `id` (`<turn_id>.<n>`), `data`.
//!
//! What is sent was approved before: there are no raw tokens to stream. Events leave as they become ready, and
//! are the ones that are recorded, so a client that was cut off resumes with the next.

use std::convert::Infallible;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use serde::Serialize;
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;
use utoipa::ToSchema;
use vostro_bank::ReplyEvent;
use vostro_types::TurnId;

use super::turns::{Heard, Turn, ended};
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

/// Answers with a turn's events as they become ready. A turn that fails before the first is answered with
/// its status; one that has none for as long as the keep-alive is answered with a stream all the same, and
/// a failure is its `error` event.
pub(super) async fn of_turn(edge: &Edge, heard: Heard) -> Result<Response, Problem> {
    let deadlines = edge.settings().deadlines;
    let until = Instant::now() + deadlines.turn;
    let soon = deadlines.keep_alive.min(deadlines.turn);
    let Heard {
        id,
        turn,
        mut events,
    } = heard;
    let first = match tokio::time::timeout(soon, events.recv()).await {
        // No event and none to come: the turn has ended without a reply.
        Ok(None) => {
            ended(turn.await)?;
            return Err(Problem::internal());
        }
        Ok(first) => first,
        Err(_) => None,
    };
    let running = Running {
        id,
        turn: Some(turn),
        first,
        events,
        until,
    };
    let events = stream::unfold(running, |mut running| async move {
        let event = running.next().await?;
        Some((Ok::<_, Infallible>(event), running))
    });
    let keep_alive = KeepAlive::new()
        .interval(deadlines.keep_alive)
        .text("working");
    Ok(Sse::new(events).keep_alive(keep_alive).into_response())
}

/// A turn whose events are on their way to a client.
struct Running {
    id: TurnId,
    /// Until its result was looked at.
    turn: Option<Turn>,
    first: Option<ReplyEvent>,
    events: UnboundedReceiver<ReplyEvent>,
    until: Instant,
}

impl Running {
    /// The next event; a turn that fails, or takes too long, ends with one that says so.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let event = match self.first.take() {
                Some(first) => Ok(Some(first)),
                None => tokio::time::timeout_at(self.until, self.events.recv()).await,
            };
            match event {
                Ok(Some(event)) => {
                    if let Some(event) = wire(&self.id, event) {
                        return Some(event);
                    }
                }
                Ok(None) => {
                    let failed = ended(self.turn.take()?.await).err();
                    return failed.map(|problem| failure(&problem));
                }
                Err(_) => {
                    self.turn.take()?;
                    self.events.close();
                    return Some(failure(&super::chat::too_slow()));
                }
            }
        }
    }
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
    let data = event.data.as_str();
    Some(Event::default().event(event.event).id(id).data(data))
}

fn failure(problem: &Problem) -> Event {
    let status = problem.status().as_u16();
    let data = json!({"error": problem.error_name(), "detail": problem.detail(), "status": status});
    Event::default().event("error").data(data.to_string())
}
