//! What the cases share: a store with a customer, and short words for what they do to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use vostro_bank::{
    AccountView, AuditEvent, AuditKind, AuditRecord, Biller, Order, PendingTransfer, Portfolio,
    PostOutcome, ProposeOutcome, Receipt, Store, Subscription,
};
use vostro_ledger::{
    AccountKind, AccountNumber, Confirmed, Decline, Limits, MoneyIntent, Proposal, Settlement,
    Target,
};
use vostro_types::{
    AccountId, Clock, ConfirmationId, Currency, CustomerId, Money, SessionId, TurnId,
};

use super::{Backend, Setup};
use crate::{ManualClock, SeededEntropy};

/// Noon in New York, on a day without a change of clocks.
const NOW: &str = "2026-03-11T16:00:00Z";
/// How long a proposal stands.
pub(super) const STANDS: SignedDuration = SignedDuration::from_mins(10);

/// A store under test, its clock, and names for what a case makes.
pub(super) struct Bench<B> {
    pub(super) backend: B,
    pub(super) clock: Arc<ManualClock>,
    made: AtomicU64,
}

pub(super) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(super) fn customer(id: &str) -> CustomerId {
    CustomerId::new(id).unwrap()
}

pub(super) fn number(text: &str) -> AccountNumber {
    AccountNumber::new(text).unwrap()
}

fn zone() -> TimeZone {
    TimeZone::get("America/New_York").unwrap()
}

impl<B: Backend> Bench<B> {
    /// A store with limits of 5,000.00 for a transfer and 10,000.00 for a day.
    pub(super) async fn new() -> Arc<Self> {
        Self::with_limits(500_000, 1_000_000).await
    }

    pub(super) async fn with_limits(per_transfer: i64, per_day: i64) -> Arc<Self> {
        let clock = Arc::new(ManualClock::at(NOW));
        let setup = Setup {
            limits: Limits {
                per_transfer: usd(per_transfer),
                per_day: usd(per_day),
            },
            time_zone: zone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(SeededEntropy::new(2)),
        };
        Arc::new(Self {
            backend: B::open(setup).await,
            clock,
            made: AtomicU64::new(0),
        })
    }

