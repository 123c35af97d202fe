//! `vostro backup`: a copy of the embedded store, beside the process that serves it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;

use super::version::print;
use crate::config::{Config, Location};
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  vostro backup /backups/vostro-2026-11-26.db
  vostro --set database.url=sqlite:/backups/vostro-2026-11-26.db ledger check    is the copy sound?

PostgreSQL has its own: `pg_dump --format=custom` for a copy, or continuous archiving for any instant;
docs/operations/backup.md has both, and how to restore.";

/// Writes a copy of the embedded store to a new file: whole, of one instant, while it is served. The key
/// that seals the audit trail is beside the store and is to be copied apart from it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct BackupArgs {
    /// The new file
    file: PathBuf,
}

/// Runs the command.
pub(crate) fn run(args: &BackupArgs, config: &Config) -> Result<ExitCode> {
    let hint = "docs/operations/backup.md says how each store is backed up";
    let from = match config.database.location().map_err(anyhow::Error::msg)? {
        Location::File(path) => path,
        Location::Memory => {
            return Err(Failure::usage("a store in memory has no copy", hint).into());
        }
        Location::Server(_) => {
            return Err(Failure::usage(
                "this backs up the embedded store; yours is PostgreSQL",
                hint,
            )
            .into());
        }
    };
    if !from.is_file() {
        let message = format!("there is no database {}", from.display());
        return Err(Failure::new(message, "--set database.url says which").into());
    }
    if args.file.exists() {
        let message = format!("{} is there already", args.file.display());
        return Err(Failure::usage(
            message,
            "give a new file: a copy never takes the place of another",
        )
        .into());
    }
    vostro_store::back_up(&from, &args.file).context("the copy was not made")?;
    let bytes = std::fs::metadata(&args.file).map_or(0, |file| file.len());
    print(&format!("{}: {bytes} bytes\n", args.file.display()))?;
    Ok(ExitCode::SUCCESS)
}
