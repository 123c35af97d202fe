//! How long a page of history takes for a customer with 200,000 transactions, on both stores.
//!
//! `scripts/test-postgres.sh run cargo bench -p vostro-store --bench history_page`; without a server only the
//! embedded store is measured, and that is said.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark")]

#[path = "../tests/common/mod.rs"]
mod common;
#[cfg(feature = "postgres")]
#[path = "../tests/postgres/database.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "the tests use the rest"
)]
mod database;

use std::time::{Duration, Instant};

use common::{customer, open, portfolio};
use rusqlite::Connection;
use vostro_bank::{Bank, Category, HistoryQuery, Operations, Portfolio};

const TIMES: usize = 51;

/// 200,000 purchases of a cent, one every five minutes, paid into the account beforehand.
const FILL_SQLITE: &str = "
    CREATE TEMP TABLE the AS
        SELECT a.pk AS own, a.customer_pk AS customer, a.balance_minor AS balance, b.pk AS bank,
               (SELECT max(pk) FROM transfers) AS transfers, (SELECT max(created_at) FROM transfers) AS last
        FROM accounts a, accounts b
        WHERE a.kind = 'checking' AND b.kind = 'clearing';
    CREATE TEMP TABLE n AS
        WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 200000) SELECT i FROM c;
    INSERT INTO transfers (pk, id, kind, status, customer_pk, source_pk, destination_pk, currency, amount_minor, created_at, resolved_at)
        SELECT transfers + i, 'trf_bench_' || i, 'card_purchase', 'posted', customer, own, bank, 'USD', 1,
               last + i * 300000000, last + i * 300000000 FROM the, n;
    INSERT INTO entries (transfer_pk, account_pk, customer_pk, amount_minor, balance_after_minor, posted_at, category, description, merchant)
        SELECT transfers + i, own, customer, -1, balance - i, last + i * 300000000,
               CASE i % 500 WHEN 0 THEN 'travel' ELSE 'groceries' END, 'Card purchase Demo Mart', 'Demo Mart' FROM the, n;
    INSERT INTO entries (transfer_pk, account_pk, amount_minor, posted_at, category, description)
        SELECT transfers + i, bank, 1, last + i * 300000000, 'groceries', 'Card purchase Demo Mart' FROM the, n;
    UPDATE accounts SET balance_minor = balance_minor - 200000 WHERE pk = (SELECT own FROM the);
";

/// The same in the other dialect.
#[cfg(feature = "postgres")]
const FILL_POSTGRES: &str = "
    CREATE TEMP TABLE the AS
        SELECT a.pk AS own, a.customer_pk AS customer, a.balance_minor AS balance, b.pk AS bank,
               (SELECT max(pk) FROM transfers) AS transfers, (SELECT max(created_at) FROM transfers) AS last
        FROM accounts a, accounts b
        WHERE a.kind = 'checking' AND b.kind = 'clearing';
    CREATE TEMP TABLE n AS SELECT generate_series(1, 200000)::bigint AS i;
    INSERT INTO transfers (pk, id, kind, status, customer_pk, source_pk, destination_pk, currency, amount_minor, created_at, resolved_at)
        OVERRIDING SYSTEM VALUE
        SELECT transfers + i, 'trf_bench_' || i, 'card_purchase', 'posted', customer, own, bank, 'USD', 1,
               last + i * 300000000, last + i * 300000000 FROM the, n ORDER BY i;
    INSERT INTO entries (transfer_pk, account_pk, customer_pk, amount_minor, balance_after_minor, posted_at, category, description, merchant)
        SELECT transfers + i, own, customer, -1, balance - i, last + i * 300000000,
               CASE i % 500 WHEN 0 THEN 'travel' ELSE 'groceries' END, 'Card purchase Demo Mart', 'Demo Mart'
        FROM the, n ORDER BY i;
    INSERT INTO entries (transfer_pk, account_pk, amount_minor, posted_at, category, description)
        SELECT transfers + i, bank, 1, last + i * 300000000, 'groceries', 'Card purchase Demo Mart' FROM the, n ORDER BY i;
    UPDATE accounts SET balance_minor = balance_minor - 200000 WHERE pk = (SELECT own FROM the);
";

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(embedded());
    #[cfg(feature = "postgres")]
    runtime.block_on(server());
}

async fn embedded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let store = open(&path);
    let ada = portfolio(&store, "ada").await;
    store.close().await;
    Connection::open(&path)
        .unwrap()
        .execute_batch(&format!("BEGIN; {FILL_SQLITE} COMMIT;"))
        .unwrap();
    let store = open(&path);
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
    pages("SQLite", &store, &ada).await;
    store.close().await;
}

#[cfg(feature = "postgres")]
async fn server() {
    if let Err(why) = database::server() {
        println!("PostgreSQL: skipped: {why}");
        return;
    }
    let database = database::Database::create().await;
    let store = database.store(database::config()).await;
    let ada = database::portfolio(&store, "ada").await;
    let client = database.client().await;
    client
        .batch_execute(&format!("BEGIN; {FILL_POSTGRES} COMMIT; ANALYZE;"))
        .await
        .unwrap();
    pages("PostgreSQL", &store, &ada).await;
    store.close().await;
}

/// Every kind of page, and a month's sum.
async fn pages(store_name: &str, store: &dyn Bank, ada: &Portfolio) {
    let ada_id = customer("ada");
    let all = HistoryQuery::default();
    let newest = store.history(&ada_id, &all).await.unwrap().items[0].clone();
    let ago = |days: i64| newest.posted_at - jiff::SignedDuration::from_hours(24 * days);
    let month = HistoryQuery {
        from: Some(ago(500)),
        until: Some(ago(470)),
        ..all.clone()
    };
    let with = |change: fn(&mut HistoryQuery)| {
        let mut query = all.clone();
        change(&mut query);
        query
    };
    let of_account = |place: usize| HistoryQuery {
        account: Some(ada.accounts[place].id.clone()),
        ..all.clone()
    };
    let middle = HistoryQuery {
        before: Some(newest.sequence / 2),
        ..all.clone()
    };
    let queries = [
        ("the newest page", all.clone()),
        ("200 of them", with(|query| query.limit = 200)),
        ("a page from the middle", middle),
        ("of one account", of_account(0)),
        ("of another account", of_account(1)),
        ("of a month, 500 days ago", month.clone()),
        (
            "a rare category",
            with(|query| query.category = Some(Category::Travel)),
        ),
        (
            "a text that is nowhere",
            with(|query| query.text = Some("nowhere".into())),
        ),
    ];
    for (what, query) in &queries {
        let mut took = Vec::new();
        for _ in 0..TIMES {
            let started = Instant::now();
            store.history(&ada_id, query).await.unwrap();
            took.push(started.elapsed());
        }
        report(store_name, what, took);
    }
    let mut took = Vec::new();
    for _ in 0..TIMES {
        let started = Instant::now();
        store.spending(&ada_id, &month).await.unwrap();
        took.push(started.elapsed());
    }
    report(store_name, "the month's spending", took);
}

fn report(store: &str, what: &str, mut took: Vec<Duration>) {
    took.sort();
    println!(
        "{store}, {what}: median {:?}, slowest {:?}",
        took[took.len() / 2],
        took[took.len() - 1]
    );
}
