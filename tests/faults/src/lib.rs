//! What the fault tests share: banks over both stores, processes that may be killed, servers that may
//! crash, connections that may break, and the line of figures that each test ends with.
//!
//! The tests are in `tests/faults/`, one file a kind of fault; `docs/testing/faults.md` lists them. Sizes
//! are those of continuous integration; `VOSTRO_FAULTS` multiplies them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed expectation of a test's own means ends the test"
)]

mod bank;
mod database;
mod intents;
mod proxy;
mod report;
mod server;
mod victim;

pub use bank::{Bank, Kind};
pub use database::{Database, server_url};
pub use intents::{
    bill, cents_out, checking, context, customer, outside, own, pay, payee, portfolio, proposal,
    propose, savings, transfer, usd, warm_up, yes,
};
pub use proxy::{Fault, Proxy};
pub use report::{report, scaled, skipped};
pub use server::Server;
pub use victim::{Acknowledged, Victim};
