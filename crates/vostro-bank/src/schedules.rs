//! Standing orders and payments on a day to come: proposed, confirmed once for all their occurrences, and
//! carried out when they are due.
//!
//! A schedule is named by the confirmation that made it. Its occurrences are posted by the same rules as any
//! movement (funds, limits, account states), each once, whoever runs them and how often.

use async_trait::async_trait;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use vostro_ledger::{Confirmed, Decline, Proposal, RunRules, StandingOrder};
use vostro_types::{ConfirmationId, CustomerId};

use crate::audit::AuditEvent;
use crate::money::ProposeOutcome;
use crate::store::StoreError;

/// A standing order as its customer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleView {
    /// Its name: the confirmation that made it.
    pub id: ConfirmationId,
    /// What is moved, and when.
    pub order: StandingOrder,
    /// The next day it is due; `None` once it has ended.
    pub next_due: Option<Date>,
}

/// What became of the yes to a standing order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleOutcome {
    /// It is in force.
    Scheduled(Box<ScheduleView>),
    /// It had been confirmed before; this is how it stands. Nothing changed now.
    Replayed(Box<ScheduleView>),
    /// Refused by the ledger's rules; the confirmation is spent.
    Declined(Decline),
    /// The proposal had expired.
    Expired,
    /// It was cancelled or declined before, there is none of that id, or its frozen parameters differ.
    NotOpen,
}

/// What became of a change to a standing order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleChange {
    /// This is how it stands now.
    Changed(Box<ScheduleView>),
    /// There is none of that id in force for this customer.
    NotActive,
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScheduleRuns {
    /// Occurrences that were paid.
    pub posted: u64,
    /// Occurrences that were given up: refused for good, or too late after an outage.
    pub failed: u64,
    /// Occurrences that are tried again.
    pub waiting: u64,
    /// Proposals whose time was over.
    pub expired: u64,
}

impl ScheduleRuns {
    /// How many steps it took.
    pub const fn steps(&self) -> u64 {
        self.posted + self.failed + self.waiting + self.expired
    }
}

/// Standing orders.
#[async_trait]
pub trait Schedules: Send + Sync {
    /// Records a standing order as proposed, if its movement could be ordered as things stand. Funds and the
    /// day's limit are not looked at: they are the due day's.
    async fn propose_schedule(
        &self,
        proposal: &Proposal<StandingOrder>,
        context: &AuditEvent,
    ) -> Result<ProposeOutcome, StoreError>;

    /// Reads a proposed standing order of this customer that waits for an answer.
    async fn open_schedule(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Proposal<StandingOrder>>, StoreError>;

    /// Puts what was confirmed in force. `Ok` means durable.
    async fn confirm_schedule(
        &self,
        confirmed: Confirmed<StandingOrder>,
        context: &AuditEvent,
    ) -> Result<ScheduleOutcome, StoreError>;

    /// Ends a standing order, proposed or in force. What was paid stays paid. A customer who ends one that is in force,
    /// or leaves out a payment, confirms it: `Change::EndOrder`, `Change::SkipPayment`.
    async fn cancel_schedule(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
        context: &AuditEvent,
    ) -> Result<ScheduleChange, StoreError>;

    /// The customer's standing orders in force, oldest first; at most 200.
    async fn schedules(&self, customer: &CustomerId) -> Result<Vec<ScheduleView>, StoreError>;

    /// Carries out what is due, oldest first, in at most `most` steps; each occurrence is one transaction
    /// with its posting, its audit row and its event. Safe to run anywhere, by several at once, again
    /// after a crash and with a clock that was wrong: an occurrence is paid once.
    async fn run_schedules(&self, rules: RunRules, most: u32) -> Result<ScheduleRuns, StoreError>;
}
