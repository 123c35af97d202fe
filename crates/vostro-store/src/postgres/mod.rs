//! The `PostgreSQL` driver: any number of replicas over one primary.
//!
//! ```text
//! command ─► task ─► connection: SELECT … FROM one_function(…)   one statement, one transaction
//! read ────► task ─► connection: one statement, or a few over what is append-only
//! ```
//!
//! Each money command is one call of a PL/pgSQL function at READ COMMITTED that takes its locks in a
//! fixed order, so that replicas cannot deadlock and the client never holds a transaction open. Left to
//! others: high availability (Patroni or a managed service), backups, and encryption on the wire.

mod audit;
mod confirmations;
mod conversations;
mod demo;
mod error;
mod history;
mod migrate;
mod money;
mod operations;
mod outbox;
mod pool;
mod port;
mod portfolio;
mod rows;
mod sql;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use deadpool_postgres::Object as Client;
use tokio_postgres::Config;
use vostro_bank::{CustomerOpened, StoreError};
use vostro_ledger::{AccountKind, AccountStatus};
use vostro_types::{AccountId, CustomerId};

use self::error::PgError;
use self::pool::Connections;
use crate::config::StoreConfig;
use crate::demo::DemoPlan;
use crate::error::OpenError;

/// How much the driver asks of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostgresTuning {
    /// The most connections of this process. The replicas' together stay below the server's
    /// `max_connections`.
    pub connections: usize,
    /// How long a command waits for a free connection before the store says that it is not available.
    pub wait: Duration,
}

impl Default for PostgresTuning {
    fn default() -> Self {
        Self {
            connections: 16,
            wait: Duration::from_secs(5),
        }
    }
}

/// A store over a `PostgreSQL` database.
///
/// Needs a Tokio runtime. A server that goes away makes commands answer [`StoreError::Unavailable`];
/// when it is back, the next command connects again.
pub struct PostgresStore {
    config: Arc<StoreConfig>,
    connections: Connections,
    /// The last place of the audit trail known to be settled.
    settled: Arc<AtomicI64>,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Connects to the database of `url` (`postgres://user:password@host:5432/database`, several hosts
    /// separated by commas, of which the primary is used; or keys and values as libpq takes them) and
    /// migrates it.
    ///
    /// Refuses a server that cannot be reached, was migrated by a newer program, or would not keep
    /// acknowledged transfers (`fsync`, `full_page_writes` or `synchronous_commit` off).
    pub async fn connect(url: &str, config: StoreConfig) -> Result<Self, OpenError> {
        Self::connect_tuned(url, config, PostgresTuning::default()).await
    }

    /// [`PostgresStore::connect`] with sizes other than the usual.
    pub async fn connect_tuned(
        url: &str,
        config: StoreConfig,
        tuning: PostgresTuning,
    ) -> Result<Self, OpenError> {
        let settings = pool::settings(url)?;
        prepare(&settings, &config).await?;
        Ok(Self {
            config: Arc::new(config),
            connections: Connections::new(&settings, tuning)?,
            settled: Arc::default(),
        })
    }

    /// What the store was opened with.
    pub fn config(&self) -> &StoreConfig {
        &self.config
    }

    /// Takes nothing more on. What is under way finishes; its connections close with it.
    pub fn close(&self) {
        self.connections.close();
    }

    /// How many connections there are, and how many of them are idle: for metrics.
    pub fn connection_counts(&self) -> (usize, usize) {
        self.connections.counts()
    }

    /// Adds the entries since the last roll-up to the balances of the bank's own accounts, which
    /// postings leave alone; gives how many accounts were brought up to date. Holds up money commands
    /// for as long as those under way take.
    pub async fn roll_up(&self) -> Result<u64, StoreError> {
        self.connections
            .run(|client| async move { operations::roll_up(&client).await })
            .await
    }

    /// Freezes, closes or opens a customer's account; gives whether there is such an account.
    pub async fn set_account_status(
        &self,
        account: &AccountId,
        status: AccountStatus,
    ) -> Result<bool, StoreError> {
        let account = account.clone();
        self.connections
            .run(move |client| async move {
                operations::set_account_status(&client, &account, status).await
            })
            .await
    }

    /// Opens a customer of the demo bank from its plan, unless there is one of that id. Does not ask
    /// [`StoreConfig::demo_customers`]: that is for customers whom nobody created on purpose.
    pub async fn open_demo(
        &self,
        customer: &CustomerId,
        plan: DemoPlan,
    ) -> Result<CustomerOpened, StoreError> {
        let (customer, config) = (customer.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move { demo::open(&client, &config, &customer, &plan).await })
            .await
    }
}

/// Migrates the database and sees to the bank's own accounts, on a connection of its own.
async fn prepare(settings: &Config, config: &StoreConfig) -> Result<(), OpenError> {
    let mut client = pool::connect(settings)
        .await
        .map_err(PgError::into_open_error)?;
    migrate::migrate(&mut client).await?;
    let code = config.currency().code();
    for (kind, name) in [
        (AccountKind::Clearing, "Clearing"),
        (AccountKind::Fees, "Fees and interest"),
    ] {
        let id = demo::bank_account(kind, config);
        let now = rows::micros(config.now());
        client
            .execute(
                sql::ACCOUNT_OF_BANK_ENSURE,
                &[&id, &kind.as_str(), &name, &code, &now],
            )
            .await
            .map_err(|error| PgError::from(error).into_open_error())?;
    }
    Ok(())
}
