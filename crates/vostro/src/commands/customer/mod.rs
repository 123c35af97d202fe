//! `vostro customer`: what an operator does for one customer. One subcommand, one file.
//!
//! Each opens the configured store: a `PostgreSQL` database while replicas run, an `SQLite` file while no server holds
//! it. Reading (`export`) goes on beside a server; `erase` and `end-sessions` ask a server that holds the file (`--url`), under
//! the name of the credential. With a core banking system, accounts and transactions are read from there.

mod erase;
mod export;
mod sessions;
mod totp;

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use vostro_bank::{AuditEvent, AuditKind, Order};
use vostro_store::{OpenError, OpenedStore};
use vostro_types::CustomerId;

use super::administration::{Administrator, OrderArgs};
use super::ledger::{self, operator};
use crate::config::Config;
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  vostro customer totp enrol CUSTOMER            a second factor; prints the address for their app, once
  vostro customer export CUSTOMER > data.json    everything that is kept of them
  vostro customer erase CUSTOMER --reason 'request of 3 March'
  vostro customer erase CUSTOMER --reason 'request of 3 March' --url http://127.0.0.1:8000   a running server
  vostro customer end-sessions CUSTOMER --reason 'telephone stolen'

A server is asked with the key or token in VOSTRO_TOKEN (scope `customers`), in the sandbox with auth.admin_token.";

/// What to do while a server holds the store.
const IN_USE: &str =
    "ask it: erase and end-sessions take --url http://127.0.0.1:8000; or stop it for this command";

/// Looks after one customer: second factor, personal data, conversations.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CustomerArgs {
    #[command(subcommand)]
    command: CustomerCommand,
}

#[derive(Debug, Subcommand)]
enum CustomerCommand {
    /// Set up or take away a customer's one-time codes
    Totp(totp::TotpArgs),
    /// Print everything that is kept of a customer, as JSON
    Export(export::ExportArgs),
    /// Erase a customer's personal data; what bookkeeping law keeps stays
    Erase(erase::EraseArgs),
    /// End a customer's conversations, and what waits in them for a yes
    EndSessions(sessions::EndArgs),
}

/// Runs the command.
pub(crate) fn run(args: &CustomerArgs, config: &Config) -> Result<ExitCode> {
    match &args.command {
        CustomerCommand::Totp(args) => totp::run(args, config),
        CustomerCommand::Export(args) => export::run(args, config),
        CustomerCommand::Erase(args) => erase::run(args, config),
        CustomerCommand::EndSessions(args) => sessions::run(args, config),
    }
}

/// Who orders it and why, and of whom it is asked.
#[derive(Debug, Args)]
struct OrderedArgs {
    #[command(flatten)]
    order: OrderArgs,
    /// Ask a running server instead of opening the store: `http://HOST:PORT`
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

impl OrderedArgs {
    fn order(&self) -> Result<Order> {
        let by = operator(self.order.by.as_deref());
        let order = Order::operator(&by, &self.order.reason);
        order.map_err(|error| Failure::usage(error.to_string(), "").into())
    }

    /// The running server's answer to this order, where one is to be asked.
    fn asked(&self, config: &Config, what: &str, body: Value) -> Result<Option<Value>> {
        let Some(url) = &self.url else {
            return Ok(None);
        };
        let (server, mut body) = (Administrator::new(url, config)?, body);
        body["by"] = json!(server.by(&self.order));
        body["reason"] = json!(self.order.reason);
        let path = format!("/api/v1/admin/customers/{what}");
        server.post(&path, &body).map(Some)
    }
}

/// Does something in the store that writes, and says what to do while a server holds it.
fn with_store<T>(
    config: &Config,
    work: impl AsyncFnOnce(&dyn OpenedStore) -> Result<T>,
) -> Result<T> {
    ledger::with_store(config, work).map_err(|error| match error.downcast_ref() {
        Some(OpenError::InUse { path }) => {
            let path = path.display();
            let why = format!("nothing was done: a server holds the database {path}");
            Failure::new(why, IN_USE).into()
        }
        _ => error,
    })
}

fn customer(text: &str) -> Result<CustomerId> {
    CustomerId::new(text).context("CUSTOMER")
}

fn event(kind: AuditKind, customer: &CustomerId, order: &Order) -> AuditEvent {
    AuditEvent {
        kind,
        customer: customer.clone(),
        session: None,
        turn: None,
        detail: order.detail(),
    }
}

fn unknown(customer: &CustomerId) -> Failure {
    Failure::new(
        format!("there is no customer {customer}"),
        "a customer of the sandbox is there from their first message on",
    )
}
