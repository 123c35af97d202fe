//! The `SQLite` driver: one file, one writer, a few readers.
//!
//! ```text
//! command ─► queue ─► writer thread: BEGIN, (savepoint, command)*, COMMIT ─► answers
//! read ─────────────► one of the read-only connections, in a transaction of its own
//! ```

mod audit;
mod backup;
mod bills;
mod books;
mod channels;
mod confirmations;
mod connection;
mod conversation_log;
mod conversations;
mod core_transfers;
mod demo;
mod documents;
mod factors;
mod four_eyes;
mod hand_offs;
mod history;
mod holds;
mod insights;
mod migrate;
mod money;
mod operations;
mod outbox;
mod pending;
mod personal_data;
mod placements;
mod policies;
mod port;
mod port_controls;
mod portfolio;
mod portfolios;
mod readers;
mod reconciliation;
mod requests;
mod reversals;
mod rows;
mod schedules;
mod sealing;
mod services;
mod sql;
mod statements;
mod switch;
mod target;
mod turn_log;
mod writer;

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use vostro_bank::{CustomerOpened, Portfolio, StoreError};
use vostro_ledger::AccountKind;
use vostro_types::CustomerId;

use self::portfolios::Portfolios;
use self::readers::Readers;
use self::writer::Writer;
use crate::config::{StoreConfig, Tuning};
use crate::demo::{DemoPlan, SeedingTurn};
use crate::error::{DbError, OpenError, unavailable};
use crate::inspection::{Durability, Inspection};

pub use self::backup::back_up;
pub(crate) use self::rows::whole_microseconds;
/// What every driver shares.
#[cfg(feature = "postgres")]
pub(crate) use self::{
    history::{Conditions, DEFAULT_LIMIT, MOST, micros_up},
    reconciliation::PUBLISHED_WITHIN,
    statements::{cut, page_size},
};

/// The path that stands for a database in memory.
const MEMORY: &str = ":memory:";

/// A store over one `SQLite` file, or in memory.
///
/// Needs a Tokio runtime around its reads. Dropping it waits for the commands that were taken on;
/// [`Operations::close`](vostro_bank::Operations::close) does so without blocking the runtime.
pub struct SqliteStore {
    config: Arc<StoreConfig>,
    /// `None` for a store that only reads.
    writer: Option<Arc<Writer>>,
    /// `None` for a database in memory, whose reads go through the writer.
    readers: Option<Readers>,
    /// What was read of customers' records and has not changed since; of no use to a store that only reads, nor
    /// to one that reads through its writer.
    portfolios: Option<Arc<Portfolios>>,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl crate::UnderLoad for SqliteStore {
    fn load(&self) -> crate::StoreLoad {
        let readers = self.readers.as_ref().map(Readers::busy_and_free);
        let (busy, free) = readers.unwrap_or_default();
        crate::StoreLoad {
            busy,
            free,
            waiting: self.writer.as_ref().map_or(0, |writer| writer.queued()),
        }
    }
}

impl SqliteStore {
    /// Opens the database at `path`, creates it if there is none, and migrates it. `:memory:` gives a
    /// database that lives as long as the store.
    ///
    /// Blocks on the disk; call it before serving. Refuses a file that is in use, is not a database of
    /// this program, was migrated by a newer one, or would not keep acknowledged transfers.
    pub fn open(path: impl AsRef<Path>, config: StoreConfig) -> Result<Self, OpenError> {
        Self::open_tuned(path, config, Tuning::default())
    }

    /// [`SqliteStore::open`] with sizes other than the usual.
    pub fn open_tuned(
        path: impl AsRef<Path>,
        config: StoreConfig,
        tuning: Tuning,
    ) -> Result<Self, OpenError> {
        let path = path.as_ref();
        if path == Path::new(MEMORY) {
            let connection = prepare(connection::open_memory()?, &config)?;
            return Self::start(connection, None, config, tuning, path, || ());
        }
        let claim = connection::claim(path)?;
        let connection = prepare(connection::open_writer(path)?, &config)?;
        let readers = (0..tuning.readers.max(1))
            .map(|_| connection::open_reader(path))
            .collect::<Result<Vec<_>, _>>()?;
        Self::start(
            connection,
            Some(Readers::new(readers)),
            config,
            tuning,
            path,
            move || drop(claim),
        )
    }

    /// Opens the database at `path` for reading, beside the process that serves it. Every command that
    /// writes answers [`StoreError::Unavailable`]. There must be one, of this program's version.
    pub fn open_reading(path: impl AsRef<Path>, config: StoreConfig) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let found = Self::inspect(path)?;
        if found.schema != found.latest {
            return Err(OpenError::Older {
                found: found.schema,
                known: found.latest,
            });
        }
        let readers = vec![connection::open_reader(path)?];
        Ok(Self {
            config: Arc::new(config),
            writer: None,
            readers: Some(Readers::new(readers)),
            portfolios: None,
        })
    }

