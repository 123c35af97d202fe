//! Who a customer is to the assistant: accounts, payees and billers.

use crate::services::CardView;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use vostro_ledger::{AccountKind, AccountNumber, AccountStatus};
use vostro_types::{AccountId, BillerId, CustomerId, Money, PayeeId};

/// A customer of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The bank's id for the customer.
    pub id: CustomerId,
    /// How to address them; demo customers have none of their own ("Demo customer").
    pub display_name: String,
    /// Whether this is data of the demo bank.
    pub is_demo: bool,
}

/// Whether opening a customer made one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerOpened {
    /// The customer and the portfolio are new.
    Created,
    /// There was one; nothing was changed.
    AlreadyThere,
    /// There is none, and this store does not open demo customers; nothing was written.
    Refused,
}

/// An account as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// The account's id.
    pub id: AccountId,
    /// What the customer calls it: "Everyday Checking".
    pub name: String,
    /// What it is for.
    pub kind: AccountKind,
    /// The number by which it is known outside.
    pub number: AccountNumber,
    /// The balance.
    pub balance: Money,
    /// What can be spent now, after holds and down to the floor.
    pub available: Money,
    /// Whether it takes postings.
    pub status: AccountStatus,
}

/// A saved payee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payee {
    /// The payee's id.
    pub id: PayeeId,
    /// The name the customer saved: "Anna Demo".
    pub name: String,
    /// Other names the customer uses: "mum".
    pub aliases: Vec<String>,
    /// Where the money goes.
    pub number: AccountNumber,
}

/// A biller that the customer pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Biller {
    /// The biller's id.
    pub id: BillerId,
    /// The company: "Demo Power & Light".
    pub name: String,
    /// What it bills, and other words for it: "electricity", "electric", "power".
    pub aliases: Vec<String>,
    /// The customer's reference at the biller.
    pub reference: String,
    /// The open bill, if there is one.
    pub amount_due: Option<Money>,
    /// When it is due.
    pub due_on: Option<Date>,
}

/// Everything about a customer that understanding and deciding need: read once a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portfolio {
    /// The customer.
    pub customer: Customer,
    /// Their accounts, in the order they are shown.
    pub accounts: Vec<AccountView>,
    /// Their saved payees.
    pub payees: Vec<Payee>,
    /// Their billers.
    pub billers: Vec<Biller>,
    /// Their cards.
    #[serde(default)]
    pub cards: Vec<CardView>,
}

impl Portfolio {
    /// The accounts that money can be sent from, but for the one that it goes to: checking first, then savings; never a
    /// credit card. Who names none means the first.
    pub fn sources<'a>(&'a self, to: Option<&AccountId>) -> impl Iterator<Item = &'a AccountView> {
        let kinds = [AccountKind::Checking, AccountKind::Savings];
        kinds.into_iter().flat_map(move |kind| {
            let accounts = self.accounts.iter();
            accounts.filter(move |account| account.kind == kind && Some(&account.id) != to)
        })
    }
}
