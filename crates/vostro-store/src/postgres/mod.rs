//! The `PostgreSQL` driver: any number of replicas over one primary.
//!
//! ```text
//! command ─► task ─► connection: SELECT … FROM one_function(…)   one statement, one transaction
//! read ────► task ─► connection: one statement, or a few over what is append-only
//! ```
//!
//! Each money command is one call of a PL/pgSQL function at READ COMMITTED that takes its locks in a
//! fixed order, so that replicas cannot deadlock and the client never holds a transaction open. Left to
//! others: high availability (Patroni or a managed service), backups, and whose certificates count (`tls.rs`).

mod audit;
mod channels;
mod confirmations;
mod controls;
mod conversation_log;
mod conversations;
mod core_transfers;
mod demo;
mod documents;
mod durability;
mod error;
mod factors;
mod four_eyes;
mod hand_offs;
mod history;
mod insights;
mod migrate;
mod money;
mod operations;
mod outbox;
mod parameters;
mod pending;
mod personal_data;
mod policies;
mod pool;
mod port;
mod port_controls;
mod portfolio;
mod reconciliation;
mod requests;
mod rows;
mod schedules;
mod sealing;
mod services;
mod silence;
mod sql;
mod statements;
mod tls;
mod tls_certificates;
mod turn_log;
mod vectors;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use deadpool_postgres::Object as Client;
use vostro_bank::{CustomerOpened, StoreError};
use vostro_ledger::AccountKind;
use vostro_types::CustomerId;

use self::error::PgError;
use self::pool::{Connections, Server};
use crate::config::StoreConfig;
use crate::demo::{DemoPlan, SeedingTurn};
use crate::error::OpenError;
use crate::inspection::{Inspection, Vector};

/// How much the driver asks of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostgresTuning {
    /// The most connections of this process. The replicas' together stay below the server's
    /// `max_connections`.
    pub connections: usize,
    /// How long a command waits for a free connection before the store says that it is not available.
    pub wait: Duration,
    /// How long a command waits for the server's answer before the store says that it is not available;
    /// what became of the command is then unknown, and giving the same confirmation again tells. Longer
    /// than a lock may take, which is 10 seconds.
    pub answer: Duration,
}

impl Default for PostgresTuning {
    fn default() -> Self {
        Self {
            connections: 16,
            wait: Duration::from_secs(5),
            answer: Duration::from_secs(15),
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
    /// The same, found without holding up who writes: for the sealing.
    horizon: Arc<AtomicI64>,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl crate::UnderLoad for PostgresStore {
    fn load(&self) -> crate::StoreLoad {
        self.connections.load()
    }
}

impl PostgresStore {
    /// Connects to the database of `url` (`postgres://user:password@host:5432/database`, several hosts
    /// separated by commas, of which the primary is used; or keys and values as libpq takes them) and
    /// migrates it. `sslmode` and `sslrootcert` mean what they mean to libpq.
    ///
    /// Refuses a server that cannot be reached or does not encrypt as asked, was migrated by a newer program, or would not keep
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
        let server = Server::of(url)?;
        prepare(&server, &config).await?;
        Ok(Self {
            config: Arc::new(config),
            connections: Connections::new(&server, tuning)?,
            settled: Arc::default(),
            horizon: Arc::default(),
        })
    }

    /// Whether the address could be one of [`PostgresStore::connect`]'s, without connecting.
    pub fn check_address(url: &str) -> Result<(), OpenError> {
        pool::settings(url).map(drop)
    }

    /// Looks at the database of `url` without changing it, also one that would not be opened.
    pub async fn inspect(url: &str) -> Result<Inspection, OpenError> {
        let client = pool::connect_to_look(&Server::of(url)?)
            .await
            .map_err(PgError::into_open_error)?;
        look(&client).await.map_err(PgError::into_open_error)
    }

    /// What the store was opened with.
    pub fn config(&self) -> &StoreConfig {
        &self.config
    }

    /// How many connections there are, and how many of them are idle: for metrics.
    pub fn connection_counts(&self) -> (usize, usize) {
        self.connections.counts()
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

    /// Waits until no other replica is seeding. The lock is a connection's, which closes with the turn.
    pub(crate) async fn seeding_turn(&self) -> Result<SeedingTurn, StoreError> {
        let connections = self.connections.clone();
        let turn = async move {
            let client = connections.take().await?;
            client.batch_execute("SET lock_timeout = 0").await?;
            client.execute(sql::SEEDING_TURN, &[]).await?;
            Ok::<_, PgError>(SeedingTurn::held_by(client))
        };
        turn.await.map_err(StoreError::from)
    }
}

async fn look(client: &tokio_postgres::Client) -> Result<Inspection, PgError> {
    let row = client.query_one(sql::INSPECT, &[]).await?;
    let version: String = row.try_get("version")?;
    let installed: Option<String> = row.try_get("vector_installed")?;
    let available: Option<String> = row.try_get("vector_available")?;
    Ok(Inspection {
        // A distribution adds its own words.
        engine: format!(
            "PostgreSQL {}",
            version.split_whitespace().next().unwrap_or_default()
        ),
        schema: migrate::version(client).await?,
        latest: migrate::latest().map_err(|_| PgError::Corrupt("list of migrations"))?,
        durability: durability::read(client).await?,
        vector: Some(match (installed, available) {
            (Some(version), _) => Vector::Installed(version),
            (None, Some(version)) => Vector::Available(version),
            (None, None) => Vector::Absent,
        }),
        is_encrypted: Some(row.try_get("is_encrypted")?),
    })
}

/// Migrates the database and sees to the bank's own accounts, on a connection of its own.
async fn prepare(server: &Server, config: &StoreConfig) -> Result<(), OpenError> {
    let mut client = pool::connect(server)
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
