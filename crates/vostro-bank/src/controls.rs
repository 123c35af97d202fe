//! What a bank does to accounts and transfers beside its customers' orders: holds, account states,
//! reversals, and the stop of all money. Every command is audited with who ordered it and why.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vostro_ledger::{AccountStatus, Decline, ReversalRefusal, TransferStatus};
use vostro_types::{AccountId, CustomerId, HoldId, Money, TransferId};

use crate::order::Order;
use crate::store::StoreError;

/// Funds put aside on an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The hold.
    pub id: HoldId,
    /// The account.
    pub account: AccountId,
    /// How much is put aside.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it ends by itself; `None` for never.
    pub expires_at: Option<Timestamp>,
}

/// What became of a hold that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldOutcome {
    /// The funds are put aside.
    Held(Box<Hold>),
    /// Refused by the ledger's rules.
    Declined(Decline),
}

/// What became of an order to pay out held funds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaptureOutcome {
    /// Paid out to the bank's clearing account by this transfer; the rest is released.
    Captured(TransferId),
    /// Refused by the ledger's rules; the funds are held as before.
    Declined(Decline),
    /// There is no such hold, it was resolved before, or it belongs to a pending transfer.
    NotHeld,
}

/// Holds on accounts, and accounts' states.
#[async_trait]
pub trait AccountControls: Send + Sync {
    /// Puts funds aside on a customer's account. The order's reason is the hold's, and what the
    /// statement says when it is paid out.
    async fn place_hold(
        &self,
        account: &AccountId,
        amount: Money,
        expires_at: Option<Timestamp>,
        order: &Order,
    ) -> Result<HoldOutcome, StoreError>;

    /// Ends a hold; gives whether it was held. One of a pending transfer ends with the transfer only.
    async fn release_hold(&self, hold: &HoldId, order: &Order) -> Result<bool, StoreError>;

    /// Pays held funds out, all or a smaller amount.
    async fn capture_hold(
        &self,
        hold: &HoldId,
        amount: Option<Money>,
        order: &Order,
    ) -> Result<CaptureOutcome, StoreError>;

    /// Ends holds whose time is over; gives how many.
    async fn expire_holds(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// The holds on an account that no pending transfer has, oldest first.
    async fn holds(&self, account: &AccountId) -> Result<Vec<Hold>, StoreError>;

    /// Freezes, closes or opens a customer's account; gives whether there is such an account.
    async fn set_account_status(
        &self,
        account: &AccountId,
        status: AccountStatus,
        order: &Order,
    ) -> Result<bool, StoreError>;
}

/// A line of a posted transfer, as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// The account.
    pub account: AccountId,
    /// The signed amount.
    pub amount: Money,
    /// What the statement says.
    pub description: String,
    /// The account's balance after it; `None` for the bank's own.
    pub balance_after: Option<Money>,
    /// When it was posted.
    pub posted_at: Timestamp,
}

/// A transfer, as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferView {
    /// The transfer.
    pub id: TransferId,
    /// What kind of movement it is (`vostro_ledger::TransferKind`, or the bank's own: `opening`, …).
    pub kind: String,
    /// How it stands.
    pub status: TransferStatus,
    /// Who ordered it.
    pub customer: Option<CustomerId>,
    /// Where the money came from.
    pub source: AccountId,
    /// Where it went.
    pub destination: AccountId,
    /// How much was ordered.
    pub amount: Money,
    /// How much was posted, where that is less.
    pub posted: Option<Money>,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When a pending one is posted.
    pub settles_at: Option<Timestamp>,
    /// When it was posted, voided or expired.
    pub resolved_at: Option<Timestamp>,
    /// The transfer that it takes back.
    pub reverses: Option<TransferId>,
    /// The transfer that took it back.
    pub reversed_by: Option<TransferId>,
    /// Its entries, in the order of the books.
    pub entries: Vec<EntryView>,
}

/// What became of an order to reverse a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReverseOutcome {
    /// Taken back by this transfer.
    Reversed(TransferId),
    /// Refused by the ledger's rules; nothing moved.
    Refused(ReversalRefusal),
}

/// Transfers taken back.
#[async_trait]
pub trait Reversals: Send + Sync {
    /// Posts the opposite entries of a posted transfer, once. A bill that it had paid is open again; the
    /// day's limit it used stays used.
    async fn reverse(
        &self,
        transfer: &TransferId,
        order: &Order,
    ) -> Result<ReverseOutcome, StoreError>;

    /// A transfer with its entries.
    async fn transfer(&self, transfer: &TransferId) -> Result<Option<TransferView>, StoreError>;
}

/// Whether money commands are carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneySwitch {
    /// Whether they are stopped: by an order, or by this process's configuration.
    pub stopped: bool,
    /// Whether this process's configuration stops them, whatever was ordered.
    pub by_configuration: bool,
    /// Who gave the last order; `None` when nobody ever did.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

/// The stop of all money, read inside every posting transaction: from the moment the order is
/// acknowledged on, nothing is posted by any replica.
#[async_trait]
pub trait MoneyControl: Send + Sync {
    /// Stops all money commands, or lets them go on; gives how it stands then. Waits for the commands
    /// under way. Ordering what already holds is recorded too.
    async fn switch_money(&self, stopped: bool, order: &Order) -> Result<MoneySwitch, StoreError>;

    /// How it stands.
    async fn money_switch(&self) -> Result<MoneySwitch, StoreError>;
}