    pub(super) fn store(&self) -> &dyn Store {
        self.backend.store()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The bank's day.
    pub(super) fn today(&self) -> jiff::civil::Date {
        self.clock.now().to_zoned(zone()).date()
    }

    /// Opens a demo customer and gives the portfolio.
    pub(super) async fn opened(&self, id: &str) -> Portfolio {
        self.store()
            .open_demo_customer(&customer(id))
            .await
            .unwrap();
        self.portfolio(id).await
    }

    pub(super) async fn portfolio(&self, id: &str) -> Portfolio {
        let found = self.store().portfolio(&customer(id)).await.unwrap();
        found.unwrap()
    }

    /// A fresh name for a confirmation, a session or a turn.
    pub(super) fn name(&self, what: &str) -> String {
        format!("{what}_{}", self.made.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn proposal(&self, intent: MoneyIntent) -> Proposal {
        let id = ConfirmationId::new(self.name("cnf")).unwrap();
        Proposal::new(id, intent, self.now().checked_add(STANDS).unwrap())
    }

    pub(super) async fn propose(&self, intent: MoneyIntent) -> Result<Proposal, Decline> {
        let proposal = self.proposal(intent);
        let context = context(&proposal.intent.customer);
        match self.store().propose(&proposal, &context).await.unwrap() {
            ProposeOutcome::Proposed => Ok(proposal),
            ProposeOutcome::Declined(decline) => Err(decline),
        }
    }

    pub(super) async fn post(&self, confirmed: Confirmed<MoneyIntent>) -> PostOutcome {
        let context = context(&confirmed.get().customer);
        self.store()
            .confirm_and_post(confirmed, &context)
            .await
            .unwrap()
    }

    pub(super) async fn confirm(&self, proposal: &Proposal) -> PostOutcome {
        self.post(yes(proposal)).await
    }

    /// Proposes and confirms; the receipt.
    pub(super) async fn transfer(&self, intent: MoneyIntent) -> Result<Receipt, Decline> {
        let proposal = self.propose(intent).await?;
        match self.confirm(&proposal).await {
            PostOutcome::Posted(receipt) => Ok(*receipt),
            PostOutcome::Declined(decline) => Err(decline),
            other => panic!("{other:?}"),
        }
    }

    /// Proposes, confirms and places, to be settled in so many minutes.
    pub(super) async fn place(&self, intent: MoneyIntent, minutes: i64) -> PendingTransfer {
        let proposal = self.propose(intent).await.unwrap();
        match self.place_confirmed(&proposal, minutes).await {
            PostOutcome::Placed(pending) => *pending,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn place_confirmed(&self, proposal: &Proposal, minutes: i64) -> PostOutcome {
        let settlement = Settlement::at(self.now() + SignedDuration::from_mins(minutes));
        let context = context(&proposal.intent.customer);
        self.store()
            .place_pending(yes(proposal), settlement, &context)
            .await
            .unwrap()
    }

    /// The topics of what the outside is told next.
    pub(super) async fn topics_told(&self) -> Vec<String> {
        let everything = Subscription {
            endpoint: "told".to_owned(),
            topics: vec!["*".to_owned()],
        };
        self.store().hand_over(&[everything], 100).await.unwrap();
        let lease = SignedDuration::from_hours(1_000);
        let claimed = self.store().claim_deliveries("told", lease, 100).await;
        let mut claimed = claimed.unwrap();
        claimed.sort_by_key(|it| it.key.sequence);
        claimed.into_iter().map(|it| it.topic).collect()
    }

    /// The last row of the trail, whose commitment must fit.
    pub(super) async fn last_row(&self) -> AuditRecord {
        let row = self.audit().await.pop().unwrap();
        assert_eq!(row.fits_commitment(), Some(true), "{row:?}");
        row
    }

    pub(super) async fn audit(&self) -> Vec<AuditRecord> {
        self.store().audit_trail(0, 10_000).await.unwrap()
    }

    /// How many rows of this kind the trail has.
    pub(super) async fn count(&self, kind: AuditKind) -> usize {
        let trail = self.audit().await;
        trail.iter().filter(|row| row.kind == kind.as_str()).count()
    }

    pub(super) async fn assert_balanced(&self) {
        let deviations = self.store().trial_balance().await.unwrap();
        assert_eq!(deviations, Vec::<String>::new());
    }
}

/// An intent of `owner`, in dollars.
pub(super) fn asks(source: &AccountView, owner: &str, target: Target, minor: i64) -> MoneyIntent {
    MoneyIntent {
        customer: customer(owner),
        source: source.id.clone(),
        target,
        amount: usd(minor),
    }
}

/// An operator's order.
pub(super) fn order(reason: &str) -> Order {
    Order::operator("anna", reason).unwrap()
}

/// The yes of a proposal's own customer, in time.
pub(super) fn yes(proposal: &Proposal) -> Confirmed<MoneyIntent> {
    let customer = proposal.intent.customer.clone();
    let in_time = proposal.expires_at - SignedDuration::from_secs(1);
    proposal.clone().confirm(&customer, in_time).unwrap()
}

/// Where a command came from. The store sets kind and detail of its own rows.
pub(super) fn context(customer: &CustomerId) -> AuditEvent {
    AuditEvent {
        kind: AuditKind::Blocked,
        customer: customer.clone(),
        session: SessionId::new("ses_context").ok(),
        turn: TurnId::new("trn_context").ok(),
        detail: Value::Null,
    }
}

pub(super) fn account(portfolio: &Portfolio, kind: AccountKind) -> &AccountView {
    portfolio
        .accounts
        .iter()
        .find(|account| account.kind == kind)
        .unwrap()
}

pub(super) fn checking(portfolio: &Portfolio) -> &AccountView {
    account(portfolio, AccountKind::Checking)
}

pub(super) fn savings(portfolio: &Portfolio) -> &AccountView {
    account(portfolio, AccountKind::Savings)
}

pub(super) fn own(account: &AccountView) -> Target {
    Target::Own {
        account: account.id.clone(),
    }
}

pub(super) fn own_id(id: &AccountId) -> Target {
    Target::Own {
        account: id.clone(),
    }
}

/// An account number outside the bank.
pub(super) fn outside() -> Target {
    Target::NewPayee {
        number: number("67890"),
    }
}

pub(super) fn first_payee(portfolio: &Portfolio) -> Target {
    let payee = portfolio.payees.first().unwrap();
    Target::Payee {
        payee: payee.id.clone(),
        number: payee.number.clone(),
    }
}

pub(super) fn billed(portfolio: &Portfolio) -> &Biller {
    portfolio
        .billers
        .iter()
        .find(|biller| biller.amount_due.is_some())
        .unwrap()
}

pub(super) fn pay(biller: &Biller) -> Target {
    Target::Biller {
        biller: biller.id.clone(),
        reference: biller.reference.clone(),
    }
}
