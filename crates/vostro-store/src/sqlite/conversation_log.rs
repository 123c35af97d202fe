//! A customer's past conversations, read back for the customer.

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use vostro_bank::{
    ConversationLog, ConversationSummary, ConversationTurn, SessionFound, StoreError,
};
use vostro_types::{CustomerId, SessionId, TurnId};

use super::rows::{instant, signed};
use super::{SqliteStore, conversations, sql};
use crate::error::DbError;
use crate::reply::whole_reply;

#[async_trait]
impl ConversationLog for SqliteStore {
    async fn conversations(
        &self,
        customer: &CustomerId,
        limit: u32,
    ) -> Result<Vec<ConversationSummary>, StoreError> {
        let customer = customer.clone();
        self.read(move |connection| summaries(connection, &customer, limit))
            .await
    }

    async fn conversation(
        &self,
        customer: &CustomerId,
        session: &SessionId,
        after: u64,
        limit: u32,
    ) -> Result<Option<Vec<ConversationTurn>>, StoreError> {
        let (customer, session) = (customer.clone(), session.clone());
        self.read(move |connection| {
            match conversations::session(connection, &customer, &session)? {
                SessionFound::Found(_) => {
                    turns(connection, &customer, &session, after, limit).map(Some)
                }
                SessionFound::Absent | SessionFound::OtherCustomers => Ok(None),
            }
        })
        .await
    }
}

fn summaries(
    connection: &Connection,
    customer: &CustomerId,
    limit: u32,
) -> Result<Vec<ConversationSummary>, DbError> {
    let mut statement = connection.prepare_cached(sql::CONVERSATIONS_OF_CUSTOMER)?;
    let mut found = statement.query(params![customer.as_str(), limit])?;
    let mut summaries = Vec::new();
    while let Some(row) = found.next()? {
        summaries.push(ConversationSummary {
            session: SessionId::new(row.get::<_, String>(0)?)
                .map_err(|_| DbError::Corrupt("session id"))?,
            opened_at: instant(row.get(1)?)?,
            last_seen_at: instant(row.get(2)?)?,
            first_message_masked: row.get(3)?,
        });
    }
    Ok(summaries)
}

fn turns(
    connection: &Connection,
    customer: &CustomerId,
    session: &SessionId,
    after: u64,
    limit: u32,
) -> Result<Vec<ConversationTurn>, DbError> {
    let mut statement = connection.prepare_cached(sql::CONVERSATION_TURNS)?;
    let mut found = statement.query(params![
        session.as_str(),
        customer.as_str(),
        signed(after),
        limit
    ])?;
    let mut turns = Vec::new();
    while let Some(row) = found.next()? {
        turns.push(turn(row)?);
    }
    Ok(turns)
}

fn turn(row: &Row<'_>) -> Result<ConversationTurn, DbError> {
    let version: i64 = row.get(1)?;
    let reply = whole_reply(&row.get::<_, String>(4)?);
    Ok(ConversationTurn {
        id: TurnId::new(row.get::<_, String>(0)?).map_err(|_| DbError::Corrupt("turn id"))?,
        version: u64::try_from(version).map_err(|_| DbError::Corrupt("turn's version"))?,
        at: instant(row.get(2)?)?,
        message_masked: row.get(3)?,
        reply: reply.ok_or(DbError::Corrupt("turn's events"))?,
    })
}
