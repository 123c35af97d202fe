//! The demo bank: reproducible, balanced, and believable.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use jiff::tz::TimeZone;
use vostro_bank::{Bank, CustomerOpened, HistoryQuery, Operations, TransactionView};
use vostro_ledger::{AccountKind, Calendar, Limits};
use vostro_store::{SqliteStore, StoreConfig, demo};
use vostro_testkit::{ManualClock, SeededEntropy};
use vostro_types::{Currency, CustomerId, Money};

fn config() -> StoreConfig {
    StoreConfig {
        limits: Limits {
            per_transfer: Money::new(500_000, Currency::USD),
            per_day: Money::new(1_000_000, Currency::USD),
        },
        calendar: Calendar::every_day(TimeZone::get("America/New_York").unwrap()),
        clock: Arc::new(ManualClock::at("2026-03-09T15:00:00Z")),
        entropy: Arc::new(SeededEntropy::new(7)),
        demo_customers: true,
        money_stopped: false,
    }
}

fn customer(id: &str) -> CustomerId {
    CustomerId::new(id).unwrap()
}

async fn whole_history(store: &SqliteStore, customer: &CustomerId) -> Vec<TransactionView> {
    let mut query = HistoryQuery {
        limit: 200,
        ..HistoryQuery::default()
    };
    let mut all = Vec::new();
    loop {
        let page = store.history(customer, &query).await.unwrap();
        all.extend(page.items);
        match page.next {
            Some(next) => query.before = Some(next),
            None => return all,
        }
    }
}

#[tokio::test]
async fn every_customer_is_believable_and_the_books_balance() {
    let store = SqliteStore::open(":memory:", config()).unwrap();
    let seeded = demo::seed_demo_bank(&store, 42, 20).await.unwrap();
    assert_eq!((seeded.created, seeded.already_there), (20, 0));
    let again = demo::seed_demo_bank(&store, 42, 20).await.unwrap();
    assert_eq!((again.created, again.already_there), (0, 20));
    for number in 1..=20 {
        let id = customer(&format!("demo_{number:03}"));
        let portfolio = store.portfolio(&id).await.unwrap().unwrap();
        assert!(portfolio.customer.display_name.ends_with("(demo)"));
        assert_eq!(portfolio.payees.len(), 4);
        assert_eq!(portfolio.billers.len(), 6);
        assert!(
            portfolio
                .billers
                .iter()
                .filter(|it| it.amount_due.is_some())
                .count()
                >= 4
        );
        let kinds: Vec<_> = portfolio.accounts.iter().map(|it| it.kind).collect();
        assert_eq!(
            kinds,
            [
                AccountKind::Checking,
                AccountKind::Savings,
                AccountKind::CreditCard
            ]
        );
        let [checking, savings, card] = &portfolio.accounts[..] else {
            panic!("three accounts");
        };
        assert!(
            (100_000..900_000).contains(&checking.balance.minor),
            "{id}: {}",
            checking.balance
        );
        assert!(
            savings.balance.minor >= 300_000,
            "{id}: {}",
            savings.balance
        );
        assert!(
            (-500_000..=50_000).contains(&card.balance.minor),
            "{id}: {}",
            card.balance
        );
        assert!(card.available.minor > 0, "{id}: {}", card.available);
        let history = whole_history(&store, &id).await;
        assert!(
            (150..=260).contains(&history.len()),
            "{id}: {}",
            history.len()
        );
        assert!(
            history
                .windows(2)
                .all(|pair| pair[0].sequence > pair[1].sequence)
        );
        assert!(
            history
                .windows(2)
                .all(|pair| pair[0].posted_at >= pair[1].posted_at)
        );
        let today = "2026-03-09T04:00:00Z".parse().unwrap();
        assert!(
            history.iter().all(|it| it.posted_at < today),
            "{id}: nothing is of today"
        );
    }
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
    store.roll_up().await.unwrap();
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bank() {
    let bank = |seed| async move {
        let store = SqliteStore::open(":memory:", config()).unwrap();
        demo::seed_demo_bank(&store, seed, 2).await.unwrap();
        let id = customer("demo_002");
        let portfolio = store.portfolio(&id).await.unwrap().unwrap();
        (portfolio, whole_history(&store, &id).await)
    };
    let (first, second, other) = (bank(1).await, bank(1).await, bank(2).await);
    assert_eq!(first, second);
    assert_ne!(first.0.accounts, other.0.accounts);
}

#[tokio::test]
async fn a_customer_is_opened_once_and_only_where_that_is_allowed() {
    let store = SqliteStore::open(":memory:", config()).unwrap();
    let ada = customer("Ada Ünïcode 'x'; --");
    assert_eq!(store.portfolio(&ada).await.unwrap(), None);
    assert_eq!(
        store.open_demo_customer(&ada).await.unwrap(),
        CustomerOpened::Created
    );
    let before = store.portfolio(&ada).await.unwrap();
    assert_eq!(
        store.open_demo_customer(&ada).await.unwrap(),
        CustomerOpened::AlreadyThere
    );
    assert_eq!(store.portfolio(&ada).await.unwrap(), before);

    let closed = StoreConfig {
        demo_customers: false,
        ..config()
    };
    let store = SqliteStore::open(":memory:", closed).unwrap();
    assert_eq!(
        store.open_demo_customer(&ada).await.unwrap(),
        CustomerOpened::Refused
    );
    assert_eq!(store.portfolio(&ada).await.unwrap(), None);
}
