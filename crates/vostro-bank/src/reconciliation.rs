//! Reconciliation: the books compared with themselves and with everything that was written beside them.

use async_trait::async_trait;
use serde::Serialize;

use crate::store::StoreError;

/// One comparison over the whole store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerCheck {
    /// Its stable name, such as `entries_sum_to_zero`.
    pub name: String,
    /// What must hold, in a sentence.
    pub rule: String,
    /// How many things were compared.
    pub checked: u64,
    /// One line for each that deviates, with the id of what deviates; at most 1,000.
    pub deviations: Vec<String>,
}

/// Comparing the books. Everything is read at one instant, while the bank goes on.
#[async_trait]
pub trait Reconciliation: Send + Sync {
    /// Makes every comparison, in a fixed order.
    async fn reconcile(&self) -> Result<Vec<LedgerCheck>, StoreError>;
}
