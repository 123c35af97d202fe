//! The money commands' outcomes.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use vostro_ledger::{Decline, MoneyIntent};
use vostro_types::{ConfirmationId, Money, TransferId};

use crate::pending::PendingTransfer;

/// The proof of a posted transfer: what every figure and deed in a reply about it is backed by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The posted transfer.
    pub transfer: TransferId,
    /// The confirmation it consumed.
    pub confirmation: ConfirmationId,
    /// What was done.
    pub intent: MoneyIntent,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// The source account's balance right after.
    pub source_balance: Money,
    /// What the source account had available right after.
    pub source_available: Money,
    /// The business day on which it counts as made, by the calendar in force when it was posted. `None` in
    /// receipts from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_date: Option<Date>,
}

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposeOutcome {
    /// It is on record and waits for the customer.
    Proposed,
    /// It would be declined if it were confirmed now, so it was not recorded as open; the decline is audited.
    Declined(Decline),
}

/// What became of a confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostOutcome {
    /// Posted now.
    Posted(Box<Receipt>),
    /// It had been posted before; this is the receipt of then. Nothing moved now.
    Replayed(Box<Receipt>),
    /// Placed now: its funds are held, and it is posted later.
    Placed(Box<PendingTransfer>),
    /// It had been placed before and is still pending. Nothing was done now.
    Waiting(Box<PendingTransfer>),
    /// Refused by the ledger's rules; the confirmation is spent.
    Declined(Decline),
    /// With it more would leave in one day than may without a second factor, which was not given. Nothing was done;
    /// the confirmation stays open.
    FactorNeeded,
    /// The proposal had expired.
    Expired,
    /// The proposal was cancelled or declined before, what it placed was voided or expired, there is none
    /// of that id, or its frozen parameters differ.
    NotOpen,
}

/// What became of a cancellation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CancelOutcome {
    /// It will not be done.
    Cancelled,
    /// Too late: it was posted before.
    AlreadyPosted(Box<Receipt>),
    /// There was nothing open to cancel.
    NotOpen,
}
