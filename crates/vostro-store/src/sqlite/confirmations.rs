//! Confirmation records: read and ended. Posting one is in `money`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use vostro_bank::{AuditKind, Receipt};
use vostro_ledger::{IntentHash, MoneyIntent, Proposal};
use vostro_types::{ConfirmationId, CustomerId};

use super::audit::{self, money_event};
use super::rows::{self, instant, micros};
use super::{placements, sql};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::particulars::movement;

/// How many overdue proposals one command ends at most, so that it does not hold up the others.
pub(super) const EXPIRED_AT_ONCE: u32 = 500;

/// A confirmation's row.
pub(super) struct Kept {
    pub(super) pk: i64,
    pub(super) status: String,
    pub(super) intent: MoneyIntent,
    pub(super) hash: IntentHash,
    pub(super) expires_at: Timestamp,
    pub(super) receipt: Option<Receipt>,
}

impl Kept {
    pub(super) fn is_open(&self) -> bool {
        self.status == "open"
    }
}

/// The customer's confirmation of this id, in whatever state.
pub(super) fn find(
    connection: &Connection,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Option<Kept>, DbError> {
    type Columns = (i64, String, String, [u8; 32], i64, Option<String>);
    let columns: Option<Columns> = connection
        .prepare_cached(sql::CONFIRMATION)?
        .query_row((id.as_str(), customer.as_str()), |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
            ))
        })
        .optional()?;
    columns
        .map(|(pk, status, intent, hash, expires_at, receipt)| {
            Ok(Kept {
                pk,
                status,
                intent: rows::json(&intent, "intent")?,
                hash: IntentHash(hash),
                expires_at: instant(expires_at)?,
                receipt: receipt
                    .map(|text| rows::json(&text, "receipt"))
                    .transpose()?,
            })
        })
        .transpose()
}

/// Reads an open proposal.
pub(super) fn open_proposal(
    connection: &Connection,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Option<Proposal>, DbError> {
    let kept = find(connection, customer, id)?.filter(Kept::is_open);
    Ok(kept.map(|kept| Proposal {
        id: id.clone(),
        intent: kept.intent,
        hash: kept.hash,
        expires_at: kept.expires_at,
    }))
}

/// The receipt of a proposal that was posted.
pub(super) fn receipt(
    connection: &Connection,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Option<Receipt>, DbError> {
    find(connection, customer, id)?.map_or(Ok(None), |kept| placements::receipt(connection, &kept))
}

/// Ends up to [`EXPIRED_AT_ONCE`] proposals whose time is over; gives how many.
pub(super) fn expire(
    connection: &Connection,
    config: &StoreConfig,
    now: Timestamp,
) -> Result<u64, DbError> {
    let mut statement = connection.prepare_cached(sql::CONFIRMATIONS_OVERDUE)?;
    let overdue = statement
        .query_map((micros(now), EXPIRED_AT_ONCE), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<Vec<(i64, String, String, String)>, _>>()?;
    let mut count = 0;
    for (pk, id, customer, intent) in overdue {
        let id = ConfirmationId::new(id).map_err(|_| DbError::Corrupt("confirmation id"))?;
        let customer = CustomerId::new(customer).map_err(|_| DbError::Corrupt("customer id"))?;
        let intent: MoneyIntent = rows::json(&intent, "intent")?;
        resolve(connection, pk, "expired", config.now())?;
        let detail = movement(&id, &intent);
        let event = money_event(AuditKind::Expired, &customer, None, detail);
        audit::record(connection, config, &event)?;
        count += 1;
    }
    Ok(count)
}

/// Ends an open confirmation without a posting.
pub(super) fn resolve(
    connection: &Connection,
    confirmation_pk: i64,
    status: &str,
    at: Timestamp,
) -> Result<(), DbError> {
    connection
        .prepare_cached(sql::CONFIRMATION_RESOLVE)?
        .execute(params![
            confirmation_pk,
            status,
            micros(at),
            None::<i64>,
            None::<String>
        ])?;
    Ok(())
}
