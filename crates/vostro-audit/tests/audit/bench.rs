//! A store of either kind with a sealed trail, and a way to edit it behind its back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;
use tokio_postgres::{Client, Config, NoTls};
use vostro_audit::{Sealed, SealingKey, rotate, seal_next};
use vostro_bank::{AuditEvent, AuditKind, Portfolio, Store};
use vostro_ledger::{AccountNumber, Calendar, Limits, MoneyIntent, Proposal, Target};
use vostro_store::{PostgresStore, SqliteStore, StoreConfig};
use vostro_testkit::ManualClock;
use vostro_types::{ConfirmationId, Currency, CustomerId, Money, SystemEntropy};

/// When seals are made in these tests.
pub(crate) fn now() -> Timestamp {
    "2026-03-09T16:00:00Z".parse().unwrap()
}

pub(crate) fn key(seed: u8) -> SealingKey {
    SealingKey::read(&[seed; 32]).unwrap()
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn config() -> StoreConfig {
    StoreConfig {
        limits: Limits {
            per_transfer: usd(i64::MAX),
            per_day: usd(i64::MAX),
        },
        calendar: Calendar::every_day(TimeZone::UTC),
        clock: Arc::new(ManualClock::at("2026-03-09T15:00:00Z")),
        entropy: Arc::new(SystemEntropy),
        demo_customers: true,
        money_stopped: false,
    }
}

/// Where a database is.
pub(crate) enum Place {
    File(TempDir),
    Server { server: Box<Config>, name: String },
}

/// Ends a test without a server, saying so.
macro_rules! server_or_skip {
    () => {
        match crate::bench::Place::server().await {
            Ok(place) => place,
            Err(why) => {
                eprintln!("skipped: {why}");
                return;
            }
        }
    };
}
pub(crate) use server_or_skip;

impl Place {
    pub(crate) fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    pub(crate) async fn server() -> Result<Self, String> {
        let url = std::env::var("VOSTRO_TEST_DATABASE_URL").map_err(|_| {
            assert!(
                std::env::var_os("VOSTRO_REQUIRE_POSTGRES").is_none(),
                "PostgreSQL is required"
            );
            "no PostgreSQL: run scripts/test-postgres.sh run …".to_owned()
        })?;
        let server: Config = url.parse().unwrap();
        let name = fresh_name();
        let create = format!("CREATE DATABASE {name}");
        connect(&server).await.batch_execute(&create).await.unwrap();
        let server = Box::new(server);
        Ok(Self::Server { server, name })
    }

    /// A copy of the database, which nobody may have open.
    pub(crate) async fn copy(&self) -> Self {
        match self {
            Self::File(folder) => {
                let copy = tempfile::tempdir().unwrap();
                let file = "bank.db";
                std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
                Self::File(copy)
            }
            Self::Server { server, name } => {
                let copy = fresh_name();
                let create = format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
                );
                let client = connect(server).await;
                client.batch_execute(&create).await.unwrap();
                let create = format!("CREATE DATABASE {copy} TEMPLATE {name}");
                client.batch_execute(&create).await.unwrap();
                Self::Server {
                    server: server.clone(),
                    name: copy,
                }
            }
        }
    }

    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        match self {
            Self::File(folder) => {
                Arc::new(SqliteStore::open(folder.path().join("bank.db"), config()).unwrap())
            }
            Self::Server { name, .. } => {
                let url = std::env::var("VOSTRO_TEST_DATABASE_URL").unwrap();
                let (base, _) = url.rsplit_once('/').unwrap();
                let url = format!("{base}/{name}");
                Arc::new(PostgresStore::connect(&url, config()).await.unwrap())
            }
        }
    }

    pub(crate) async fn client(&self) -> Client {
        let Self::Server { server, name } = self else {
            panic!("a file has no client");
        };
        let mut server = server.clone();
        connect(server.dbname(name)).await
    }

    /// Edits the database as its owner could: nothing stops it.
    pub(crate) async fn edit(&self, sql: &str) {
        match self {
            Self::File(folder) => {
                let file = folder.path().join("bank.db");
                let connection = rusqlite::Connection::open(file).unwrap();
                let unguarded = "PRAGMA foreign_keys = OFF;
                    DROP TRIGGER IF EXISTS audit_events_are_final; DROP TRIGGER IF EXISTS audit_events_stay;
                    DROP TRIGGER IF EXISTS audit_details_are_final;
                    DROP TRIGGER IF EXISTS audit_seals_are_final; DROP TRIGGER IF EXISTS audit_seals_stay;";
                connection.execute_batch(unguarded).unwrap();
                connection.execute_batch(sql).unwrap();
            }
            Self::Server { .. } => {
                let unguarded = "SET session_replication_role = replica;
                    ALTER TABLE audit_events ALTER COLUMN sequence SET GENERATED BY DEFAULT;";
                let client = self.client().await;
                client.batch_execute(unguarded).await.unwrap();
                client.batch_execute(sql).await.unwrap();
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Self::Server { server, name } = self else {
            return;
        };
        let (server, name) = (server.clone(), name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let statement = format!("DROP DATABASE {name} WITH (FORCE)");
                let _ = connect(&server).await.batch_execute(&statement).await;
            });
        });
        let _ = dropping.join();
    }
}

fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("vostro_audit_{}_{count}", std::process::id())
}

async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

pub(crate) async fn customer(store: &dyn Store) -> Portfolio {
    let ada = CustomerId::new("ada").unwrap();
    store.open_demo_customer(&ada).await.unwrap();
    store.portfolio(&ada).await.unwrap().unwrap()
}

/// Puts one more row on the trail.
pub(crate) async fn decide(store: &dyn Store, ada: &Portfolio) {
    let intent = MoneyIntent {
        customer: ada.customer.id.clone(),
        source: ada.accounts[0].id.clone(),
        target: Target::NewPayee {
            number: AccountNumber::new("67890").unwrap(),
        },
        amount: usd(1),
    };
    let id = ConfirmationId::generate(&SystemEntropy);
    let proposal = Proposal::new(id, intent, now() + SignedDuration::from_mins(10));
    let context = AuditEvent {
        kind: AuditKind::Proposed,
        customer: ada.customer.id.clone(),
        session: None,
        turn: None,
        detail: Value::Null,
    };
    store.propose(&proposal, &context).await.unwrap();
}

/// A trail of 21 rows: seal 1 is a key, 2 to 4 have five rows each, 5 is another key, 6 has five rows, and
/// row 21 has no seal.
pub(crate) async fn sealed_trail(store: &dyn Store) {
    let ada = customer(store).await;
    for _ in 0..14 {
        decide(store, &ada).await;
    }
    for _ in 0..3 {
        let sealed = seal_next(store, &key(1), now(), 5).await.unwrap();
        assert_eq!(sealed, Sealed::Rows(5));
    }
    rotate(store, &key(1), &key(2), now()).await.unwrap();
    for _ in 0..6 {
        decide(store, &ada).await;
    }
    let sealed = seal_next(store, &key(2), now(), 5).await.unwrap();
    assert_eq!(sealed, Sealed::Rows(5));
}
