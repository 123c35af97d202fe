//! Writing audit rows and outbox rows, inside the transaction of what they tell of.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::Value;
use vostro_bank::{
    AuditEvent, AuditKind, AuditRecord, BANK_ITSELF, Order, Topic, audit_commitment_of_text,
    canonical_json,
};
use vostro_types::{CustomerId, SessionId, TurnId};

use super::rows::{self, instant, micros};
use super::sql;
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::particulars::{merged, published};

/// Puts a decision on record: the event with its commitment, salt and detail beside it, and an outbox
/// row where the outside is told.
pub(super) fn record(
    connection: &Connection,
    config: &StoreConfig,
    event: &AuditEvent,
) -> Result<(), DbError> {
    let mut salt = [0_u8; 32];
    config.entropy.fill(&mut salt);
    let detail = canonical_json(&event.detail);
    let commitment = audit_commitment_of_text(&salt, event.customer.as_str(), &detail);
    connection
        .prepare_cached(sql::AUDIT_INSERT)?
        .execute(params![
            event.kind.as_str(),
            micros(config.now()),
            event.session.as_ref().map(SessionId::as_str),
            event.turn.as_ref().map(TurnId::as_str),
            commitment,
        ])?;
    let sequence = connection.last_insert_rowid();
    connection
        .prepare_cached(sql::AUDIT_DETAIL_INSERT)?
        .execute(params![sequence, event.customer.as_str(), salt, detail])?;
    if let Some(topic) = Topic::of(event.kind) {
        publish(connection, config, topic.as_str(), event)?;
    }
    Ok(())
}

fn publish(
    connection: &Connection,
    config: &StoreConfig,
    topic: &str,
    event: &AuditEvent,
) -> Result<(), DbError> {
    let now = config.now();
    let payload = published(event.detail.clone(), &event.customer, now);
    connection
        .prepare_cached(sql::OUTBOX_INSERT)?
        .execute(params![topic, payload.to_string(), micros(now)])?;
    Ok(())
}

/// The event that a money command records: where it came from is the caller's, what it was is the store's.
pub(super) fn money_event(
    kind: AuditKind,
    customer: &CustomerId,
    context: Option<&AuditEvent>,
    detail: Value,
) -> AuditEvent {
    AuditEvent {
        kind,
        customer: customer.clone(),
        session: context.and_then(|context| context.session.clone()),
        turn: context.and_then(|context| context.turn.clone()),
        detail,
    }
}

/// The event that an order records: the particulars, and who ordered it and why.
pub(super) fn ordered_event(
    kind: AuditKind,
    customer: &CustomerId,
    order: &Order,
    detail: Value,
) -> AuditEvent {
    AuditEvent {
        kind,
        customer: customer.clone(),
        session: order.session().cloned(),
        turn: order.turn().cloned(),
        detail: merged(detail, order.detail()),
    }
}

/// Who stands in a record that concerns the bank itself.
pub(super) fn bank_itself() -> Result<CustomerId, DbError> {
    CustomerId::new(BANK_ITSELF).map_err(|_| DbError::Corrupt("customer id"))
}

/// Audit rows after a place in the trail.
pub(super) fn trail(
    connection: &Connection,
    after: i64,
    limit: u32,
) -> Result<Vec<AuditRecord>, DbError> {
    read(connection, sql::AUDIT_TRAIL, params![after, limit])
}

/// The audit rows of a turn, in order.
pub(super) fn of_turn(
    connection: &Connection,
    session: &SessionId,
    turn: &TurnId,
) -> Result<Vec<AuditRecord>, DbError> {
    let parameters = params![session.as_str(), turn.as_str()];
    read(connection, sql::INSIGHT_AUDIT, parameters)
}

fn read(
    connection: &Connection,
    statement: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<AuditRecord>, DbError> {
    let mut statement = connection.prepare_cached(statement)?;
    let mut found = statement.query(parameters)?;
    let mut records = Vec::new();
    while let Some(row) = found.next()? {
        let invalid = |what| move |_| DbError::Corrupt(what);
        let commitment: Vec<u8> = row.get(5)?;
        let salt: Option<Vec<u8>> = row.get(7)?;
        let detail: Option<String> = row.get(8)?;
        records.push(AuditRecord {
            sequence: row.get(0)?,
            kind: row.get(1)?,
            at: instant(row.get(2)?)?,
            session: row
                .get::<_, Option<String>>(3)?
                .map(SessionId::new)
                .transpose()
                .map_err(invalid("session id"))?,
            turn: row
                .get::<_, Option<String>>(4)?
                .map(TurnId::new)
                .transpose()
                .map_err(invalid("turn id"))?,
            commitment: hex::encode(commitment),
            customer: row
                .get::<_, Option<String>>(6)?
                .map(CustomerId::new)
                .transpose()
                .map_err(invalid("customer id"))?,
            salt: salt.map(hex::encode),
            detail: detail
                .map(|text| rows::json(&text, "audit detail"))
                .transpose()?,
        });
    }
    Ok(records)
}

/// Removes salt and detail of a customer's rows; gives how many.
pub(super) fn erase(
    connection: &Connection,
    customer: &CustomerId,
    now: Timestamp,
) -> Result<u64, DbError> {
    connection
        .prepare_cached(sql::CUSTOMER_AUDIT_ERASED)?
        .execute((customer.as_str(), micros(now)))?;
    let erased = connection
        .prepare_cached(sql::AUDIT_ERASE)?
        .execute((customer.as_str(),))?;
    Ok(u64::try_from(erased).unwrap_or(u64::MAX))
}
