//! What an operator meets at the start: each cause is told apart, and no password is repeated.
//!
//! On a server of the test's own, since its settings and its role are changed.

use std::time::Duration;

use tokio_postgres::NoTls;
use vostro_store::{OpenError, PostgresStore};

use crate::database::config;
use crate::own_server::{Server, data_folder};

/// Runs statements, each in its own transaction.
async fn sql(url: &str, statements: &[&str]) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    for statement in statements {
        client.batch_execute(statement).await.unwrap();
    }
}

/// Tries to open until the refusal is the expected one: a server reads its settings again in its own time.
async fn refused(url: &str, what: &str, expected: fn(&OpenError) -> bool) {
    let mut last = None;
    let waiting = async {
        loop {
            match PostgresStore::connect(url, config()).await {
                Err(error) if expected(&error) => return error,
                other => last = Some(format!("{other:?}")),
            }
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    let Ok(error) = found else {
        panic!("{what}: {last:?}");
    };
    let mut said = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(source) = cause {
        said.push_str(&source.to_string());
        cause = source.source();
    }
    assert!(!said.contains("s3cret"), "{what}: {said}");
}

/// A setting that makes the start be refused, and whether an error names it.
type Weak = (&'static str, fn(&OpenError) -> bool);

const WEAK: [Weak; 2] = [
    ("fsync", |error| named(error, "fsync")),
    ("full_page_writes", |error| named(error, "full_page_writes")),
];

fn named(error: &OpenError, expected: &str) -> bool {
    matches!(error, OpenError::NotDurable { setting, .. } if *setting == expected)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_cause_of_a_refused_start_is_told_apart() {
    let Some((server, url)) = Server::start("start") else {
        return;
    };
    let address = |user: &str, database: &str| {
        let (before, _) = url.rsplit_once('/').unwrap();
        let (_, host) = before.rsplit_once('@').unwrap();
        format!("postgres://{user}@{host}/{database}")
    };
    let ours = address("vostro", "postgres");
    refused(&address("vostro", "nowhere"), "no such database", |error| {
        matches!(error, OpenError::NoDatabase(_))
    })
    .await;

    // A password is asked for, of all but the owner.
    let folder = data_folder(&url);
    let rules = "local all vostro trust\nlocal all all scram-sha-256\n";
    std::fs::write(folder.join("pg_hba.conf"), rules).unwrap();
    sql(
        &ours,
        &[
            "CREATE ROLE teller LOGIN PASSWORD 's3cret'",
            "SELECT pg_reload_conf()",
        ],
    )
    .await;
    for user in ["teller:s3cret-not", "teller", "nobody:s3cret"] {
        refused(&address(user, "postgres"), user, |error| {
            matches!(error, OpenError::SignIn(_) | OpenError::Unreachable(_))
        })
        .await;
    }
    let teller = address("teller:s3cret", "postgres");
    refused(&teller, "may not create tables", |error| {
        matches!(error, OpenError::Database(_))
    })
    .await;
    sql(&ours, &["GRANT ALL ON SCHEMA public TO teller"]).await;
    PostgresStore::connect(&teller, config()).await.unwrap();

    for (setting, is_it) in WEAK {
        let off = format!("ALTER SYSTEM SET {setting} = off");
        sql(&ours, &[&off, "SELECT pg_reload_conf()"]).await;
        refused(&ours, setting, is_it).await;
        let inspection = PostgresStore::inspect(&ours).await.unwrap();
        let found: Vec<_> = inspection
            .durability
            .iter()
            .filter(|one| !one.is_strong)
            .map(|one| one.setting)
            .collect();
        assert_eq!(found, [setting]);
        let back = format!("ALTER SYSTEM RESET {setting}");
        sql(&ours, &[&back, "SELECT pg_reload_conf()"]).await;
    }
    server.run("crash");
    refused(&ours, "not running", |error| {
        matches!(error, OpenError::Unreachable(_))
    })
    .await;
    std::fs::write(folder.join("standby.signal"), "").unwrap();
    server.run("resume");
    refused(&ours, "a standby", |error| {
        matches!(error, OpenError::NotPrimary)
    })
    .await;
}
