//! Statements: an account's entries of a period between two balances.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vostro_types::{AccountId, CustomerId, Money};

use crate::store::StoreError;
use crate::transactions::TransactionView;

/// A stretch of an account's books, asked for page by page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementQuery {
    /// Which account.
    pub account: AccountId,
    /// Posted at or after.
    pub from: Timestamp,
    /// Posted before.
    pub until: Timestamp,
    /// At most so many entries, oldest first; 0 means 200, and 1,000 is the most.
    pub limit: u32,
    /// Only entries after this place in the books: the `next` of the page before.
    pub after: Option<i64>,
}

/// A page of a statement. The sums and balances are of the whole period on every page.
///
/// `opening` + `received` − `spent` = `closing`, and the entries of all pages sum to `closing` − `opening`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementPage {
    /// The balance before the first entry of the period.
    pub opening: Money,
    /// The balance after the last entry of the period.
    pub closing: Money,
    /// What came in, zero or more.
    pub received: Money,
    /// What went out, zero or more.
    pub spent: Money,
    /// How many entries the period has.
    pub count: u64,
    /// The entries of this page, oldest first.
    pub entries: Vec<TransactionView>,
    /// What to give as `after` for the next page; `None` on the last.
    pub next: Option<i64>,
}

/// Statements.
#[async_trait]
pub trait Statements: Send + Sync {
    /// A page of a statement, read at one instant; `None` when the customer has no such account.
    async fn statement(
        &self,
        customer: &CustomerId,
        query: &StatementQuery,
    ) -> Result<Option<StatementPage>, StoreError>;
}