    /// Looks at the database at `path` without changing it. There must be one.
    pub fn inspect(path: impl AsRef<Path>) -> Result<Inspection, OpenError> {
        let path = path.as_ref();
        let connection = connection::open_reader(path)?;
        connection::check_ours(&connection, path)?;
        let schema =
            migrate::version(&connection).map_err(|error| OpenError::Database(Box::new(error)))?;
        Ok(Inspection {
            engine: format!("SQLite {}", rusqlite::version()),
            schema,
            latest: migrate::latest()?,
            durability: connection::DURABLE
                .map(|(setting, value)| Durability {
                    setting,
                    value: value.to_owned(),
                    is_strong: true,
                })
                .into(),
            vector: None,
            is_encrypted: None,
        })
    }

    fn start(
        mut connection: Connection,
        readers: Option<Readers>,
        config: StoreConfig,
        tuning: Tuning,
        path: &Path,
        after: impl FnOnce() + Send + 'static,
    ) -> Result<Self, OpenError> {
        let portfolios = readers.is_some().then(Arc::<Portfolios>::default);
        if let Some(portfolios) = &portfolios {
            let watched = portfolios.watch(&mut connection);
            watched.map_err(|error| OpenError::Database(Box::new(error)))?;
        }
        let changed = portfolios.clone();
        let committed = move || {
            if let Some(portfolios) = &changed {
                portfolios.committed();
            }
        };
        let writer = Writer::start(connection, tuning, committed, after).map_err(|source| {
            OpenError::File {
                path: path.to_owned(),
                source,
            }
        })?;
        Ok(Self {
            config: Arc::new(config),
            writer: Some(Arc::new(writer)),
            readers,
            portfolios,
        })
    }

    /// What the store was opened with.
    pub fn config(&self) -> &StoreConfig {
        &self.config
    }

    /// Opens a customer of the demo bank from its plan, unless there is one of that id. Does not ask
    /// [`StoreConfig::demo_customers`]: that is for customers whom nobody created on purpose.
    pub async fn open_demo(
        &self,
        customer: &CustomerId,
        plan: DemoPlan,
    ) -> Result<CustomerOpened, StoreError> {
        let (customer, config) = (customer.clone(), Arc::clone(&self.config));
        self.write(move |connection| demo::open(connection, &config, &customer, &plan))
            .await
    }

    /// The file belongs to this process, so there is no one to wait for.
    #[allow(clippy::unused_async, reason = "as the other driver's")]
    pub(crate) async fn seeding_turn(&self) -> Result<SeedingTurn, StoreError> {
        Ok(SeedingTurn::alone())
    }

    fn writer(&self) -> Result<&Writer, StoreError> {
        let writer = self.writer.as_deref();
        writer.ok_or_else(|| unavailable("the store was opened for reading only"))
    }

    /// Runs a command in the writer's next group.
    async fn write<T, F>(&self, command: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    {
        self.writer()?.run(command).await
    }

    /// Runs a read of a few rows by their keys, where it is asked for: going to another thread and back costs
    /// more than the read.
    async fn read_at_once<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    {
        match &self.readers {
            Some(readers) => readers.run_here(read).await,
            None => self.writer()?.run(read).await,
        }
    }

    /// A customer's portfolio as it is after everything that was acknowledged.
    async fn portfolio_now(
        &self,
        customer: &CustomerId,
    ) -> Result<Option<Arc<Portfolio>>, StoreError> {
        let began = match self.portfolios.as_ref().map(|known| known.find(customer)) {
            Some(Ok(portfolio)) => return Ok(Some(portfolio)),
            Some(Err(began)) => Some(began),
            None => None,
        };
        let customer = customer.clone();
        let read = self.read_at_once(move |connection| portfolio::read(connection, &customer));
        let Some((portfolio, rows)) = read.await? else {
            return Ok(None);
        };
        let portfolio = Arc::new(portfolio);
        if let (Some(known), Some(began)) = (&self.portfolios, began) {
            known.keep(began, &portfolio, rows);
        }
        Ok(Some(portfolio))
    }

    /// Runs a read.
    async fn read<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    {
        match &self.readers {
            Some(readers) => readers.run(read).await,
            None => self.writer()?.run(read).await,
        }
    }
}

/// Migrates the database and sees to the bank's own accounts.
fn prepare(mut connection: Connection, config: &StoreConfig) -> Result<Connection, OpenError> {
    let failed = |error: DbError| OpenError::Database(Box::new(error));
    migrate::migrate(&mut connection)?;
    let transaction = connection
        .transaction()
        .map_err(|error| failed(error.into()))?;
    ensure_bank_accounts(&transaction, config).map_err(failed)?;
    transaction.commit().map_err(|error| failed(error.into()))?;
    Ok(connection)
}

/// The bank's own accounts in its currency: where money leaves and enters, and its fees and interest.
fn ensure_bank_accounts(connection: &Connection, config: &StoreConfig) -> Result<(), DbError> {
    for (kind, name) in [
        (AccountKind::Clearing, "Clearing"),
        (AccountKind::Fees, "Fees and interest"),
    ] {
        let code = config.currency().code();
        let id = format!("acc_bank_{}_{}", kind.as_str(), code.to_ascii_lowercase());
        connection
            .prepare_cached(sql::ACCOUNT_OF_BANK_ENSURE)?
            .execute((id, kind.as_str(), name, code, rows::micros(config.now())))?;
    }
    Ok(())
}
