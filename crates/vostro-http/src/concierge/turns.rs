//! Running a turn: in a task of its own, one at a time per session, counted and measured.
//!
//! The task does not know of the connection, so a client that hangs up changes nothing: the turn is
//! recorded, its events can be read again, and shutdown waits for it.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures::FutureExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tracing::Instrument;
use vostro_bank::{ReplyEvent, RequestGrant, RequestName, StoreError};
use vostro_dialogue::principal::Principal;
use vostro_dialogue::reply::Recorded;
use vostro_dialogue::{
    Listener, ModelUse, RawMessage, Retrieved, TurnAccount, TurnError, UseOutcome,
};
use vostro_telemetry::{Metrics, ModelPurpose, ModelUsed, TurnOutcome};
use vostro_types::TurnId;

use super::State;
use super::repeats::lasting;
use crate::problem::Problem;
use crate::services::ConciergeService;

/// A turn under way.
pub(super) type Turn = JoinHandle<Result<Recorded, Problem>>;

/// A turn under way whose events are heard as they become ready.
pub(super) struct Heard {
    pub(super) id: TurnId,
    pub(super) turn: Turn,
    pub(super) events: UnboundedReceiver<ReplyEvent>,
}

/// Hands events on; a client that has gone hears nothing, and the turn goes on. What waits is bounded by the
/// reply's own size.
struct Telling(UnboundedSender<ReplyEvent>);

impl Listener for Telling {
    fn hear(&self, event: &ReplyEvent) {
        let _ = self.0.send(event.clone());
    }
}

/// A turn that answers a request with an `Idempotency-Key`.
pub(super) struct Keyed {
    pub(super) name: RequestName,
    pub(super) grant: RequestGrant,
}

/// Begins a turn, unless the customer has too many at once. One that is `keyed` has the id of its grant,
/// and ends the request that it answers.
pub(super) fn begin(
    state: State,
    principal: Principal,
    message: RawMessage,
    keyed: Option<Keyed>,
) -> Result<Turn, Problem> {
    let id = id_of(&state, keyed.as_ref());
    spawn(state, principal, message, id, keyed, None)
}

/// [`begin`] for a client that hears the events as they become ready.
pub(super) fn begin_heard(
    state: State,
    principal: Principal,
    message: RawMessage,
    keyed: Option<Keyed>,
) -> Result<Heard, Problem> {
    let id = id_of(&state, keyed.as_ref());
    let (sender, events) = unbounded_channel();
    let telling = Some(Telling(sender));
    let turn = spawn(state, principal, message, id.clone(), keyed, telling)?;
    Ok(Heard { id, turn, events })
}

fn id_of((edge, _): &State, keyed: Option<&Keyed>) -> TurnId {
    keyed.map_or_else(|| edge.new_turn_id(), |keyed| keyed.grant.turn.clone())
}

fn spawn(
    (edge, service): State,
    principal: Principal,
    message: RawMessage,
    id: TurnId,
    keyed: Option<Keyed>,
    telling: Option<Telling>,
) -> Result<Turn, Problem> {
    let permit = edge.begin_turn(&principal.customer)?;
    let tasks = edge.tasks().clone();
    let turn = async move {
        let _permit = permit;
        let mut measured = Measured::begin(edge.metrics().clone());
        let _session = match &message.session {
            Some(session) => Some(edge.sessions().turn(&principal.customer, session).await),
            None => None,
        };
        let concierge = &service.concierge;
        let turn = async {
            match &telling {
                Some(telling) => concierge.turn_heard(&principal, message, id, telling).await,
                None => concierge.turn_as(&principal, message, id).await,
            }
        };
        let Some(Keyed { name, grant }) = keyed else {
            let answer = turn.await;
            measured.ended(&answer);
            return answer.map_err(problem);
        };
        // A request whose turn panics is given up now, not when its lease is over.
        let answer = match AssertUnwindSafe(turn).catch_unwind().await {
            Ok(answer) => {
                measured.ended(&answer);
                answer.map_err(problem)
            }
            Err(_) => Err(panicked()),
        };
        if let Err(problem) = &answer {
            settle(&service, &name, &grant, problem).await;
        }
        answer
    };
    Ok(tasks.spawn(turn.in_current_span()))
}

