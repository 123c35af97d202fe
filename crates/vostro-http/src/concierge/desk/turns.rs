//! `GET /api/v1/desk/turns`: the turns behind a figure, and how one of them was decided.
//!
//! What was decided is decided again from the record (a replay), and told as names and ids: a colleague sees the
//! same steps that the audit trail's reader would. Texts are the kept ones, personal data masked.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use vostro_bank::{Disposition, MeasuredTurn, StoreError, TracedTurn, TurnFilter};
use vostro_dialogue::{Replay, ReplayedTurn};
use vostro_types::TurnId;

use super::super::State as Shared;
use super::super::turns::store_problem;
use super::insights::period;
use crate::docs::Failures;
use crate::problem::{ErrorBody, Problem};
use crate::services::ConciergeService;

/// How many turns are given when nothing else is said, and at most.
const DEFAULT: u32 = 50;
const MOST: u32 = 200;
/// Turns that a replay reads at once.
const PAGE: u32 = 200;

/// Which turns.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in super::super) struct TurnsQuery {
    /// The last so many times 24 hours: 1 to 90, 7 if not given.
    #[param(required = false, minimum = 1, maximum = 90)]
    days: Option<u32>,
    /// Only those that ended so.
    #[param(
        required = false,
        pattern = "^(answered|asked|unanswered|declined|proposed|done|handed_off|with_person|blocked)$",
        example = "unanswered"
    )]
    disposition: Option<String>,
    /// Only those about this.
    #[param(required = false, example = "transfer")]
    intent: Option<String>,
    /// Only those with this verdict of the guardrails.
    #[param(required = false, example = "passed")]
    verdict: Option<String>,
    /// How many at most: 1 to 200, 50 if not given.
    #[param(required = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Turns.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct TurnList {
    /// Newest first.
    turns: Vec<MeasuredTurnView>,
}

/// A turn and how it went.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct MeasuredTurnView {
    /// Its id.
    turn_id: String,
    /// The conversation.
    session_id: String,
    /// Its place in the conversation, from 1.
    version: u64,
    /// Whose it is.
    customer_id: String,
    /// When the message came.
    #[schema(format = DateTime)]
    at: String,
    /// The customer's message, personal data masked.
    message: String,
    /// What it was understood to be about.
    intent: Option<String>,
    /// `answered`, `asked`, `unanswered`, `declined`, `proposed`, `done`, `handed_off`, `with_person` or `blocked`.
    disposition: &'static str,
    /// `passed`, or what the guardrails stopped it for.
    verdict: String,
    /// Whether a language model understood it.
    by_model: bool,
    /// How long it took, in milliseconds.
    took_ms: f64,
    /// Tokens of language models.
    model_tokens: u64,
    /// Their price in dollars.
    model_cost_dollars: f64,
}

/// How a turn was decided.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct TurnTrace {
    /// The turn.
    turn: MeasuredTurnView,
    /// What was replied, personal data masked.
    reply: String,
    /// What it was understood as: the commands, in order.
    commands: Vec<String>,
    /// What was decided on them, step by step: names and ids.
    #[schema(value_type = Vec<Object>)]
    steps: Vec<Value>,
    /// How deciding it again from the record compares with the record: `equal`, or what differs.
    #[schema(value_type = Option<String>, example = "equal")]
    replay: Option<Value>,
    /// The titles of the articles that the reply quotes.
    sources: Vec<String>,
    /// Its rows of the audit trail.
    audit: Vec<AuditRowView>,
}

/// A row of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct AuditRowView {
    /// Its place in the trail.
    sequence: i64,
    /// What was decided.
    kind: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The particulars: ids, amounts, codes; null once erased.
    #[schema(value_type = Option<Object>)]
    detail: Option<Value>,
}

/// Turns behind a figure
///
/// For colleagues.
#[utoipa::path(
    get, path = "/api/v1/desk/turns", operation_id = "listTurns", tag = "desk",
    params(TurnsQuery),
    responses(
        (status = 200, description = "The turns", body = TurnList),
        (status = 400, description = "The query cannot be read", body = ErrorBody, content_type = "application/problem+json"),
        (status = 422, description = "There is no such disposition, or `days` or `limit` is out of range", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(in super::super) async fn turns(
    State((edge, service)): State<Shared>,
    query: Result<Query<TurnsQuery>, QueryRejection>,
) -> Result<Json<TurnList>, Problem> {
    let Query(query) = query.map_err(|_| Problem::bad_request("the query cannot be read"))?;
    let period = period(edge.instant(), query.days)?;
    let disposition = match query.disposition {
        None => None,
        Some(name) => Some(
            Disposition::parse(&name).ok_or(Problem::invalid("there is no such `disposition`"))?,
        ),
    };
    let filter = TurnFilter {
        disposition,
        intent: query.intent,
        verdict: query.verdict,
    };
    let limit = query.limit.unwrap_or(DEFAULT);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::invalid(format!("`limit` is from 1 to {MOST}")));
    }
    let found = service.store.measured_turns(period, &filter, limit).await;
    let found = found.map_err(|error| store_problem(&error))?;
    Ok(Json(TurnList {
        turns: found.into_iter().map(MeasuredTurnView::from).collect(),
    }))
}

