//! A database for one test: created on the server that the environment names, dropped afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::Value;
use tokio_postgres::{Client, Config, NoTls};
use vostro_bank::{AuditEvent, AuditKind, Bank, Portfolio, ProposeOutcome};
use vostro_ledger::{AccountNumber, Calendar, Confirmed, Limits, MoneyIntent, Proposal, Target};
use vostro_store::{PostgresStore, PostgresTuning, StoreConfig};
use vostro_testkit::{ManualClock, SeededEntropy};
use vostro_types::{ConfirmationId, Currency, CustomerId, Money, SystemEntropy};

/// The server's address; `None` when there is none, which is said.
pub(crate) fn server() -> Result<String, String> {
    let found = std::env::var("VOSTRO_TEST_DATABASE_URL").map_err(|_| {
        "no PostgreSQL: run scripts/test-postgres.sh run …, or set VOSTRO_TEST_DATABASE_URL"
            .to_owned()
    });
    assert!(
        found.is_ok() || std::env::var_os("VOSTRO_REQUIRE_POSTGRES").is_none(),
        "PostgreSQL is required"
    );
    found
}

/// Ends a test without a server, saying so.
macro_rules! database_or_skip {
    () => {
        match crate::database::server() {
            Ok(_) => crate::database::Database::create().await,
            Err(why) => {
                eprintln!("skipped: {why}");
                return;
            }
        }
    };
}
pub(crate) use database_or_skip;

/// A fresh database.
pub(crate) struct Database {
    server: Config,
    name: String,
}

impl Database {
    /// # Panics
    /// When there is no server; see [`server`].
    pub(crate) async fn create() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server: Config = server().unwrap().parse().unwrap();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("vostro_test_{}_{count}", std::process::id());
        let admin = connect(&server).await;
        admin
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        Self { server, name }
    }

    /// The database's address.
    pub(crate) fn url(&self) -> String {
        let url = server().unwrap();
        let (base, _) = url.rsplit_once('/').expect("an address ends in a database");
        format!("{base}/{}", self.name)
    }

    /// A client of this database, for what no command does.
    pub(crate) async fn client(&self) -> Client {
        let mut config = self.server.clone();
        connect(config.dbname(&self.name)).await
    }

    /// A store over it.
    pub(crate) async fn store(&self, config: StoreConfig) -> PostgresStore {
        self.store_with(config, 8).await
    }

    pub(crate) async fn store_with(
        &self,
        config: StoreConfig,
        connections: usize,
    ) -> PostgresStore {
        let tuning = PostgresTuning {
            connections,
            ..PostgresTuning::default()
        };
        PostgresStore::connect_tuned(&self.url(), config, tuning)
            .await
            .unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
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

async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A set clock, the system's randomness (replicas share a database), no limits to speak of.
pub(crate) fn config() -> StoreConfig {
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

/// The same, with randomness from a seed.
pub(crate) fn seeded_config() -> StoreConfig {
    StoreConfig {
        entropy: Arc::new(SeededEntropy::new(7)),
        ..config()
    }
}

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub(crate) fn customer(id: &str) -> CustomerId {
    CustomerId::new(id).unwrap()
}

pub(crate) async fn portfolio(store: &PostgresStore, id: &str) -> Portfolio {
    store.open_demo_customer(&customer(id)).await.unwrap();
    store.portfolio(&customer(id)).await.unwrap().unwrap()
}

/// So much out of the customer's checking account.
pub(crate) fn outgoing(portfolio: &Portfolio, minor: i64) -> MoneyIntent {
    MoneyIntent {
        customer: portfolio.customer.id.clone(),
        source: portfolio.accounts[0].id.clone(),
        target: Target::NewPayee {
            number: AccountNumber::new("67890").unwrap(),
        },
        amount: usd(minor),
    }
}

pub(crate) fn context(customer: &CustomerId) -> AuditEvent {
    AuditEvent {
        kind: AuditKind::Proposed,
        customer: customer.clone(),
        session: None,
        turn: None,
        detail: Value::Null,
    }
}

/// A proposal of this intent, valid for ten minutes.
pub(crate) fn proposal(store: &PostgresStore, intent: MoneyIntent) -> Proposal {
    let id = ConfirmationId::generate(&SystemEntropy);
    let expires_at = store.config().clock.now() + SignedDuration::from_mins(10);
    Proposal::new(id, intent, expires_at)
}

/// Puts an intent on record as proposed.
pub(crate) async fn propose(store: &PostgresStore, intent: MoneyIntent) -> Proposal {
    let proposal = proposal(store, intent);
    let context = context(&proposal.intent.customer);
    let outcome = store.propose(&proposal, &context).await.unwrap();
    assert_eq!(outcome, ProposeOutcome::Proposed);
    proposal
}

/// The customer's yes.
pub(crate) fn yes(proposal: &Proposal) -> Confirmed<MoneyIntent> {
    let in_time = proposal.expires_at - SignedDuration::from_secs(1);
    let customer = proposal.intent.customer.clone();
    proposal.clone().confirm(&customer, in_time).unwrap()
}
