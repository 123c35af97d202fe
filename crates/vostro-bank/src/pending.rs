//! Transfers in two phases: placed with their funds held, then posted, voided or expired, once.
//!
//! When a movement waits, and for how long, is `vostro_ledger::SettlementPolicy`'s; here it is placed and
//! resolved. A stop of all money stops placing and posting; voiding and expiring go on, since they move
//! nothing and give funds back.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vostro_ledger::{Confirmed, Decline, MoneyIntent, Settlement, TransferStatus};
use vostro_types::{ConfirmationId, CustomerId, Money, TransferId};

use crate::audit::AuditEvent;
use crate::money::{PostOutcome, Receipt};
use crate::order::Order;
use crate::store::StoreError;

/// A transfer that was placed: the proof that its funds are held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingTransfer {
    /// The transfer.
    pub transfer: TransferId,
    /// The confirmation it consumed.
    pub confirmation: ConfirmationId,
    /// What was confirmed.
    pub intent: MoneyIntent,
    /// How it stands.
    pub status: TransferStatus,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it is posted; until then its customer can recall it.
    pub settles_at: Timestamp,
    /// From when on it is given up if it was not posted.
    pub expires_at: Timestamp,
}

/// What became of an order to post a pending transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettleOutcome {
    /// Posted now; what was held beyond the amount is released.
    Posted(Box<Receipt>),
    /// Refused by the ledger's rules; it is pending as before.
    Declined(Decline),
    /// Nothing there that is pending: there is none of that id, it is not this customer's, or it was
    /// resolved before.
    NotPending(Option<TransferStatus>),
}

/// What became of an order to give a pending transfer up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VoidOutcome {
    /// Given up now; its funds are free again.
    Voided(Box<PendingTransfer>),
    /// Nothing there that is pending: there is none of that id, it is not this customer's, or it was
    /// resolved before.
    NotPending(Option<TransferStatus>),
}

/// What housekeeping did to the transfers whose time had come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// So many were posted.
    pub posted: u64,
    /// So many could not be posted under the ledger's rules, and were voided with the reason on record.
    pub voided: u64,
}

/// Transfers in two phases.
#[async_trait]
pub trait PendingTransfers: Send + Sync {
    /// Consumes a confirmation as [`crate::Bank::confirm_and_post`] does, authorised the same way, but
    /// holds the funds instead of moving them. Repeated, it gives what was placed; if that was posted
    /// since, the receipt.
    async fn place_pending(
        &self,
        confirmed: Confirmed<MoneyIntent>,
        settlement: Settlement,
        context: &AuditEvent,
    ) -> Result<PostOutcome, StoreError>;

    /// Posts a pending transfer, all of it or a smaller amount.
    async fn post_pending(
        &self,
        transfer: &TransferId,
        amount: Option<Money>,
        order: &Order,
    ) -> Result<SettleOutcome, StoreError>;

    /// Gives a pending transfer up.
    async fn void_pending(
        &self,
        transfer: &TransferId,
        order: &Order,
    ) -> Result<VoidOutcome, StoreError>;

    /// Posts the transfers whose hour has come. While money is stopped none is.
    async fn settle_due(&self, now: Timestamp) -> Result<Settled, StoreError>;

    /// Ends pending transfers that were not posted in time; gives how many.
    async fn expire_pending(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// The transfers that are pending, of one customer or of all, oldest first, at most 200.
    async fn pending_transfers(
        &self,
        customer: Option<&CustomerId>,
    ) -> Result<Vec<PendingTransfer>, StoreError>;

    /// What a confirmation of this customer placed, however it stands now.
    async fn placed(
        &self,
        customer: &CustomerId,
        confirmation: &ConfirmationId,
    ) -> Result<Option<PendingTransfer>, StoreError>;
}
