//! Bugs put in on purpose, one at a time, each of which some check of `battery.rs` must notice: no key, no
//! lock, a confirmation that is not consumed, an entry edited, a limit forgotten, a decision off the record.
//!
//! On `PostgreSQL` the functions themselves are rewritten in a fresh database, by replacing a piece of their
//! text wherever it stands; a piece that is nowhere ends the test, so that the table follows the code. On
//! `SQLite` a trigger does what the bug would.

use std::sync::Arc;
use std::time::Duration;

use vostro_faults::{Bank, Kind, report, skipped};

use crate::battery::{Check, LIMITS};

/// The longest that a check may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a bug gets in.
#[derive(Debug, Clone, Copy)]
enum Change {
    /// In every function that has this text, this one instead.
    Text(&'static str, &'static str),
    /// By this statement.
    Sql(&'static str),
}

use Change::{Sql, Text};

/// A bug and the way it gets in.
type Bug = (&'static str, Change);

const POSTGRES: [Bug; 28] = [
    (
        "no key",
        Sql("ALTER TABLE transfers DROP CONSTRAINT transfers_idempotency_key_key"),
    ),
    (
        "no lock on the confirmation",
        Text(
            "c.id = intent.customer)\n    FOR NO KEY UPDATE",
            "c.id = intent.customer)",
        ),
    ),
    (
        "no locks on the accounts",
        Text(
            "ORDER BY a.pk\n            FOR NO KEY UPDATE",
            "ORDER BY a.pk",
        ),
    ),
    (
        "no lock on the customer",
        Text(
            "FROM customers c WHERE c.pk = it.customer_pk FOR NO KEY UPDATE",
            "FROM customers c WHERE c.pk = it.customer_pk",
        ),
    ),
    (
        "confirmation not consumed",
        Text(
            "SET status = 'posted', resolved_at = context.at",
            "SET resolved_at = NULL",
        ),
    ),
    (
        "cancelled stays open",
        Text(
            "SET status = 'cancelled', resolved_at = context.at",
            "SET resolved_at = NULL",
        ),
    ),
    (
        "expired stays open",
        Text(
            "SET status = 'expired', resolved_at = context.at WHERE f.pk = kept.pk",
            "SET resolved_at = NULL WHERE f.pk = kept.pk",
        ),
    ),
    (
        "expiry not looked at",
        Text("context.at >= kept.expires_at", "false"),
    ),
    (
        "parameters not compared",
        Text("kept.intent_hash <> the_hash", "false"),
    ),
    (
        "a cancelled one can be confirmed",
        Text("ELSIF kept.status <> 'open' THEN", "ELSIF false THEN"),
    ),
    (
        "a posted one is posted again",
        Text("IF kept.status = 'posted' THEN", "IF false THEN"),
    ),
    (
        "funds not checked",
        Text("intent.amount_minor > available THEN", "false THEN"),
    ),
    (
        "a transfer's limit not checked",
        Text("intent.amount_minor > rules.per_transfer_minor", "false"),
    ),
    (
        "a day's limit not checked",
        Text("intent.amount_minor > it.left_minor", "false"),
    ),
    (
        "frozen source",
        Text("IF source.status <> 'open'", "IF false"),
    ),
    (
        "frozen target",
        Text("IF destination.status <> 'open'", "IF false"),
    ),
    (
        "another's account as source",
        Text(
            "a.id = intent.source AND a.customer_pk = it.customer_pk",
            "a.id = intent.source",
        ),
    ),
    (
        "another's account as own",
        Text(
            "a.id = intent.target_id AND a.customer_pk = it.customer_pk",
            "a.id = intent.target_id",
        ),
    ),
    (
        "balance not debited",
        Text(
            "it.customer_pk, -intent.amount_minor);",
            "it.customer_pk, 0);",
        ),
    ),
    (
        "balance not credited",
        Text(
            "it.destination_customer_pk, intent.amount_minor);",
            "it.destination_customer_pk, 0);",
        ),
    ),
    (
        "an entry off by one",
        Text(
            "-intent.amount_minor, source_balance",
            "-intent.amount_minor - 1, source_balance",
        ),
    ),
    (
        "posting off the record",
        Text("PERFORM record_decision('posted'", "PERFORM ('posted'"),
    ),
    (
        "confirmation off the record",
        Text(
            "PERFORM record_decision('confirmed'",
            "PERFORM ('confirmed'",
        ),
    ),
    (
        "outside not told",
        Text(
            "PERFORM publish('transfer.posted'",
            "PERFORM ('transfer.posted'",
        ),
    ),
    (
        "bill not settled",
        Text("PERFORM settle_bills(it, intent, posted_pk)", "NULL"),
    ),
    (
        "commitment without its salt",
        Text("|| int8send(length(the_salt)) || the_salt", ""),
    ),
    (
        "entries can be edited",
        Sql("DROP TRIGGER entries_are_final ON entries"),
    ),
    (
        "the trail can be edited",
        Sql("DROP TRIGGER audit_events_are_final ON audit_events"),
    ),
];

const SQLITE: [Bug; 20] = [
    ("no key", Sql("DROP TRIGGER transfers_resolve_once;
        CREATE TRIGGER bug AFTER INSERT ON transfers BEGIN
            UPDATE transfers SET idempotency_key = NULL WHERE pk = NEW.pk; END")),
    ("confirmation not consumed", Sql("DROP TRIGGER confirmations_single_use;
        CREATE TRIGGER bug AFTER UPDATE ON confirmations WHEN NEW.status = 'posted' BEGIN
            UPDATE confirmations SET status = 'open', resolved_at = NULL, transfer_pk = NULL, receipt = NULL
            WHERE pk = NEW.pk; END")),
    ("cancelled stays open", Sql("DROP TRIGGER confirmations_single_use;
        CREATE TRIGGER bug AFTER UPDATE ON confirmations WHEN NEW.status = 'cancelled' BEGIN
            UPDATE confirmations SET status = 'open', resolved_at = NULL WHERE pk = NEW.pk; END")),
    ("expiry forgotten", Sql("DROP TRIGGER confirmations_single_use;
        CREATE TRIGGER bug AFTER INSERT ON confirmations BEGIN
            UPDATE confirmations SET expires_at = expires_at + 999999999999 WHERE pk = NEW.pk; END")),
    ("an entry edited", Sql("DROP TRIGGER entries_are_final;
        CREATE TRIGGER bug AFTER INSERT ON entries BEGIN
            UPDATE entries SET amount_minor = amount_minor + 1 WHERE sequence = NEW.sequence; END")),
    ("an entry lost", Sql("DROP TRIGGER entries_stay;
        CREATE TRIGGER bug AFTER INSERT ON entries WHEN NEW.customer_pk IS NULL BEGIN
            DELETE FROM entries WHERE sequence = NEW.sequence; END")),
    ("an entry doubled", Sql("CREATE TRIGGER bug AFTER INSERT ON entries BEGIN
            INSERT INTO entries (transfer_pk, account_pk, customer_pk, amount_minor, balance_after_minor,
                posted_at, category, description)
            VALUES (NEW.transfer_pk, NEW.account_pk, NEW.customer_pk, NEW.amount_minor,
                NEW.balance_after_minor, NEW.posted_at, NEW.category, NEW.description); END")),
    ("balance off by one", Sql("CREATE TRIGGER bug AFTER UPDATE OF balance_minor ON accounts BEGIN
            UPDATE accounts SET balance_minor = balance_minor + 1 WHERE pk = NEW.pk; END")),
    ("a day's limit forgotten", Sql("DROP TRIGGER transfers_resolve_once;
        CREATE TRIGGER bug AFTER INSERT ON transfers BEGIN
            UPDATE transfers SET created_at = 0 WHERE pk = NEW.pk; END")),
    ("accounts do not freeze", Sql("CREATE TRIGGER bug BEFORE UPDATE OF status ON accounts BEGIN
            SELECT RAISE(IGNORE); END")),
    ("bill not settled", Sql("CREATE TRIGGER bug BEFORE UPDATE ON bills BEGIN SELECT RAISE(IGNORE); END")),
    ("outside not told", Sql("CREATE TRIGGER bug BEFORE INSERT ON outbox BEGIN SELECT RAISE(IGNORE); END")),
    ("posting off the record", Sql("DROP TRIGGER audit_events_stay;
        CREATE TRIGGER bug AFTER INSERT ON audit_details
        WHEN (SELECT kind FROM audit_events WHERE sequence = NEW.sequence) = 'posted' BEGIN
            DELETE FROM audit_details WHERE sequence = NEW.sequence;
            DELETE FROM audit_events WHERE sequence = NEW.sequence; END")),
    ("a commitment to nothing", Sql("DROP TRIGGER audit_events_are_final;
        CREATE TRIGGER bug AFTER INSERT ON audit_events BEGIN
            UPDATE audit_events SET commitment = zeroblob(32) WHERE sequence = NEW.sequence; END")),
    ("entries can be edited", Sql("DROP TRIGGER entries_are_final")),
    ("entries can be deleted", Sql("DROP TRIGGER entries_stay")),
    ("transfers can be edited", Sql("DROP TRIGGER transfers_resolve_once")),
    ("confirmations can be used again", Sql("DROP TRIGGER confirmations_single_use")),
    ("the trail can be edited", Sql("DROP TRIGGER audit_events_are_final")),
    ("details can be edited", Sql("DROP TRIGGER audit_details_are_final")),
];

/// Puts the bug into a bank's database.
async fn seed(bank: &Bank, change: Change) {
    match (bank.database(), change) {
        (None, Sql(statement)) => {
            let file = rusqlite::Connection::open(bank.path().unwrap()).unwrap();
            file.execute_batch(statement).unwrap();
        }
        (None, Text(..)) => panic!("a file has no functions"),
        (Some(database), Sql(statement)) => {
            database
                .client()
                .await
                .batch_execute(statement)
                .await
                .unwrap();
        }
        (Some(database), Text(sound, broken)) => {
            let client = database.client().await;
            let found = "SELECT pg_get_functiondef(p.oid) FROM pg_proc p
                JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname = 'public' AND p.prokind = 'f' AND strpos(p.prosrc, $1) > 0";
            let functions = client.query(found, &[&sound]).await.unwrap();
            assert!(
                !functions.is_empty(),
                "no function has {sound:?}: the bug needs another text"
            );
            for row in functions {
                let text: String = row.get(0);
                let statement = text.replace(sound, broken);
                client.batch_execute(&statement).await.unwrap();
            }
        }
    }
}

/// The first check that fails on this bank.
async fn noticed_by(bank: Bank) -> Option<Check> {
    let bank = Arc::new(bank);
    for check in Check::ALL {
        let mut running = tokio::spawn(check.run(Arc::clone(&bank)));
        // A check that does not end has noticed something too.
        match tokio::time::timeout(PATIENCE, &mut running).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Some(check),
            Err(_) => {
                running.abort();
                return Some(check);
            }
        }
    }
    None
}

async fn each_is_noticed(kind: Kind, bugs: &[Bug]) {
    let test = format!("seeded-bugs-{}", kind.name());
    let (per_transfer, per_day) = LIMITS;
    let sound = match Bank::with_limits(kind, per_transfer, per_day).await {
        Ok(bank) => bank,
        Err(why) => return skipped(&test, why),
    };
    let complaint = noticed_by(sound).await;
    assert_eq!(complaint, None, "a sound bank passes");
    let mut missed = Vec::new();
    for (what, change) in bugs {
        let bank = Bank::with_limits(kind, per_transfer, per_day)
            .await
            .unwrap();
        seed(&bank, *change).await;
        // The check's own complaint is what is wanted, and would drown the figures.
        std::panic::set_hook(Box::new(|_| ()));
        let noticed = noticed_by(bank).await;
        drop(std::panic::take_hook());
        match noticed {
            Some(check) => println!("{}: {what}: noticed by {check:?}", kind.name()),
            None => missed.push(*what),
        }
    }
    report(
        &test,
        &[
            ("checks", &Check::ALL.len()),
            ("bugs", &bugs.len()),
            ("noticed", &(bugs.len() - missed.len())),
        ],
    );
    assert_eq!(missed, Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    each_is_noticed(Kind::Sqlite, &SQLITE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    each_is_noticed(Kind::Postgres, &POSTGRES).await;
}