/// What a finished turn's task gave. A panic inside was caught by the runtime.
pub(super) fn ended(
    result: Result<Result<Recorded, Problem>, tokio::task::JoinError>,
) -> Result<Recorded, Problem> {
    result.unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> Problem {
    tracing::error!("a turn panicked");
    Problem::internal()
}

/// Ends a request that got no reply: a refusal that would be the same again stays, all else is forgotten.
/// When the store does not take it, the request's lease sees to it.
pub(super) async fn settle(
    service: &ConciergeService,
    name: &RequestName,
    grant: &RequestGrant,
    problem: &Problem,
) {
    let settled = match lasting(problem) {
        Some(refusal) => service.store.refuse_request(name, grant, &refusal).await,
        None => service.store.release_request(name, grant).await,
    };
    if let Err(error) = settled {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, "a request stays claimed until its lease is over");
    }
}

fn outcome(answer: &Result<Recorded, TurnError>) -> TurnOutcome {
    match answer {
        Ok(recorded) if recorded.reply.guardrails_passed() => TurnOutcome::Answered,
        Ok(_) => TurnOutcome::Blocked,
        Err(TurnError::ForeignSession | TurnError::SessionEnded | TurnError::UnknownCustomer) => {
            TurnOutcome::Refused
        }
        Err(TurnError::Conflict) => TurnOutcome::Conflict,
        Err(TurnError::Guard(_) | TurnError::Store(StoreError::Unavailable(_))) => {
            TurnOutcome::Unavailable
        }
        Err(TurnError::Store(_)) => TurnOutcome::Failed,
    }
}

/// What the client is told. Failures of our own are logged here, and only here.
fn problem(error: TurnError) -> Problem {
    match error {
        TurnError::ForeignSession => Problem::forbidden("this session belongs to another user"),
        TurnError::SessionEnded => Problem::forbidden(
            "this session has been ended; a message without `session_id` begins a new one",
        ),
        TurnError::UnknownCustomer => Problem::forbidden("there is no such customer"),
        TurnError::Conflict => Problem::conflict(
            "another message of this session was answered at the same time; send this one again",
        ),
        TurnError::Guard(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "no verdict");
            Problem::unavailable("messages cannot be checked at the moment, so none are taken")
        }
        TurnError::Store(error) => store_problem(&error),
    }
}

/// What a client is told of a store that cannot answer.
pub(super) fn store_problem(error: &StoreError) -> Problem {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "the store gave no answer"
    );
    match error {
        StoreError::Unavailable(_) => {
            Problem::unavailable("the bank's records cannot be reached at the moment")
        }
        StoreError::Corrupt { .. } | StoreError::Failed(_) => Problem::internal(),
    }
}

/// A turn in the metrics. Dropping it ends the turn, also by a panic.
struct Measured {
    metrics: std::sync::Arc<Metrics>,
    began: Instant,
    outcome: TurnOutcome,
}

impl Measured {
    fn begin(metrics: std::sync::Arc<Metrics>) -> Self {
        metrics.turn_began();
        Self {
            metrics,
            began: Instant::now(),
            outcome: TurnOutcome::Failed,
        }
    }

    fn ended(&mut self, answer: &Result<Recorded, TurnError>) {
        self.outcome = outcome(answer);
        if let Ok(recorded) = answer {
            tell(&self.metrics, &recorded.account);
        }
    }
}

/// What a turn used, in the metrics.
fn tell(metrics: &Metrics, account: &TurnAccount) {
    let conversation = metrics.conversation();
    conversation.understood(account.tier == vostro_dialogue::Tier::Model);
    if account.opened {
        conversation.opened();
    }
    if let Some(retrieved) = account.retrieved {
        conversation.retrieved(match retrieved {
            Retrieved::Answer => "answer",
            Retrieved::Nothing => "nothing",
            Retrieved::Unavailable => "unavailable",
        });
    }
    let used = [
        (ModelPurpose::Understanding, account.understanding),
        (ModelPurpose::Wording, account.wording),
    ];
    for (purpose, used) in used {
        if let Some(used) = used {
            tell_use(metrics, purpose, &used);
        }
    }
    if let Some(was_there) = account.answer_was_cached {
        conversation.looked_for_answer(was_there);
    }
    if let Some(was_there) = account.wording_was_cached {
        conversation.looked_for_wording(was_there);
    }
}

/// One use of a model, in the metrics.
pub(super) fn tell_use(metrics: &Metrics, purpose: ModelPurpose, used: &ModelUse) {
    metrics.conversation().used(ModelUsed {
        purpose,
        outcome: match used.outcome {
            UseOutcome::Taken => "taken",
            UseOutcome::TakenInPart => "taken_in_part",
            UseOutcome::Nothing => "nothing",
            UseOutcome::Failed => "failed",
        },
        took: used.took,
        prompt_tokens: used.usage.prompt_tokens,
        completion_tokens: used.usage.completion_tokens,
    });
}

impl Drop for Measured {
    fn drop(&mut self) {
        self.metrics.turn_ended(self.outcome, self.began.elapsed());
    }
}
