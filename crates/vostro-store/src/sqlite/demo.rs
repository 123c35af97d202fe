//! Writing a demo customer's plan into the books: everything through double entry, in one command.

use rusqlite::{Connection, params};
use serde_json::json;
use vostro_bank::{AuditKind, CustomerOpened};
use vostro_ledger::{AccountKind, Posting};
use vostro_types::{AccountId, CustomerId, Money, TransferId};

use super::books::{self, Narrative, NewTransfer, Side};
use super::rows::{self, AccountRow, micros};
use super::{audit, sql};
use crate::config::StoreConfig;
use crate::demo::{BILLERS, DemoPlan, Line, Movement, Party};
use crate::error::DbError;

/// The accounts that a plan's movements touch.
struct Accounts {
    own: Vec<AccountRow>,
    billers: Vec<AccountRow>,
    clearing: AccountRow,
    fees: AccountRow,
}

impl Accounts {
    fn of(&self, party: Party) -> Result<&AccountRow, DbError> {
        match party {
            Party::Own(place) => self.own.get(place),
            Party::Biller(place) => self.billers.get(place),
            Party::Outside => Some(&self.clearing),
            Party::Bank => Some(&self.fees),
        }
        .ok_or(DbError::Corrupt("demo plan"))
    }
}

/// Opens the customer, unless there is one of that id.
pub(super) fn open(
    connection: &Connection,
    config: &StoreConfig,
    customer: &CustomerId,
    plan: &DemoPlan,
) -> Result<CustomerOpened, DbError> {
    if rows::customer_pk(connection, customer)?.is_some() {
        return Ok(CustomerOpened::AlreadyThere);
    }
    let opened_at = micros(plan.opened_at);
    let customer_pk: i64 = connection.prepare_cached(sql::CUSTOMER_INSERT)?.query_row(
        params![customer.as_str(), plan.display_name, true, opened_at],
        |row| row.get(0),
    )?;
    insert_accounts(connection, config, customer_pk, plan)?;
    insert_payees(connection, customer_pk, plan)?;
    insert_billers(connection, config, customer_pk, plan)?;
    insert_cards(connection, customer_pk, plan)?;
    let accounts = accounts(connection, config, customer_pk)?;
    for movement in &plan.movements {
        post(connection, config, customer_pk, plan, &accounts, movement)?;
    }
    let detail =
        json!({"demo": true, "accounts": plan.accounts.len(), "transfers": plan.movements.len()});
    let event = audit::money_event(AuditKind::CustomerOpened, customer, None, detail);
    audit::record(connection, config, &event)?;
    Ok(CustomerOpened::Created)
}

fn insert_accounts(
    connection: &Connection,
    config: &StoreConfig,
    customer_pk: i64,
    plan: &DemoPlan,
) -> Result<(), DbError> {
    let mut numbers = plan.account_numbers();
    for (position, account) in plan.accounts.iter().enumerate() {
        let number = loop {
            let number = numbers.next().ok_or(DbError::Corrupt("demo plan"))?;
            let taken: bool = connection
                .prepare_cached(sql::ACCOUNT_NUMBER_TAKEN)?
                .query_row((number.as_str(),), |row| row.get(0))?;
            if !taken {
                break number;
            }
        };
        connection.prepare_cached(sql::ACCOUNT_INSERT)?.query_row(
            params![
                account.id.as_str(),
                customer_pk,
                account.kind.as_str(),
                account.name,
                number.as_str(),
                config.currency().code(),
                account.floor_minor,
                rows::signed(position),
                micros(plan.opened_at),
            ],
            |_| Ok(()),
        )?;
    }
    Ok(())
}

fn insert_payees(
    connection: &Connection,
    customer_pk: i64,
    plan: &DemoPlan,
) -> Result<(), DbError> {
    for payee in &plan.payees {
        connection
            .prepare_cached(sql::PAYEE_INSERT)?
            .execute(params![
                payee.id.as_str(),
                customer_pk,
                payee.name,
                serde_json::to_string(&payee.aliases)?,
                payee.number.as_str(),
                micros(plan.opened_at),
            ])?;
    }
    Ok(())
}

