//! The `Store` trait.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_ledger::{Confirmed, MoneyIntent, Proposal};
use vostro_types::{ConfirmationId, CustomerId, SessionId, TurnId};

use crate::audit::{AuditEvent, AuditRecord};
use crate::channels::Channels;
use crate::controls::{AccountControls, MoneyControl, Reversals};
use crate::conversation::{Opening, ReplyEvent, SessionFound, TurnCommit, TurnCommitted};
use crate::conversation_log::ConversationLog;
use crate::core_transfers::CoreTransfers;
use crate::customer::{CustomerOpened, Portfolio};
use crate::documents::Documents;
use crate::factors::SecondFactors;
use crate::four_eyes::FourEyes;
use crate::hand_offs::HandOffs;
use crate::insights::Insights;
use crate::money::{CancelOutcome, PostOutcome, ProposeOutcome, Receipt};
use crate::outbox::Outbox;
use crate::pending::PendingTransfers;
use crate::personal_data::PersonalData;
use crate::policies::Policies;
use crate::reconciliation::Reconciliation;
use crate::replays::TurnLog;
use crate::requests::Requests;
use crate::schedules::Schedules;
use crate::sealing::AuditSeals;
use crate::services::Services;
use crate::statement::Statements;
use crate::transactions::{HistoryPage, HistoryQuery, SpendingSummary};

/// Why a store cannot answer. What the customer asked is not the cause of any of these.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store cannot be reached, is shutting down or is overloaded; nothing was done, or its outcome is unknown.
    #[error("the store is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store holds something that it should not.
    #[error("the store holds an invalid {what}")]
    Corrupt {
        /// Which record or field.
        what: &'static str,
    },
    /// The store refused or failed a statement.
    #[error("the store failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Customers' records and the books.
#[async_trait]
pub trait Bank: Send + Sync {
    /// The customer's portfolio; `None` when there is no such customer.
    async fn portfolio(&self, customer: &CustomerId) -> Result<Option<Portfolio>, StoreError>;

    /// Opens a small demo portfolio for a customer that nobody created beforehand: accounts, payees,
    /// billers and 90 days of transactions, derived from the customer's id, so the same each time.
    async fn open_demo_customer(&self, customer: &CustomerId)
    -> Result<CustomerOpened, StoreError>;

    /// A page of the customer's transactions. Another customer's account gives an empty page.
    async fn history(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<HistoryPage, StoreError>;

    /// A sum over the customer's transactions.
    async fn spending(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<SpendingSummary, StoreError>;

    /// Records a proposal, if it would be authorised as things stand.
    async fn propose(
        &self,
        proposal: &Proposal,
        context: &AuditEvent,
    ) -> Result<ProposeOutcome, StoreError>;

    /// Reads an open proposal of this customer.
    async fn open_proposal(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Proposal>, StoreError>;

    /// Posts what was confirmed: authorises under locks, posts, consumes the confirmation, writes
    /// audit and outbox rows, all in one transaction. `Ok` means durable.
    async fn confirm_and_post(
        &self,
        confirmed: Confirmed<MoneyIntent>,
        context: &AuditEvent,
    ) -> Result<PostOutcome, StoreError>;

    /// Gives up an open proposal.
    async fn cancel(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
        context: &AuditEvent,
    ) -> Result<CancelOutcome, StoreError>;

    /// The receipt of a proposal that was posted.
    async fn receipt(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Receipt>, StoreError>;
}

/// The conversations' memory.
#[async_trait]
pub trait Conversations: Send + Sync {
    /// What a turn begins with, in one trip: the customer's portfolio, and what there is under the session
    /// id, if one is given.
    async fn opening(
        &self,
        customer: &CustomerId,
        session: Option<&SessionId>,
    ) -> Result<Opening, StoreError>;

    /// What there is under this session id for this customer.
    async fn session(
        &self,
        customer: &CustomerId,
        id: &SessionId,
    ) -> Result<SessionFound, StoreError>;

    /// Records a finished turn and the session's new state, if no other turn came between.
    async fn commit_turn(&self, commit: TurnCommit) -> Result<TurnCommitted, StoreError>;

    /// The events of a recorded turn after number `after`; `None` when this customer has no such turn.
    async fn turn_events(
        &self,
        customer: &CustomerId,
        turn: &TurnId,
        after: u32,
    ) -> Result<Option<Vec<ReplyEvent>>, StoreError>;
}

/// What running the store takes.
#[async_trait]
pub trait Operations: Send + Sync {
    /// Whether the store answers, by a real read.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Ends proposals whose time is over, each with its audit row; gives how many.
    async fn expire_proposals(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Audit rows after a place in the trail, in order.
    async fn audit_trail(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError>;

    /// Removes a customer's personal detail from the audit trail; its commitments stay. When it was done
    /// stays with the customer, for the reconciliation.
    async fn erase_audit_detail(&self, customer: &CustomerId) -> Result<u64, StoreError>;

    /// The trial balance: every transfer's entries sum to zero per currency and every balance is the
    /// sum of its account's entries (an opening balance is an entry too). Gives one line per deviation; empty when the books balance.
    async fn trial_balance(&self) -> Result<Vec<String>, StoreError>;

    /// Adds the entries since the last roll-up to the balances of the bank's own accounts, which
    /// postings leave alone; gives how many accounts were brought up to date. Replicas may call it at
    /// once: no entry is added twice. May hold up money commands for as long as those under way take.
    async fn roll_up(&self) -> Result<u64, StoreError>;

    /// Takes nothing more on, finishes what was taken on as far as the caller waits for it, and lets go
    /// of files and connections. Commands after it answer [`StoreError::Unavailable`]. Closing again
    /// does nothing.
    async fn close(&self);
}

/// The whole port.
pub trait Store:
    Bank
    + Conversations
    + ConversationLog
    + Operations
    + Outbox
    + Requests
    + Schedules
    + Statements
    + PendingTransfers
    + AccountControls
    + Reversals
    + MoneyControl
    + FourEyes
    + Policies
    + AuditSeals
    + TurnLog
    + HandOffs
    + Insights
    + CoreTransfers
    + Services
    + SecondFactors
    + PersonalData
    + Reconciliation
    + Documents
    + Channels
{
}

impl<T> Store for T where
    T: Bank
        + Conversations
        + ConversationLog
        + Operations
        + Outbox
        + Requests
        + Schedules
        + Statements
        + PendingTransfers
        + AccountControls
        + Reversals
        + MoneyControl
        + FourEyes
        + Policies
        + AuditSeals
        + TurnLog
        + HandOffs
        + Insights
        + CoreTransfers
        + Services
        + SecondFactors
        + PersonalData
        + Reconciliation
        + Documents
        + Channels
{
}
