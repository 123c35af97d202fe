//! `vostro api-key`: makes keys for the bank's back end and for administrators.
//!
//! The key is shown once and kept nowhere; what the configuration holds is its hash. Taking a key back is taking its
//! entry out.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use vostro_dialogue::principal::Scope;
use vostro_http::{KeyHash, new_api_key};
use vostro_types::SystemEntropy;

use super::version::print;
use crate::config::ApiKeyEntry;
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  vostro api-key create core-backend --scope chat --expires 2027-06-30T00:00:00Z
  vostro api-key create anna --scope desk --scope money

The key goes to its holder, who sends `Authorization: Bearer KEY`. The entry goes into the configuration. For a
change-over make a second key of the same name, give it out, and take the first entry away.";

/// Makes keys for the bank's back end and for administrators.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ApiKeyArgs {
    #[command(subcommand)]
    command: ApiKeyCommand,
}

#[derive(Debug, Subcommand)]
enum ApiKeyCommand {
    /// Make a key: print it once, and the entry for the configuration
    Create(CreateArgs),
}

#[derive(Debug, Args)]
struct CreateArgs {
    /// Who gets it: a system, or an administrator; it stands on the audit trail
    name: String,
    /// What it allows; may be repeated
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = scope)]
    scopes: Vec<Scope>,
    /// When it ends [default: never]
    #[arg(long, value_name = "TIME")]
    expires: Option<Timestamp>,
}

fn scope(name: &str) -> Result<Scope, String> {
    let names = Scope::ALL.map(Scope::name).join(", ");
    Scope::named(name).ok_or(format!("there is no such scope; allowed: {names}"))
}

/// Runs the command.
pub(crate) fn run(args: &ApiKeyArgs) -> Result<ExitCode> {
    let ApiKeyCommand::Create(args) = &args.command;
    let key = new_api_key(&SystemEntropy);
    let scopes: BTreeSet<Scope> = args.scopes.iter().copied().collect();
    let entry = ApiKeyEntry {
        name: args.name.clone(),
        hash: KeyHash::of(key.expose()).to_string(),
        scopes: scopes.iter().map(ToString::to_string).collect(),
        expires: args.expires.map(|end| end.to_string()),
    };
    if let Err((member, reason)) = entry.key() {
        return Err(Failure::usage(format!("{member} {reason}"), "").into());
    }
    let entry = toml::to_string(&entry)?;
    print(&format!(
        "{}\n\nThis is the only time it is shown. For the configuration:\n\n[[auth.api_keys]]\n{entry}",
        key.expose()
    ))?;
    Ok(ExitCode::SUCCESS)
}
