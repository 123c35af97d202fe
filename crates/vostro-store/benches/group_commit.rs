//! How much group commit gains: 64 customers post confirmed transfers on one file at once, in one part with as
//! many commands to a commit as wait, in the other with a commit for each. Alternating rounds, median of the ratios.
//!
//! `cargo bench -p vostro-store --bench group_commit`; `VOSTRO_BENCH_DIR` names another folder (disk).
#![allow(clippy::unwrap_used, reason = "a benchmark")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{cent, context, portfolio, propose, real_config, yes};
use tempfile::TempDir;
use vostro_bank::{Bank, Operations, PostOutcome};
use vostro_store::{SqliteStore, Tuning};

const ROUNDS: usize = 7;
const CLIENTS: usize = 64;
const TRANSFERS_EACH: usize = 16;

fn folder() -> TempDir {
    std::env::var_os("VOSTRO_BENCH_DIR").map_or_else(
        || tempfile::tempdir().unwrap(),
        |folder| tempfile::tempdir_in(folder).unwrap(),
    )
}

/// How long the folder's disk takes to sync a few pages: what a group shares and a commit each does not. Where
/// it is short (memory, a drive that caches), the ratio is bounded by the work of a transfer itself.
fn sync_cost() -> Duration {
    let folder = folder();
    let mut file = File::create(folder.path().join("sync")).unwrap();
    let mut took: Vec<Duration> = (0..101)
        .map(|_| {
            file.write_all(&[1; 16_384]).unwrap();
            let started = Instant::now();
            file.sync_data().unwrap();
            started.elapsed()
        })
        .collect();
    took.sort();
    took[took.len() / 2]
}

/// Transfers a second.
async fn round(commands_per_commit: usize) -> f64 {
    let folder = folder();
    let tuning = Tuning {
        commands_per_commit,
        ..Tuning::default()
    };
    let path = folder.path().join("bank.db");
    let store = Arc::new(SqliteStore::open_tuned(path, real_config(), tuning).unwrap());
    let mut shares = Vec::new();
    for client in 0..CLIENTS {
        let store = Arc::clone(&store);
        shares.push(tokio::spawn(async move {
            let own = portfolio(&store, &format!("client_{client}")).await;
            let mut proposals = Vec::new();
            for _ in 0..TRANSFERS_EACH {
                proposals.push(propose(&store, cent(&own)).await);
            }
            proposals
        }));
    }
    let mut prepared = Vec::new();
    for share in shares {
        prepared.push(share.await.unwrap());
    }
    let started = Instant::now();
    let clients: Vec<_> = prepared
        .into_iter()
        .map(|proposals| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for proposal in proposals {
                    let context = context(&proposal.intent.customer);
                    let posted = store.confirm_and_post(yes(&proposal), &context).await;
                    assert!(matches!(posted.unwrap(), PostOutcome::Posted(_)));
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    let rate = f64::from(u32::try_from(CLIENTS * TRANSFERS_EACH).unwrap())
        / started.elapsed().as_secs_f64();
    store.close().await;
    rate
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut grouped, mut single, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=ROUNDS {
        let one = runtime.block_on(round(1));
        let group = runtime.block_on(round(Tuning::default().commands_per_commit));
        println!(
            "round {number}: {group:.0} transfers/s grouped, {one:.0} with a commit each, ratio {:.1}",
            group / one
        );
        grouped.push(group);
        single.push(one);
        ratios.push(group / one);
    }
    println!("a sync of 16 KiB in this folder: median {:?}", sync_cost());
    println!(
        "median of {ROUNDS} rounds at {CLIENTS} clients: {:.0} transfers/s grouped, {:.0} with a commit each, ratio {:.1}",
        median(grouped),
        median(single),
        median(ratios)
    );
}