fn insert_cards(connection: &Connection, customer_pk: i64, plan: &DemoPlan) -> Result<(), DbError> {
    for card in &plan.cards {
        let account = plan.accounts.get(card.account);
        let account = account.ok_or(DbError::Corrupt("demo plan"))?;
        connection.prepare_cached(sql::CARD_INSERT)?.execute((
            card.id.as_str(),
            account.id.as_str(),
            card.kind.as_str(),
            card.name,
            &card.last_four,
            card.limit_minor,
        ))?;
    }
    for (contact, value) in plan.contacts {
        connection.prepare_cached(sql::CONTACT_SET)?.execute((
            customer_pk,
            contact,
            value,
            micros(plan.opened_at),
        ))?;
    }
    Ok(())
}

/// The billers are the bank's, with an account each; the customer's part is the reference and the bill.
fn insert_billers(
    connection: &Connection,
    config: &StoreConfig,
    customer_pk: i64,
    plan: &DemoPlan,
) -> Result<(), DbError> {
    let code = config.currency().code();
    for (biller, signed_up) in BILLERS.iter().zip(&plan.billers) {
        let account = biller.account_id(config.currency());
        connection
            .prepare_cached(sql::ACCOUNT_OF_BANK_ENSURE)?
            .execute((
                &account,
                AccountKind::Biller.as_str(),
                biller.name,
                code,
                micros(plan.opened_at),
            ))?;
        connection.prepare_cached(sql::BILLER_ENSURE)?.execute((
            biller.id,
            biller.name,
            serde_json::to_string(biller.aliases)?,
            biller.category.as_str(),
            &account,
        ))?;
        connection
            .prepare_cached(sql::CUSTOMER_BILLER_INSERT)?
            .execute((customer_pk, biller.id, &signed_up.reference))?;
        if let Some(bill) = &signed_up.open_bill {
            connection.prepare_cached(sql::BILL_INSERT)?.execute((
                customer_pk,
                biller.id,
                bill.amount_minor,
                code,
                bill.issued_on.to_string(),
                bill.due_on.to_string(),
            ))?;
        }
    }
    Ok(())
}

fn accounts(
    connection: &Connection,
    config: &StoreConfig,
    customer_pk: i64,
) -> Result<Accounts, DbError> {
    let currency = config.currency();
    let of_bank = |kind| {
        rows::account_of_bank(connection, kind, currency)?.ok_or(DbError::Corrupt("bank account"))
    };
    let billers = BILLERS.iter().map(|biller| {
        let id = AccountId::new(biller.account_id(currency));
        let id = id.map_err(|_| DbError::Corrupt("account id"))?;
        rows::account_by_id(connection, &id)?.ok_or(DbError::Corrupt("biller's account"))
    });
    Ok(Accounts {
        own: rows::accounts_of(connection, customer_pk)?,
        billers: billers.collect::<Result<_, _>>()?,
        clearing: of_bank(AccountKind::Clearing)?,
        fees: of_bank(AccountKind::Fees)?,
    })
}

fn post(
    connection: &Connection,
    config: &StoreConfig,
    customer_pk: i64,
    plan: &DemoPlan,
    accounts: &Accounts,
    movement: &Movement,
) -> Result<(), DbError> {
    let (source, destination) = (
        accounts.of(movement.source)?,
        accounts.of(movement.destination)?,
    );
    let amount = Money::new(movement.amount_minor, config.currency());
    let posting = Posting::between(
        source.facts.id.clone(),
        destination.facts.id.clone(),
        amount,
    )?;
    books::write(
        connection,
        &NewTransfer {
            id: &TransferId::generate(&plan.ids),
            idempotency_key: None,
            kind: movement.kind,
            customer_pk: Some(customer_pk),
            source: side(source, &movement.source_line),
            destination: side(destination, &movement.destination_line),
            amount,
            posting: &posting,
            posted_at: movement.at,
            reverses_pk: None,
        },
    )?;
    Ok(())
}

fn side<'a>(account: &'a AccountRow, line: &Line) -> Side<'a> {
    Side {
        account,
        narrative: Narrative {
            description: line.description.clone(),
            merchant: line.merchant.map(str::to_owned),
            category: line.category,
        },
    }
}
