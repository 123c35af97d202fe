//! How much the money function gains over the usual way: at 64 connections, confirmed transfers posted by
//! one call of `confirm_and_post`, against a client-held transaction that locks with `SELECT … FOR UPDATE`
//! and writes the same rows (confirmation, transfer, entries, balance, audit, outbox), a statement each.
//! Customers are as many as connections; alternating rounds, median of the ratios.
//!
//! `scripts/test-postgres.sh run cargo bench -p vostro-store --bench postgres_money`
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark")]

#[path = "../tests/postgres/database.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "the tests use the rest"
)]
mod database;

use std::sync::Arc;
use std::time::Instant;

use database::{Database, config, context, outgoing, portfolio, propose, yes};
use tokio_postgres::{Client, Statement};
use vostro_bank::{Bank, Portfolio, PostOutcome};
use vostro_store::PostgresStore;

const ROUNDS: usize = 5;
const CLIENTS: usize = 64;
const TRANSFERS_EACH: usize = 20;

fn rate(started: Instant) -> f64 {
    let transfers = u32::try_from(CLIENTS * TRANSFERS_EACH).unwrap();
    f64::from(transfers) / started.elapsed().as_secs_f64()
}

/// Transfers a second by the function; proposing is not counted.
async fn by_function(store: &Arc<PostgresStore>, portfolios: &[Portfolio]) -> f64 {
    let mut prepared = Vec::new();
    for ada in portfolios {
        let mut proposals = Vec::new();
        for _ in 0..TRANSFERS_EACH {
            proposals.push(propose(store, outgoing(ada, 1)).await);
        }
        prepared.push(proposals);
    }
    let started = Instant::now();
    let clients: Vec<_> = prepared
        .into_iter()
        .map(|proposals| {
            let store = Arc::clone(store);
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
    rate(started)
}

/// The statements of the client-held transaction, in order.
struct Plain(Vec<Statement>);

/// The same rows as the function's, each statement a round trip. `$1` is the confirmation, `$2` the account.
const PLAIN: [&str; 11] = [
    "SELECT pk FROM confirmations WHERE id = $1 AND status = 'open' AND $2::text IS NOT NULL FOR UPDATE",
    "INSERT INTO audit_events (kind, at, session_id, commitment)
     VALUES ('confirmed', 0, $1 || $2, sha256('x'))",
    "INSERT INTO audit_details (sequence, customer_id, salt, detail)
     VALUES (lastval(), $1 || $2, sha256('x'), '{}')",
    "SELECT pk, balance_minor - held_minor, floor_minor FROM accounts
     WHERE id = $2 AND $1::text IS NOT NULL FOR UPDATE",
    "SELECT coalesce(sum(amount_minor), 0)::bigint FROM transfers
     WHERE customer_pk = (SELECT customer_pk FROM accounts WHERE id = $2) AND $1::text IS NOT NULL
        AND kind IN ('payee_transfer', 'bill_payment') AND created_at >= 1773014400000000",
    "INSERT INTO transfers (id, idempotency_key, kind, status, customer_pk, source_pk, destination_pk, currency,
        amount_minor, created_at, resolved_at)
     SELECT 'trf' || $1, $1, 'payee_transfer', 'posted', a.customer_pk, a.pk, b.pk, 'USD', 1, 0, 0
     FROM accounts a, accounts b WHERE a.id = $2 AND b.kind = 'clearing'",
    "UPDATE accounts SET balance_minor = balance_minor - 1 WHERE id = $2 AND $1::text IS NOT NULL",
    "INSERT INTO entries (transfer_pk, account_pk, customer_pk, amount_minor, balance_after_minor, posted_at,
        category, description)
     SELECT t.pk, x.pk, x.customer_pk, x.minor, x.after, 0, 'transfers', 'Transfer to account 67890'
     FROM transfers t, LATERAL (
        SELECT a.pk, a.customer_pk, -1 AS minor, a.balance_minor AS after FROM accounts a WHERE a.id = $2
        UNION ALL SELECT t.destination_pk, NULL, 1, NULL) x
     WHERE t.id = 'trf' || $1",
    "UPDATE confirmations SET status = 'posted', resolved_at = 0, source_balance_minor = 0,
        source_available_minor = 0, transfer_pk = (SELECT pk FROM transfers WHERE id = 'trf' || $1)
     WHERE id = $1 AND $2::text IS NOT NULL",
    "WITH placed AS (
        INSERT INTO audit_events (kind, at, session_id, commitment)
        VALUES ('posted', 0, $1 || $2, sha256('x')) RETURNING sequence)
     INSERT INTO audit_details (sequence, customer_id, salt, detail)
     SELECT sequence, $2, sha256('x'), '{}' FROM placed",
    "INSERT INTO outbox (topic, payload, created_at, due_at)
     VALUES ('transfer.posted', json_build_object('transfer', $1::text, 'account', $2::text), 0, 0)",
];

impl Plain {
    async fn prepare(client: &Client) -> Self {
        let mut prepared = Vec::new();
        for text in PLAIN {
            prepared.push(client.prepare(text).await.unwrap());
        }
        Self(prepared)
    }

    async fn post(&self, client: &mut Client, confirmation: &str, account: &str) {
        let transaction = client.transaction().await.unwrap();
        for statement in &self.0 {
            let done = transaction
                .query(statement, &[&confirmation, &account])
                .await;
            done.unwrap();
        }
        transaction.commit().await.unwrap();
    }
}

/// Transfers a second by client-held transactions.
async fn by_transaction(
    database: &Database,
    store: &PostgresStore,
    portfolios: &[Portfolio],
) -> f64 {
    let mut ready = Vec::new();
    for ada in portfolios {
        let mut confirmations = Vec::new();
        for _ in 0..TRANSFERS_EACH {
            confirmations.push(propose(store, outgoing(ada, 1)).await.id);
        }
        let client = database.client().await;
        let plain = Plain::prepare(&client).await;
        ready.push((client, plain, confirmations, ada.accounts[0].id.clone()));
    }
    let started = Instant::now();
    let clients: Vec<_> = ready
        .into_iter()
        .map(|(mut client, plain, confirmations, account)| {
            tokio::spawn(async move {
                for id in confirmations {
                    plain.post(&mut client, id.as_str(), account.as_str()).await;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    rate(started)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn main() {
    if let Err(why) = database::server() {
        println!("skipped: {why}");
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Database::create().await;
        let store = Arc::new(database.store_with(config(), CLIENTS).await);
        let mut portfolios = Vec::new();
        for client in 0..CLIENTS {
            portfolios.push(portfolio(&store, &format!("client_{client}")).await);
        }
        let (mut functions, mut transactions, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        // A first round that is not counted: connections, prepared statements, compiled functions.
        by_function(&store, &portfolios).await;
        for round in 1..=ROUNDS {
            let transaction = by_transaction(&database, &store, &portfolios).await;
            let function = by_function(&store, &portfolios).await;
            println!("round {round}: {function:.0} transfers/s by function, {transaction:.0} by transaction");
            functions.push(function);
            transactions.push(transaction);
            ratios.push(function / transaction);
        }
        println!(
            "median of {ROUNDS} rounds at {CLIENTS} connections: {:.0} transfers/s by function, {:.0} by transaction, ratio {:.2}",
            median(functions),
            median(transactions),
            median(ratios)
        );
    });
}
