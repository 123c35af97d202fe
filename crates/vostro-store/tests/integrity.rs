//! What the database itself forbids, and what the checks find when somebody edits it all the same.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{cent, customer, open, portfolio, transfer};
use rusqlite::Connection;
use vostro_bank::{AuditRecord, Operations};

#[tokio::test]
async fn the_database_refuses_what_the_books_forbid() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let store = open(&path);
    let ada = portfolio(&store, "ada").await;
    transfer(&store, cent(&ada)).await;
    store.close().await;
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("PRAGMA foreign_keys = ON")
        .unwrap();
    let forbidden = [
        ("UPDATE entries SET amount_minor = 1", "append-only"),
        ("DELETE FROM entries", "append-only"),
        ("UPDATE transfers SET amount_minor = 1", "keeps its terms"),
        ("UPDATE transfers SET status = 'voided'", "resolves once"),
        ("DELETE FROM transfers", "not deleted"),
        ("UPDATE confirmations SET status = 'cancelled', transfer_pk = NULL, receipt = NULL", "used once"),
        ("UPDATE confirmations SET status = 'open'", "used once"),
        ("DELETE FROM confirmations", "not deleted"),
        ("UPDATE audit_events SET kind = 'posted'", "append-only"),
        ("DELETE FROM audit_events", "append-only"),
        ("UPDATE audit_details SET detail = '{}'", "never changed"),
        ("UPDATE accounts SET balance_minor = floor_minor - 1 WHERE customer_pk IS NOT NULL", "CHECK"),
        ("UPDATE accounts SET held_minor = balance_minor + 1 WHERE kind = 'checking'", "CHECK"),
        ("UPDATE accounts SET balance_minor = 'much'", "cannot store TEXT"),
        ("UPDATE accounts SET balance_minor = 0.5", "cannot store REAL"),
        ("UPDATE accounts SET status = 'odd'", "CHECK"),
        ("UPDATE bills SET paid_minor = amount_minor + 1", "CHECK"),
        ("DELETE FROM customers", "FOREIGN KEY"),
        ("DELETE FROM money_switch", "never removed"),
        ("INSERT INTO money_switch (only_one, stopped) VALUES (2, 0)", "CHECK"),
        (
            "INSERT INTO transfers SELECT NULL, 'trf_x', idempotency_key, kind, status, customer_pk, source_pk,
             destination_pk, currency, amount_minor, created_at, expires_at, resolved_at, reverses_pk, settles_at, posted_minor
             FROM transfers WHERE idempotency_key IS NOT NULL",
            "UNIQUE",
        ),
    ];
    for (statement, reason) in forbidden {
        match connection.execute(statement, []) {
            Err(error) => assert!(error.to_string().contains(reason), "{statement}: {error}"),
            Ok(rows) => panic!("{statement}: changed {rows} rows"),
        }
    }
}

#[tokio::test]
async fn the_trial_balance_finds_every_edit() {
    let edits = [
        ("an entry's amount", "UPDATE entries SET amount_minor = amount_minor + 1 WHERE sequence = 40"),
        ("an entry gone", "DELETE FROM entries WHERE sequence = 40"),
        ("a running balance", "UPDATE entries SET balance_after_minor = 0 WHERE sequence = (SELECT min(sequence) FROM entries WHERE customer_pk IS NOT NULL)"),
        ("a customer's balance", "UPDATE accounts SET balance_minor = balance_minor + 1 WHERE kind = 'savings'"),
        ("the bank's balance", "UPDATE accounts SET balance_minor = balance_minor + 1 WHERE kind = 'clearing'"),
        ("a hold out of nothing", "UPDATE accounts SET held_minor = 1 WHERE kind = 'savings'"),
        ("a bill's payment", "UPDATE bills SET paid_minor = 1"),
        (
            "two wrongs that sum to zero",
            "UPDATE entries SET amount_minor = amount_minor + CASE WHEN sequence = 40 THEN 1 ELSE -1 END WHERE sequence IN (40, 60)",
        ),
        (
            "a transfer without entries",
            "INSERT INTO transfers SELECT NULL, 'trf_x', NULL, kind, status, customer_pk, source_pk, destination_pk,
             currency, amount_minor, created_at, expires_at, resolved_at, reverses_pk, settles_at, posted_minor FROM transfers LIMIT 1",
        ),
        ("funds held for nothing", "UPDATE accounts SET held_minor = held_minor + 1 WHERE kind = 'savings'"),
        (
            "a hold of a transfer that is not pending",
            "INSERT INTO holds SELECT NULL, 'hld_x', source_pk, pk, 1, '', 'held', 0, NULL, NULL FROM transfers
             WHERE source_pk IN (SELECT pk FROM accounts WHERE kind = 'checking') LIMIT 1",
        ),
        (
            "a reversal of another amount",
            "INSERT INTO transfers SELECT NULL, 'trf_x', NULL, 'reversal', status, customer_pk, destination_pk, source_pk,
             currency, amount_minor + 1, created_at, NULL, resolved_at, pk, NULL, NULL FROM transfers LIMIT 1",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let clean = folder.path().join("clean.db");
    let store = open(&clean);
    portfolio(&store, "ada").await;
    store.roll_up().await.unwrap();
    store.close().await;
    for (what, edit) in edits {
        let path = folder.path().join("edited.db");
        std::fs::copy(&clean, &path).unwrap();
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch("DROP TRIGGER entries_are_final; DROP TRIGGER entries_stay;")
            .unwrap();
        assert!(connection.execute(edit, []).unwrap() > 0, "{what}");
        drop(connection);
        let store = open(&path);
        assert_ne!(
            store.trial_balance().await.unwrap(),
            Vec::<String>::new(),
            "{what}"
        );
        store.close().await;
    }
    let store = open(&clean);
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_changed_detail_does_not_fit_its_commitment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let store = open(&path);
    let ada = portfolio(&store, "ada").await;
    transfer(&store, cent(&ada)).await;
    store.close().await;
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "DROP TRIGGER audit_details_are_final;
             UPDATE audit_details SET detail = replace(detail, '\"amount_minor\":1,', '\"amount_minor\":2,') WHERE sequence = 4",
        )
        .unwrap();
    drop(connection);
    let store = open(&path);
    let trail = store.audit_trail(0, 100).await.unwrap();
    let fits: Vec<_> = trail.iter().map(AuditRecord::fits_commitment).collect();
    assert_eq!(fits, [Some(true), Some(true), Some(true), Some(false)]);
    assert_eq!(trail[3].customer, Some(customer("ada")));
}

#[tokio::test]
async fn rolling_up_brings_the_banks_accounts_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let store = open(&path);
    portfolio(&store, "ada").await;
    assert!(store.roll_up().await.unwrap() > 0);
    assert_eq!(store.roll_up().await.unwrap(), 0);
    store.close().await;
    let connection = Connection::open(&path).unwrap();
    let sum: i64 = connection
        .query_row("SELECT sum(balance_minor) FROM accounts", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(
        sum, 0,
        "what customers have is what the bank's own accounts owe"
    );
}
