//! Load tests of a Vostro deployment, over HTTP alone: what a client would send, when it would send it,
//! whether the answers are right, and what that says of the service levels.
//!
//! The load is an open model: requests start when they are due, whether or not earlier ones were answered,
//! and a late one counts from when it was due (G. Tene, "How NOT to Measure Latency"; what is measured from
//! the actual start is kept beside it as service time). Money is checked while it runs: every receipt is
//! written down, and at the end each customer's balances must be the opening ones less their receipts.
//!
//! Open `scenario.rs` for what is run, `driver.rs` for how requests are timed, `verdict.rs` for what is
//! judged. Left out: any crate of the product (what a client sees is what is measured), and the command
//! line, which is the binary's.

mod accounts;
mod answer;
pub mod compare;
pub mod curves;
mod customers;
pub mod deployment;
mod driver;
mod error;
mod expect;
mod figures;
mod findings;
pub mod goals;
mod judging;
mod machine;
mod mix;
mod money;
mod profile;
pub mod report;
mod samples;
mod scenario;
mod scrape;
mod slope;
mod target;
pub mod verdict;

pub use error::BenchError;
pub use machine::Machine;
pub use mix::MixKind;
pub use profile::Arrivals;
pub use report::model::{Made, Report, Run};
pub use scenario::{Progress, Scenario, Settings, run};
pub use target::Target;
