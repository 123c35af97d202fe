//! `vostro audit-log`: what the audit trail says, and whether it is what was sealed.
//!
//! Everything but `rotate-key` only reads, beside the process that serves the store.

mod keys;
mod list;
mod verify;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::{Override, flag};
use crate::config::Config;

const EXAMPLES: &str = "\
Examples:
  vostro audit-log verify                               the whole trail against its seals
  vostro audit-log checkpoint > 2026-11-22.json         keep it outside the database
  vostro audit-log verify --checkpoint 2026-11-22.json --trusted-key bank.pub
  vostro audit-log keys --pem > bank.pub                the keys that sealed it
  vostro audit-log list --customer demo_001 --kind posted
  vostro audit-log rotate-key                           with `SQLite`, while nothing serves it

Exit codes: 0 clean, or done; 1 something was changed, or could not be done; 2 wrong usage.";

/// Verifies, lists and exports the audit trail, and rotates the key that seals it. docs/operations/audit.md
/// says what is sealed and what cannot be seen.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AuditLogArgs {
    #[command(subcommand)]
    command: AuditLogCommand,
    /// Where the store is [default: database.url]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum AuditLogCommand {
    /// Compare every row with its seal, and every seal with the one before and its signature
    Verify(verify::VerifyArgs),
    /// Print rows, oldest first; account numbers in them are masked, as they were written
    List(list::ListArgs),
    /// Print the keys that sealed the trail, oldest first
    Keys(keys::KeysArgs),
    /// Print the last seal, for `verify --checkpoint`
    Checkpoint,
    /// Make a new sealing key, endorsed by the one before
    RotateKey,
}

impl AuditLogArgs {
    /// The settings that the flags make.
    pub(super) fn overrides(&self) -> Vec<Override> {
        let url = self.database_url.as_ref();
        url.map(|url| flag("--database-url", "database.url", url))
            .into_iter()
            .collect()
    }
}

/// Runs the command.
pub(crate) fn run(args: &AuditLogArgs, config: &Config) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match &args.command {
            AuditLogCommand::Verify(args) => verify::run(args, config).await,
            AuditLogCommand::List(args) => list::run(args, config).await,
            AuditLogCommand::Keys(args) => keys::list(args, config).await,
            AuditLogCommand::Checkpoint => keys::checkpoint(config).await,
            AuditLogCommand::RotateKey => keys::rotate(config).await,
        }
    })
}
