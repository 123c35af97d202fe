//! Movements that a core banking system carries out: each command one call of one function.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    AuditEvent, CoreTransfer, CoreTransferStatus, CoreTransferStep, CoreTransfers, StoreError,
};
use vostro_ledger::{IntentHash, Proposal};
use vostro_types::{ConfirmationId, CustomerId};

use super::audit::Decisions;
use super::error::PgError;
use super::rows::{id as read_id, instant, json, micros};
use super::{PostgresStore, sql};
use crate::core_transfers as told;

#[async_trait]
impl CoreTransfers for PostgresStore {
    async fn propose_core_transfer(
        &self,
        proposal: &Proposal,
        context: &AuditEvent,
    ) -> Result<(), StoreError> {
        let (proposal, config) = (proposal.clone(), Arc::clone(&self.config));
        let event = told::proposed(&proposal, context);
        self.connections
            .run(move |client| async move {
                let intent = serde_json::to_string(&proposal.intent);
                let intent = intent.map_err(|_| PgError::Corrupt("intent"))?;
                let hash: &[u8] = &proposal.hash.0;
                let (end, now) = (micros(proposal.expires_at), micros(config.now()));
                let decisions = Decisions::new(&config, &[event]);
                let (id, customer) = (proposal.id.as_str(), proposal.intent.customer.as_str());
                let own: [&(dyn ToSql + Sync); 6] = [&id, &customer, &intent, &hash, &end, &now];
                let called = decisions.call(&client, sql::CORE_TRANSFER_PROPOSE, &own);
                called.await.map(drop)
            })
            .await
    }

    async fn core_transfer(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<CoreTransfer>, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::CORE_TRANSFER).await?;
                let parameters: [&(dyn ToSql + Sync); 2] = [&id.as_str(), &customer.as_str()];
                let found = client.query_opt(&statement, &parameters).await?;
                found.as_ref().map(kept).transpose()
            })
            .await
    }

    async fn step_core_transfer(
        &self,
        transfer: &CoreTransfer,
        step: &CoreTransferStep,
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let (proposal, step) = (transfer.proposal.clone(), step.clone());
        let event = told::stepped(&proposal, &step, context);
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move {
                let receipt = match &step {
                    CoreTransferStep::Post(receipt) => Some(serde_json::to_string(receipt)),
                    _ => None,
                };
                let receipt = receipt.transpose();
                let receipt = receipt.map_err(|_| PgError::Corrupt("receipt"))?;
                let decisions = Decisions::new(&config, &[event]);
                let now = micros(config.now());
                let (id, customer) = (proposal.id.as_str(), proposal.intent.customer.as_str());
                let (leaves, leads_to) = (step.from().as_str(), step.to().as_str());
                let own: [&(dyn ToSql + Sync); 6] =
                    [&id, &customer, &leaves, &leads_to, &receipt, &now];
                let called = decisions.call(&client, sql::CORE_TRANSFER_STEP, &own);
                Ok(called.await?.try_get(0)?)
            })
            .await
    }

    async fn sent_core_transfers(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<CoreTransfer>, StoreError> {
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::CORE_TRANSFERS_SENT).await?;
                let parameters: [&(dyn ToSql + Sync); 2] = [&micros(before), &i64::from(limit)];
                let rows = client.query(&statement, &parameters).await?;
                rows.iter().map(kept).collect()
            })
            .await
    }
}

fn kept(row: &Row) -> Result<CoreTransfer, PgError> {
    let hash: &[u8] = row.try_get("intent_hash")?;
    let receipt: Option<&str> = row.try_get("receipt")?;
    let status: &str = row.try_get("status")?;
    Ok(CoreTransfer {
        proposal: Proposal {
            id: read_id(row.try_get("confirmation_id")?, "confirmation id")?,
            intent: json(row.try_get("intent")?, "intent")?,
            hash: IntentHash(
                hash.try_into()
                    .map_err(|_| PgError::Corrupt("intent hash"))?,
            ),
            expires_at: instant(row.try_get("expires_at")?)?,
        },
        status: CoreTransferStatus::parse(status).ok_or(PgError::Corrupt("movement's status"))?,
        receipt: receipt.map(|text| json(text, "receipt")).transpose()?,
    })
}
