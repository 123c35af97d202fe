//! What running the store takes: the outbox, roll-up, account status and the checks of the books.

use jiff::{SignedDuration, Timestamp};
use tokio_postgres::Row;
use vostro_bank::OutboxMessage;
use vostro_ledger::AccountStatus;
use vostro_types::AccountId;

use super::error::PgError;
use super::rows::{json, micros, unsigned};
use super::{Client, sql};

/// How long a taken outbox message is left to whoever took it.
const OUTBOX_LEASE: SignedDuration = SignedDuration::from_secs(30);
/// The most outbox messages taken at once.
const MOST_MESSAGES: u32 = 1_000;

/// A real read.
pub(super) async fn ping(client: &Client) -> Result<(), PgError> {
    let statement = client.prepare_cached(sql::PING).await?;
    client.query_one(&statement, &[]).await?;
    Ok(())
}

/// Takes undelivered messages, oldest first, until the lease ends. What another replica is taking at
/// this moment is passed over.
pub(super) async fn claim_outbox(
    client: &Client,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<OutboxMessage>, PgError> {
    let lease_ends = now.saturating_add(OUTBOX_LEASE).unwrap_or(now);
    let statement = client.prepare_cached(sql::OUTBOX_CLAIM).await?;
    let limit = i64::from(limit.min(MOST_MESSAGES));
    let rows = client
        .query(&statement, &[&micros(now), &micros(lease_ends), &limit])
        .await?;
    let mut messages = rows
        .iter()
        .map(|row| {
            let attempts: i32 = row.try_get("attempts")?;
            Ok(OutboxMessage {
                sequence: row.try_get("sequence")?,
                topic: row.try_get("topic")?,
                payload: json(row.try_get("payload")?, "outbox payload")?,
                attempts: u32::try_from(attempts).map_err(|_| PgError::Corrupt("attempts"))?,
            })
        })
        .collect::<Result<Vec<_>, PgError>>()?;
    messages.sort_by_key(|message| message.sequence);
    Ok(messages)
}

/// Marks messages as delivered.
pub(super) async fn outbox_delivered(
    client: &Client,
    now: Timestamp,
    sequences: &[i64],
) -> Result<(), PgError> {
    let statement = client.prepare_cached(sql::OUTBOX_DELIVERED).await?;
    client
        .execute(&statement, &[&sequences, &micros(now)])
        .await?;
    Ok(())
}

/// Places of entries and of the audit trail up to which nothing can still appear.
pub(super) struct Settled {
    pub(super) entries: i64,
    pub(super) audit: i64,
}

/// Waits for the commands under way and gives the places up to which everything is there.
pub(super) async fn settled(client: &Client) -> Result<Settled, PgError> {
    let statement = client.prepare_cached(sql::SETTLED).await?;
    let row = client.query_one(&statement, &[]).await?;
    Ok(Settled {
        entries: row.try_get("entries")?,
        audit: row.try_get("audit")?,
    })
}

/// Adds the entries since the last roll-up to the bank's own balances; gives how many accounts changed.
pub(super) async fn roll_up(client: &Client) -> Result<u64, PgError> {
    let up_to = settled(client).await?.entries;
    let statement = client.prepare_cached(sql::ROLL_UP).await?;
    let changed: i64 = client.query_one(&statement, &[&up_to]).await?.try_get(0)?;
    unsigned(changed, "count")
}

/// Freezes, closes or opens a customer's account; gives whether there is one.
pub(super) async fn set_account_status(
    client: &Client,
    account: &AccountId,
    status: AccountStatus,
) -> Result<bool, PgError> {
    let statement = client.prepare_cached(sql::ACCOUNT_SET_STATUS).await?;
    let changed = client
        .execute(&statement, &[&account.as_str(), &status.as_str()])
        .await?;
    Ok(changed > 0)
}

/// Every deviation in the books, a line each, as they are at one instant.
pub(super) async fn trial_balance(client: &Client) -> Result<Vec<String>, PgError> {
    let statement = client.prepare_cached(sql::TRIAL_BALANCE).await?;
    let rows = client.query(&statement, &[]).await?;
    let line = |row: &Row| Ok(row.try_get("deviation")?);
    rows.iter().map(line).collect()
}
