//! kill -9 of `PostgreSQL` under load: what was acknowledged is there, nothing is there twice, the books
//! balance, and the store recovers alone.
//!
//! Brings a server of its own by `scripts/test-postgres.sh`. `VOSTRO_CRASH_ROUNDS` sets the rounds.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vostro_bank::{Bank, Operations, Portfolio, PostOutcome, Receipt};
use vostro_store::{PostgresStore, StoreConfig};
use vostro_types::SystemEntropy;

use crate::database::{config, context, outgoing, portfolio, proposal, server, yes};

const CLIENTS: usize = 8;

/// A server of this test's own.
struct Server(String);

impl Server {
    /// `None` where none can be had.
    fn start() -> Option<(Self, String)> {
        let name = format!("crash-{}", std::process::id());
        let output = script(&["start", &name]);
        if output.status.code() == Some(3) {
            eprintln!("skipped: {}", String::from_utf8_lossy(&output.stderr));
            return None;
        }
        assert!(output.status.success(), "{output:?}");
        let url = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        Some((Self(name), url))
    }

    fn run(&self, command: &str) {
        let output = script(&[command, &self.0]);
        assert!(output.status.success(), "{output:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        script(&["stop", &self.0]);
    }
}

fn script(arguments: &[&str]) -> std::process::Output {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../scripts/test-postgres.sh"
    );
    Command::new(path).args(arguments).output().unwrap()
}

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
    if let Err(why) = server() {
        eprintln!("skipped: {why}");
        return;
    }
    let Some((server, url)) = Server::start() else {
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
