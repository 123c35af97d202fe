//! Erasing customers, forgetting texts, ending conversations. What erasing takes of the books is a trigger of the
//! migration `V19`; what is a customer's by their id alone goes in the same savepoint.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;
use vostro_bank::{AuditEvent, EraseOutcome, Forgotten, PersonalData, SessionRecord, StoreError};
use vostro_types::{CustomerId, SessionId};

use super::rows::{self, instant, micros, signed};
use super::{SqliteStore, audit, sql};
use crate::error::DbError;

/// What is a customer's by their id alone, in the order in which rows refer to each other.
const ERASED_BY_NAME: [&str; 7] = [
    sql::ERASE_HAND_OFF_MESSAGES,
    sql::ERASE_HAND_OFFS,
    sql::ERASE_TURNS,
    sql::ERASE_SESSIONS,
    sql::ERASE_REQUESTS,
    sql::ERASE_CHANNEL_LINKS,
    sql::AUDIT_ERASE,
];

#[async_trait]
impl PersonalData for SqliteStore {
    async fn erase_customer(
        &self,
        customer: &CustomerId,
        context: &AuditEvent,
    ) -> Result<EraseOutcome, StoreError> {
        let (customer, context) = (customer.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| {
            let outcome = erase(connection, &customer, micros(config.now()))?;
            if outcome == EraseOutcome::Erased {
                audit::record(connection, &config, &context)?;
            }
            Ok(outcome)
        })
        .await
    }

    async fn forget_texts(&self, before: Timestamp, most: u32) -> Result<Forgotten, StoreError> {
        self.write(move |connection| forget(connection, micros(before), most))
            .await
    }

    async fn sessions(
        &self,
        customer: &CustomerId,
        most: u32,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let customer = customer.clone();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::SESSIONS_OF_CUSTOMER)?;
            let mut found = statement.query((customer.as_str(), most))?;
            let mut sessions = Vec::new();
            while let Some(row) = found.next()? {
                let id: String = row.get(0)?;
                sessions.push(SessionRecord {
                    id: SessionId::new(id).map_err(|_| DbError::Corrupt("session id"))?,
                    customer: customer.clone(),
                    version: u64::try_from(row.get::<_, i64>(1)?)
                        .map_err(|_| DbError::Corrupt("session version"))?,
                    state: rows::json(&row.get::<_, String>(2)?, "session state")?,
                    opened_at: instant(row.get(3)?)?,
                    last_seen_at: instant(row.get(4)?)?,
                });
            }
            Ok(sessions)
        })
        .await
    }

    async fn end_session(
        &self,
        session: &SessionRecord,
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let (session, context) = (session.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| {
            let ended = connection.prepare_cached(sql::SESSION_END)?.execute((
                session.id.as_str(),
                session.customer.as_str(),
                signed(session.version),
                session.state.to_string(),
            ))?;
            if ended > 0 {
                audit::record(connection, &config, &context)?;
            }
            Ok(ended > 0)
        })
        .await
    }
}

/// Erases a customer of these books, or of a core banking system: of the latter there are no accounts here, but
/// conversations and movements that were sent.
fn erase(connection: &Connection, customer: &CustomerId, at: i64) -> Result<EraseOutcome, DbError> {
    let name = customer.as_str();
    let says = |statement: &str| -> Result<bool, DbError> {
        let mut statement = connection.prepare_cached(statement)?;
        Ok(statement.query_row((name,), |row| row.get(0))?)
    };
    let owner = rows::customer_pk(connection, customer)?;
    if owner.is_none() && !says(sql::TRACES_OF_CUSTOMER)? {
        return Ok(EraseOutcome::Unknown);
    }
    if says(sql::CORE_TRANSFERS_UNSETTLED)? {
        return Ok(EraseOutcome::Unsettled);
    }
    if let Some(owner) = owner {
        let unsettled: bool = connection
            .prepare_cached(sql::CUSTOMER_UNSETTLED)?
            .query_row((owner,), |row| row.get(0))?;
        if unsettled {
            return Ok(EraseOutcome::Unsettled);
        }
        connection
            .prepare_cached(sql::CUSTOMER_ERASE)?
            .execute((owner, at))?;
    }
    connection
        .prepare_cached(sql::CORE_TRANSFERS_CANCEL)?
        .execute((name, at))?;
    for statement in ERASED_BY_NAME {
        connection.prepare_cached(statement)?.execute((name,))?;
    }
    Ok(EraseOutcome::Erased)
}

fn forget(connection: &Connection, before: i64, most: u32) -> Result<Forgotten, DbError> {
    let turns = connection
        .prepare_cached(sql::FORGET_TURNS)?
        .execute((before, most))?;
    connection
        .prepare_cached(sql::FORGET_HAND_OFF_MESSAGES)?
        .execute((before,))?;
    let hand_offs = connection
        .prepare_cached(sql::FORGET_HAND_OFFS)?
        .execute((before,))?;
    let sessions = connection
        .prepare_cached(sql::FORGET_SESSIONS)?
        .execute((before, most))?;
    let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
    Ok(Forgotten {
        turns: count(turns),
        hand_offs: count(hand_offs),
        sessions: count(sessions),
    })
}
