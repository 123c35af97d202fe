//! How the port's values are written into columns and read back.
//!
//! What cannot be read back is [`DbError::Corrupt`], never a panic and never a guess.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::de::DeserializeOwned;
use vostro_ledger::{Account, AccountKind, AccountNumber, AccountStatus};
use vostro_types::{AccountId, Currency, CustomerId};

use super::sql;
use crate::error::DbError;

/// An account's row: the ledger's facts and what the books need beside them.
pub(super) struct AccountRow {
    pub(super) pk: i64,
    /// The owner's row; `None` for the bank's own accounts.
    pub(super) customer_pk: Option<i64>,
    pub(super) name: String,
    pub(super) number: Option<AccountNumber>,
    pub(super) facts: Account,
}

/// The columns of `account_*.sql` and `accounts_of_customer.sql`, as they come.
type AccountColumns = (
    (i64, String, Option<i64>, Option<String>, String, String),
    (Option<String>, String, String, i64, i64, Option<i64>),
);

fn account_columns(row: &Row<'_>) -> rusqlite::Result<AccountColumns> {
    Ok((
        (
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
        ),
        (
            row.get(6)?,
            row.get(7)?,
            row.get(8)?,
            row.get(9)?,
            row.get(10)?,
            row.get(11)?,
        ),
    ))
}

impl AccountRow {
    fn read(columns: AccountColumns) -> Result<Self, DbError> {
        let (
            (pk, id, customer_pk, owner, kind, name),
            (number, currency, status, balance_minor, held_minor, floor_minor),
        ) = columns;
        Ok(Self {
            pk,
            customer_pk,
            name,
            number: number
                .map(|text| AccountNumber::new(&text))
                .transpose()
                .map_err(|_| DbError::Corrupt("account number"))?,
            facts: Account {
                id: AccountId::new(id).map_err(|_| DbError::Corrupt("account id"))?,
                owner: owner
                    .map(CustomerId::new)
                    .transpose()
                    .map_err(|_| DbError::Corrupt("customer id"))?,
                kind: AccountKind::parse(&kind).ok_or(DbError::Corrupt("account kind"))?,
                status: AccountStatus::parse(&status).ok_or(DbError::Corrupt("account status"))?,
                balance_minor,
                held_minor,
                floor_minor,
                currency: currency_of(&currency)?,
            },
        })
    }
}

/// The account with this id, whoever holds it.
pub(super) fn account_by_id(
    connection: &Connection,
    id: &AccountId,
) -> Result<Option<AccountRow>, DbError> {
    one_account(connection, sql::ACCOUNT_BY_ID, (id.as_str(),))
}

/// The customer's account with this number.
pub(super) fn account_by_number(
    connection: &Connection,
    number: &AccountNumber,
) -> Result<Option<AccountRow>, DbError> {
    one_account(connection, sql::ACCOUNT_BY_NUMBER, (number.as_str(),))
}

/// The bank's own account of this kind in this currency.
pub(super) fn account_of_bank(
    connection: &Connection,
    kind: AccountKind,
    currency: Currency,
) -> Result<Option<AccountRow>, DbError> {
    one_account(
        connection,
        sql::ACCOUNT_OF_BANK,
        (kind.as_str(), currency.code()),
    )
}

fn one_account(
    connection: &Connection,
    statement: &str,
    parameters: impl rusqlite::Params,
) -> Result<Option<AccountRow>, DbError> {
    connection
        .prepare_cached(statement)?
        .query_row(parameters, account_columns)
        .optional()?
        .map(AccountRow::read)
        .transpose()
}

/// The customer's accounts, in the order they are shown.
pub(super) fn accounts_of(
    connection: &Connection,
    customer_pk: i64,
) -> Result<Vec<AccountRow>, DbError> {
    let mut statement = connection.prepare_cached(sql::ACCOUNTS_OF_CUSTOMER)?;
    let rows = statement.query_map((customer_pk,), account_columns)?;
    rows.map(|columns| AccountRow::read(columns?)).collect()
}

/// The row of a customer.
pub(super) fn customer_pk(
    connection: &Connection,
    customer: &CustomerId,
) -> Result<Option<i64>, DbError> {
    let pk = connection
        .prepare_cached(sql::CUSTOMER_PK)?
        .query_row((customer.as_str(),), |row| row.get(0))
        .optional()?;
    Ok(pk)
}

/// The instant in whole microseconds, rounded down: what databases keep.
pub(crate) fn whole_microseconds(at: Timestamp) -> Timestamp {
    let floored = at.as_nanosecond().div_euclid(1_000);
    i64::try_from(floored)
        .ok()
        .and_then(|micros| Timestamp::from_microsecond(micros).ok())
        .unwrap_or(at)
}

/// An instant as its column.
pub(super) fn micros(at: Timestamp) -> i64 {
    whole_microseconds(at).as_microsecond()
}

/// A column as its instant.
pub(super) fn instant(micros: i64) -> Result<Timestamp, DbError> {
    Timestamp::from_microsecond(micros).map_err(|_| DbError::Corrupt("instant"))
}

/// A column as its currency.
pub(super) fn currency_of(code: &str) -> Result<Currency, DbError> {
    Currency::from_code(code).ok_or(DbError::Corrupt("currency"))
}

/// A column of JSON as its value.
pub(super) fn json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|_| DbError::Corrupt(what))
}

/// An unsigned number as its column: the largest is held at the column's largest.
pub(super) fn signed(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_lose_less_than_a_microsecond_and_come_back() {
        for nanos in [
            0,
            1,
            999,
            1_000,
            -1,
            -999,
            -1_001,
            1_700_000_000_123_456_789,
        ] {
            let at = Timestamp::from_nanosecond(nanos).unwrap();
            let kept = instant(micros(at)).unwrap();
            assert_eq!(kept, whole_microseconds(at));
            assert!(
                (0..1_000).contains(&(nanos - kept.as_nanosecond())),
                "{nanos}"
            );
        }
        assert!(instant(i64::MAX).is_err());
    }
}
