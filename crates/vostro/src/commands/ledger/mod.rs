//! `vostro ledger`: the books, for operators. One subcommand, one file.
//!
//! Each opens the configured store: a `PostgreSQL` database while replicas run, an `SQLite` file while no
//! server holds it; `check` reads beside the server on either.

mod check;
mod pending;
mod reverse;
mod show;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use vostro_store::OpenedStore;

use crate::config::Config;
use crate::parts;

/// Looks into the books, and takes transfers back.
#[derive(Debug, Args)]
pub(crate) struct LedgerArgs {
    #[command(subcommand)]
    command: LedgerCommand,
}

#[derive(Debug, Subcommand)]
enum LedgerCommand {
    /// Trial balance and reconciliation: whether the books are right
    Check(check::CheckArgs),
    /// List the transfers that are confirmed and not final yet
    Pending(pending::PendingArgs),
    /// Take a posted transfer back: its opposite is posted, once
    Reverse(reverse::ReverseArgs),
    /// Show a transfer with its entries
    Show(show::ShowArgs),
}

/// Runs the command.
pub(crate) fn run(args: &LedgerArgs, config: &Config) -> Result<ExitCode> {
    match &args.command {
        LedgerCommand::Check(args) => check::run(args, config),
        LedgerCommand::Pending(args) => pending::run(args, config),
        LedgerCommand::Reverse(args) => reverse::run(args, config),
        LedgerCommand::Show(args) => show::run(args, config),
    }
}

/// Opens the configured store, does something with it, and closes it.
pub(crate) fn with_store<T>(
    config: &Config,
    work: impl AsyncFnOnce(&dyn OpenedStore) -> Result<T>,
) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    runtime.block_on(async {
        let store = parts::open_store(config).await?;
        let done = work(store.as_ref()).await;
        store.close().await;
        done
    })
}

/// The same for reading, beside the process that serves an `SQLite` file.
pub(crate) fn with_store_to_read<T>(
    config: &Config,
    work: impl AsyncFnOnce(Arc<dyn OpenedStore>) -> Result<T>,
) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    runtime.block_on(async {
        let store = parts::open_store_to_read(config).await?;
        let done = work(Arc::clone(&store)).await;
        store.close().await;
        done
    })
}

/// Who gives the order: what the flag says, else who is logged in.
pub(crate) fn operator(by: Option<&str>) -> String {
    by.map(str::to_owned)
        .or_else(|| std::env::var("USER").ok())
        .filter(|name| !name.trim().is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}
