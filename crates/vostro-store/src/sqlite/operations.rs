//! What running the store takes: roll-up, account status and the checks of the books.

use rusqlite::{Connection, Row};

use super::sql;
use crate::error::DbError;

/// A real read.
pub(super) fn ping(connection: &Connection) -> Result<(), DbError> {
    connection
        .prepare_cached(sql::PING)?
        .query_row([], |row| row.get::<_, i64>(0))?;
    Ok(())
}

/// Adds the entries since the last roll-up to the bank's own balances; gives how many accounts changed.
pub(super) fn roll_up(connection: &Connection) -> Result<u64, DbError> {
    let last: i64 = connection
        .prepare_cached(sql::ENTRIES_LAST)?
        .query_row([], |row| row.get(0))?;
    let changed = connection
        .prepare_cached(sql::ACCOUNTS_ROLL_UP)?
        .execute((last,))?;
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}

/// A check: its statement and how a row of it reads.
type Check = (&'static str, fn(&Row<'_>) -> rusqlite::Result<String>);

const CHECKS: [Check; 8] = [
    (sql::CHECK_TRANSFERS, |row| {
        Ok(format!(
            "transfer {}: {} entries in {} sum to {}",
            row.get::<_, String>(0)?,
            row.get::<_, i64>(3)?,
            row.get::<_, String>(1)?,
            row.get::<_, i64>(2)?
        ))
    }),
    (sql::CHECK_EMPTY_TRANSFERS, |row| {
        Ok(format!(
            "transfer {}: entries and status do not agree",
            row.get::<_, String>(0)?
        ))
    }),
    (sql::CHECK_BALANCES, |row| {
        Ok(format!(
            "account {}: balance {}, entries sum to {}",
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(2)?
        ))
    }),
    (sql::CHECK_RUNNING_BALANCES, |row| {
        Ok(format!(
            "account {}: entry {} says balance {}, entries so far sum to {}",
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(2)?,
            row.get::<_, i64>(3)?
        ))
    }),
    (sql::CHECK_HOLDS, |row| {
        Ok(format!(
            "account {}: held {}, holds sum to {}",
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(2)?
        ))
    }),
    (sql::CHECK_BILLS, |row| {
        Ok(format!(
            "bill {}: paid {}, payments sum to {}",
            row.get::<_, i64>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(2)?
        ))
    }),
    (sql::CHECK_PENDING, |row| {
        Ok(format!(
            "transfer {}: its hold and its status do not agree",
            row.get::<_, String>(0)?
        ))
    }),
    (sql::CHECK_REVERSALS, |row| {
        Ok(format!(
            "transfer {}: not the opposite of what it reverses",
            row.get::<_, String>(0)?
        ))
    }),
];

/// Every deviation of the books themselves, a list for each check.
pub(super) fn book_deviations(connection: &Connection) -> Result<Vec<Vec<String>>, DbError> {
    CHECKS
        .iter()
        .map(|(statement, line)| {
            let mut statement = connection.prepare_cached(statement)?;
            let found = statement.query_map([], line)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .collect()
}
