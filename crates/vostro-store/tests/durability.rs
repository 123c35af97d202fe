//! What was acknowledged stays: when the client goes away, when the store closes, when the process is killed.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::HashMap;
use std::future::Future;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::pin::pin;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::task::{Context, Waker};

use common::{cent, context, customer, open, portfolio, propose, real_config, transfer, yes};
use vostro_bank::{Bank, Operations, PostOutcome, StoreError};
use vostro_store::SqliteStore;
use vostro_types::{ConfirmationId, Entropy, SystemEntropy};

/// Rounds of the kill test; more with `VOSTRO_KILL_ROUNDS`.
const ROUNDS: u32 = 20;
const CLIENTS: usize = 8;
/// Set for the process that is to be killed: the database.
const VICTIM: &str = "VOSTRO_TEST_VICTIM";

/// Polls a future so many times and drops it.
fn poll_and_drop<F: Future>(future: F, polls: usize) -> bool {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..polls).any(|_| future.as_mut().poll(&mut context).is_ready())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_leaves_no_half_transfer() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("bank.db"));
    let before = portfolio(&store, "ada").await;
    let ada = customer("ada");
    let rounds = 40;
    for polls in 0..rounds {
        let proposal = propose(&store, cent(&before)).await;
        let ctx = context(&ada);
        poll_and_drop(store.confirm_and_post(yes(&proposal), &ctx), polls);
        // Reads whose client goes away give their connection back.
        poll_and_drop(store.portfolio(&ada), polls);
        let again = store.confirm_and_post(yes(&proposal), &ctx).await.unwrap();
        let was_sent = matches!(again, PostOutcome::Replayed(_));
        assert!(
            was_sent || matches!(again, PostOutcome::Posted(_)),
            "{again:?}"
        );
        assert_eq!(
            was_sent,
            polls > 0,
            "a command that was taken on runs to its end"
        );
    }
    let after = portfolio(&store, "ada").await;
    let moved = before.accounts[0].balance.minor - after.accounts[0].balance.minor;
    assert_eq!(usize::try_from(moved).unwrap(), rounds);
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_finishes_what_was_taken_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let store = Arc::new(open(&path));
    let ada = portfolio(&store, "ada").await;
    let mut proposals = Vec::new();
    for _ in 0..200 {
        proposals.push(propose(&store, cent(&ada)).await);
    }
    let tasks: Vec<_> = proposals
        .iter()
        .map(|proposal| {
            let (store, confirmed) = (Arc::clone(&store), yes(proposal));
            tokio::spawn(async move {
                let context = context(&confirmed.get().customer);
                store.confirm_and_post(confirmed, &context).await
            })
        })
        .collect();
    store.close().await;
    let mut acknowledged = Vec::new();
    for (task, proposal) in tasks.into_iter().zip(&proposals) {
        match task.await.unwrap() {
            Ok(PostOutcome::Posted(receipt)) => acknowledged.push((proposal.id.clone(), *receipt)),
            Err(StoreError::Unavailable(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    drop(store);
    let store = open(&path);
    for (id, receipt) in &acknowledged {
        let kept = store.receipt(&customer("ada"), id).await.unwrap();
        assert_eq!(kept.as_ref(), Some(receipt));
    }
    let after = portfolio(&store, "ada").await;
    let moved = ada.accounts[0].balance.minor - after.accounts[0].balance.minor;
    assert_eq!(
        usize::try_from(moved).unwrap(),
        acknowledged.len(),
        "nothing beyond what was acknowledged"
    );
}

/// The process that is killed: transfers cents as fast as it can and says so after each acknowledgement.
#[test]
#[ignore = "run by the kill test in a process of its own"]
fn victim() {
    let Some(path) = std::env::var_os(VICTIM) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Arc::new(SqliteStore::open(Path::new(&path), real_config()).unwrap());
        let ada = portfolio(&store, "ada").await;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (store, ada) = (Arc::clone(&store), ada.clone());
                tokio::spawn(async move {
                    let mut is_heard = true;
                    while is_heard {
                        let receipt = transfer(&store, cent(&ada)).await;
                        let line = format!("ACK {} {} .\n", receipt.confirmation, receipt.transfer);
                        let mut output = std::io::stdout();
                        is_heard = output
                            .write_all(line.as_bytes())
                            .and_then(|()| output.flush())
                            .is_ok();
                    }
                })
            })
            .collect();
        for client in clients {
            client.await.unwrap();
        }
    });
}

/// Lets a victim run until it has acknowledged so many transfers, kills it, and gives all it acknowledged.
fn kill_after(path: &Path, transfers: usize) -> Vec<(String, String)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["victim", "--exact", "--ignored", "--nocapture"])
        .env(VICTIM, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut acknowledged = Vec::new();
    let mut killed = false;
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        // A line that the kill cut short was not said.
        if let ["ACK", confirmation, transfer, "."] =
            line.split_whitespace().collect::<Vec<_>>()[..]
        {
            acknowledged.push((confirmation.to_owned(), transfer.to_owned()));
        }
        if !killed && acknowledged.len() >= transfers {
            child.kill().unwrap();
            killed = true;
        }
        line.clear();
    }
    assert!(killed, "the victim stopped by itself");
    child.wait().unwrap();
    acknowledged
}

#[test]
fn a_killed_process_loses_and_doubles_nothing() {
    let rounds = std::env::var("VOSTRO_KILL_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(ROUNDS);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let opening = runtime.block_on(async {
        let store = SqliteStore::open(&path, real_config()).unwrap();
        let ada = portfolio(&store, "ada").await;
        store.close().await;
        ada.accounts[0].balance.minor
    });
    let mut acknowledged = Vec::new();
    for _ in 0..rounds {
        let mut byte = [0];
        SystemEntropy.fill(&mut byte);
        acknowledged.extend(kill_after(&path, usize::from(byte[0] % 64)));
        let present = runtime.block_on(present(&path, opening));
        let lost = acknowledged
            .iter()
            .filter(|(confirmation, transfer)| present.get(confirmation) != Some(transfer));
        assert_eq!(lost.count(), 0, "acknowledged and lost");
    }
    eprintln!(
        "{rounds} rounds, {} transfers acknowledged, 0 lost, 0 doubled",
        acknowledged.len()
    );
}

/// Opens the database, checks that the books balance and that no transfer is there twice, and gives
/// the posted confirmations with their transfers.
async fn present(path: &Path, opening: i64) -> HashMap<String, String> {
    let store = SqliteStore::open(path, real_config()).unwrap();
    let trail = store.audit_trail(0, u32::MAX).await.unwrap();
    let mut present = HashMap::new();
    for row in trail.iter().filter(|row| row.kind == "posted") {
        let detail = row.detail.as_ref().unwrap();
        let text = |name: &str| detail[name].as_str().unwrap().to_owned();
        let twice = present.insert(text("confirmation"), text("transfer"));
        assert_eq!(twice, None, "posted twice");
    }
    let ada = portfolio(&store, "ada").await;
    let moved = opening - ada.accounts[0].balance.minor;
    assert_eq!(usize::try_from(moved).unwrap(), present.len());
    if let Some((confirmation, transfer)) = present.iter().next() {
        let id = ConfirmationId::new(confirmation.as_str()).unwrap();
        let receipt = store.receipt(&customer("ada"), &id).await.unwrap().unwrap();
        assert_eq!(receipt.transfer.as_str(), transfer);
    }
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
    store.close().await;
    present
}
