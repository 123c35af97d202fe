//! kill -9 of `PostgreSQL` under load: what was acknowledged is there, nothing is there twice, the books
//! balance, and the store recovers alone.
//!
//! Brings a server of its own by `scripts/test-postgres.sh`. `VOSTRO_CRASH_ROUNDS` sets the rounds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vostro_bank::{Bank, Operations, Portfolio, PostOutcome, Receipt};
use vostro_store::{PostgresStore, StoreConfig};
use vostro_types::SystemEntropy;

use crate::database::{config, context, outgoing, portfolio, proposal, yes};
use crate::own_server::Server;

const CLIENTS: usize = 8;

/// Posts until the store fails; gives the receipts it was given.
async fn load(
    store: Arc<PostgresStore>,
    ada: Portfolio,
    acknowledged: Arc<AtomicU32>,
) -> Vec<Receipt> {
    let mut receipts = Vec::new();
    loop {
        let proposal = proposal(&store, outgoing(&ada, 1));
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
async fn recovered(store: &PostgresStore) {
    let waiting = async { while store.ping().await.is_err() {} };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing_that_was_acknowledged() {
    let Some((server, url)) = Server::start("crash") else {
        return;
    };
    let rounds = std::env::var("VOSTRO_CRASH_ROUNDS").ok();
    let rounds = rounds.and_then(|text| text.parse().ok()).unwrap_or(3);
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let config = StoreConfig {
        entropy: Arc::new(SystemEntropy),
        ..config()
    };
    let store = Arc::new(PostgresStore::connect(&url, config).await.unwrap());
    let mut portfolios = Vec::new();
    for client in 0..CLIENTS {
        portfolios.push(portfolio(&store, &format!("client_{client}")).await);
    }
    let mut receipts = Vec::new();
    for round in 0..rounds {
        let acknowledged = Arc::new(AtomicU32::new(0));
        let tasks: Vec<_> = portfolios
            .iter()
            .map(|ada| {
                let (store, ada) = (Arc::clone(&store), ada.clone());
                tokio::spawn(load(store, ada, Arc::clone(&acknowledged)))
            })
            .collect();
        let enough = rng.random_range(1..200);
        while acknowledged.load(Ordering::Relaxed) < enough {
            tokio::task::yield_now().await;
        }
        server.run("crash");
        for task in tasks {
            receipts.extend(task.await.unwrap());
        }
        server.run("resume");
        recovered(&store).await;
        for receipt in &receipts {
            let customer = &receipt.intent.customer;
            let kept = store
                .receipt(customer, &receipt.confirmation)
                .await
                .unwrap();
            assert_eq!(kept.as_ref(), Some(receipt), "round {round}");
        }
        assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
    }
    eprintln!(
        "{rounds} rounds, {} acknowledged, none lost",
        receipts.len()
    );
}
