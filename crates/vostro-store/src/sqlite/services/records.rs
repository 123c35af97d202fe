//! Alerts and cases, read back; and telling of alerts.

use jiff::civil::Date;
use rusqlite::Connection;
use vostro_bank::{Alert, Case, DisputeReason};
use vostro_types::{AccountId, AlertId, CaseId, CustomerId, Money, TransferId};

use super::super::rows::{currency_of, instant};
use super::super::{audit, sql};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::services as told;

pub(super) fn day(text: &str) -> Result<Date, DbError> {
    text.parse().map_err(|_| DbError::Corrupt("day"))
}

pub(super) type AlertColumns = (String, String, i64, String);

pub(super) fn alert_columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<AlertColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

pub(super) fn alert((id, account, below, currency): AlertColumns) -> Result<Alert, DbError> {
    Ok(Alert {
        id: AlertId::new(id).map_err(|_| DbError::Corrupt("alert id"))?,
        account: AccountId::new(account).map_err(|_| DbError::Corrupt("account id"))?,
        below: Money::new(below, currency_of(&currency)?),
    })
}

pub(super) fn cases(connection: &Connection, customer: &CustomerId) -> Result<Vec<Case>, DbError> {
    let mut statement = connection.prepare_cached(sql::CASES_OF_CUSTOMER)?;
    let mut found = statement.query((customer.as_str(),))?;
    let mut cases = Vec::new();
    while let Some(row) = found.next()? {
        let currency = currency_of(&row.get::<_, String>(4)?)?;
        let reason: String = row.get(5)?;
        cases.push(Case {
            id: CaseId::new(row.get::<_, String>(0)?).map_err(|_| DbError::Corrupt("case id"))?,
            transfer: TransferId::new(row.get::<_, String>(1)?)
                .map_err(|_| DbError::Corrupt("transfer id"))?,
            description: row.get(2)?,
            amount: Money::new(row.get(3)?, currency),
            reason: DisputeReason::parse(&reason).ok_or(DbError::Corrupt("case reason"))?,
            status: row.get(6)?,
            opened_at: instant(row.get(7)?)?,
        });
    }
    Ok(cases)
}

pub(super) fn run_alerts(
    connection: &Connection,
    config: &StoreConfig,
    most: u32,
) -> Result<u64, DbError> {
    connection.prepare_cached(sql::ALERTS_ARM)?.execute(())?;
    let due = connection
        .prepare_cached(sql::ALERTS_DUE)?
        .query_map((most,), |row| Ok((alert_columns(row)?, row.get(4)?)))?
        .collect::<Result<Vec<(AlertColumns, String)>, _>>()?;
    let mut told_of = 0;
    for (columns, customer) in due {
        let alert = alert(columns)?;
        let customer = CustomerId::new(customer).map_err(|_| DbError::Corrupt("customer id"))?;
        connection
            .prepare_cached(sql::ALERT_FIRED)?
            .execute((alert.id.as_str(),))?;
        audit::record(connection, config, &told::fired(customer, &alert))?;
        told_of += 1;
    }
    Ok(told_of)
}
