//! A store in memory, as far as the edge needs one: a customer with one account, sessions, turns; and a
//! switch that makes it fail.

// Two test binaries have this file; the path holds in both.
#[path = "store/requests.rs"]
mod requests;

#[path = "store/channels.rs"]
mod channels;

#[path = "store/conversations.rs"]
mod conversations;

#[path = "store/documents.rs"]
mod documents;

#[path = "store/four_eyes.rs"]
mod four_eyes;
#[path = "store/policies.rs"]
mod policies;

#[path = "store/hand_offs.rs"]
mod hand_offs;

#[path = "store/insights.rs"]
mod insights;

#[path = "store/personal_data.rs"]
mod personal_data;

#[path = "store/unkept.rs"]
mod unkept;

#[path = "page.rs"]
mod page;

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use vostro_bank::{
    AccountView, AttemptRecord, AuditEvent, AuditRecord, Bank, CancelOutcome, ChannelLink,
    Customer, CustomerOpened, DeadDelivery, Delivery, DeliveryKey, HandOff, HandOffMessage,
    HistoryPage, HistoryQuery, MoneySwitch, Operations, Outbox, OutboxStatus, PolicyRequest,
    Portfolio, PostOutcome, ProposeOutcome, Receipt, Retention, ScheduleChange, ScheduleOutcome,
    ScheduleRuns, ScheduleView, Schedules, SessionRecord, SpendingSummary, StatementPage,
    StatementQuery, Statements, StoreError, Subscription, SwitchRequest, TurnRecord, Verdict,
};
use vostro_ledger::{
    AccountKind, AccountNumber, AccountStatus, Confirmed, MoneyIntent, Proposal, RunRules,
    StandingOrder,
};
use vostro_types::{AccountId, ConfirmationId, Currency, CustomerId, Money, SessionId, TurnId};

/// What a store in memory does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Health {
    Well,
    Unreachable,
    Broken,
    /// Vectors are searched for ever; all else is well.
    Silent,
}

/// The version that a change made, and who approved it.
type Made = (i64, String);

#[derive(Default)]
pub(crate) struct MemoryStore {
    health: AtomicU8,
    customers: Mutex<HashSet<CustomerId>>,
    sessions: Mutex<HashMap<SessionId, SessionRecord>>,
    turns: Mutex<HashMap<TurnId, TurnRecord>>,
    requests: Mutex<HashMap<[u8; 32], requests::KeyedRequest>>,
    hand_offs: Mutex<Vec<(HandOff, Vec<HandOffMessage>)>>,
    documents: Mutex<documents::Kept>,
    switch_requests: Mutex<Vec<(SwitchRequest, bool)>>,
    policy_requests: Mutex<Vec<(PolicyRequest, Option<Made>)>>,
    channel_links: Mutex<Vec<ChannelLink>>,
    leases_are_over: AtomicBool,
    pub(crate) audited: Mutex<Vec<AuditEvent>>,
    pub(crate) switch: Mutex<Option<MoneySwitch>>,
}

impl MemoryStore {
    pub(crate) fn set(&self, health: Health) {
        self.health.store(health as u8, Ordering::SeqCst);
    }

    pub(crate) fn turns(&self) -> Vec<TurnRecord> {
        self.turns.lock().unwrap().values().cloned().collect()
    }

    pub(crate) fn is_silent(&self) -> bool {
        self.health.load(Ordering::SeqCst) == Health::Silent as u8
    }

    pub(crate) fn answer<T>(&self, value: T) -> Result<T, StoreError> {
        match self.health.load(Ordering::SeqCst) {
            0 | 3 => Ok(value),
            1 => Err(StoreError::Unavailable(
                "connection to 10.0.0.7 refused".into(),
            )),
            _ => Err(StoreError::Failed("no such column: secret".into())),
        }
    }
}

fn portfolio(customer: &CustomerId) -> Portfolio {
    Portfolio {
        customer: Customer {
            id: customer.clone(),
            display_name: "Demo customer".to_owned(),
            is_demo: true,
        },
        accounts: vec![AccountView {
            id: AccountId::new("acc_1").unwrap(),
            name: "Everyday Checking".to_owned(),
            kind: AccountKind::Checking,
            number: AccountNumber::new("4000123498764321").unwrap(),
            balance: Money::new(245_075, Currency::USD),
            available: Money::new(245_075, Currency::USD),
            status: AccountStatus::Open,
        }],
        payees: Vec::new(),
        billers: Vec::new(),
        cards: Vec::new(),
    }
}

#[async_trait]
impl Bank for MemoryStore {
    async fn portfolio(&self, customer: &CustomerId) -> Result<Option<Portfolio>, StoreError> {
        let known = self.customers.lock().unwrap().contains(customer);
        self.answer(known.then(|| portfolio(customer)))
    }

    async fn open_demo_customer(
        &self,
        customer: &CustomerId,
    ) -> Result<CustomerOpened, StoreError> {
        let new = self.customers.lock().unwrap().insert(customer.clone());
        self.answer(if new {
            CustomerOpened::Created
        } else {
            CustomerOpened::AlreadyThere
        })
    }

    async fn history(&self, _: &CustomerId, _: &HistoryQuery) -> Result<HistoryPage, StoreError> {
        self.answer(HistoryPage::default())
    }

