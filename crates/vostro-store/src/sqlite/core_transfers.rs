//! Movements that a core banking system carries out.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use vostro_bank::{
    AuditEvent, CoreTransfer, CoreTransferStatus, CoreTransferStep, CoreTransfers, StoreError,
};
use vostro_ledger::{IntentHash, Proposal};
use vostro_types::{ConfirmationId, CustomerId};

use super::rows::{self, instant, micros};
use super::{SqliteStore, audit, sql};
use crate::config::StoreConfig;
use crate::core_transfers as told;
use crate::error::DbError;

#[async_trait]
impl CoreTransfers for SqliteStore {
    async fn propose_core_transfer(
        &self,
        proposal: &Proposal,
        context: &AuditEvent,
    ) -> Result<(), StoreError> {
        let (proposal, context) = (proposal.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| propose(connection, &config, &proposal, &context))
            .await
    }

    async fn core_transfer(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<CoreTransfer>, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::CORE_TRANSFER)?;
            let found = statement.query_row((id.as_str(), customer.as_str()), |row| Ok(kept(row)));
            found.optional()?.transpose()
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
        let (context, config) = (context.clone(), Arc::clone(&self.config));
        self.write(move |connection| advance(connection, &config, &proposal, &step, &context))
            .await
    }

    async fn sent_core_transfers(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<CoreTransfer>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::CORE_TRANSFERS_SENT)?;
            let mut found = statement.query(params![micros(before), limit])?;
            let mut sent = Vec::new();
            while let Some(row) = found.next()? {
                sent.push(kept(row)?);
            }
            Ok(sent)
        })
        .await
    }
}

fn propose(
    connection: &Connection,
    config: &StoreConfig,
    proposal: &Proposal,
    context: &AuditEvent,
) -> Result<(), DbError> {
    let inserted = connection
        .prepare_cached(sql::CORE_TRANSFER_INSERT)?
        .execute(params![
            proposal.id.as_str(),
            proposal.intent.customer.as_str(),
            serde_json::to_string(&proposal.intent)?,
            proposal.hash.0,
            micros(config.now()),
            micros(proposal.expires_at),
        ])?;
    if inserted == 1 {
        audit::record(connection, config, &told::proposed(proposal, context))?;
    }
    Ok(())
}

fn advance(
    connection: &Connection,
    config: &StoreConfig,
    proposal: &Proposal,
    step: &CoreTransferStep,
    context: &AuditEvent,
) -> Result<bool, DbError> {
    let receipt = match step {
        CoreTransferStep::Post(receipt) => Some(serde_json::to_string(receipt)?),
        _ => None,
    };
    let changed = connection
        .prepare_cached(sql::CORE_TRANSFER_STEP)?
        .execute(params![
            proposal.id.as_str(),
            proposal.intent.customer.as_str(),
            step.from().as_str(),
            step.to().as_str(),
            receipt,
            micros(config.now()),
        ])?;
    if changed == 1 {
        audit::record(connection, config, &told::stepped(proposal, step, context))?;
    }
    Ok(changed == 1)
}

fn kept(row: &Row<'_>) -> Result<CoreTransfer, DbError> {
    let status: String = row.get(4)?;
    let receipt: Option<String> = row.get(5)?;
    Ok(CoreTransfer {
        proposal: Proposal {
            id: ConfirmationId::new(row.get::<_, String>(0)?)
                .map_err(|_| DbError::Corrupt("confirmation id"))?,
            intent: rows::json(&row.get::<_, String>(1)?, "intent")?,
            hash: IntentHash(row.get(2)?),
            expires_at: instant(row.get(3)?)?,
        },
        status: CoreTransferStatus::parse(&status).ok_or(DbError::Corrupt("movement's status"))?,
        receipt: receipt
            .map(|text| rows::json(&text, "receipt"))
            .transpose()?,
    })
}
