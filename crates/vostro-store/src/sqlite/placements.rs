//! Placements read: what was confirmed to be posted later, and how it stands.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use vostro_bank::{Category, PendingTransfer, PostOutcome, Receipt};
use vostro_ledger::TransferStatus;
use vostro_types::{AccountId, ConfirmationId, CustomerId, TransferId};

use super::confirmations::Kept;
use super::rows::{self, instant, micros};
use super::sql;
use crate::error::DbError;

/// The most pending transfers that are listed.
const MOST_LISTED: u32 = 200;
/// How many transfers housekeeping takes on at once.
const AT_ONCE: u32 = 500;

/// A placed transfer, with what posting it takes.
pub(super) struct Placed {
    pub(super) view: PendingTransfer,
    pub(super) transfer_pk: i64,
    pub(super) customer_pk: i64,
    pub(super) hold_pk: i64,
    pub(super) biller_pk: Option<i64>,
    pub(super) source: AccountId,
    pub(super) destination: AccountId,
    pub(super) category: Category,
    pub(super) merchant: Option<String>,
    pub(super) source_reads: String,
    pub(super) destination_reads: String,
    pub(super) receipt: Option<Receipt>,
}

/// The answer to a yes whose confirmation placed a transfer before.
pub(super) fn again(connection: &Connection, confirmation_pk: i64) -> Result<PostOutcome, DbError> {
    let placed = one(connection, sql::PLACED_BY_CONFIRMATION, confirmation_pk)?
        .ok_or(DbError::Corrupt("placement"))?;
    Ok(match (placed.view.status, placed.receipt) {
        (TransferStatus::Pending, _) => PostOutcome::Waiting(Box::new(placed.view)),
        (TransferStatus::Posted, Some(receipt)) => PostOutcome::Replayed(Box::new(receipt)),
        (TransferStatus::Posted, None) => return Err(DbError::Corrupt("receipt")),
        (TransferStatus::Voided | TransferStatus::Expired, _) => PostOutcome::NotOpen,
    })
}

/// The receipt of a confirmation, whether it posted at once or later.
pub(super) fn receipt(connection: &Connection, kept: &Kept) -> Result<Option<Receipt>, DbError> {
    if kept.status != "placed" {
        return Ok(kept.receipt.clone());
    }
    let placed = one(connection, sql::PLACED_BY_CONFIRMATION, kept.pk)?;
    Ok(placed.and_then(|placed| placed.receipt))
}

/// The transfers whose hour has come, or whose time is over.
pub(super) fn due(
    connection: &Connection,
    now: Timestamp,
    overdue: bool,
) -> Result<Vec<TransferId>, DbError> {
    let statement = if overdue {
        sql::PLACED_OVERDUE
    } else {
        sql::PLACED_DUE
    };
    let mut statement = connection.prepare_cached(statement)?;
    let found = statement.query_map((micros(now), AT_ONCE), |row| row.get::<_, String>(0))?;
    found
        .map(|id| TransferId::new(id?).map_err(|_| DbError::Corrupt("transfer id")))
        .collect()
}

/// The transfers that are pending, oldest first.
pub(super) fn list(
    connection: &Connection,
    customer: Option<&CustomerId>,
) -> Result<Vec<PendingTransfer>, DbError> {
    let mut pending = Vec::new();
    let mut take = |rows: &mut rusqlite::Rows<'_>| -> Result<(), DbError> {
        while let Some(row) = rows.next()? {
            pending.push(read(row)?.view);
        }
        Ok(())
    };
    if let Some(customer) = customer {
        let mut statement = connection.prepare_cached(sql::PLACED_PENDING_OF_CUSTOMER)?;
        take(&mut statement.query((MOST_LISTED, customer.as_str()))?)?;
    } else {
        let mut statement = connection.prepare_cached(sql::PLACED_PENDING)?;
        take(&mut statement.query((MOST_LISTED,))?)?;
    }
    Ok(pending)
}

/// What a confirmation of this customer placed.
pub(super) fn placed(
    connection: &Connection,
    customer: &CustomerId,
    confirmation: &ConfirmationId,
) -> Result<Option<PendingTransfer>, DbError> {
    let Some(kept) = super::confirmations::find(connection, customer, confirmation)? else {
        return Ok(None);
    };
    let placed = one(connection, sql::PLACED_BY_CONFIRMATION, kept.pk)?;
    Ok(placed.map(|placed| placed.view))
}

pub(super) fn one(
    connection: &Connection,
    statement: &str,
    key: impl rusqlite::ToSql,
) -> Result<Option<Placed>, DbError> {
    let mut statement = connection.prepare_cached(statement)?;
    let found = statement
        .query_row((key,), |row| Ok(read(row)))
        .optional()?;
    found.transpose()
}

/// A row of the view `placed`.
fn read(row: &Row<'_>) -> Result<Placed, DbError> {
    let corrupt = |what| move |_| DbError::Corrupt(what);
    let text = |column: &str| row.get::<_, String>(column);
    let account = |column: &str| AccountId::new(text(column)?).map_err(corrupt("account id"));
    let at = |column: &str| instant(row.get(column)?);
    let receipt: Option<String> = row.get("receipt")?;
    Ok(Placed {
        view: PendingTransfer {
            transfer: TransferId::new(text("transfer_id")?).map_err(corrupt("transfer id"))?,
            confirmation: ConfirmationId::new(text("confirmation_id")?)
                .map_err(corrupt("confirmation id"))?,
            intent: rows::json(&text("intent")?, "intent")?,
            status: TransferStatus::parse(&text("status")?)
                .ok_or(DbError::Corrupt("transfer status"))?,
            placed_at: at("created_at")?,
            settles_at: at("settles_at")?,
            expires_at: at("expires_at")?,
        },
        transfer_pk: row.get("transfer_pk")?,
        customer_pk: row.get("customer_pk")?,
        hold_pk: row.get("hold_pk")?,
        biller_pk: row.get("biller_pk")?,
        source: account("source_id")?,
        destination: account("destination_id")?,
        category: Category::parse(&text("category")?).ok_or(DbError::Corrupt("category"))?,
        merchant: row.get("merchant")?,
        source_reads: text("source_reads")?,
        destination_reads: text("destination_reads")?,
        receipt: receipt
            .map(|text| rows::json(&text, "receipt"))
            .transpose()?,
    })
}
