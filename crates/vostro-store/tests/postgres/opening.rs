//! What a store refuses to open on, how it comes back, and that both drivers open the same bank.

use std::time::Duration;

use vostro_bank::{Bank, HistoryQuery, Operations, StoreError};
use vostro_store::{OpenError, PostgresStore, SqliteStore, demo};

use crate::database::{config, customer, database_or_skip, seeded_config};

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_its_password() {
    let cases = [
        "mysql://u:secret@h/d",
        "postgres://u:secret@h:99999999/d",
        "postgres://u:secret@h/d?sslmode=allow",
        "",
    ];
    for url in cases {
        let error = PostgresStore::connect(url, config()).await.unwrap_err();
        assert!(
            matches!(error, OpenError::Address { .. }),
            "{url}: {error:?}"
        );
        assert!(
            !format!("{error} {error:?}").contains("secret"),
            "{error:?}"
        );
    }
    let nobody = "postgres://u@%2Fnonexistent/d";
    let error = PostgresStore::connect(nobody, config()).await.unwrap_err();
    assert!(matches!(error, OpenError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn a_newer_database_and_another_history_are_refused() {
    let database = database_or_skip!();
    // Replicas that start at once take turns.
    let (one, other) = tokio::join!(database.store(config()), database.store(config()));
    one.ping().await.unwrap();
    other.ping().await.unwrap();
    let client = database.client().await;
    client
        .batch_execute("UPDATE refinery_schema_history SET checksum = '1'")
        .await
        .unwrap();
    let error = PostgresStore::connect(&database.url(), config())
        .await
        .unwrap_err();
    assert!(matches!(error, OpenError::History(_)), "{error:?}");
    client
        .batch_execute(
            "INSERT INTO refinery_schema_history VALUES (99, 'later', '2030-01-01', '1')",
        )
        .await
        .unwrap();
    let error = PostgresStore::connect(&database.url(), config())
        .await
        .unwrap_err();
    assert!(
        matches!(error, OpenError::Newer { found: 99, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_database_that_would_lose_money_is_refused_at_the_start_and_later() {
    let database = database_or_skip!();
    let store = database.store_with(config(), 1).await;
    store.ping().await.unwrap();
    let client = database.client().await;
    client
        .batch_execute(
            "DO $$ BEGIN
                EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
            END $$;
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'vostro' AND datname = current_database();",
        )
        .await
        .unwrap();
    let error = PostgresStore::connect(&database.url(), config())
        .await
        .unwrap_err();
    let expected = "synchronous_commit";
    assert!(
        matches!(&error, OpenError::NotDurable { setting, .. } if *setting == expected),
        "{error:?}"
    );
    // The store that was open already: its next connection is refused too.
    while let Ok(()) = store.ping().await {}
    let error = store.ping().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    client
        .batch_execute(
            "DO $$ BEGIN
                EXECUTE format('ALTER DATABASE %I RESET synchronous_commit', current_database());
            END $$",
        )
        .await
        .unwrap();
    store.ping().await.unwrap();
}

#[tokio::test]
async fn lost_connections_are_unavailable_and_then_made_again() {
    let database = database_or_skip!();
    let store = database.store(config()).await;
    store.ping().await.unwrap();
    let client = database.client().await;
    client
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'vostro' AND datname = current_database()",
        )
        .await
        .unwrap();
    let recovered = async {
        while let Err(error) = store.ping().await {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        }
    };
    tokio::time::timeout(Duration::from_secs(10), recovered)
        .await
        .unwrap();
    store.close().await;
    let error = store.ping().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn both_drivers_open_the_same_demo_bank() {
    let database = database_or_skip!();
    let postgres = database.store(seeded_config()).await;
    let sqlite = SqliteStore::open(":memory:", seeded_config()).unwrap();
    demo::seed_demo_bank(&postgres, 42, 3).await.unwrap();
    demo::seed_demo_bank(&sqlite, 42, 3).await.unwrap();
    let query = HistoryQuery {
        limit: 200,
        ..HistoryQuery::default()
    };
    for number in 1..=3 {
        let id = customer(&format!("demo_{number:03}"));
        assert_eq!(
            postgres.portfolio(&id).await.unwrap(),
            sqlite.portfolio(&id).await.unwrap()
        );
        assert_eq!(
            postgres.history(&id, &query).await.unwrap(),
            sqlite.history(&id, &query).await.unwrap()
        );
        assert_eq!(
            postgres.spending(&id, &query).await.unwrap(),
            sqlite.spending(&id, &query).await.unwrap()
        );
    }
    assert_eq!(
        postgres.trial_balance().await.unwrap(),
        Vec::<String>::new()
    );
}
