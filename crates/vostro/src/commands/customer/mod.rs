//! `vostro customer`: what an operator does for one customer. One subcommand, one file.
//!
//! Each opens the configured store: a `PostgreSQL` database while replicas run, an `SQLite` file while no server holds
//! it. Reading (`export`) goes on beside a server; what writes says that the server has to be stopped first.

mod erase;
mod export;
mod sessions;
mod totp;

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use vostro_bank::{AuditEvent, AuditKind, Order};
use vostro_store::{OpenError, OpenedStore};
use vostro_types::CustomerId;

use super::ledger::{self, operator};
use crate::config::Config;
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  vostro customer totp enrol CUSTOMER            a second factor; prints the address for their app, once
  vostro customer export CUSTOMER > data.json    everything that is kept of them
  vostro customer erase CUSTOMER --reason 'request of 3 March'
  vostro customer end-sessions CUSTOMER --reason 'telephone stolen'";

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

/// Who orders it and why, for the audit trail.
#[derive(Debug, Args)]
struct OrderArgs {
    /// Why, for the audit trail
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who orders it [default: $USER]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl OrderArgs {
    fn order(&self) -> Result<Order> {
        let order = Order::operator(&operator(self.by.as_deref()), &self.reason);
        order.map_err(|error| Failure::usage(error.to_string(), "").into())
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
            let hint = "stop it for this command; over PostgreSQL the command runs beside it";
            Failure::new(why, hint).into()
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
