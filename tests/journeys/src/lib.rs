//! What the journeys stand on: the real binary started on free ports with an empty data folder, a customer
//! who talks to it over HTTP, and what they read in the replies.
//!
//! Only the contract is used from outside: no crate of the product is linked, so a journey sees what a client
//! sees. How the binary is started (flags, settings) is in [`process`] alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests: what fails here fails the test"
)]

mod conversation;
mod database;
mod deployment;
mod own_server;
pub mod process;
mod reply;

pub use conversation::{Conversation, Response};
pub use database::Database;
pub use deployment::{Deployment, Role, Shape};
pub use own_server::{OwnServer, postgres_program};
pub use reply::{Balances, Reply};

/// Writes each body once and runs it on both shapes: one process with all roles, and one process a role.
#[macro_export]
macro_rules! journeys {
    ($($(#[$doc:meta])* async fn $name:ident($bank:ident: &Deployment) $body:block)*) => { $(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn body($bank: &Deployment) $body

            #[tokio::test]
            async fn one_process() {
                body(&Deployment::start(Shape::OneProcess).await).await;
            }

            #[tokio::test]
            async fn three_processes() {
                body(&Deployment::start(Shape::ThreeProcesses).await).await;
            }
        }
    )* };
}

/// [`journeys!`], and each body once more on one process over a `PostgreSQL` database of its own.
#[macro_export]
macro_rules! journeys_on_both_stores {
    ($($(#[$doc:meta])* async fn $name:ident($bank:ident: &Deployment) $body:block)*) => { $(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn body($bank: &Deployment) $body

            #[tokio::test]
            async fn one_process() {
                body(&Deployment::start(Shape::OneProcess).await).await;
            }

            #[tokio::test]
            async fn three_processes() {
                body(&Deployment::start(Shape::ThreeProcesses).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                let Some(database) = $crate::Database::create().await else {
                    return;
                };
                let url = database.url();
                let settings = [("VOSTRO__DATABASE__URL", url.as_str())];
                body(&Deployment::start_with(Shape::OneProcess, &settings).await).await;
            }
        }
    )* };
}