/// How a turn was decided
///
/// For colleagues: the commands, the steps, the verdict, the sources and the rows of the audit trail.
#[utoipa::path(
    get, path = "/api/v1/desk/turns/{turn_id}", operation_id = "traceTurn", tag = "desk",
    params(("turn_id" = String, Path, description = "The turn", example = "trn_00041061050r3gg28a1c60t3gf")),
    responses(
        (status = 200, description = "The trace", body = TurnTrace),
        (status = 404, description = "There is no such turn, or it was recorded before there were traces", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(in super::super) async fn trace(
    State(shared): State<Shared>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<TurnTrace>, Problem> {
    let (_, service) = shared;
    let absent = || Problem::not_found("there is no such turn");
    let id = id.ok().and_then(|Path(id)| TurnId::new(id).ok());
    let id = id.ok_or_else(absent)?;
    let read = async {
        let Some(found) = service.store.traced_turn(&id).await? else {
            return Ok(None);
        };
        let replayed = replayed(&service, &found.turn).await?;
        Ok(Some((found, replayed)))
    };
    let read = read
        .await
        .map_err(|error: StoreError| store_problem(&error))?;
    let (found, replayed) = read.ok_or_else(absent)?;
    Ok(Json(told(found, replayed)))
}

/// Decides the conversation again up to this turn.
async fn replayed(
    service: &ConciergeService,
    wanted: &MeasuredTurn,
) -> Result<Option<ReplayedTurn>, StoreError> {
    let mut replay = Replay::new();
    let mut after = 0;
    loop {
        let turns = service.store.recorded_turns(&wanted.session, after, PAGE);
        let turns = turns.await?;
        let Some(last) = turns.last() else {
            return Ok(None);
        };
        after = last.version;
        for turn in &turns {
            let replayed = replay.turn(turn);
            if turn.version == wanted.version {
                return Ok(Some(replayed));
            }
        }
    }
}

fn told(found: TracedTurn, replayed: Option<ReplayedTurn>) -> TurnTrace {
    let citations = found.reply.as_ref().map(|reply| &reply["citations"]);
    let citations = citations.and_then(Value::as_array).map(Vec::as_slice);
    let mut sources: Vec<String> = Vec::new();
    for title in citations.unwrap_or_default() {
        if let Some(title) = title["title"].as_str()
            && !sources.iter().any(|source| source == title)
        {
            sources.push(title.to_owned());
        }
    }
    let (commands, steps, outcome) = match replayed {
        Some(it) => (
            it.commands,
            it.decision,
            serde_json::to_value(it.outcome).ok(),
        ),
        None => (Vec::new(), Vec::new(), None),
    };
    TurnTrace {
        turn: found.turn.into(),
        reply: found.reply_masked,
        commands,
        steps: steps.into_iter().map(flat).collect(),
        replay: outcome,
        sources,
        audit: found
            .audit
            .into_iter()
            .map(|row| AuditRowView {
                sequence: row.sequence,
                kind: row.kind,
                at: row.at.to_string(),
                detail: row.detail,
            })
            .collect(),
    }
}

/// A step without what is nested in it: account numbers of payees stand there.
fn flat(step: Value) -> Value {
    let Value::Object(members) = step else {
        return Value::Null;
    };
    let kept = members
        .into_iter()
        .filter(|(_, value)| value.is_string() || value.is_boolean() || value.is_number());
    Value::Object(kept.collect::<Map<_, _>>())
}

impl From<MeasuredTurn> for MeasuredTurnView {
    fn from(turn: MeasuredTurn) -> Self {
        Self {
            turn_id: turn.id.into(),
            session_id: turn.session.into(),
            version: turn.version,
            customer_id: turn.customer.into(),
            at: turn.at.to_string(),
            message: turn.message_masked,
            intent: turn.intent,
            disposition: turn.measures.disposition.as_str(),
            verdict: turn.measures.verdict,
            by_model: turn.measures.by_model,
            took_ms: milliseconds(turn.measures.took),
            model_tokens: turn.measures.model_tokens,
            model_cost_dollars: dollars(turn.measures.model_cost_micro_dollars),
        }
    }
}

/// In whole microseconds, so that the same duration always reads the same.
pub(super) fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

#[allow(
    clippy::cast_precision_loss,
    reason = "exact to 2^53 millionths: nine billion dollars"
)]
pub(super) fn dollars(micro: u64) -> f64 {
    micro as f64 / 1e6
}
