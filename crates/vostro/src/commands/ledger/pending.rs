//! `vostro ledger pending`: transfers that are confirmed and not final yet.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;
use vostro_bank::PendingTransfer;
use vostro_types::CustomerId;

use super::with_store;
use crate::commands::version::print;
use crate::config::Config;

/// Lists the transfers whose funds are held, oldest first: when each is posted, and for whom.
#[derive(Debug, Args)]
pub(crate) struct PendingArgs {
    /// Only this customer's
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// Print JSON: one transfer a line
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &PendingArgs, config: &Config) -> Result<ExitCode> {
    let customer = args.customer.as_deref().map(CustomerId::new).transpose();
    let customer = customer.context("--customer")?;
    let waiting = with_store(config, async |store| {
        Ok(store.pending_transfers(customer.as_ref()).await?)
    })?;
    if waiting.is_empty() && !args.json {
        print("no transfer is pending\n")?;
    }
    for pending in &waiting {
        print(&if args.json {
            as_json(pending)
        } else {
            line(pending)
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn line(pending: &PendingTransfer) -> String {
    format!(
        "{}  {}  {}  {}  final at {}\n",
        pending.transfer,
        pending.intent.customer,
        pending.intent.kind().as_str(),
        pending.intent.amount,
        pending.settles_at,
    )
}

fn as_json(pending: &PendingTransfer) -> String {
    let view = json!({
        "transfer": pending.transfer,
        "customer": pending.intent.customer,
        "kind": pending.intent.kind(),
        "amount_minor": pending.intent.amount.minor,
        "currency": pending.intent.amount.currency,
        "placed_at": pending.placed_at,
        "settles_at": pending.settles_at,
        "expires_at": pending.expires_at,
    });
    format!("{view}\n")
}
