//! Writing a demo customer's plan into the books: everything through double entry, in one call.
//!
//! The accounts are new, so every running balance is known beforehand; the function writes what it is
//! given, and the tables' checks and the trial balance hold it to account.

use serde_json::{Value, json};
use vostro_bank::{CustomerOpened, canonical_json};
use vostro_ledger::{AccountKind, Posting};
use vostro_types::{AccountId, CustomerId, Money, TransferId};

use super::error::PgError;
use super::parameters::salt;
use super::rows::micros;
use super::{Client, sql};
use crate::config::StoreConfig;
use crate::demo::{BILLERS, DemoPlan, Line, Movement, Party, PlannedCard};

/// How many account numbers a plan offers, so that each account finds a free one.
const NUMBERS: usize = 64;

/// The id of the bank's own account of this kind in its currency.
pub(super) fn bank_account(kind: AccountKind, config: &StoreConfig) -> String {
    let code = config.currency().code().to_ascii_lowercase();
    format!("acc_bank_{}_{code}", kind.as_str())
}

/// Opens the customer, unless there is one of that id.
pub(super) async fn open(
    client: &Client,
    config: &StoreConfig,
    customer: &CustomerId,
    plan: &DemoPlan,
) -> Result<CustomerOpened, PgError> {
    let text = text(config, customer, plan)?.to_string();
    let detail = canonical_json(
        &json!({"demo": true, "accounts": plan.accounts.len(), "transfers": plan.movements.len()}),
    );
    let statement = client.prepare_cached(sql::OPEN_DEMO_CUSTOMER).await?;
    let created: bool = client
        .query_one(
            &statement,
            &[&text, &micros(config.now()), &detail, &salt(config)],
        )
        .await?
        .try_get(0)?;
    Ok(if created {
        CustomerOpened::Created
    } else {
        CustomerOpened::AlreadyThere
    })
}

/// The plan as the function `open_demo_customer` takes it.
fn text(config: &StoreConfig, customer: &CustomerId, plan: &DemoPlan) -> Result<Value, PgError> {
    let books = Books::of(config, plan)?;
    let accounts: Vec<_> = plan
        .accounts
        .iter()
        .zip(&books.balances)
        .enumerate()
        .map(|(position, (account, balance_minor))| {
            json!({
                "id": account.id,
                "kind": account.kind,
                "name": account.name,
                "floor_minor": account.floor_minor,
                "balance_minor": balance_minor,
                "position": position,
            })
        })
        .collect();
    let payees: Vec<_> = plan
        .payees
        .iter()
        .map(|payee| {
            json!({"id": payee.id, "name": payee.name, "aliases": payee.aliases, "number": payee.number})
        })
        .collect();
    let numbers: Vec<_> = plan.account_numbers().take(NUMBERS).collect();
    Ok(json!({
        "customer": customer,
        "display_name": plan.display_name,
        "currency": config.currency(),
        "opened_at": micros(plan.opened_at),
        "numbers": numbers,
        "accounts": accounts,
        "payees": payees,
        "billers": billers(config, plan),
        "cards": cards(plan)?,
        "contacts": plan
            .contacts
            .map(|(contact, value)| json!({"contact": contact, "value": value})),
        "movements": books.movements,
        "entries": books.entries,
    }))
}

fn cards(plan: &DemoPlan) -> Result<Vec<Value>, PgError> {
    let card = |(place, card): (usize, &PlannedCard)| {
        let account = plan.accounts.get(card.account);
        let account = account.ok_or(PgError::Corrupt("demo plan"))?;
        Ok(json!({
            "place": place,
            "id": card.id,
            "account": account.id,
            "kind": card.kind,
            "name": card.name,
            "last_four": card.last_four,
            "limit_minor": card.limit_minor,
        }))
    };
    plan.cards.iter().enumerate().map(card).collect()
}

fn billers(config: &StoreConfig, plan: &DemoPlan) -> Vec<Value> {
    BILLERS
        .iter()
        .zip(&plan.billers)
        .map(|(biller, signed_up)| {
            let bill = signed_up.open_bill.as_ref();
            json!({
                "id": biller.id,
                "name": biller.name,
                "aliases": biller.aliases,
                "category": biller.category,
                "account_id": biller.account_id(config.currency()),
                "reference": signed_up.reference,
                "amount_minor": bill.map(|bill| bill.amount_minor),
                "issued_on": bill.map(|bill| bill.issued_on),
                "due_on": bill.map(|bill| bill.due_on),
            })
        })
        .collect()
}

/// The plan's movements as transfers and entries, with every balance after each.
struct Books<'a> {
    config: &'a StoreConfig,
    plan: &'a DemoPlan,
    balances: Vec<i64>,
    movements: Vec<Value>,
    entries: Vec<Value>,
}

impl<'a> Books<'a> {
    fn of(config: &'a StoreConfig, plan: &'a DemoPlan) -> Result<Self, PgError> {
        let mut books = Self {
            config,
            plan,
            balances: vec![0; plan.accounts.len()],
            movements: Vec::new(),
            entries: Vec::new(),
        };
        for movement in &plan.movements {
            books.post(movement)?;
        }
        Ok(books)
    }

    fn post(&mut self, movement: &Movement) -> Result<(), PgError> {
        let id = TransferId::generate(&self.plan.ids);
        let (source, destination) = (
            self.account(movement.source)?,
            self.account(movement.destination)?,
        );
        let amount = Money::new(movement.amount_minor, self.config.currency());
        let posting = Posting::between(source.clone(), destination.clone(), amount)?;
        self.movements.push(json!({
            "place": self.movements.len(),
            "id": id,
            "kind": movement.kind,
            "source": source,
            "destination": destination,
            "amount_minor": movement.amount_minor,
            "at": micros(movement.at),
        }));
        let sides = [
            (movement.source, &movement.source_line),
            (movement.destination, &movement.destination_line),
        ];
        for (entry, (party, line)) in posting.entries().iter().zip(sides) {
            self.write(&id, &entry.account, entry.amount, party, line)?;
        }
        Ok(())
    }

    fn write(
        &mut self,
        transfer: &TransferId,
        account: &AccountId,
        amount: Money,
        party: Party,
        line: &Line,
    ) -> Result<(), PgError> {
        let balance_after = match party {
            Party::Own(place) => {
                let balance = self
                    .balances
                    .get_mut(place)
                    .ok_or(PgError::Corrupt("demo plan"))?;
                *balance = Money::new(*balance, amount.currency)
                    .checked_add(amount)?
                    .minor;
                Some(*balance)
            }
            _ => None,
        };
        self.entries.push(json!({
            "place": self.entries.len(),
            "transfer": transfer,
            "account": account,
            "amount_minor": amount.minor,
            "balance_after_minor": balance_after,
            "category": line.category,
            "description": line.description,
            "merchant": line.merchant,
        }));
        Ok(())
    }

    fn account(&self, party: Party) -> Result<AccountId, PgError> {
        let text = match party {
            Party::Own(place) => {
                let account = self.plan.accounts.get(place);
                return account
                    .map(|account| account.id.clone())
                    .ok_or(PgError::Corrupt("demo plan"));
            }
            Party::Biller(place) => BILLERS
                .get(place)
                .map(|biller| biller.account_id(self.config.currency()))
                .ok_or(PgError::Corrupt("demo plan"))?,
            Party::Outside => bank_account(AccountKind::Clearing, self.config),
            Party::Bank => bank_account(AccountKind::Fees, self.config),
        };
        AccountId::new(text).map_err(|_| PgError::Corrupt("account id"))
    }
}
