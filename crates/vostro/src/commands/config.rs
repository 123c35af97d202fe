//! `vostro config`: the effective configuration.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::version::print;
use crate::config::{Effective, reference, to_json, to_toml};

const EXAMPLES: &str = "\
Examples:
  vostro config                                     as TOML, each line with the layer it came from
  VOSTRO__LIMITS__REQUESTS_PER_MINUTE=500 vostro config --profile bench
  vostro config --json | jq '.settings[\"server.host\"]'
  vostro config > vostro.toml                       a file to begin from";

/// Prints the configuration that the other commands would run with, and the layer that each value
/// came from: default, profile, file, environment variable or flag. Passwords are not shown.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ConfigArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print the reference page instead: every setting with its default and what is allowed
    #[arg(long, conflicts_with = "json")]
    reference: bool,
}

/// Runs the command.
pub(crate) fn run(args: &ConfigArgs, load: impl FnOnce() -> Result<Effective>) -> Result<ExitCode> {
    if args.reference {
        print(&reference())?;
    } else if args.json {
        print(&format!("{:#}\n", to_json(&load()?)))?;
    } else {
        print(&to_toml(&load()?))?;
    }
    Ok(ExitCode::SUCCESS)
}
