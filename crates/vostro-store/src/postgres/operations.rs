//! What running the store takes: roll-up, account status and the checks of the books.

use super::error::PgError;
use super::rows::unsigned;
use super::{Client, sql};

/// A real read.
pub(super) async fn ping(client: &Client) -> Result<(), PgError> {
    let statement = client.prepare_cached(sql::PING).await?;
    client.query_one(&statement, &[]).await?;
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
