//! A customer's portfolio, read at one instant: one statement that gives each part as JSON.

use jiff::civil::Date;
use serde::Deserialize;
use vostro_bank::{AccountView, Biller, Customer, Payee, Portfolio};
use vostro_ledger::{Account, AccountKind, AccountNumber, AccountStatus};
use vostro_types::{AccountId, BillerId, Currency, CustomerId, Money, PayeeId};

use super::error::PgError;
use super::rows::json;
use super::{Client, sql};

#[derive(Deserialize)]
struct AccountRow {
    id: AccountId,
    kind: AccountKind,
    name: String,
    number: AccountNumber,
    currency: Currency,
    status: AccountStatus,
    balance_minor: i64,
    held_minor: i64,
    floor_minor: i64,
}

#[derive(Deserialize)]
struct PayeeRow {
    id: PayeeId,
    name: String,
    aliases: Vec<String>,
    number: AccountNumber,
}

#[derive(Deserialize)]
struct BillerRow {
    id: BillerId,
    name: String,
    aliases: Vec<String>,
    reference: String,
    due_minor: Option<i64>,
    currency: Option<Currency>,
    due_on: Option<Date>,
}

/// The portfolio; `None` when there is no such customer.
pub(super) async fn read(
    client: &Client,
    customer: &CustomerId,
) -> Result<Option<Portfolio>, PgError> {
    let statement = client.prepare_cached(sql::PORTFOLIO).await?;
    let found = client.query_opt(&statement, &[&customer.as_str()]).await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let accounts: Vec<AccountRow> = json(row.try_get("accounts")?, "account")?;
    let payees: Vec<PayeeRow> = json(row.try_get("payees")?, "payee")?;
    let billers: Vec<BillerRow> = json(row.try_get("billers")?, "biller")?;
    Ok(Some(Portfolio {
        accounts: accounts
            .into_iter()
            .map(|account| view(account, customer))
            .collect(),
        payees: payees.into_iter().map(Payee::from).collect(),
        billers: billers.into_iter().map(Biller::from).collect(),
        cards: json(row.try_get("cards")?, "card")?,
        customer: Customer {
            id: customer.clone(),
            display_name: row.try_get("display_name")?,
            is_demo: row.try_get("is_demo")?,
        },
    }))
}

fn view(row: AccountRow, owner: &CustomerId) -> AccountView {
    let facts = Account {
        id: row.id,
        owner: Some(owner.clone()),
        kind: row.kind,
        status: row.status,
        balance_minor: row.balance_minor,
        held_minor: row.held_minor,
        floor_minor: Some(row.floor_minor),
        currency: row.currency,
    };
    AccountView {
        name: row.name,
        kind: facts.kind,
        number: row.number,
        balance: facts.balance(),
        available: facts.available(),
        status: facts.status,
        id: facts.id,
    }
}

impl From<PayeeRow> for Payee {
    fn from(row: PayeeRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            aliases: row.aliases,
            number: row.number,
        }
    }
}

impl From<BillerRow> for Biller {
    fn from(row: BillerRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            aliases: row.aliases,
            reference: row.reference,
            amount_due: row
                .due_minor
                .zip(row.currency)
                .map(|(minor, currency)| Money::new(minor, currency)),
            due_on: row.due_on,
        }
    }
}
