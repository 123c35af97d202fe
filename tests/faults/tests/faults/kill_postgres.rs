//! kill -9 of `PostgreSQL`, all its processes at once, under load: every acknowledged transfer is there with
//! its receipt, none is there twice, the books balance, and the store finds back by itself.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jiff::tz::TimeZone;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vostro_bank::{Bank as _, Operations, Portfolio, PostOutcome, Receipt};
use vostro_faults::{
    Server, cents_out, checking, context, portfolio, proposal, report, scaled, skipped, usd, yes,
};
use vostro_ledger::{Calendar, Limits};
use vostro_store::{PostgresStore, StoreConfig};
use vostro_types::{Entropy, SystemClock, SystemEntropy};

const ROUNDS: u32 = 20;
const CLIENTS: usize = 8;
/// The most transfers that are acknowledged before the server is killed.
const MOST: u32 = 120;

pub(crate) fn config() -> StoreConfig {
    StoreConfig {
        limits: Limits {
            per_transfer: usd(i64::MAX),
            per_day: usd(i64::MAX),
        },
        calendar: Calendar::every_day(TimeZone::UTC),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        demo_customers: true,
        money_stopped: false,
    }
}

/// Posts cents until the store fails; gives the receipts it was given.
pub(crate) async fn load(
    store: Arc<PostgresStore>,
    ada: Portfolio,
    acknowledged: Arc<AtomicU32>,
) -> Vec<Receipt> {
    let mut receipts = Vec::new();
    loop {
        let proposal = proposal(&SystemClock, cents_out(&ada, 1));
        let context = context(&ada.customer.id);
        if store.propose(&proposal, &context).await.is_err() {
            return receipts;
        }
        match store.confirm_and_post(yes(&proposal), &context).await {
            Ok(PostOutcome::Posted(receipt)) => {
                receipts.push(*receipt);
                acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            Ok(other) => panic!("{other:?}"),
            Err(_) => return receipts,
        }
    }
}

/// Asks until the server answers again.
pub(crate) async fn recovered(store: &PostgresStore) {
    let waiting = async { while store.ping().await.is_err() {} };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .unwrap();
}

/// The confirmations on record as posted, with how often.
pub(crate) async fn posted(store: &PostgresStore) -> HashMap<String, u32> {
    let mut posted = HashMap::new();
    for row in store.audit_trail(0, u32::MAX).await.unwrap() {
        if row.kind == "posted" {
            let detail = row.detail.unwrap();
            let confirmation = detail["confirmation"].as_str().unwrap().to_owned();
            *posted.entry(confirmation).or_insert(0) += 1;
        }
    }
    posted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing_that_was_acknowledged() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(why) => return skipped("kill-postgres", why),
    };
    let rounds = scaled(ROUNDS);
    let mut seed = [0; 32];
    SystemEntropy.fill(&mut seed);
    let mut rng = ChaCha8Rng::from_seed(seed);
    let store = Arc::new(
        PostgresStore::connect(server.url(), config())
            .await
            .unwrap(),
    );
    let mut portfolios = Vec::new();
    for client in 0..CLIENTS {
        portfolios.push(portfolio(store.as_ref(), &format!("client_{client}")).await);
    }
    let mut receipts: Vec<Receipt> = Vec::new();
    for round in 0..rounds {
        let acknowledged = Arc::new(AtomicU32::new(0));
        let tasks: Vec<_> = portfolios
            .iter()
            .map(|ada| {
                let (store, ada) = (Arc::clone(&store), ada.clone());
                tokio::spawn(load(store, ada, Arc::clone(&acknowledged)))
            })
            .collect();
        let enough = rng.random_range(1..=MOST);
        while acknowledged.load(Ordering::Relaxed) < enough {
            tokio::task::yield_now().await;
        }
        server.crash();
        let before = receipts.len();
        for task in tasks {
            receipts.extend(task.await.unwrap());
        }
        server.resume();
        recovered(&store).await;
        for receipt in &receipts[before..] {
            let customer = &receipt.intent.customer;
            let kept = store.receipt(customer, &receipt.confirmation).await;
            assert_eq!(kept.unwrap().as_ref(), Some(receipt), "round {round}");
        }
        assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
    }
    let posted = posted(&store).await;
    let is_lost = |receipt: &&Receipt| !posted.contains_key(receipt.confirmation.as_str());
    let lost = receipts.iter().filter(is_lost).count();
    let doubled = posted.values().filter(|times| **times > 1).count();
    let mut moved = 0;
    for ada in &portfolios {
        let now = portfolio(store.as_ref(), ada.customer.id.as_str()).await;
        moved += checking(ada).balance.minor - checking(&now).balance.minor;
    }
    assert_eq!(usize::try_from(moved).unwrap(), posted.len());
    report(
        "kill-postgres",
        &[
            ("rounds", &rounds),
            ("acknowledged", &receipts.len()),
            ("posted", &posted.len()),
            ("lost", &lost),
            ("doubled", &doubled),
        ],
    );
    assert_eq!((lost, doubled), (0, 0));
}
