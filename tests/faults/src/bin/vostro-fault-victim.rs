//! The process that is killed: a store of its own, transfers, and a line on standard output for each
//! acknowledgement. See `victim.rs` in the library beside it.
//!
//! ```text
//! vostro-fault-victim load DATABASE CUSTOMER CLIENTS     cents, as fast as they go
//! vostro-fault-victim one DATABASE CUSTOMER KIND STEP    one transfer or bill; ends at a step of the store's
//! ```
//!
//! `one` waits for a line on standard input between the proposal and the yes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a process that may end in any way"
)]

use std::io::Write as _;
use std::sync::Arc;

use jiff::tz::TimeZone;
use vostro_bank::{PostOutcome, Receipt, Store};
use vostro_faults::{
    bill, cents_out, context, pay, portfolio, proposal, transfer, usd, warm_up, yes,
};
use vostro_ledger::{Calendar, Limits, MoneyIntent};
use vostro_store::{PostgresStore, SqliteStore, StoreConfig, fail_points};
use vostro_types::{SystemClock, SystemEntropy};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        match arguments[..] {
            ["load", database, customer, clients] => {
                load(open(database).await, customer, clients.parse().unwrap()).await;
            }
            ["one", database, customer, kind, step] => {
                let store = open(database).await;
                one(store.as_ref(), customer, kind, step.parse().unwrap()).await;
            }
            _ => panic!("load DATABASE CUSTOMER CLIENTS, or one DATABASE CUSTOMER KIND STEP"),
        }
    });
}

async fn open(database: &str) -> Arc<dyn Store> {
    let config = StoreConfig {
        limits: Limits {
            per_transfer: usd(i64::MAX),
            per_day: usd(i64::MAX),
        },
        calendar: Calendar::every_day(TimeZone::UTC),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        demo_customers: true,
        money_stopped: false,
    };
    if database.starts_with("postgres:") {
        Arc::new(PostgresStore::connect(database, config).await.unwrap())
    } else {
        Arc::new(SqliteStore::open(database, config).unwrap())
    }
}

/// One line, in one write; gives whether somebody still listens.
fn say(line: &str) -> bool {
    let mut output = std::io::stdout().lock();
    let written = output.write_all(format!("{line}\n").as_bytes());
    written.and_then(|()| output.flush()).is_ok()
}

fn acknowledge(receipt: &Receipt) -> bool {
    say(&format!(
        "ACK {} {} .",
        receipt.confirmation, receipt.transfer
    ))
}

async fn load(store: Arc<dyn Store>, customer: &str, clients: usize) {
    let ada = portfolio(store.as_ref(), customer).await;
    say("READY");
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (store, ada) = (Arc::clone(&store), ada.clone());
            tokio::spawn(async move {
                while acknowledge(&transfer(store.as_ref(), &SystemClock, cents_out(&ada, 1)).await)
                {
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn one(store: &dyn Store, customer: &str, kind: &str, step: u32) {
    let ada = portfolio(store, customer).await;
    let intent: MoneyIntent = match kind {
        "transfer" => cents_out(&ada, 100),
        "bill" => {
            let due = ada.billers.iter().find(|it| it.amount_due.is_some());
            pay(&ada, bill(due.expect("a bill is due")), 100)
        }
        other => panic!("transfer or bill, not {other}"),
    };
    warm_up(store, &SystemClock, intent.clone()).await;
    let proposal = proposal(&SystemClock, intent);
    let context = context(&proposal.intent.customer);
    store.propose(&proposal, &context).await.unwrap();
    say(&format!(
        "PROPOSED {}",
        serde_json::to_string(&proposal).unwrap()
    ));
    std::io::stdin().read_line(&mut String::new()).unwrap();
    fail_points::arm(step);
    match store.confirm_and_post(yes(&proposal), &context).await {
        Ok(PostOutcome::Posted(receipt)) => {
            acknowledge(&receipt);
        }
        other => panic!("{other:?}"),
    }
    fail_points::arm(0);
}
