//! Which account a target means, and what both sides read about it on their statements.

use rusqlite::{Connection, OptionalExtension};
use vostro_bank::Category;
use vostro_ledger::{AccountKind, AccountNumber, Target};
use vostro_types::{AccountId, BillerId, PayeeId};

use super::books::Narrative;
use super::rows::{self, AccountRow};
use super::sql;
use crate::error::DbError;

/// A target found.
pub(super) struct Resolved {
    /// The account that is credited.
    pub(super) account: AccountRow,
    /// The biller's row, if it is a bill that is paid.
    pub(super) biller_pk: Option<i64>,
    pub(super) source_narrative: Narrative,
    pub(super) destination_narrative: Narrative,
}

/// Finds the credited account; `None` when the customer has no such account, payee or biller, or when
/// the payee's number or the biller's reference is no longer the one that was confirmed.
pub(super) fn resolve(
    connection: &Connection,
    source: &AccountRow,
    target: &Target,
) -> Result<Option<Resolved>, DbError> {
    let Some(customer_pk) = source.customer_pk else {
        return Ok(None);
    };
    match target {
        Target::Own { account } => own(connection, source, account),
        Target::Payee { payee, number } => {
            let name = payee_name(connection, customer_pk, payee, number)?;
            name.map_or(Ok(None), |name| outgoing(connection, source, number, &name))
        }
        Target::NewPayee { number } => {
            let name = format!("account {}", number.masked());
            outgoing(connection, source, number, &name)
        }
        Target::Biller { biller, reference } => bill(connection, customer_pk, biller, reference),
    }
}

fn own(
    connection: &Connection,
    source: &AccountRow,
    account: &AccountId,
) -> Result<Option<Resolved>, DbError> {
    let found = rows::account_by_id(connection, account)?
        .filter(|row| row.customer_pk.is_some() && row.customer_pk == source.customer_pk);
    Ok(found.map(|account| Resolved {
        source_narrative: transfer(format!("Transfer to {}", account.name)),
        destination_narrative: transfer(format!("Transfer from {}", source.name)),
        account,
        biller_pk: None,
    }))
}

/// To an account at this bank if there is one of that number, else out through the clearing account.
fn outgoing(
    connection: &Connection,
    source: &AccountRow,
    number: &AccountNumber,
    name: &str,
) -> Result<Option<Resolved>, DbError> {
    let here = rows::account_by_number(connection, number)?;
    let account = match here {
        Some(account) => Some(account),
        None => rows::account_of_bank(connection, AccountKind::Clearing, source.facts.currency)?,
    };
    let from = source
        .number
        .as_ref()
        .map(AccountNumber::masked)
        .unwrap_or_default();
    Ok(account.map(|account| Resolved {
        account,
        biller_pk: None,
        source_narrative: transfer(format!("Transfer to {name}")),
        destination_narrative: transfer(format!("Transfer from account {from}")),
    }))
}

fn payee_name(
    connection: &Connection,
    customer_pk: i64,
    payee: &PayeeId,
    number: &AccountNumber,
) -> Result<Option<String>, DbError> {
    let found: Option<(String, String)> = connection
        .prepare_cached(sql::PAYEE)?
        .query_row((customer_pk, payee.as_str()), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(found.and_then(|(name, kept)| (kept == number.as_str()).then_some(name)))
}

fn bill(
    connection: &Connection,
    customer_pk: i64,
    biller: &BillerId,
    reference: &str,
) -> Result<Option<Resolved>, DbError> {
    type Columns = (i64, String, String, String, String);
    let found: Option<Columns> = connection
        .prepare_cached(sql::BILLER)?
        .query_row((customer_pk, biller.as_str()), |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })
        .optional()?;
    let Some((biller_pk, name, category, kept, account)) = found else {
        return Ok(None);
    };
    if kept != reference {
        return Ok(None);
    }
    let account = AccountId::new(account).map_err(|_| DbError::Corrupt("account id"))?;
    let narrative = Narrative {
        description: format!("Bill payment to {name}"),
        merchant: Some(name),
        category: Category::parse(&category).ok_or(DbError::Corrupt("category"))?,
    };
    Ok(
        rows::account_by_id(connection, &account)?.map(|account| Resolved {
            account,
            biller_pk: Some(biller_pk),
            source_narrative: narrative.clone(),
            destination_narrative: narrative,
        }),
    )
}

fn transfer(description: String) -> Narrative {
    Narrative {
        description,
        merchant: None,
        category: Category::Transfers,
    }
}
