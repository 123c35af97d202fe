//! Messages that a client may send again: with an `Idempotency-Key` a message is answered once, and its
//! repetitions get that answer.
//!
//! | the key was | repetition |
//! |---|---|
//! | answered | the recorded turn's reply or events again, with `Idempotency-Replayed: true` |
//! | refused (4xx that would be the same again) | the refusal again, with the same header |
//! | used for another body | 409 |
//! | taken by a request under way | waits a little for its answer, then 409 with `Retry-After` |
//! | given up (5xx, 408, 409, 429) | carried out afresh |
//!
//! Whoever is granted a request carries it out with the turn id that the store says, also after a crash:
//! a turn id is recorded once, so the request has one answer whatever happens.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jiff::SignedDuration;
use tokio::time::{Instant, sleep, timeout};
use vostro_bank::{ReplyEvent, RequestClaim, RequestClaimed, RequestGrant, RequestRefusal};
use vostro_dialogue::RawMessage;
use vostro_dialogue::principal::Principal;
use vostro_types::{CustomerId, TurnId};

use super::chat::{waited_for, whole_of};
use super::turns::{self, Keyed, store_problem};
use super::{State, channels, stream};
use crate::idempotency::{IdempotencyKey, REPLAYED};
use crate::problem::Problem;

/// How often another replica's answer is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// A message with a key.
pub(super) struct Repeatable {
    pub(super) key: IdempotencyKey,
    pub(super) body: Bytes,
    pub(super) principal: Principal,
    pub(super) message: RawMessage,
    /// What the key is of: the operation's id in the document, or a channel.
    pub(super) operation: String,
    pub(super) form: Form,
}

/// How an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The reply as one object.
    Whole,
    /// Its events.
    Events,
    /// Only that the message was taken: the reply goes another way.
    Receipt,
}

/// Answers a message with a key.
pub(super) async fn answer(state: &State, repeatable: Repeatable) -> Result<Response, Problem> {
    let (edge, service) = state;
    let customer = repeatable.principal.customer.clone();
    let deadlines = edge.settings().deadlines;
    let claim = RequestClaim {
        name: repeatable.key.name(&customer, &repeatable.operation),
        body_hash: repeatable.key.hash_of(&repeatable.body),
        turn: edge.new_turn_id(),
        // A turn that takes longer than this has lost its process.
        lease: SignedDuration::try_from(deadlines.turn.saturating_mul(2)).unwrap_or_default(),
    };
    let until = Instant::now() + deadlines.duplicate;
    loop {
        let claimed = service.store.claim_request(&claim).await;
        match claimed.map_err(|error| store_problem(&error))? {
            RequestClaimed::Granted(grant) => {
                return carry_out(state, repeatable, claim, grant).await;
            }
            RequestClaimed::Answered(turn) => {
                return replay(state, &customer, &turn, repeatable.form).await;
            }
            RequestClaimed::Refused(refusal) => return Ok(refused_again(&refusal)),
            RequestClaimed::OtherBody => {
                return Err(Problem::conflict(
                    "this `Idempotency-Key` was used for another body; a new request needs a new key",
                ));
            }
            RequestClaimed::InFlight { .. } => {}
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Problem::still_under_way(
                "a request with this `Idempotency-Key` is being answered; send it again to get its answer",
            ));
        }
        // A turn that ends in this process is heard of at once, one of another replica's is looked for.
        if let Ok(false) = timeout(LOOK.min(left), edge.a_turn_ended(&customer)).await {
            sleep(LOOK.min(left)).await;
        }
    }
}

/// Carries a granted request out. The reply is given as it was recorded, so that it is the very same later.
async fn carry_out(
    state: &State,
    repeatable: Repeatable,
    claim: RequestClaim,
    grant: RequestGrant,
) -> Result<Response, Problem> {
    let (edge, service) = state;
    let (customer, turn) = (repeatable.principal.customer.clone(), grant.turn.clone());
    let was_taken_over = grant.attempt > 1;
    let keyed = Keyed {
        name: claim.name.clone(),
        grant: grant.clone(),
    };
    let (principal, message) = (repeatable.principal, repeatable.message);
    let give_up = async |problem| {
        turns::settle(service, &claim.name, &grant, &problem).await;
        Err(problem)
    };
    let answered = if repeatable.form == Form::Events {
        match turns::begin_heard(state.clone(), principal, message, Some(keyed)) {
            Ok(heard) => stream::of_turn(edge, heard).await,
            Err(problem) => return give_up(problem).await,
        }
    } else {
        match turns::begin(state.clone(), principal, message, Some(keyed)) {
            Ok(running) => waited_for(edge, running)
                .await
                .and_then(|recorded| reply(&recorded.events, repeatable.form)),
            Err(problem) => return give_up(problem).await,
        }
    };
    match answered {
        // The holder that was taken for gone has answered after all.
        Err(problem) if was_taken_over && problem.status() == StatusCode::CONFLICT => {
            match recorded(state, &customer, &turn).await? {
                Some(events) => again(&turn, events, repeatable.form),
                None => Err(problem),
            }
        }
        answered => answered,
    }
}

/// The whole reply, or what it is the reply of.
fn reply(events: &[ReplyEvent], form: Form) -> Result<Response, Problem> {
    if form != Form::Receipt {
        return whole_of(events);
    }
    let done = events.iter().rfind(|event| event.event == "done");
    let done = done.ok_or_else(Problem::internal)?;
    Ok(channels::messages::accepted(&done.data.to_value()).into_response())
}

async fn recorded(
    (_, service): &State,
    customer: &CustomerId,
    turn: &TurnId,
) -> Result<Option<Vec<ReplyEvent>>, Problem> {
    let events = service.store.turn_events(customer, turn, 0).await;
    events.map_err(|error| store_problem(&error))
}

async fn replay(
    state: &State,
    customer: &CustomerId,
    turn: &TurnId,
    form: Form,
) -> Result<Response, Problem> {
    let events = recorded(state, customer, turn).await?;
    again(turn, events.ok_or_else(Problem::internal)?, form)
}

fn again(turn: &TurnId, events: Vec<ReplyEvent>, form: Form) -> Result<Response, Problem> {
    let response = if form == Form::Events {
        stream::of_events(turn, events)
    } else {
        reply(&events, form)?
    };
    Ok(marked(response))
}

fn refused_again(refusal: &RequestRefusal) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::CONFLICT);
    marked(Problem::repeated(status, refusal.detail.clone()).into_response())
}

fn marked(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// What a request that ended without a reply leaves on record. `None`: nothing, the next one is carried out.
pub(super) fn lasting(problem: &Problem) -> Option<RequestRefusal> {
    let status = problem.status();
    let passes = matches!(
        status,
        StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS
    );
    (status.is_client_error() && !passes).then(|| RequestRefusal {
        status: status.as_u16(),
        detail: problem.detail().to_owned(),
    })
}
