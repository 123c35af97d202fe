//! The stores behind the bank's port (`vostro-bank`): the books, customers' records, the
//! conversations' memory, the audit trail and the outbox. Today there is one driver, `SQLite`.
//!
//! What is decided is decided in `vostro-ledger`, inside the transaction that writes it. This crate
//! reads the facts under the writer's lock, writes what was decided, and answers only after the
//! commit is durable.
//!
//! The four files to open first: `migrations/sqlite/V1__books_and_memory.sql` (what is kept),
//! `sqlite/writer.rs` (one writer, group commit), `sqlite/money.rs` (what a confirmation does) and
//! `demo/plan.rs` (the demo bank). Deliberately absent: statements put together at run time, a second
//! writer, and any read of the clock or of randomness that the caller did not hand in.

mod config;
pub mod demo;
mod error;
mod sqlite;

pub use config::{StoreConfig, Tuning};
pub use error::OpenError;
pub use sqlite::SqliteStore;
