//! Confirmation records: read, and ended when their time is over. Posting and cancelling are in `money`.

use jiff::Timestamp;
use vostro_bank::Receipt;
use vostro_ledger::{IntentHash, MoneyIntent, Proposal};
use vostro_types::{ConfirmationId, CustomerId};

use super::error::PgError;
use super::money;
use super::parameters::salt;
use super::rows::{instant, json, micros};
use super::{Client, sql};
use crate::config::StoreConfig;

/// How many overdue proposals one command ends at most, so that it does not hold up the others.
pub(super) const EXPIRED_AT_ONCE: i64 = 500;

/// Reads an open proposal.
pub(super) async fn open_proposal(
    client: &Client,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Option<Proposal>, PgError> {
    let statement = client.prepare_cached(sql::PROPOSAL).await?;
    let found = client
        .query_opt(&statement, &[&id.as_str(), &customer.as_str()])
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let hash: &[u8] = row.try_get("intent_hash")?;
    Ok(Some(Proposal {
        id: id.clone(),
        intent: json(row.try_get("intent")?, "intent")?,
        hash: IntentHash(
            hash.try_into()
                .map_err(|_| PgError::Corrupt("intent hash"))?,
        ),
        expires_at: instant(row.try_get("expires_at")?)?,
    }))
}

/// The receipt of a proposal that was posted.
pub(super) async fn receipt(
    client: &Client,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Option<Receipt>, PgError> {
    let statement = client.prepare_cached(sql::RECEIPT).await?;
    let found = client
        .query_opt(&statement, &[&id.as_str(), &customer.as_str()])
        .await?;
    found
        .map(|row| {
            let mut intent: MoneyIntent = json(row.try_get("intent")?, "intent")?;
            intent.amount.minor = row.try_get("final_minor")?;
            let day: Option<&str> = row.try_get("value_date")?;
            let value_date = day.map(str::parse).transpose();
            let value_date = value_date.map_err(|_| PgError::Corrupt("value date"))?;
            money::receipt(&row, id, intent, value_date)
        })
        .transpose()
}

/// Ends up to [`EXPIRED_AT_ONCE`] proposals whose time is over; gives how many.
pub(super) async fn expire(
    client: &Client,
    config: &StoreConfig,
    due_by: Timestamp,
) -> Result<u64, PgError> {
    let due_by = micros(due_by);
    let statement = client.prepare_cached(sql::CONFIRMATIONS_OVERDUE).await?;
    let overdue: i64 = client
        .query_one(&statement, &[&due_by, &EXPIRED_AT_ONCE])
        .await?
        .try_get(0)?;
    if overdue == 0 {
        return Ok(0);
    }
    let salts: Vec<_> = (0..overdue).map(|_| salt(config)).collect();
    let statement = client.prepare_cached(sql::EXPIRE_PROPOSALS).await?;
    let ended: i64 = client
        .query_one(&statement, &[&due_by, &micros(config.now()), &salts])
        .await?
        .try_get(0)?;
    super::rows::unsigned(ended, "count")
}
