//! A store on a file, a customer, and a transfer: what the tests of this driver share.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::path::Path;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::Value;
use vostro_bank::{AuditEvent, AuditKind, Bank, Portfolio, PostOutcome, ProposeOutcome, Receipt};
use vostro_ledger::{AccountNumber, Calendar, Confirmed, Limits, MoneyIntent, Proposal, Target};
use vostro_store::{SqliteStore, StoreConfig};
use vostro_testkit::{ManualClock, SeededEntropy};
use vostro_types::{
    Clock, ConfirmationId, Currency, CustomerId, Entropy, Money, SystemClock, SystemEntropy,
};

/// A set clock and seeded randomness.
pub(crate) fn config() -> StoreConfig {
    with(
        Arc::new(ManualClock::at("2026-03-09T15:00:00Z")),
        Arc::new(SeededEntropy::new(7)),
    )
}

/// The system's clock and randomness, for what runs in several processes.
pub(crate) fn real_config() -> StoreConfig {
    with(Arc::new(SystemClock), Arc::new(SystemEntropy))
}

fn with(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> StoreConfig {
    StoreConfig {
        limits: Limits {
            per_transfer: usd(i64::MAX),
            per_day: usd(i64::MAX),
        },
        calendar: Calendar::every_day(TimeZone::UTC),
        clock,
        entropy,
        demo_customers: true,
        money_stopped: false,
    }
}

pub(crate) fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, config()).unwrap()
}

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(crate) fn customer(id: &str) -> CustomerId {
    CustomerId::new(id).unwrap()
}

pub(crate) async fn portfolio(store: &SqliteStore, id: &str) -> Portfolio {
    store.open_demo_customer(&customer(id)).await.unwrap();
    store.portfolio(&customer(id)).await.unwrap().unwrap()
}

/// A cent out of the customer's checking account.
pub(crate) fn cent(portfolio: &Portfolio) -> MoneyIntent {
    MoneyIntent {
        customer: portfolio.customer.id.clone(),
        source: portfolio.accounts[0].id.clone(),
        target: Target::NewPayee {
            number: AccountNumber::new("67890").unwrap(),
        },
        amount: usd(1),
    }
}

pub(crate) fn context(customer: &CustomerId) -> AuditEvent {
    AuditEvent {
        kind: AuditKind::Proposed,
        customer: customer.clone(),
        session: None,
        turn: None,
        detail: Value::Null,
    }
}

/// Puts an intent on record as proposed.
pub(crate) async fn propose(store: &SqliteStore, intent: MoneyIntent) -> Proposal {
    let config = store.config();
    let id = ConfirmationId::generate(config.entropy.as_ref());
    let expires_at = config.clock.now() + SignedDuration::from_mins(10);
    let proposal = Proposal::new(id, intent, expires_at);
    let context = context(&proposal.intent.customer);
    let outcome = store.propose(&proposal, &context).await.unwrap();
    assert_eq!(outcome, ProposeOutcome::Proposed);
    proposal
}

/// The customer's yes.
pub(crate) fn yes(proposal: &Proposal) -> Confirmed<MoneyIntent> {
    let in_time = proposal.expires_at - SignedDuration::from_secs(1);
    let customer = proposal.intent.customer.clone();
    proposal.clone().confirm(&customer, in_time).unwrap()
}

/// Proposes and posts.
pub(crate) async fn transfer(store: &SqliteStore, intent: MoneyIntent) -> Receipt {
    let proposal = propose(store, intent).await;
    let confirmed = yes(&proposal);
    let context = context(&proposal.intent.customer);
    match store.confirm_and_post(confirmed, &context).await.unwrap() {
        PostOutcome::Posted(receipt) => *receipt,
        other => panic!("{other:?}"),
    }
}
