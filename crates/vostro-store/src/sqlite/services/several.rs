//! Another amount for an alert; several records removed at once, all or none.

use rusqlite::Connection;
use vostro_bank::{Alert, ChangeRefusal};
use vostro_types::Money;

use super::super::sql;
use super::Applied;
use crate::error::DbError;

/// Tells of an alert at another amount from now on.
pub(super) fn change_alert(
    connection: &Connection,
    owner: i64,
    alert: &Alert,
    below: Money,
) -> Result<Applied, DbError> {
    let id = alert.id.as_str();
    if !stands(connection, sql::ALERT_STANDS, owner, id)? {
        return Ok(Err(ChangeRefusal::Unknown));
    }
    let changed =
        connection
            .prepare_cached(sql::ALERT_CHANGE)?
            .execute((owner, id, below.minor))?;
    // There is one for that amount.
    let made = if changed > 0 {
        Ok(None)
    } else {
        Err(ChangeRefusal::State)
    };
    Ok(made)
}

/// Removes records by their ids: nothing is written before all were looked at.
pub(super) fn remove_each(
    connection: &Connection,
    owner: i64,
    ids: &[&str],
    (known, remove): (&'static str, &'static str),
    at: i64,
) -> Result<Applied, DbError> {
    for id in ids {
        if !stands(connection, known, owner, id)? {
            return Ok(Err(ChangeRefusal::Unknown));
        }
    }
    let mut statement = connection.prepare_cached(remove)?;
    for id in ids {
        statement.execute((owner, id, at))?;
    }
    Ok(Ok(None))
}

fn stands(
    connection: &Connection,
    known: &'static str,
    owner: i64,
    id: &str,
) -> Result<bool, DbError> {
    let mut statement = connection.prepare_cached(known)?;
    Ok(statement.query_row((owner, id), |row| row.get(0))?)
}
