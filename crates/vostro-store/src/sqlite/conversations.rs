//! The conversations' memory: sessions guarded by their version, turns, and turns' events.

use rusqlite::{Connection, OptionalExtension, params};
use vostro_bank::{ReplyEvent, SessionFound, SessionRecord, TurnCommit, TurnCommitted};
use vostro_types::{CustomerId, SessionId, TurnId};

use super::rows::{self, instant, micros, signed};
use super::{audit, sql};
use crate::config::StoreConfig;
use crate::error::DbError;

/// What there is under a session id for a customer.
pub(super) fn session(
    connection: &Connection,
    customer: &CustomerId,
    id: &SessionId,
) -> Result<SessionFound, DbError> {
    type Columns = (String, i64, String, i64, i64);
    let found: Option<Columns> = connection
        .prepare_cached(sql::SESSION)?
        .query_row((id.as_str(),), |row| {
            Ok((
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
            ))
        })
        .optional()?;
    let Some((owner, version, state, opened_at, last_seen_at)) = found else {
        return Ok(SessionFound::Absent);
    };
    if owner != customer.as_str() {
        return Ok(SessionFound::OtherCustomers);
    }
    Ok(SessionFound::Found(SessionRecord {
        id: id.clone(),
        customer: customer.clone(),
        version: u64::try_from(version).map_err(|_| DbError::Corrupt("session version"))?,
        state: rows::json(&state, "session state")?,
        opened_at: instant(opened_at)?,
        last_seen_at: instant(last_seen_at)?,
    }))
}

/// The columns of JSON that a turn fills.
pub(super) struct TurnTexts {
    state: String,
    commands: String,
    events: String,
}

impl TurnTexts {
    /// Writes them.
    pub(super) fn of(commit: &TurnCommit) -> Result<Self, DbError> {
        Ok(Self {
            state: serde_json::to_string(&commit.session.state)?,
            commands: serde_json::to_string(&commit.turn.commands)?,
            events: serde_json::to_string(&commit.turn.events)?,
        })
    }
}

/// Records a turn and the session's new state, unless another turn came between.
pub(super) fn commit_turn(
    connection: &Connection,
    config: &StoreConfig,
    commit: &TurnCommit,
    texts: &TurnTexts,
) -> Result<TurnCommitted, DbError> {
    let TurnCommit {
        session,
        turn,
        audit,
    } = commit;
    if turn.session != session.id || turn.customer != session.customer {
        return Ok(TurnCommitted::Conflict);
    }
    if turn_exists(connection, &turn.id)? || !store_session(connection, session, &texts.state)? {
        return Ok(TurnCommitted::Conflict);
    }
    let (evidence, measures) = (turn.evidence.as_ref(), &turn.measures);
    connection
        .prepare_cached(sql::TURN_INSERT)?
        .execute(params![
            turn.id.as_str(),
            turn.session.as_str(),
            turn.customer.as_str(),
            signed(session.version),
            micros(turn.at),
            turn.message_masked,
            turn.reply_masked,
            turn.guardrails_passed,
            turn.intent,
            texts.commands,
            texts.events,
            evidence.map(|it| it.facts.as_str()),
            evidence.map(|it| it.state_hash.as_str()),
            measures.disposition.as_str(),
            measures.verdict,
            measures.by_model,
            signed(measures.took.as_micros()),
            signed(measures.model_tokens),
            signed(measures.model_cost_micro_dollars),
        ])?;
    for event in audit {
        audit::record(connection, config, event)?;
    }
    Ok(TurnCommitted::Recorded)
}

fn turn_exists(connection: &Connection, turn: &TurnId) -> Result<bool, DbError> {
    let exists = connection
        .prepare_cached(sql::TURN_EXISTS)?
        .query_row((turn.as_str(),), |row| row.get(0))?;
    Ok(exists)
}

/// Version 1 opens a session; any later one replaces the version before it.
fn store_session(
    connection: &Connection,
    session: &SessionRecord,
    state: &str,
) -> Result<bool, DbError> {
    let version = signed(session.version);
    let changed = if session.version <= 1 {
        connection
            .prepare_cached(sql::SESSION_INSERT)?
            .execute(params![
                session.id.as_str(),
                session.customer.as_str(),
                version,
                state,
                micros(session.opened_at),
                micros(session.last_seen_at),
            ])?
    } else {
        connection
            .prepare_cached(sql::SESSION_UPDATE)?
            .execute(params![
                session.id.as_str(),
                session.customer.as_str(),
                version,
                state,
                micros(session.last_seen_at),
            ])?
    };
    Ok(changed == 1)
}

/// The events of a turn after number `after`.
pub(super) fn turn_events(
    connection: &Connection,
    customer: &CustomerId,
    turn: &TurnId,
    after: u32,
) -> Result<Option<Vec<ReplyEvent>>, DbError> {
    let text: Option<String> = connection
        .prepare_cached(sql::TURN_EVENTS)?
        .query_row((turn.as_str(), customer.as_str()), |row| row.get(0))
        .optional()?;
    let Some(text) = text else {
        return Ok(None);
    };
    let mut events: Vec<ReplyEvent> = rows::json(&text, "turn's events")?;
    events.retain(|event| event.number > after);
    Ok(Some(events))
}
