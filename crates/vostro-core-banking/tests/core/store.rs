//! The bank's port over a core: what a customer confirms is carried out once, whatever the line does, and the local
//! store knows why.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use vostro_bank::{
    AuditEvent, AuditKind, Bank as _, CancelOutcome, CoreTransferStatus, CoreTransfers as _,
    EraseOutcome, MoneyControl as _, Operations as _, Order, PendingTransfers as _,
    PersonalData as _, PostOutcome, ProposeOutcome, Store,
};
use vostro_core_banking::{CoreBankedStore, CoreSettings, HttpCore, Patience};
use vostro_ledger::{Confirmed, Decline, MoneyIntent, Proposal};
use vostro_store::SqliteStore;
use vostro_types::{Clock as _, ConfirmationId, CustomerId, SystemClock};

use crate::world::{Fault, World, ada, store_config};

struct Concierge {
    world: World,
    local: Arc<SqliteStore>,
    store: CoreBankedStore,
}

impl Concierge {
    async fn new() -> Self {
        let world = World::new().await;
        let local = Arc::new(SqliteStore::open(":memory:", store_config()).unwrap());
        let core = HttpCore::new(&world.settings).unwrap();
        let patience = Patience {
            deadline: Duration::from_millis(300),
            pause: Duration::from_millis(20),
        };
        let store = CoreBankedStore::new(
            Arc::clone(&local) as Arc<dyn Store>,
            Arc::new(core),
            Arc::new(SystemClock),
            patience,
        );
        Self {
            world,
            local,
            store,
        }
    }

    /// A proposal of 25.00 between the customer's accounts, put on record.
    async fn proposed(&self, name: &str) -> Proposal {
        let (_, order) = self.world.order(1).await;
        let until = now().checked_add(SignedDuration::from_mins(10));
        let id = ConfirmationId::new(name).unwrap();
        let proposal = Proposal::new(id, order.intent, until.unwrap());
        let outcome = self.store.propose(&proposal, &context()).await.unwrap();
        assert_eq!(outcome, ProposeOutcome::Proposed);
        proposal
    }

    async fn yes(&self, proposal: &Proposal) -> Result<PostOutcome, vostro_bank::StoreError> {
        self.store
            .confirm_and_post(confirmed(proposal), &context())
            .await
    }

    async fn status(&self, proposal: &Proposal) -> CoreTransferStatus {
        let kept = self
            .local
            .core_transfer(&ada(), &proposal.id)
            .await
            .unwrap();
        kept.unwrap().status
    }

    async fn audited(&self) -> Vec<String> {
        let rows = self.local.audit_trail(0, 100).await.unwrap();
        rows.into_iter().map(|row| row.kind).collect()
    }
}

fn now() -> Timestamp {
    SystemClock.now()
}

fn confirmed(proposal: &Proposal) -> Confirmed<MoneyIntent> {
    let read = proposal.clone();
    read.confirm(&ada(), now()).unwrap()
}