    async fn spending(
        &self,
        _: &CustomerId,
        _: &HistoryQuery,
    ) -> Result<SpendingSummary, StoreError> {
        self.answer(SpendingSummary {
            spent: Money::zero(Currency::USD),
            received: Money::zero(Currency::USD),
            count: 0,
            by_category: Vec::new(),
        })
    }

    async fn propose(&self, _: &Proposal, _: &AuditEvent) -> Result<ProposeOutcome, StoreError> {
        self.answer(ProposeOutcome::Proposed)
    }

    async fn open_proposal(
        &self,
        _: &CustomerId,
        _: &ConfirmationId,
    ) -> Result<Option<Proposal>, StoreError> {
        self.answer(None)
    }

    async fn confirm_and_post(
        &self,
        _: Confirmed<MoneyIntent>,
        _: &AuditEvent,
    ) -> Result<PostOutcome, StoreError> {
        self.answer(PostOutcome::NotOpen)
    }

    async fn cancel(
        &self,
        _: &CustomerId,
        _: &ConfirmationId,
        _: &AuditEvent,
    ) -> Result<CancelOutcome, StoreError> {
        self.answer(CancelOutcome::NotOpen)
    }

    async fn receipt(
        &self,
        _: &CustomerId,
        _: &ConfirmationId,
    ) -> Result<Option<Receipt>, StoreError> {
        self.answer(None)
    }
}

#[async_trait]
impl Schedules for MemoryStore {
    async fn propose_schedule(
        &self,
        _: &Proposal<StandingOrder>,
        _: &AuditEvent,
    ) -> Result<ProposeOutcome, StoreError> {
        self.answer(ProposeOutcome::Proposed)
    }

    async fn open_schedule(
        &self,
        _: &CustomerId,
        _: &ConfirmationId,
    ) -> Result<Option<Proposal<StandingOrder>>, StoreError> {
        self.answer(None)
    }

    async fn confirm_schedule(
        &self,
        _: Confirmed<StandingOrder>,
        _: &AuditEvent,
    ) -> Result<ScheduleOutcome, StoreError> {
        self.answer(ScheduleOutcome::NotOpen)
    }

    async fn cancel_schedule(
        &self,
        _: &CustomerId,
        _: &ConfirmationId,
        _: &AuditEvent,
    ) -> Result<ScheduleChange, StoreError> {
        self.answer(ScheduleChange::NotActive)
    }

    async fn schedules(&self, _: &CustomerId) -> Result<Vec<ScheduleView>, StoreError> {
        self.answer(Vec::new())
    }

    async fn run_schedules(&self, _: RunRules, _: u32) -> Result<ScheduleRuns, StoreError> {
        self.answer(ScheduleRuns::default())
    }
}

#[async_trait]
impl Statements for MemoryStore {
    async fn statement(
        &self,
        customer: &CustomerId,
        query: &StatementQuery,
    ) -> Result<Option<StatementPage>, StoreError> {
        let known = self.customers.lock().unwrap().contains(customer);
        self.answer((known && query.account.as_str() == "acc_1").then(|| page::page(query)))
    }
}

#[async_trait]
impl Operations for MemoryStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.answer(())
    }
    async fn expire_proposals(&self, _: Timestamp) -> Result<u64, StoreError> {
        self.answer(0)
    }
    async fn audit_trail(&self, _: i64, _: u32) -> Result<Vec<AuditRecord>, StoreError> {
        self.answer(Vec::new())
    }
    async fn erase_audit_detail(&self, _: &CustomerId) -> Result<u64, StoreError> {
        self.answer(0)
    }
    async fn trial_balance(&self) -> Result<Vec<String>, StoreError> {
        self.answer(Vec::new())
    }
    async fn roll_up(&self) -> Result<u64, StoreError> {
        self.answer(0)
    }
    async fn close(&self) {}
}

/// No HTTP test delivers anything.
#[async_trait]
impl Outbox for MemoryStore {
    async fn hand_over(&self, _: &[Subscription], _: u32) -> Result<u64, StoreError> {
        Err(no_outbox())
    }
    async fn claim_deliveries(
        &self,
        _: &str,
        _: SignedDuration,
        _: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        Err(no_outbox())
    }
    async fn settle(
        &self,
        _: &DeliveryKey,
        _: u32,
        _: Verdict,
        _: &AttemptRecord,
    ) -> Result<bool, StoreError> {
        Err(no_outbox())
    }
    async fn give_back(&self, _: &DeliveryKey, _: u32) -> Result<bool, StoreError> {
        Err(no_outbox())
    }
    async fn outbox_status(&self) -> Result<OutboxStatus, StoreError> {
        Err(no_outbox())
    }
    async fn dead_deliveries(
        &self,
        _: Option<&DeliveryKey>,
        _: u32,
    ) -> Result<Vec<DeadDelivery>, StoreError> {
        Err(no_outbox())
    }
    async fn redeliver(&self, _: Option<&DeliveryKey>) -> Result<u64, StoreError> {
        Err(no_outbox())
    }
    async fn prune_outbox(&self, _: Retention, _: u32) -> Result<u64, StoreError> {
        Err(no_outbox())
    }
}

fn no_outbox() -> StoreError {
    StoreError::Unavailable("this store has no outbox".into())
}

/// What no test of the edge needs.
pub(crate) fn not_kept<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("not kept in memory".into()))
}
