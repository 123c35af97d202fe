//! Reads: a few read-only connections, each read in a transaction of its own, so that what it gives
//! belongs to one instant. A read of a few rows runs where it is asked for, any other on a blocking thread. A database in memory has one connection only; its reads go through the writer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use vostro_bank::StoreError;

use super::connection::run_cached;
use crate::error::{DbError, unavailable};

/// A bounded pool of read-only connections.
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
    all: usize,
}

/// A connection on loan; dropping it gives it back, also when the read panicked.
struct Loan {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Drop for Loan {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(connection);
        }
    }
}

impl Readers {
    pub(super) fn new(connections: Vec<Connection>) -> Self {
        Self {
            all: connections.len(),
            permits: Arc::new(Semaphore::new(connections.len())),
            idle: Arc::new(Mutex::new(connections)),
        }
    }

    /// Connections at work, and free.
    pub(super) fn busy_and_free(&self) -> (usize, usize) {
        let free = self.permits.available_permits();
        (self.all.saturating_sub(free), free)
    }

    /// Runs a read on the caller's own thread if a connection is free, else as [`Readers::run`]. For reads that
    /// take some microseconds.
    pub(super) async fn run_here<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    {
        let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() else {
            return self.run(read).await;
        };
        let idle = Arc::clone(&self.idle);
        let outcome = catch_unwind(AssertUnwindSafe(move || on_loan(idle, permit, read)));
        outcome.unwrap_or_else(|_| Err(unavailable("a read panicked")))
    }

    /// Runs a read on a blocking thread, as soon as a connection is free. A read whose caller has gone
    /// away gives its connection back all the same.
    pub(super) async fn run<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| unavailable("the store is closed"))?;
        let idle = Arc::clone(&self.idle);
        let task = tokio::task::spawn_blocking(move || on_loan(idle, permit, read));
        task.await
            .map_err(|_| unavailable("a read was stopped or panicked"))?
    }

    /// Takes no more reads and closes the connections that are idle.
    pub(super) fn close(&self) {
        self.permits.close();
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// A read transaction; dropping it ends it, also when the read panicked.
struct Moment<'a>(&'a Connection);

impl Drop for Moment<'_> {
    fn drop(&mut self) {
        if let Err(error) = run_cached(self.0, "ROLLBACK") {
            tracing::error!(%error, "a read transaction did not end");
        }
    }
}

/// Runs a read on a connection that the permit is for.
fn on_loan<T>(
    idle: Arc<Mutex<Vec<Connection>>>,
    permit: OwnedSemaphorePermit,
    read: impl FnOnce(&Connection) -> Result<T, DbError>,
) -> Result<T, StoreError> {
    let connection = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let loan = Loan { connection, idle };
    let outcome = loan
        .connection
        .as_ref()
        .ok_or_else(|| unavailable("no connection is left"))
        .and_then(|connection| at_one_instant(connection, read).map_err(StoreError::from));
    drop(loan);
    drop(permit);
    outcome
}

fn at_one_instant<T>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> Result<T, DbError>,
) -> Result<T, DbError> {
    run_cached(connection, "BEGIN")?;
    let moment = Moment(connection);
    let outcome = read(connection);
    drop(moment);
    outcome
}