fn context() -> AuditEvent {
    AuditEvent {
        kind: AuditKind::Proposed,
        customer: ada(),
        session: None,
        turn: None,
        detail: json!({}),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_yes_moves_money_once_and_stays_on_record() {
    let concierge = Concierge::new().await;
    let before = concierge.world.accounts().await;
    let portfolio = concierge.store.portfolio(&ada()).await.unwrap().unwrap();
    assert_eq!(
        portfolio.accounts, before,
        "the core's accounts are the customer's"
    );
    let proposal = concierge.proposed("cnf_1").await;
    let PostOutcome::Posted(receipt) = concierge.yes(&proposal).await.unwrap() else {
        panic!("not posted");
    };
    assert_eq!(
        receipt.source_balance.minor,
        before[0].balance.minor - 2_500
    );
    let again = concierge.yes(&proposal).await.unwrap();
    assert_eq!(again, PostOutcome::Replayed(receipt.clone()));
    let kept = concierge.store.receipt(&ada(), &proposal.id).await.unwrap();
    assert_eq!(kept, Some((*receipt).clone()));
    let late = concierge
        .store
        .cancel(&ada(), &proposal.id, &context())
        .await;
    assert_eq!(late.unwrap(), CancelOutcome::AlreadyPosted(receipt));
    assert_eq!(
        concierge.audited().await,
        ["proposed", "confirmed", "posted"]
    );
    let after = concierge.world.accounts().await;
    assert_eq!(before[0].balance.minor - after[0].balance.minor, 2_500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_movement_whose_answer_is_lost_is_taken_up_later_and_moves_once() {
    for (fault, method) in [
        (Fault::ErrorAfter, Method::PUT),
        (Fault::ErrorAfter, Method::POST),
        (Fault::OtherAmount, Method::POST),
        (Fault::Overload, Method::PUT),
    ] {
        let concierge = Concierge::new().await;
        let before = concierge.world.accounts().await;
        let proposal = concierge.proposed("cnf_1").await;
        concierge.world.breaks(fault, method.clone(), usize::MAX);
        let lost = concierge.yes(&proposal).await;
        assert!(lost.is_err(), "{fault:?} {method}: {lost:?}");
        assert_eq!(concierge.status(&proposal).await, CoreTransferStatus::Sent);
        concierge.world.breaks(Fault::None, Method::GET, 0);
        // Not yet: a turn may still be at work on it.
        let now = now();
        let settled = concierge.store.settle_due(now).await.unwrap();
        assert_eq!(settled.posted, 0);
        let later = now.checked_add(SignedDuration::from_mins(2)).unwrap();
        let settled = concierge.store.settle_due(later).await.unwrap();
        assert_eq!(settled.posted, 1, "{fault:?} {method}");
        assert_eq!(
            concierge.status(&proposal).await,
            CoreTransferStatus::Posted
        );
        let again = concierge.yes(&proposal).await.unwrap();
        assert!(matches!(again, PostOutcome::Replayed(_)), "{again:?}");
        let after = concierge.world.accounts().await;
        let moved = before[0].balance.minor - after[0].balance.minor;
        assert_eq!(moved, 2_500, "{fault:?} {method}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_move_money_once() {
    let concierge = Arc::new(Concierge::new().await);
    let before = concierge.world.accounts().await;
    let proposal = concierge.proposed("cnf_1").await;
    let tasks: Vec<_> = (0..12)
        .map(|_| {
            let (concierge, proposal) = (Arc::clone(&concierge), proposal.clone());
            tokio::spawn(async move { concierge.yes(&proposal).await })
        })
        .collect();
    let mut posted = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(PostOutcome::Posted(_)) => posted += 1,
            Ok(PostOutcome::Replayed(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(posted, 1);
    let after = concierge.world.accounts().await;
    assert_eq!(before[0].balance.minor - after[0].balance.minor, 2_500);
    assert_eq!(
        concierge.audited().await,
        ["proposed", "confirmed", "posted"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_moves_nothing() {
    let concierge = Concierge::new().await;
    let before = concierge.world.accounts().await;
    let (_, order) = concierge.world.order(1).await;
    let until = now().checked_add(SignedDuration::from_mins(10));
    let mut too_much = order.intent.clone();
    too_much.amount.minor = before[0].available.minor + 1;
    let id = ConfirmationId::new("cnf_2").unwrap();
    let proposal = Proposal::new(id, too_much, until.unwrap());
    let declined = concierge
        .store
        .propose(&proposal, &context())
        .await
        .unwrap();
    assert!(matches!(
        declined,
        ProposeOutcome::Declined(Decline::InsufficientFunds { .. })
    ));
    assert_eq!(
        concierge.yes(&proposal).await.unwrap(),
        PostOutcome::NotOpen
    );

    let proposal = concierge.proposed("cnf_3").await;
    let order = Order::operator("anna", "a test").unwrap();
    concierge.local.switch_money(true, &order).await.unwrap();
    let stopped = concierge.yes(&proposal).await.unwrap();
    assert_eq!(stopped, PostOutcome::Declined(Decline::MoneyStopped));
    concierge.local.switch_money(false, &order).await.unwrap();
    let cancelled = concierge
        .store
        .cancel(&ada(), &proposal.id, &context())
        .await;
    assert_eq!(cancelled.unwrap(), CancelOutcome::Cancelled);
    assert_eq!(
        concierge.yes(&proposal).await.unwrap(),
        PostOutcome::NotOpen
    );

    let eve = CustomerId::new("eve").unwrap();
    assert_eq!(concierge.store.portfolio(&eve).await.unwrap(), None);
    assert_eq!(
        concierge.store.receipt(&eve, &proposal.id).await.unwrap(),
        None
    );
    assert_eq!(concierge.world.accounts().await, before);
}

#[tokio::test]
async fn without_the_core_there_is_no_bank() {
    let concierge = Concierge::new().await;
    assert!(concierge.store.ping().await.is_ok());
    let gone = CoreSettings {
        url: "http://127.0.0.1:9".to_owned(),
        ..concierge.world.settings.clone()
    };
    let store = CoreBankedStore::new(
        Arc::clone(&concierge.local) as Arc<dyn Store>,
        Arc::new(HttpCore::new(&gone).unwrap()),
        Arc::new(SystemClock),
        Patience::default(),
    );
    assert!(store.ping().await.is_err());
    assert!(store.portfolio(&ada()).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_core_knows_nothing_of_is_given_up_and_never_moves() {
    let concierge = Concierge::new().await;
    let before = concierge.world.accounts().await;
    let proposal = concierge.proposed("cnf_1").await;
    concierge
        .world
        .breaks(Fault::Overload, Method::PUT, usize::MAX);
    assert!(concierge.yes(&proposal).await.is_err());
    let after = |minutes| {
        let length = SignedDuration::from_mins(minutes);
        now().checked_add(length).unwrap()
    };
    // While the core still takes no order nothing is known, and nothing is given up.
    let settled = concierge.store.settle_due(after(5)).await.unwrap();
    assert_eq!((settled.posted, settled.voided), (0, 0));
    assert_eq!(concierge.status(&proposal).await, CoreTransferStatus::Sent);
    let settled = concierge.store.settle_due(after(11)).await.unwrap();
    assert_eq!((settled.posted, settled.voided), (0, 1));
    assert_eq!(
        concierge.status(&proposal).await,
        CoreTransferStatus::GivenUp
    );
    concierge.world.breaks(Fault::None, Method::GET, 0);
    let late = concierge.yes(&proposal).await.unwrap();
    assert_eq!(late, PostOutcome::NotOpen);
    let again = concierge.store.settle_due(after(12)).await.unwrap();
    assert_eq!((again.posted, again.voided), (0, 0));
    assert_eq!(concierge.world.accounts().await, before);
}

/// The core's customers are the core's: here goes what is here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasing_takes_what_is_here_and_leaves_the_core_alone() {
    let concierge = Concierge::new().await;
    let proposal = concierge.proposed("cnf_1").await;
    let erase = AuditEvent {
        kind: AuditKind::CustomerErased,
        ..context()
    };
    concierge
        .world
        .breaks(Fault::ErrorAfter, Method::POST, usize::MAX);
    assert!(concierge.yes(&proposal).await.is_err());
    let outcome = concierge.store.erase_customer(&ada(), &erase).await;
    assert_eq!(
        outcome.unwrap(),
        EraseOutcome::Unsettled,
        "its end is not known"
    );
    concierge.world.breaks(Fault::None, Method::GET, 0);
    let later = now().checked_add(SignedDuration::from_mins(2)).unwrap();
    assert_eq!(concierge.store.settle_due(later).await.unwrap().posted, 1);
    let before = concierge.world.accounts().await;

    let outcome = concierge.store.erase_customer(&ada(), &erase).await;
    assert_eq!(outcome.unwrap(), EraseOutcome::Erased);
    let rows = concierge.local.audit_trail(0, 100).await.unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.kind.as_str(), row.detail.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            ("proposed", false),
            ("confirmed", false),
            ("posted", false),
            ("customer_erased", true)
        ]
    );
    assert_eq!(
        concierge.status(&proposal).await,
        CoreTransferStatus::Posted,
        "bookkeeping stays"
    );
    let portfolio = concierge.store.portfolio(&ada()).await.unwrap().unwrap();
    assert_eq!(
        portfolio.accounts, before,
        "the core's accounts are the core's to erase"
    );
    let stranger = CustomerId::new("nobody").unwrap();
    let outcome = concierge.store.erase_customer(&stranger, &erase).await;
    assert_eq!(outcome.unwrap(), EraseOutcome::Unknown);
}
