//! Which files a store opens, which it refuses, and that opening again loses nothing.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::path::Path;

use common::{cent, config, context, customer, open, portfolio, propose, transfer, yes};
use rusqlite::Connection;
use vostro_bank::{Bank, Operations, PostOutcome, StoreError};
use vostro_store::{OpenError, SqliteStore};

#[tokio::test]
async fn opening_again_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not/there/yet/bank.db");
    let store = open(&path);
    let before = portfolio(&store, "ada").await;
    let receipt = transfer(&store, cent(&before)).await;
    let waiting = propose(&store, cent(&before)).await;
    let (after, trail) = (
        portfolio(&store, "ada").await,
        store.audit_trail(0, 1_000).await.unwrap(),
    );
    store.close().await;
    drop(store);

    let store = open(&path);
    let ada = customer("ada");
    assert_eq!(portfolio(&store, "ada").await, after);
    assert_eq!(store.audit_trail(0, 1_000).await.unwrap(), trail);
    let kept = store.receipt(&ada, &receipt.confirmation).await.unwrap();
    assert_eq!(kept, Some(receipt));
    let open = store.open_proposal(&ada, &waiting.id).await.unwrap();
    assert_eq!(open.as_ref(), Some(&waiting));
    let posted = store.confirm_and_post(yes(&waiting), &context(&ada)).await;
    assert!(matches!(posted.unwrap(), PostOutcome::Posted(_)));
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_closed_store_says_so_and_one_dropped_gives_the_file_free() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let store = open(&path);
    portfolio(&store, "ada").await;
    store.close().await;
    let read = store.portfolio(&customer("ada")).await;
    assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
    let write = store.erase_audit_detail(&customer("ada")).await;
    assert!(
        matches!(write, Err(StoreError::Unavailable(_))),
        "{write:?}"
    );
    // Closed is enough: the next store need not wait for the value to be dropped.
    drop(open(&path));
    drop(open(&path));
}

#[test]
fn a_file_in_use_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let first = open(&path);
    let second = SqliteStore::open(&path, config());
    assert!(matches!(second, Err(OpenError::InUse { .. })), "{second:?}");
    drop(first);
    drop(open(&path));
}

/// What a file is before it is opened, and the refusal.
type Refusal = (&'static str, fn(&Path), fn(&OpenError) -> bool);

#[test]
fn what_is_not_our_database_is_refused_and_left_alone() {
    let cases: [Refusal; 5] = [
        (
            "a text",
            |path| std::fs::write(path, "Dear bank, ".repeat(1_000)).unwrap(),
            |error| matches!(error, OpenError::NotADatabase { .. }),
        ),
        (
            "another program's database",
            |path| {
                let connection = Connection::open(path).unwrap();
                connection.execute_batch("CREATE TABLE theirs (a)").unwrap();
            },
            |error| matches!(error, OpenError::NotADatabase { .. }),
        ),
        (
            "a folder",
            |path| std::fs::create_dir(path).unwrap(),
            |error| matches!(error, OpenError::File { .. }),
        ),
        (
            "a newer program's database",
            |path| {
                drop(open(path));
                let connection = Connection::open(path).unwrap();
                let later = "INSERT INTO refinery_schema_history VALUES (99, 'later', '2030-01-01T00:00:00Z', '1')";
                connection.execute_batch(later).unwrap();
            },
            |error| matches!(error, OpenError::Newer { found: 99, .. }),
        ),
        (
            "a changed migration",
            |path| {
                drop(open(path));
                let connection = Connection::open(path).unwrap();
                connection
                    .execute_batch("UPDATE refinery_schema_history SET checksum = '1'")
                    .unwrap();
            },
            |error| matches!(error, OpenError::History(_)),
        ),
    ];
    for (what, make, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bank.db");
        make(&path);
        let before = std::fs::read(&path).ok();
        match SqliteStore::open(&path, config()) {
            Err(error) => assert!(expected(&error), "{what}: {error:?}"),
            Ok(_) => panic!("{what} was opened"),
        }
        assert_eq!(std::fs::read(&path).ok(), before, "{what} was changed");
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_readable_to_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let _store = open(&path);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
}
