//! Accounts as the ledger's rules see them.
//!
//! A balance is the account's opening balance plus its entries. From the customer's side: positive
//! is the customer's money; a credit card's balance is negative while something is owed, and its
//! floor is the credit limit with its sign turned.

use serde::{Deserialize, Serialize};
use vostro_types::{AccountId, Currency, CustomerId, Money};

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Everyday money, with payments.
    Checking,
    /// Money put aside.
    Savings,
    /// A credit card: owed while negative.
    CreditCard,
    /// The bank's own: what billers are owed until it is settled.
    Biller,
    /// The bank's own: money on its way out of, or into, the bank.
    Clearing,
    /// The bank's own: fees and interest.
    Fees,
}

impl AccountKind {
    /// Whether customers hold such accounts (the others are the bank's own).
    pub const fn is_customers(self) -> bool {
        matches!(self, Self::Checking | Self::Savings | Self::CreditCard)
    }

    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Savings => "savings",
            Self::CreditCard => "credit_card",
            Self::Biller => "biller",
            Self::Clearing => "clearing",
            Self::Fees => "fees",
        }
    }

    /// Reads what [`AccountKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Checking,
            Self::Savings,
            Self::CreditCard,
            Self::Biller,
            Self::Clearing,
            Self::Fees,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == text)
    }
}

/// Whether an account takes postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// In use.
    Open,
    /// Blocked for the time being.
    Frozen,
    /// Ended.
    Closed,
}

impl AccountStatus {
    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Frozen => "frozen",
            Self::Closed => "closed",
        }
    }

    /// Reads what [`AccountStatus::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Frozen, Self::Closed]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// The facts of one account that decide whether a posting may touch it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose it is; `None` for the bank's own accounts.
    pub owner: Option<CustomerId>,
    /// What it is for.
    pub kind: AccountKind,
    /// Whether it takes postings.
    pub status: AccountStatus,
    /// Opening balance plus entries, in minor units.
    pub balance_minor: i64,
    /// Funds put aside by holds, in minor units, zero or more.
    pub held_minor: i64,
    /// The lowest balance allowed, in minor units; `None` where there is no floor.
    pub floor_minor: Option<i64>,
    /// The account's currency.
    pub currency: Currency,
}

impl Account {
    /// The balance.
    pub const fn balance(&self) -> Money {
        Money::new(self.balance_minor, self.currency)
    }

    /// What can be spent now: the balance above the floor, less holds (saturating).
    pub const fn available(&self) -> Money {
        let floor = match self.floor_minor {
            Some(floor) => floor,
            None => i64::MIN,
        };
        let spendable = self
            .balance_minor
            .saturating_sub(floor)
            .saturating_sub(self.held_minor);
        Money::new(spendable, self.currency)
    }
}
