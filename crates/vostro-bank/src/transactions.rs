//! Transactions: an account's entries as its owner reads them, and sums over them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vostro_types::{AccountId, Money, TransferId};

/// What a transaction was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Supermarkets and food shops.
    Groceries,
    /// Restaurants, cafés, takeaways.
    Dining,
    /// Fuel, public transport, rides, parking.
    Transport,
    /// Other shops, online and off.
    Shopping,
    /// Electricity, water, gas, internet, phone.
    Utilities,
    /// Streaming, cinema, games, events.
    Entertainment,
    /// Pharmacies, doctors, gyms.
    Health,
    /// Flights, hotels.
    Travel,
    /// Rent, mortgage, insurance of the home.
    Housing,
    /// Pay, refunds, interest received.
    Income,
    /// Movements between accounts and to people.
    Transfers,
    /// The bank's fees.
    Fees,
    /// Cash machines.
    Cash,
    /// Nothing of the above.
    Other,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 14] = [
        Self::Groceries,
        Self::Dining,
        Self::Transport,
        Self::Shopping,
        Self::Utilities,
        Self::Entertainment,
        Self::Health,
        Self::Travel,
        Self::Housing,
        Self::Income,
        Self::Transfers,
        Self::Fees,
        Self::Cash,
        Self::Other,
    ];

    /// The stable text used in databases, on the wire and, as an ordinary English word, in replies.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Groceries => "groceries",
            Self::Dining => "dining",
            Self::Transport => "transport",
            Self::Shopping => "shopping",
            Self::Utilities => "utilities",
            Self::Entertainment => "entertainment",
            Self::Health => "health",
            Self::Travel => "travel",
            Self::Housing => "housing",
            Self::Income => "income",
            Self::Transfers => "transfers",
            Self::Fees => "fees",
            Self::Cash => "cash",
            Self::Other => "other",
        }
    }

    /// Reads what [`Category::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| category.as_str() == text)
    }
}

/// Which way the money went, seen from the customer's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the customer.
    In,
    /// From the customer.
    Out,
}

/// One entry of a customer's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionView {
    /// The place in the books: later is greater. The order of history, and the key of its pages.
    pub sequence: i64,
    /// The transfer it belongs to.
    pub transfer: TransferId,
    /// The account.
    pub account: AccountId,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// Signed: negative left the account.
    pub amount: Money,
    /// What the statement says.
    pub description: String,
    /// The merchant, where there is one.
    pub merchant: Option<String>,
    /// What it was for.
    pub category: Category,
    /// The account's balance after it.
    pub balance_after: Money,
}

/// Which transactions are asked for. Every condition given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryQuery {
    /// Of this account; of all the customer's accounts when `None`.
    pub account: Option<AccountId>,
    /// Posted at or after.
    pub from: Option<Timestamp>,
    /// Posted before.
    pub until: Option<Timestamp>,
    /// Merchant or description contains these words, without regard to case.
    pub text: Option<String>,
    /// In this category.
    pub category: Option<Category>,
    /// Money in, or out.
    pub direction: Option<Direction>,
    /// At least so much, without regard to sign, in minor units.
    pub min_minor: Option<i64>,
    /// At most so much, without regard to sign, in minor units.
    pub max_minor: Option<i64>,
    /// At most so many, newest first; 0 means the store's default of 10, and 200 is the most.
    pub limit: u32,
    /// Only those before this place in the books: the `next` of the page before.
    pub before: Option<i64>,
    /// In which order.
    #[serde(default, skip_serializing_if = "HistoryOrder::is_newest")]
    pub order: HistoryOrder,
}

/// The order of a history, which decides what a limited one holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryOrder {
    /// The newest first; further pages follow.
    #[default]
    Newest,
    /// The largest amounts first, without regard to sign, and the newer of equal ones; there is one page. As in
    /// sums, opening balances and movements between the customer's own accounts are left out, these unless
    /// the query names the category [`Category::Transfers`].
    Largest,
}

impl HistoryOrder {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    const fn is_newest(&self) -> bool {
        matches!(self, Self::Newest)
    }
}

/// A page of history, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPage {
    /// The transactions.
    pub items: Vec<TransactionView>,
    /// What to give as `before` for the next page; `None` on the last.
    pub next: Option<i64>,
}

impl HistoryPage {
    /// Whether no amount is larger than the one before it, signs aside.
    pub fn has_largest_first(&self) -> bool {
        let sizes = self
            .items
            .iter()
            .map(|item| item.amount.minor.unsigned_abs());
        sizes.is_sorted_by(|larger, smaller| larger >= smaller)
    }
}

/// A sum over the transactions that a [`HistoryQuery`] describes (its `limit` and `before` are not used).
/// Opening balances are never counted, movements between the customer's own accounts only when the
/// query names the category [`Category::Transfers`]. Sums are in the currency of the account that was
/// asked for, or else of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpendingSummary {
    /// What left the accounts, as a positive amount.
    pub spent: Money,
    /// What came in.
    pub received: Money,
    /// How many transactions were summed.
    pub count: u64,
    /// What left, by category, largest first.
    pub by_category: Vec<(Category, Money)>,
}
