//! The conversations' memory: sessions guarded by their version, turns, and turns' events.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    JsonText, ReplyEvent, SessionFound, SessionRecord, TurnCommit, TurnCommitted, TurnRecord,
};
use vostro_types::{CustomerId, SessionId, TurnId};

use super::audit::Decisions;
use super::error::PgError;
use super::rows::{self, instant, micros, signed, storable, unsigned};
use super::{Client, sql};
use crate::config::StoreConfig;

/// What there is under a session id for a customer.
pub(super) async fn session(
    client: &Client,
    customer: &CustomerId,
    id: &SessionId,
) -> Result<SessionFound, PgError> {
    let statement = client.prepare_cached(sql::SESSION).await?;
    let Some(row) = client.query_opt(&statement, &[&id.as_str()]).await? else {
        return Ok(SessionFound::Absent);
    };
    if row.try_get::<_, &str>("customer_id")? != customer.as_str() {
        return Ok(SessionFound::OtherCustomers);
    }
    Ok(SessionFound::Found(SessionRecord {
        id: id.clone(),
        customer: customer.clone(),
        version: unsigned(row.try_get("version")?, "session version")?,
        state: rows::json(row.try_get("state")?, "session state")?,
        opened_at: instant(row.try_get("opened_at")?)?,
        last_seen_at: instant(row.try_get("last_seen_at")?)?,
    }))
}

/// Records a turn and the session's new state, unless another turn came between.
pub(super) async fn commit_turn(
    client: &Client,
    config: &StoreConfig,
    commit: &TurnCommit,
) -> Result<TurnCommitted, PgError> {
    let TurnCommit {
        session,
        turn,
        audit,
    } = commit;
    if turn.session != session.id || turn.customer != session.customer {
        return Ok(TurnCommitted::Conflict);
    }
    let (version, state) = (signed(session.version), session.state.to_string());
    let (id, customer) = (session.id.as_str(), session.customer.as_str());
    let (opened_at, last_seen_at) = (micros(session.opened_at), micros(session.last_seen_at));
    let (turn, now) = (
        serde_json::to_string(&TurnText::of(turn))?,
        micros(config.now()),
    );
    let decisions = Decisions::new(config, audit);
    let own: [&(dyn ToSql + Sync); 8] = [
        &id,
        &customer,
        &version,
        &state,
        &opened_at,
        &last_seen_at,
        &turn,
        &now,
    ];
    match decisions.call(client, sql::COMMIT_TURN, &own).await {
        Ok(row) if row.try_get(0)? => Ok(TurnCommitted::Recorded),
        Ok(_) => Ok(TurnCommitted::Conflict),
        // The same turn at the same time, in another session: that call was rolled back.
        Err(error) if error.is_taken() => Ok(TurnCommitted::Conflict),
        Err(error) => Err(error),
    }
}

/// A turn as the function `commit_turn` takes it. What is JSON text already stays as it is written, so that a
/// repetition is the answer to the byte.
#[derive(Serialize)]
struct TurnText<'a> {
    id: &'a TurnId,
    at: i64,
    message_masked: Cow<'a, str>,
    reply_masked: Cow<'a, str>,
    guardrails_passed: bool,
    intent: Option<Cow<'a, str>>,
    commands: &'a Value,
    events: &'a [ReplyEvent],
    evidence: Option<&'a JsonText>,
    state_hash: Option<&'a str>,
    disposition: &'static str,
    verdict: Cow<'a, str>,
    by_model: bool,
    took_us: i64,
    model_tokens: i64,
    model_micro_dollars: i64,
}

impl<'a> TurnText<'a> {
    fn of(turn: &'a TurnRecord) -> Self {
        let (evidence, measures) = (turn.evidence.as_ref(), &turn.measures);
        Self {
            id: &turn.id,
            at: micros(turn.at),
            message_masked: storable(&turn.message_masked),
            reply_masked: storable(&turn.reply_masked),
            guardrails_passed: turn.guardrails_passed,
            intent: turn.intent.as_deref().map(storable),
            commands: &turn.commands,
            events: &turn.events,
            evidence: evidence.map(|it| &it.facts),
            state_hash: evidence.map(|it| it.state_hash.as_str()),
            disposition: measures.disposition.as_str(),
            verdict: storable(&measures.verdict),
            by_model: measures.by_model,
            took_us: signed(measures.took.as_micros()),
            model_tokens: signed(measures.model_tokens),
            model_micro_dollars: signed(measures.model_cost_micro_dollars),
        }
    }
}

/// The events of a turn after number `after`.
pub(super) async fn turn_events(
    client: &Client,
    customer: &CustomerId,
    turn: &TurnId,
    after: u32,
) -> Result<Option<Vec<ReplyEvent>>, PgError> {
    let statement = client.prepare_cached(sql::TURN_EVENTS).await?;
    let found = client
        .query_opt(&statement, &[&turn.as_str(), &customer.as_str()])
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let mut events: Vec<ReplyEvent> = rows::json(row.try_get(0)?, "turn's events")?;
    events.retain(|event| event.number > after);
    Ok(Some(events))
}
