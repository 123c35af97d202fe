//! The port: what is asked of a core banking system, and how it fails.

use async_trait::async_trait;
use vostro_bank::{HistoryPage, HistoryQuery, Portfolio, SpendingSummary};
use vostro_types::CustomerId;

use crate::contract::{TransferKey, TransferOrder, TransferState};

/// What the core said that contradicts what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// The answer is about another key.
    Key,
    /// Customer, source, target, amount or currency are others than ordered.
    Intent,
    /// The answer is about another transfer.
    Transfer,
    /// The transactions are in another order than asked for.
    Order,
    /// The status contradicts the rest of the answer.
    Status,
    /// The answer cannot be read.
    Unreadable,
    /// The answer is larger than any answer of the contract.
    TooLarge,
}

/// Why the core gave no answer that can be acted upon.
#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// No connection was made: nothing was done.
    #[error("the core banking system cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The answer is missing: what was asked for may have been done or not. Asking again under the same key
    /// tells.
    #[error("the core banking system gave no answer, so the outcome is not known")]
    Unknown,
    /// The core refuses the request as such; nothing was done.
    #[error("the core banking system refused the request with status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// The core's answer contradicts the request. Nothing further is ordered.
    #[error("the core banking system's answer contradicts the request ({0:?})")]
    Breach(Breach),
}

/// A core banking system. Commands are repeatable: under the same key, for the same transfer, there is one
/// effect and the same answer.
#[async_trait]
pub trait CoreBanking: Send + Sync {
    /// A customer's accounts, payees and billers; `None` when there is no such customer.
    async fn portfolio(&self, customer: &CustomerId) -> Result<Option<Portfolio>, CoreError>;

    /// A page of a customer's transactions. Another customer's account gives an empty page.
    async fn history(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<HistoryPage, CoreError>;

    /// A sum over a customer's transactions.
    async fn spending(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<SpendingSummary, CoreError>;

    /// Places a movement: authorises it and holds its funds, or declines it.
    async fn place(
        &self,
        key: &TransferKey,
        order: &TransferOrder,
    ) -> Result<TransferState, CoreError>;

    /// Posts a pending movement. One that is not pending stays, and the answer says how it stands.
    async fn post(
        &self,
        customer: &CustomerId,
        key: &TransferKey,
    ) -> Result<TransferState, CoreError>;

    /// Gives a pending movement up. One that is not pending stays, and the answer says how it stands.
    async fn void(
        &self,
        customer: &CustomerId,
        key: &TransferKey,
    ) -> Result<TransferState, CoreError>;

    /// How a customer's movement under this key stands; `None` when nothing was placed under it.
    async fn transfer(
        &self,
        customer: &CustomerId,
        key: &TransferKey,
    ) -> Result<Option<TransferState>, CoreError>;

    /// Whether the core answers.
    async fn is_ready(&self) -> bool;
}
