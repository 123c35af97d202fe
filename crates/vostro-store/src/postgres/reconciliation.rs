//! Every comparison of the books, one statement, so that all of them see the same instant.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_bank::{LedgerCheck, Reconciliation, StoreError};

use super::error::PgError;
use super::rows::micros;
use super::{Client, PostgresStore, sql};
use crate::reconciliation::{self, Counts, RULES};
use crate::sqlite::PUBLISHED_WITHIN;

#[async_trait]
impl Reconciliation for PostgresStore {
    async fn reconcile(&self) -> Result<Vec<LedgerCheck>, StoreError> {
        let now = self.config.now();
        self.connections
            .run(move |client| async move {
                let counts = counts(&client).await?;
                let found = deviations(&client, now).await?;
                Ok(reconciliation::checks(counts, found))
            })
            .await
    }
}

async fn counts(client: &Client) -> Result<Counts, PgError> {
    let statement = client.prepare_cached(sql::CHECK_COUNTS).await?;
    let row = client.query_one(&statement, &[]).await?;
    Ok([
        row.try_get(0)?,
        row.try_get(1)?,
        row.try_get(2)?,
        row.try_get(3)?,
        row.try_get(4)?,
    ])
}

/// What deviates, a list for each rule in the order of [`RULES`].
pub(super) async fn deviations(
    client: &Client,
    now: Timestamp,
) -> Result<Vec<Vec<String>>, PgError> {
    let since = now.saturating_sub(PUBLISHED_WITHIN).unwrap_or(now);
    let statement = client.prepare_cached(sql::TRIAL_BALANCE).await?;
    let mut found = vec![Vec::new(); RULES.len()];
    for row in client.query(&statement, &[&micros(since)]).await? {
        let checked: i32 = row.try_get("checked")?;
        let place = usize::try_from(checked)
            .ok()
            .and_then(|number| number.checked_sub(1));
        let list = place.and_then(|place| found.get_mut(place));
        list.ok_or(PgError::Corrupt("number of a check"))?
            .push(row.try_get("deviation")?);
    }
    Ok(found)
}
