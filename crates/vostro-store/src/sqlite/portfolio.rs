//! A customer's portfolio, read at one instant.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension};
use vostro_bank::{AccountView, Biller, Customer, Payee, Portfolio};
use vostro_ledger::AccountNumber;
use vostro_types::{BillerId, CustomerId, Money, PayeeId};

use super::portfolios::Shown;
use super::rows::{self, AccountRow};
use super::{services, sql};
use crate::error::DbError;

/// The portfolio with the rows that it shows; `None` when there is no such customer.
pub(super) fn read(
    connection: &Connection,
    customer: &CustomerId,
) -> Result<Option<(Portfolio, Vec<Shown>)>, DbError> {
    let found: Option<(i64, String, bool)> = connection
        .prepare_cached(sql::CUSTOMER)?
        .query_row((customer.as_str(),), |row| {
            Ok((row.get(0)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((pk, display_name, is_demo)) = found else {
        return Ok(None);
    };
    let accounts = rows::accounts_of(connection, pk)?;
    let mut shown: Vec<Shown> = accounts.iter().map(|it| Shown::Account(it.pk)).collect();
    let mut bills = connection.prepare_cached(sql::BILLS_SHOWN)?;
    for bill in bills.query_map((pk,), |row| row.get(0))? {
        shown.push(Shown::Bill(bill?));
    }
    let accounts = accounts.into_iter().map(view).collect::<Result<_, _>>()?;
    let portfolio = Portfolio {
        customer: Customer {
            id: customer.clone(),
            display_name,
            is_demo,
        },
        accounts,
        payees: payees(connection, pk)?,
        billers: billers(connection, pk)?,
        cards: services::cards(connection, pk)?,
    };
    Ok(Some((portfolio, shown)))
}

fn view(row: AccountRow) -> Result<AccountView, DbError> {
    Ok(AccountView {
        name: row.name,
        kind: row.facts.kind,
        number: row.number.ok_or(DbError::Corrupt("account number"))?,
        balance: row.facts.balance(),
        available: row.facts.available(),
        status: row.facts.status,
        id: row.facts.id,
    })
}

fn payees(connection: &Connection, customer_pk: i64) -> Result<Vec<Payee>, DbError> {
    let mut statement = connection.prepare_cached(sql::PAYEES_OF_CUSTOMER)?;
    let mut found = statement.query((customer_pk,))?;
    let mut payees = Vec::new();
    while let Some(row) = found.next()? {
        payees.push(Payee {
            id: PayeeId::new(row.get::<_, String>(0)?).map_err(|_| DbError::Corrupt("payee id"))?,
            name: row.get(1)?,
            aliases: rows::json(&row.get::<_, String>(2)?, "payee's aliases")?,
            number: AccountNumber::new(&row.get::<_, String>(3)?)
                .map_err(|_| DbError::Corrupt("payee's number"))?,
        });
    }
    Ok(payees)
}

fn billers(connection: &Connection, customer_pk: i64) -> Result<Vec<Biller>, DbError> {
    let mut statement = connection.prepare_cached(sql::BILLERS_OF_CUSTOMER)?;
    let mut found = statement.query((customer_pk,))?;
    let mut billers = Vec::new();
    while let Some(row) = found.next()? {
        let due: Option<i64> = row.get(4)?;
        let currency: Option<String> = row.get(5)?;
        let due_on: Option<String> = row.get(6)?;
        let amount_due = due
            .zip(currency)
            .map(|(minor, code)| rows::currency_of(&code).map(|it| Money::new(minor, it)))
            .transpose()?;
        billers.push(Biller {
            id: BillerId::new(row.get::<_, String>(0)?)
                .map_err(|_| DbError::Corrupt("biller id"))?,
            name: row.get(1)?,
            aliases: rows::json(&row.get::<_, String>(2)?, "biller's aliases")?,
            reference: row.get(3)?,
            amount_due,
            due_on: due_on
                .map(|text| text.parse::<Date>())
                .transpose()
                .map_err(|_| DbError::Corrupt("due date"))?,
        });
    }
    Ok(billers)
}
