//! Writing a posting into the books: the transfer, its entries, and customers' balances.
//!
//! Takes a [`Posting`], which balances by construction. The bank's own accounts get entries only (they
//! are hot); their balances follow by roll-up.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use vostro_bank::Category;
use vostro_ledger::Posting;
use vostro_types::{Money, TransferId};

use super::rows::{AccountRow, micros};
use super::sql;
use crate::error::DbError;

/// What an account's owner reads about an entry.
#[derive(Debug, Clone)]
pub(super) struct Narrative {
    pub(super) description: String,
    pub(super) merchant: Option<String>,
    pub(super) category: Category,
}

/// One side of a transfer.
pub(super) struct Side<'a> {
    pub(super) account: &'a AccountRow,
    pub(super) narrative: Narrative,
}

/// A transfer to be written as posted.
pub(super) struct NewTransfer<'a> {
    pub(super) id: &'a TransferId,
    /// The key that makes it a single effect; `None` for what the bank itself books.
    pub(super) idempotency_key: Option<String>,
    pub(super) kind: &'a str,
    /// The customer who ordered it.
    pub(super) customer_pk: Option<i64>,
    pub(super) source: Side<'a>,
    pub(super) destination: Side<'a>,
    pub(super) amount: Money,
    pub(super) posting: &'a Posting,
    pub(super) posted_at: Timestamp,
    /// The transfer that this one takes back.
    pub(super) reverses_pk: Option<i64>,
}

/// What was written.
pub(super) struct Written {
    pub(super) transfer_pk: i64,
    /// The source account's balance right after, in minor units; `None` for the bank's own.
    pub(super) source_balance_minor: Option<i64>,
}

/// Writes a posted transfer.
pub(super) fn write(
    connection: &Connection,
    transfer: &NewTransfer<'_>,
) -> Result<Written, DbError> {
    let at = micros(transfer.posted_at);
    let (source, destination) = (transfer.source.account, transfer.destination.account);
    connection
        .prepare_cached(sql::TRANSFER_INSERT)?
        .execute(params![
            transfer.id.as_str(),
            transfer.idempotency_key,
            transfer.kind,
            transfer.customer_pk,
            source.pk,
            destination.pk,
            transfer.amount.currency.code(),
            transfer.amount.minor,
            at,
            transfer.reverses_pk,
        ])?;
    let transfer_pk = connection.last_insert_rowid();
    let sides = [&transfer.source, &transfer.destination];
    let source_balance_minor = entries(connection, transfer_pk, sides, transfer.posting, at)?;
    Ok(Written {
        transfer_pk,
        source_balance_minor,
    })
}

/// Writes the entries of a transfer and the customers' balances; gives the first side's new balance.
pub(super) fn entries(
    connection: &Connection,
    transfer_pk: i64,
    sides: [&Side<'_>; 2],
    posting: &Posting,
    at: i64,
) -> Result<Option<i64>, DbError> {
    let [source, _] = sides;
    let mut source_balance_minor = None;
    for entry in posting.entries() {
        let side = sides
            .into_iter()
            .find(|side| side.account.facts.id == entry.account)
            .ok_or(DbError::Corrupt("posting"))?;
        let balance = add(connection, side.account, entry.amount.minor)?;
        if side.account.pk == source.account.pk {
            source_balance_minor = balance;
        }
        connection
            .prepare_cached(sql::ENTRY_INSERT)?
            .execute(params![
                transfer_pk,
                side.account.pk,
                side.account.customer_pk,
                entry.amount.minor,
                balance,
                at,
                side.narrative.category.as_str(),
                side.narrative.description,
                side.narrative.merchant,
            ])?;
    }
    Ok(source_balance_minor)
}

/// Adds to a customer's balance and gives the new one; the table's CHECK keeps the floor.
fn add(connection: &Connection, account: &AccountRow, minor: i64) -> Result<Option<i64>, DbError> {
    if account.customer_pk.is_none() {
        return Ok(None);
    }
    let balance = connection
        .prepare_cached(sql::ACCOUNT_ADD)?
        .query_row((account.pk, minor), |row| row.get(0))?;
    Ok(Some(balance))
}
