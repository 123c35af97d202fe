//! Open bills: a payment clears the oldest first. What is paid beyond them stays with the biller.

use rusqlite::Connection;
use vostro_types::Money;

use super::sql;
use crate::error::DbError;

/// Counts a posted payment against the customer's open bills of the biller.
pub(super) fn settle(
    connection: &Connection,
    customer_pk: i64,
    biller_pk: i64,
    transfer_pk: i64,
    paid: Money,
) -> Result<(), DbError> {
    let open = connection
        .prepare_cached(sql::BILLS_OPEN)?
        .query_map((customer_pk, biller_pk, paid.currency.code()), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<Vec<(i64, i64)>, _>>()?;
    let mut left = paid.minor;
    for (bill_pk, due) in open {
        let part = left.min(due);
        if part <= 0 {
            break;
        }
        connection
            .prepare_cached(sql::BILL_PAY)?
            .execute((bill_pk, part))?;
        connection
            .prepare_cached(sql::BILL_PAYMENT_INSERT)?
            .execute((bill_pk, transfer_pk, part))?;
        left -= part;
    }
    Ok(())
}

/// Opens again what a payment had cleared, because a reversal took it back.
pub(super) fn reopen(
    connection: &Connection,
    paid_by_pk: i64,
    reversal_pk: i64,
) -> Result<(), DbError> {
    let paid = connection
        .prepare_cached(sql::BILL_PAYMENTS_OF)?
        .query_map((paid_by_pk,), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(i64, i64)>, _>>()?;
    for (bill_pk, part) in paid {
        connection
            .prepare_cached(sql::BILL_PAY)?
            .execute((bill_pk, -part))?;
        connection
            .prepare_cached(sql::BILL_REOPENING_INSERT)?
            .execute((bill_pk, reversal_pk, part))?;
    }
    Ok(())
}
