//! A bank on either store, for tests that ask the same of both.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use tempfile::TempDir;
use vostro_bank::{Order, Store};
use vostro_ledger::{AccountStatus, Calendar, Limits};
use vostro_store::{PostgresStore, PostgresTuning, SqliteStore, StoreConfig};
use vostro_testkit::ManualClock;
use vostro_types::{AccountId, SystemEntropy};

use crate::database::Database;
use crate::usd;

/// Monday noon in UTC, far from any change of clocks.
const NOW: &str = "2026-03-09T12:00:00Z";

/// Which store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A database of its own on the test server.
    Postgres,
}

impl Kind {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

enum Opened {
    Sqlite(Arc<SqliteStore>, TempDir),
    Postgres(Vec<Arc<PostgresStore>>, Box<Database>),
}

/// A fresh, empty bank with a clock that the test sets. It opens demo customers.
#[allow(
    missing_debug_implementations,
    reason = "a store and a folder, nothing to read"
)]
pub struct Bank {
    /// The bank's clock.
    pub clock: Arc<ManualClock>,
    opened: Opened,
}

impl Bank {
    /// A bank without limits to speak of.
    pub async fn open(kind: Kind) -> Result<Self, String> {
        Self::with_limits(kind, i64::MAX, i64::MAX).await
    }

    /// A bank with these limits in cents; `Err` says why this store is not to be had here.
    pub async fn with_limits(kind: Kind, per_transfer: i64, per_day: i64) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bank.db");
        Self::at(kind, path, folder, per_transfer, per_day).await
    }

    /// The same; on `SQLite` in memory, for tests that ask much and lose nothing when the process ends.
    pub async fn unsaved(kind: Kind, per_transfer: i64, per_day: i64) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        Self::at(kind, ":memory:".into(), folder, per_transfer, per_day).await
    }

    async fn at(
        kind: Kind,
        path: PathBuf,
        folder: TempDir,
        per_transfer: i64,
        per_day: i64,
    ) -> Result<Self, String> {
        let clock = Arc::new(ManualClock::at(NOW));
        let config = StoreConfig {
            limits: Limits {
                per_transfer: usd(per_transfer),
                per_day: usd(per_day),
            },
            calendar: Calendar::every_day(TimeZone::UTC),
            clock: Arc::clone(&clock) as _,
            entropy: Arc::new(SystemEntropy),
            demo_customers: true,
            money_stopped: false,
        };
        let opened = match kind {
            Kind::Sqlite => {
                let store = SqliteStore::open(path, config).unwrap();
                Opened::Sqlite(Arc::new(store), folder)
            }
            Kind::Postgres => {
                let database = Database::create().await?;
                let tuning = PostgresTuning {
                    connections: 16,
                    ..PostgresTuning::default()
                };
                let mut replicas = Vec::new();
                for _ in 0..2 {
                    let url = database.url();
                    let store = PostgresStore::connect_tuned(&url, config.clone(), tuning).await;
                    replicas.push(Arc::new(store.unwrap()));
                }
                Opened::Postgres(replicas, Box::new(database))
            }
        };
        Ok(Self { clock, opened })
    }

    /// The store.
    pub fn store(&self) -> Arc<dyn Store> {
        self.replica(0)
    }

    /// The store as one of several processes has it: two replicas over `PostgreSQL`, taken in turn by
    /// number; one over a file.
    pub fn replica(&self, number: usize) -> Arc<dyn Store> {
        match &self.opened {
            Opened::Sqlite(store, _) => Arc::clone(store) as _,
            Opened::Postgres(replicas, _) => Arc::clone(&replicas[number % replicas.len()]) as _,
        }
    }

    /// The database, on `PostgreSQL`.
    pub fn database(&self) -> Option<&Database> {
        match &self.opened {
            Opened::Sqlite(..) => None,
            Opened::Postgres(_, database) => Some(database),
        }
    }

    /// The file, on `SQLite`.
    pub fn path(&self) -> Option<PathBuf> {
        match &self.opened {
            Opened::Sqlite(_, folder) => Some(folder.path().join("bank.db")),
            Opened::Postgres(..) => None,
        }
    }

    /// Connections that are neither idle nor closed, of all replicas; 0 on `SQLite`.
    pub fn busy_connections(&self) -> usize {
        match &self.opened {
            Opened::Sqlite(..) => 0,
            Opened::Postgres(replicas, _) => replicas
                .iter()
                .map(|store| store.connection_counts())
                .map(|(size, idle)| size - idle)
                .sum(),
        }
    }

    /// Freezes, closes or opens an account.
    pub async fn set_account_status(&self, account: &AccountId, status: AccountStatus) {
        let order = Order::operator("tests", "the case asks for it").unwrap();
        let store = self.store();
        let is_there = store.set_account_status(account, status, &order).await;
        assert!(is_there.unwrap(), "there is such an account");
    }

    /// Brings the bank's own balances up to date.
    pub async fn roll_up(&self) {
        let changed = self.store().roll_up().await;
        changed.unwrap();
    }

    /// Checks that the books balance, before and after a roll-up.
    pub async fn assert_balanced(&self) {
        let store = self.store();
        assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
        self.roll_up().await;
        assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
    }
}
