//! What was acknowledged stays when the store closes. Killed processes and clients that go away are in
//! `tests/faults/`.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{cent, context, customer, open, portfolio, propose, yes};
use vostro_bank::{Bank, Operations, PostOutcome, StoreError};

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
