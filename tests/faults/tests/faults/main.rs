//! The faults, one file a kind. Every test ends with a line `faults: <test> <figures>`, and says so when it
//! cannot be done here. `docs/testing/faults.md` lists them with what each shows.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed expectation ends the test"
)]

mod battery;
mod client_gone;
mod clock;
mod disk_full;
mod kill_postgres;
mod kill_sqlite;
mod lost_primary;
mod model;
mod model_customer;
mod model_pending;
mod model_world;
mod phases_postgres;
mod phases_sqlite;
mod proxy_faults;
mod races;
mod seeded_bugs;
mod sync_trace;

use vostro_faults::{Bank, Kind, skipped};

/// The program that is killed.
const VICTIM: &str = env!("CARGO_BIN_EXE_vostro-fault-victim");

/// Makes two tests of each case, one a store: `case::sqlite` and `case::postgres`.
macro_rules! on_both_stores {
    ($($case:ident)*) => {
        $(
            mod $case {
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    super::$case(vostro_faults::Kind::Sqlite).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    super::$case(vostro_faults::Kind::Postgres).await;
                }
            }
        )*
    };
}
pub(crate) use on_both_stores;

/// A fresh bank with limits in cents; `None` where this store is not to be had, which is said.
async fn opened(test: &str, kind: Kind, per_transfer: i64, per_day: i64) -> Option<Bank> {
    match Bank::with_limits(kind, per_transfer, per_day).await {
        Ok(bank) => Some(bank),
        Err(why) => {
            skipped(&format!("{test}-{}", kind.name()), why);
            None
        }
    }
}
