//! Movements that a core banking system carries out: what a customer was shown and confirmed, and what came of it.
//!
//! The money is the core's; here stands why it was ordered. A movement is `open`, then `sent` once its customer
//! said yes, and ends once. That it is `sent` is durable before the core hears of it, so that whatever happens then
//! is found again under the same key.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_ledger::{Decline, Proposal};
use vostro_types::{ConfirmationId, CustomerId};

use crate::audit::AuditEvent;
use crate::money::Receipt;
use crate::store::StoreError;

/// How a movement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoreTransferStatus {
    /// It waits for its customer.
    Open,
    /// The customer said yes; the core was ordered to carry it out, or is about to be.
    Sent,
    /// The core posted it.
    Posted,
    /// The core's rules refused it.
    Declined,
    /// The customer said no.
    Cancelled,
    /// The customer did not answer in time.
    Expired,
    /// The core gave it up: nothing moved.
    GivenUp,
}

impl CoreTransferStatus {
    const ALL: [Self; 7] = [
        Self::Open,
        Self::Sent,
        Self::Posted,
        Self::Declined,
        Self::Cancelled,
        Self::Expired,
        Self::GivenUp,
    ];

    /// The stable text used in databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Sent => "sent",
            Self::Posted => "posted",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::GivenUp => "given_up",
        }
    }

    /// Reads [`CoreTransferStatus::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == text)
    }
}

/// A movement as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreTransfer {
    /// What the customer was shown.
    pub proposal: Proposal,
    /// How it stands.
    pub status: CoreTransferStatus,
    /// The receipt of a posted one.
    pub receipt: Option<Receipt>,
}

/// What happens to a movement. Each fits one state: the first three an open one, the others a sent one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoreTransferStep {
    /// The customer said yes.
    Send,
    /// The customer said no.
    Cancel,
    /// The customer did not answer in time.
    Expire,
    /// The core posted it.
    Post(Box<Receipt>),
    /// The core's rules refused it.
    Decline(Decline),
    /// The core gave it up.
    GiveUp,
}

impl CoreTransferStep {
    /// The state that it leaves.
    pub const fn from(&self) -> CoreTransferStatus {
        match self {
            Self::Send | Self::Cancel | Self::Expire => CoreTransferStatus::Open,
            Self::Post(_) | Self::Decline(_) | Self::GiveUp => CoreTransferStatus::Sent,
        }
    }

    /// The state that it leads to.
    pub const fn to(&self) -> CoreTransferStatus {
        match self {
            Self::Send => CoreTransferStatus::Sent,
            Self::Cancel => CoreTransferStatus::Cancelled,
            Self::Expire => CoreTransferStatus::Expired,
            Self::Post(_) => CoreTransferStatus::Posted,
            Self::Decline(_) => CoreTransferStatus::Declined,
            Self::GiveUp => CoreTransferStatus::GivenUp,
        }
    }
}

/// Movements that a core banking system carries out. Every command writes its audit row in the same transaction.
#[async_trait]
pub trait CoreTransfers: Send + Sync {
    /// Puts a proposal on record. One of the same id stays as it is.
    async fn propose_core_transfer(
        &self,
        proposal: &Proposal,
        context: &AuditEvent,
    ) -> Result<(), StoreError>;

    /// A customer's movement.
    async fn core_transfer(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<CoreTransfer>, StoreError>;

    /// Takes a movement a step on; `false` when it does not stand where the step begins, and nothing was written.
    async fn step_core_transfer(
        &self,
        transfer: &CoreTransfer,
        step: &CoreTransferStep,
        context: &AuditEvent,
    ) -> Result<bool, StoreError>;

    /// Movements that were sent before an instant and have not ended, oldest first.
    async fn sent_core_transfers(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<CoreTransfer>, StoreError>;
}
