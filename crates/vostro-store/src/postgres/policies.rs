//! Policies under four eyes: each command one call of one function.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    Order, Policies, PolicyApproval, PolicyInForce, PolicyKind, PolicyRequest, StoreError,
};
use vostro_types::ApprovalId;

use super::error::PgError;
use super::four_eyes::decide;
use super::pending::OrderParameters;
use super::rows::{id as read_id, instant, micros};
use super::{Client, PostgresStore, sql};
use crate::policies::Change;

const DECIDE: &str = sql::POLICY_CHANGE_DECIDE;

#[async_trait]
impl Policies for PostgresStore {
    async fn request_policy(
        &self,
        id: &ApprovalId,
        kind: PolicyKind,
        content: &str,
        expires_at: Timestamp,
        order: &Order,
    ) -> Result<PolicyRequest, StoreError> {
        let (id, content, order) = (id.clone(), content.to_owned(), order.clone());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                let parameters = OrderParameters::new(&config, &order);
                let (name, kind, ends) = (id.as_str(), kind.as_str(), micros(expires_at));
                let (by, reason) = (order.by(), order.reason());
                let own: [&(dyn ToSql + Sync); 6] = [&name, &kind, &content, &by, &reason, &ends];
                let statement = client.prepare_cached(sql::POLICY_CHANGE_INSERT).await?;
                client.query_one(&statement, &parameters.and(&own)).await?;
                Ok(one(&client, &id).await?.request)
            })
            .await
    }

    async fn approve_policy(
        &self,
        id: &ApprovalId,
        order: &Order,
    ) -> Result<PolicyApproval, StoreError> {
        let (id, order, config) = (id.clone(), order.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move {
                let outcome = decide(&client, &config, DECIDE, &id, true, &order).await?;
                Ok(match outcome.as_str() {
                    "in_force" => {
                        let now = in_force(one(&client, &id).await?)?;
                        PolicyApproval::InForce(Box::new(now))
                    }
                    "same_person" => PolicyApproval::SamePerson,
                    "not_open" => PolicyApproval::NotOpen,
                    _ => return Err(PgError::Corrupt("outcome of an approval")),
                })
            })
            .await
    }

    async fn withdraw_policy(&self, id: &ApprovalId, order: &Order) -> Result<bool, StoreError> {
        let (id, order, config) = (id.clone(), order.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move {
                Ok(decide(&client, &config, DECIDE, &id, false, &order).await? == "withdrawn")
            })
            .await
    }

    async fn policy_requests(&self) -> Result<Vec<PolicyRequest>, StoreError> {
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::POLICY_CHANGES_OPEN).await?;
                let found = client.query(&statement, &[&micros(config.now())]).await?;
                found.iter().map(|row| Ok(read(row)?.request)).collect()
            })
            .await
    }

    async fn policies(&self) -> Result<Vec<PolicyInForce>, StoreError> {
        self.connections
            .run(|client| async move {
                let statement = client.prepare_cached(sql::POLICIES_IN_FORCE).await?;
                let found = client.query(&statement, &[]).await?;
                found.iter().map(|row| in_force(read(row)?)).collect()
            })
            .await
    }

    async fn policy_version(&self) -> Result<i64, StoreError> {
        self.connections
            .run(|client| async move {
                let statement = client.prepare_cached(sql::POLICY_VERSION).await?;
                let row = client.query_one(&statement, &[]).await?;
                Ok(row.try_get("version")?)
            })
            .await
    }
}

async fn one(client: &Client, id: &ApprovalId) -> Result<Change, PgError> {
    let statement = client.prepare_cached(sql::POLICY_CHANGE).await?;
    read(&client.query_one(&statement, &[&id.as_str()]).await?)
}

fn in_force(change: Change) -> Result<PolicyInForce, PgError> {
    change
        .in_force()
        .ok_or(PgError::Corrupt("change of policy"))
}

fn read(row: &Row) -> Result<Change, PgError> {
    let status: &str = row.try_get("status")?;
    let decided_at: Option<i64> = row.try_get("decided_at")?;
    Ok(Change {
        request: PolicyRequest {
            id: read_id(row.try_get("id")?, "change of policy")?,
            kind: PolicyKind::parse(row.try_get("kind")?)
                .ok_or(PgError::Corrupt("kind of policy"))?,
            content: row.try_get("content")?,
            by: row.try_get("requested_by")?,
            reason: row.try_get("reason")?,
            at: instant(row.try_get("requested_at")?)?,
            expires_at: instant(row.try_get("expires_at")?)?,
        },
        is_decided: status != "open",
        version: row.try_get("version")?,
        decided_by: row.try_get("decided_by")?,
        decided_at: decided_at.map(instant).transpose()?,
    })
}
