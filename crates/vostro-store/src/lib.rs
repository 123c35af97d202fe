//! The stores behind the bank's port (`vostro-bank`): the books, customers' records, the
//! conversations' memory, the audit trail and the outbox. Two drivers: `SQLite` and `PostgreSQL`.
//!
//! What is decided is decided by the rules of `vostro-ledger`, inside the transaction that writes it: the
//! `SQLite` driver asks them under the writer's lock, the `PostgreSQL` driver's functions repeat them in
//! order, and a test holds both to the ledger's table of cases. An answer comes after the commit is durable.
//!
//! The four files to open first: `migrations/sqlite/V1__books_and_memory.sql` (what is kept),
//! `sqlite/writer.rs` (one writer, group commit), `sqlite/money.rs` (what a confirmation does) and
//! `demo/plan.rs` (the demo bank). Deliberately absent: statements put together at run time, a second
//! writer, and any read of the clock or of randomness that the caller did not hand in.

mod config;
mod core_transfers;
pub mod demo;
mod documents;
mod error;
mod factors;
#[cfg(feature = "fail-points")]
pub mod fail_points;
mod hand_offs;
mod inspection;
mod load;
mod migration;
mod outbox;
mod particulars;
mod policies;
#[cfg(feature = "postgres")]
mod postgres;
mod reconciliation;
mod reply;
mod services;
mod settle;
mod sqlite;

pub use config::{StoreConfig, Tuning};
pub use error::OpenError;
pub use inspection::{Durability, Inspection, Vector};
pub use load::{StoreLoad, UnderLoad};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresStore, PostgresTuning};
pub use sqlite::{SqliteStore, back_up};

/// A store that was opened, of whatever kind: the bank's port, the demo bank, and how busy it is.
pub trait OpenedStore: vostro_bank::Store + demo::DemoBank + UnderLoad {}

impl<T: vostro_bank::Store + demo::DemoBank + UnderLoad> OpenedStore for T {}
