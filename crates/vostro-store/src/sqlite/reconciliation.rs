//! Every comparison of the books, each a statement of its own, all at one instant.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row};
use vostro_bank::{LedgerCheck, Reconciliation, StoreError};

use super::rows::micros;
use super::{SqliteStore, operations, sql};
use crate::error::DbError;
use crate::reconciliation::{self, Counts};

/// How far back a posting's outbox message is looked for; delivered ones need not be kept for longer.
pub(crate) const PUBLISHED_WITHIN: SignedDuration = SignedDuration::from_hours(24);

#[async_trait]
impl Reconciliation for SqliteStore {
    async fn reconcile(&self) -> Result<Vec<LedgerCheck>, StoreError> {
        let now = self.config.now();
        self.read(move |connection| {
            let deviations = deviations(connection, now)?;
            Ok(reconciliation::checks(counts(connection)?, deviations))
        })
        .await
    }
}

fn counts(connection: &Connection) -> Result<Counts, DbError> {
    let counts = connection
        .prepare_cached(sql::CHECK_COUNTS)?
        .query_row([], |row| {
            Ok([
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ])
        })?;
    Ok(counts)
}

/// What deviates, a list for each rule in the order of [`reconciliation::RULES`].
pub(super) fn deviations(
    connection: &Connection,
    now: Timestamp,
) -> Result<Vec<Vec<String>>, DbError> {
    let mut found = operations::book_deviations(connection)?;
    let since = now.saturating_sub(PUBLISHED_WITHIN).unwrap_or(now);
    let strangers = lines(connection, sql::CHECK_ENTRY_ACCOUNTS, &[], |row| {
        let entry: i64 = row.get(0)?;
        Ok(format!(
            "entry {entry}: its account is unknown or another customer's"
        ))
    })?;
    // In its place among the checks of the books themselves.
    found.insert(found.len().min(6), strangers);
    found.push(lines(connection, sql::CHECK_CONFIRMATIONS, &[], |row| {
        let id: String = row.get(0)?;
        Ok(format!(
            "confirmation {id}: posted, but its transfer is missing or another"
        ))
    })?);
    found.push(lines(connection, sql::CHECK_PAYMENTS, &[], |row| {
        Ok(format!(
            "transfer {}: {}, of {}, pays {} of bills",
            row.get::<_, String>(0)?,
            row.get::<_, String>(3)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(2)?
        ))
    })?);
    found.push(lines(connection, sql::CHECK_AUDITED, &[], |row| {
        Ok(format!(
            "transfer {}: posted without an audit row",
            row.get::<_, String>(0)?
        ))
    })?);
    let since = micros(since);
    found.push(lines(connection, sql::CHECK_PUBLISHED, &[&since], |row| {
        Ok(format!(
            "transfer {}: posted without an outbox message",
            row.get::<_, String>(0)?
        ))
    })?);
    Ok(found)
}

fn lines(
    connection: &Connection,
    statement: &str,
    parameters: &[&dyn rusqlite::ToSql],
    line: fn(&Row<'_>) -> rusqlite::Result<String>,
) -> Result<Vec<String>, DbError> {
    let mut statement = connection.prepare_cached(statement)?;
    let found = statement.query_map(parameters, line)?;
    Ok(found.collect::<Result<_, _>>()?)
}
