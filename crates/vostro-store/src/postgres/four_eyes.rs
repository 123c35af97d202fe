//! The money switch under four eyes: each command one call of one function.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{Approval, FourEyes, Order, StoreError, SwitchRequest};
use vostro_types::ApprovalId;

use super::controls::money_switch;
use super::error::PgError;
use super::pending::OrderParameters;
use super::rows::{id as read_id, instant, micros};
use super::{Client, PostgresStore, sql};
use crate::config::StoreConfig;

const DECIDE: &str = sql::SWITCH_REQUEST_DECIDE;

#[async_trait]
impl FourEyes for PostgresStore {
    async fn request_switch(
        &self,
        id: &ApprovalId,
        stopped: bool,
        expires_at: Timestamp,
        order: &Order,
    ) -> Result<SwitchRequest, StoreError> {
        let (id, order, config) = (id.clone(), order.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move {
                request(&client, &config, &id, stopped, expires_at, &order).await
            })
            .await
    }

    async fn approve_switch(&self, id: &ApprovalId, order: &Order) -> Result<Approval, StoreError> {
        let (id, order, config) = (id.clone(), order.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move {
                let outcome = decide(&client, &config, DECIDE, &id, true, &order).await?;
                Ok(match outcome.as_str() {
                    "turned" => Approval::Turned(money_switch(&client, &config).await?),
                    "same_person" => Approval::SamePerson,
                    "not_open" => Approval::NotOpen,
                    _ => return Err(PgError::Corrupt("outcome of an approval")),
                })
            })
            .await
    }

    async fn withdraw_switch(&self, id: &ApprovalId, order: &Order) -> Result<bool, StoreError> {
        let (id, order, config) = (id.clone(), order.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move {
                let outcome = decide(&client, &config, DECIDE, &id, false, &order).await?;
                Ok(outcome == "withdrawn")
            })
            .await
    }

    async fn switch_requests(&self) -> Result<Vec<SwitchRequest>, StoreError> {
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::SWITCH_REQUESTS_OPEN).await?;
                let found = client.query(&statement, &[&micros(config.now())]).await?;
                found.iter().map(read).collect()
            })
            .await
    }
}

async fn request(
    client: &Client,
    config: &StoreConfig,
    id: &ApprovalId,
    stopped: bool,
    expires_at: Timestamp,
    order: &Order,
) -> Result<SwitchRequest, PgError> {
    let parameters = OrderParameters::new(config, order);
    let (id, by, reason, ends) = (id.as_str(), order.by(), order.reason(), micros(expires_at));
    let own: [&(dyn ToSql + Sync); 5] = [&id, &stopped, &by, &reason, &ends];
    let statement = client.prepare_cached(sql::SWITCH_REQUEST_INSERT).await?;
    client.query_one(&statement, &parameters.and(&own)).await?;
    let statement = client.prepare_cached(sql::SWITCH_REQUEST).await?;
    read(&client.query_one(&statement, &[&id]).await?)
}

/// Approves or takes back what waits under this id, by a statement that says what came of it.
pub(super) async fn decide(
    client: &Client,
    config: &StoreConfig,
    statement: &'static str,
    id: &ApprovalId,
    is_approved: bool,
    order: &Order,
) -> Result<String, PgError> {
    let parameters = OrderParameters::new(config, order);
    let (id, by) = (id.as_str(), order.by());
    let own: [&(dyn ToSql + Sync); 3] = [&id, &is_approved, &by];
    let statement = client.prepare_cached(statement).await?;
    let row = client.query_one(&statement, &parameters.and(&own)).await?;
    Ok(row.try_get("outcome")?)
}

fn read(row: &Row) -> Result<SwitchRequest, PgError> {
    Ok(SwitchRequest {
        id: read_id(row.try_get("id")?, "switch request")?,
        stopped: row.try_get("stopped")?,
        by: row.try_get("requested_by")?,
        reason: row.try_get("reason")?,
        at: instant(row.try_get("requested_at")?)?,
        expires_at: instant(row.try_get("expires_at")?)?,
    })
}
