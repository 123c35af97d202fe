//! The contract over a real store and real sockets: the suite on the reference adapter, the suite on adapters
//! that are wrong, movements over lines that lose answers, and the bank's port over all of it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod faults;
mod store;
mod suite;
mod world;
