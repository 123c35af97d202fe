//! A customer's past conversations, read back for the customer.

use async_trait::async_trait;
use tokio_postgres::Row;
use vostro_bank::{
    ConversationLog, ConversationSummary, ConversationTurn, SessionFound, StoreError,
};
use vostro_types::{CustomerId, SessionId};

use super::error::PgError;
use super::rows::{id, instant, signed, unsigned};
use super::{PostgresStore, conversations, sql};
use crate::reply::whole_reply;

#[async_trait]
impl ConversationLog for PostgresStore {
    async fn conversations(
        &self,
        customer: &CustomerId,
        limit: u32,
    ) -> Result<Vec<ConversationSummary>, StoreError> {
        let customer = customer.clone();
        self.connections
            .run(move |client| async move {
                let statement = client
                    .prepare_cached(sql::CONVERSATIONS_OF_CUSTOMER)
                    .await?;
                let found = client
                    .query(&statement, &[&customer.as_str(), &i64::from(limit)])
                    .await?;
                found.iter().map(summary).collect()
            })
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
        self.connections
            .run(move |client| async move {
                let found = conversations::session(&client, &customer, &session).await?;
                if !matches!(found, SessionFound::Found(_)) {
                    return Ok(None);
                }
                let statement = client.prepare_cached(sql::CONVERSATION_TURNS).await?;
                let found = client
                    .query(
                        &statement,
                        &[
                            &session.as_str(),
                            &customer.as_str(),
                            &signed(after),
                            &i64::from(limit),
                        ],
                    )
                    .await?;
                found.iter().map(turn).collect::<Result<_, _>>().map(Some)
            })
            .await
    }
}

fn summary(row: &Row) -> Result<ConversationSummary, PgError> {
    Ok(ConversationSummary {
        session: id(row.try_get("id")?, "session id")?,
        opened_at: instant(row.try_get("opened_at")?)?,
        last_seen_at: instant(row.try_get("last_seen_at")?)?,
        first_message_masked: row.try_get("message_masked")?,
    })
}

fn turn(row: &Row) -> Result<ConversationTurn, PgError> {
    Ok(ConversationTurn {
        id: id(row.try_get("id")?, "turn id")?,
        version: unsigned(row.try_get("version")?, "turn's version")?,
        at: instant(row.try_get("at")?)?,
        message_masked: row.try_get("message_masked")?,
        reply: whole_reply(row.try_get("events")?).ok_or(PgError::Corrupt("turn's events"))?,
    })
}
