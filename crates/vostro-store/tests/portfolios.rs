//! A portfolio that is kept in memory is never older than what was acknowledged, whoever else is at work.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{cent, customer, open, portfolio, transfer, usd};
use vostro_bank::{AccountControls, Bank, Conversations, Order, Portfolio};
use vostro_ledger::AccountStatus;
use vostro_store::SqliteStore;

async fn seen(store: &SqliteStore, id: &str) -> Portfolio {
    let opening = store.opening(&customer(id), None).await.unwrap();
    let portfolio = opening.portfolio.unwrap();
    assert_eq!(
        store.portfolio(&customer(id)).await.unwrap().as_ref(),
        Some(&*portfolio)
    );
    Arc::unwrap_or_clone(portfolio)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_acknowledged_is_seen_by_whoever_asks_next() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(&folder.path().join("bank.db")));
    let mut tasks = Vec::new();
    for number in 0..8 {
        let store = Arc::clone(&store);
        tasks.push(tokio::spawn(async move {
            let id = format!("client_{number}");
            let own = portfolio(&store, &id).await;
            for _ in 0..25 {
                let asking = {
                    let (store, id) = (Arc::clone(&store), id.clone());
                    // Reads that are under way while the transfer commits must not be kept.
                    tokio::spawn(async move {
                        for _ in 0..20 {
                            store.opening(&customer(&id), None).await.unwrap();
                        }
                    })
                };
                let receipt = transfer(&store, cent(&own)).await;
                let after = store.opening(&customer(&id), None).await.unwrap();
                let balance = after.portfolio.unwrap().accounts[0].balance;
                assert_eq!(balance, receipt.source_balance);
                asking.await.unwrap();
                assert_eq!(seen(&store, &id).await.accounts[0].balance, balance);
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn money_between_two_customers_is_seen_by_both() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("bank.db"));
    let (ada, bob) = (
        portfolio(&store, "ada").await,
        portfolio(&store, "bob").await,
    );
    let mut intent = cent(&ada);
    intent.target = vostro_ledger::Target::NewPayee {
        number: bob.accounts[0].number.clone(),
    };
    transfer(&store, intent).await;
    let (before, after) = (
        bob.accounts[0].balance,
        seen(&store, "bob").await.accounts[0].balance,
    );
    assert_eq!(after, usd(before.minor + 1));
    let order = Order::operator("operator", "a test").unwrap();
    let account = &ada.accounts[0].id;
    let frozen = store
        .set_account_status(account, AccountStatus::Frozen, &order)
        .await;
    assert!(frozen.unwrap());
    assert_eq!(
        seen(&store, "ada").await.accounts[0].status,
        AccountStatus::Frozen
    );
    assert_eq!(
        seen(&store, "bob").await.accounts[0].status,
        AccountStatus::Open
    );
}
