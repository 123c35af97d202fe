//! `GET /api/v1/chat/{turn_id}/events`: the events of a turn again, after the last one that was seen.

use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};
use utoipa::IntoParams;
use vostro_bank::ReplyEvent;
use vostro_types::{CustomerId, TurnId};

use super::turns::store_problem;
use super::{State as Shared, stream};
use crate::docs::Failures;
use crate::edge::Caller;
use crate::problem::{ErrorBody, Problem};

/// The header in which a browser's `EventSource` says what it has seen.
pub(super) const LAST_EVENT_ID: &str = "last-event-id";

/// Who asks, and from where on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct EventsQuery {
    /// Whose turn it is (outside the sandbox, the customer of the credential).
    #[param(
        required = true,
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$",
        example = "test_user_12345"
    )]
    user_id: String,
    /// As `Last-Event-ID`, for clients that cannot set headers; the header counts first.
    #[param(required = false, example = "trn_00041061050r3gg28a1c60t3gf.2")]
    last_event_id: Option<String>,
}

#[cfg(any(test, feature = "fuzzing"))]
impl EventsQuery {
    /// A query of this user alone.
    pub(super) fn of(user: &str) -> Self {
        Self {
            user_id: user.to_owned(),
            last_event_id: None,
        }
    }
}

/// Resume a turn's events
///
/// Waits a little when a turn of this user is still being worked on. A turn that is not there, or is
/// another user's, is 404. When nothing is left to send the answer is 204, at which an `EventSource`
/// stops.
#[utoipa::path(
    get, path = "/api/v1/chat/{turn_id}/events", operation_id = "chatEvents", tag = "concierge",
    params(
        ("turn_id" = String, Path, description = "The turn, as in its reply", example = "trn_00041061050r3gg28a1c60t3gf"),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen: `<turn_id>.<n>`, or only `<n>`; without it all come"),
        EventsQuery,
    ),
    responses(
        (status = 200, description = "The events after it", body = stream::ServerSentEvent, content_type = "text/event-stream",
            example = json!({"event": "done", "id": "trn_00041061050r3gg28a1c60t3gf.3", "data": "{\"message\":\"…\"}"})),
        (status = 204, description = "There are no further events"),
        (status = 400, description = "The query cannot be read", body = ErrorBody, content_type = "application/problem+json"),
        (status = 404, description = "This user has no such turn, or the turn no such event", body = ErrorBody, content_type = "application/problem+json"),
        (status = 422, description = "`user_id` is missing", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn events(
    State((edge, service)): State<Shared>,
    Extension(caller): Extension<Caller>,
    turn: Result<Path<String>, axum::extract::rejection::PathRejection>,
    query: Result<Query<EventsQuery>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (customer, turn, after) = match read(turn.ok(), query.ok(), &headers) {
        Ok(read) => read,
        Err(problem) => {
            edge.admit_caller(&caller).await?;
            return Err(problem);
        }
    };
    let principal = edge.principal(&caller, customer).await?;
    let until = Instant::now() + edge.settings().deadlines.resume;
    let shared = (edge, service);
    let found = find(&shared, &principal.customer, &turn, after, until).await?;
    match found {
        None => Err(not_found()),
        Some(events) if events.is_empty() => Ok(StatusCode::NO_CONTENT.into_response()),
        Some(events) => Ok(stream::of_events(&turn, events)),
    }
}

fn not_found() -> Problem {
    Problem::not_found("this user has no such turn")
}

pub(super) fn read(
    turn: Option<Path<String>>,
    query: Option<Query<EventsQuery>>,
    headers: &HeaderMap,
) -> Result<(CustomerId, TurnId, u32), Problem> {
    let Query(query) = query.ok_or(Problem::bad_request("the query cannot be read"))?;
    let customer = CustomerId::new(query.user_id)
        .map_err(|error| Problem::invalid(format!("`user_id`: {error}")))?;
    let turn = turn.and_then(|Path(turn)| TurnId::new(turn).ok());
    let turn = turn.ok_or_else(not_found)?;
    // What is no text is no id either, and is refused as such.
    let header = headers
        .get(LAST_EVENT_ID)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let last = header.or(query.last_event_id);
    let after = last.map_or(Some(0), |last| number(&turn, last.trim()));
    let after = after.ok_or(Problem::not_found(
        "the last event's id is not one of this turn",
    ))?;
    Ok((customer, turn, after))
}

/// The number of an event of this turn: `<turn_id>.<n>`, or only `<n>`. Nothing means from the start.
fn number(turn: &TurnId, id: &str) -> Option<u32> {
    if id.is_empty() {
        return Some(0);
    }
    let number = match id.rsplit_once('.') {
        Some((of, number)) if of == turn.as_str() => number,
        Some(_) => return None,
        None => id,
    };
    number.parse().ok()
}

/// Looks the events up, again after each of the customer's turns that ends before the time is over.
async fn find(
    (edge, service): &Shared,
    customer: &CustomerId,
    turn: &TurnId,
    after: u32,
    until: Instant,
) -> Result<Option<Vec<ReplyEvent>>, Problem> {
    loop {
        let found = service.store.turn_events(customer, turn, after).await;
        let found = found.map_err(|error| store_problem(&error))?;
        if found.is_some() {
            return Ok(found);
        }
        match timeout_at(until, edge.a_turn_ended(customer)).await {
            Ok(true) => {}
            Ok(false) | Err(_) => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_ids_belong_to_their_turn() {
        let turn = TurnId::new("trn_a").unwrap();
        let cases = [
            ("trn_a.2", Some(2)),
            ("3", Some(3)),
            ("", Some(0)),
            ("trn_b.2", None),
            ("trn_a.x", None),
            ("trn_a.-1", None),
            ("99999999999", None),
            (".", None),
        ];
        for (id, expected) in cases {
            assert_eq!(number(&turn, id), expected, "{id:?}");
        }
    }
}
