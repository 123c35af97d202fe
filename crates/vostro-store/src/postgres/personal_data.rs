//! Erasing customers, forgetting texts, ending conversations. What erasing takes is the function
//! `erase_customer` of the migration `V19`, so that it is whole or not at all.

use async_trait::async_trait;
use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{AuditEvent, EraseOutcome, Forgotten, PersonalData, SessionRecord, StoreError};
use vostro_types::CustomerId;

use super::audit::Decisions;
use super::error::PgError;
use super::rows::{id, instant, json, micros, signed, unsigned};
use super::{PostgresStore, sql};

#[async_trait]
impl PersonalData for PostgresStore {
    async fn erase_customer(
        &self,
        customer: &CustomerId,
        context: &AuditEvent,
    ) -> Result<EraseOutcome, StoreError> {
        let customer = customer.clone();
        let (now, decisions) = (
            micros(self.config.now()),
            Decisions::new(&self.config, std::slice::from_ref(context)),
        );
        self.connections
            .run(move |client| async move {
                let customer = customer.as_str();
                let own: [&(dyn ToSql + Sync); 2] = [&customer, &now];
                let row = decisions.call(&client, sql::CUSTOMER_ERASE, &own).await?;
                Ok(match row.try_get(0)? {
                    "erased" => EraseOutcome::Erased,
                    "unknown" => EraseOutcome::Unknown,
                    "unsettled" => EraseOutcome::Unsettled,
                    _ => return Err(PgError::Corrupt("outcome of erasing")),
                })
            })
            .await
    }

    async fn forget_texts(&self, before: Timestamp, most: u32) -> Result<Forgotten, StoreError> {
        let (before, most) = (micros(before), i64::from(most));
        self.connections
            .run(move |client| async move {
                let limits: [&(dyn ToSql + Sync); 2] = [&before, &most];
                let statement = client.prepare_cached(sql::FORGET_TURNS).await?;
                let turns = client.execute(&statement, &limits).await?;
                let statement = client.prepare_cached(sql::FORGET_HAND_OFFS).await?;
                client.query_one(&statement, &limits).await?;
                let statement = client.prepare_cached(sql::FORGET_CLOSED_HAND_OFFS).await?;
                let hand_offs = client.execute(&statement, &[&before]).await?;
                let statement = client.prepare_cached(sql::FORGET_SESSIONS).await?;
                let sessions = client.execute(&statement, &limits).await?;
                Ok(Forgotten {
                    turns,
                    hand_offs,
                    sessions,
                })
            })
            .await
    }

    async fn sessions(
        &self,
        customer: &CustomerId,
        most: u32,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let (customer, most) = (customer.clone(), i64::from(most));
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::SESSIONS_OF_CUSTOMER).await?;
                let rows = client
                    .query(&statement, &[&customer.as_str(), &most])
                    .await?;
                rows.iter().map(|row| session(&customer, row)).collect()
            })
            .await
    }

    async fn end_session(
        &self,
        session: &SessionRecord,
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let session = session.clone();
        let (now, decisions) = (
            micros(self.config.now()),
            Decisions::new(&self.config, std::slice::from_ref(context)),
        );
        self.connections
            .run(move |client| async move {
                let (name, customer) = (session.id.as_str(), session.customer.as_str());
                let (version, state) = (signed(session.version), session.state.to_string());
                let own: [&(dyn ToSql + Sync); 5] = [&name, &customer, &version, &state, &now];
                let row = decisions.call(&client, sql::END_SESSION, &own).await?;
                Ok(row.try_get(0)?)
            })
            .await
    }
}

fn session(customer: &CustomerId, row: &Row) -> Result<SessionRecord, PgError> {
    Ok(SessionRecord {
        id: id(row.try_get("id")?, "session id")?,
        customer: customer.clone(),
        version: unsigned(row.try_get("version")?, "session version")?,
        state: json(row.try_get("state")?, "session state")?,
        opened_at: instant(row.try_get("opened_at")?)?,
        last_seen_at: instant(row.try_get("last_seen_at")?)?,
    })
}
