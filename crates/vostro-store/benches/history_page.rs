//! How long a page of history takes for a customer with 200,000 transactions.
//!
//! `cargo bench -p vostro-store --bench history_page`
#![allow(clippy::unwrap_used, reason = "a benchmark")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::{Duration, Instant};

use common::{customer, open, portfolio};
use jiff::Timestamp;
use rusqlite::Connection;
use vostro_bank::{Bank, Category, HistoryQuery, Operations};

const TIMES: usize = 51;

/// 200,000 purchases of a cent, one every five minutes, paid into the account beforehand.
const FILL: &str = "
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

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    runtime.block_on(async {
        let store = open(&path);
        let ada = portfolio(&store, "ada").await;
        store.close().await;
        Connection::open(&path)
            .unwrap()
            .execute_batch(&format!("BEGIN; {FILL} COMMIT;"))
            .unwrap();
        let store = open(&path);
        assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
        let ada_id = customer("ada");
        let all = HistoryQuery::default();
        let newest = store.history(&ada_id, &all).await.unwrap().items[0].clone();
        let ago = |days: i64| newest.posted_at - jiff::SignedDuration::from_hours(24 * days);
        let month = |days: i64| (Some(ago(days)), Some(ago(days - 30)));
        let (from, until): (Option<Timestamp>, Option<Timestamp>) = month(500);
        let queries = [
            ("the newest page", all.clone()),
            (
                "200 of them",
                HistoryQuery {
                    limit: 200,
                    ..all.clone()
                },
            ),
            (
                "a page from the middle",
                HistoryQuery {
                    before: Some(newest.sequence / 2),
                    ..all.clone()
                },
            ),
            (
                "of one account",
                HistoryQuery {
                    account: Some(ada.accounts[0].id.clone()),
                    ..all.clone()
                },
            ),
            (
                "of another account",
                HistoryQuery {
                    account: Some(ada.accounts[1].id.clone()),
                    ..all.clone()
                },
            ),
            (
                "of a month, 500 days ago",
                HistoryQuery {
                    from,
                    until,
                    ..all.clone()
                },
            ),
            (
                "a rare category",
                HistoryQuery {
                    category: Some(Category::Travel),
                    ..all.clone()
                },
            ),
            (
                "a text that is nowhere",
                HistoryQuery {
                    text: Some("nowhere".into()),
                    ..all.clone()
                },
            ),
        ];
        for (what, query) in &queries {
            let mut took = Vec::new();
            for _ in 0..TIMES {
                let started = Instant::now();
                store.history(&ada_id, query).await.unwrap();
                took.push(started.elapsed());
            }
            report(what, took);
        }
        let mut took = Vec::new();
        for _ in 0..TIMES {
            let started = Instant::now();
            let query = HistoryQuery {
                from,
                until,
                ..all.clone()
            };
            store.spending(&ada_id, &query).await.unwrap();
            took.push(started.elapsed());
        }
        report("the month's spending", took);
        store.close().await;
    });
}

fn report(what: &str, mut took: Vec<Duration>) {
    took.sort();
    println!(
        "{what}: median {:?}, slowest {:?}",
        took[took.len() / 2],
        took[took.len() - 1]
    );
}
