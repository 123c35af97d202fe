//! `vostro ledger show`: a transfer with its entries.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use vostro_bank::TransferView;
use vostro_types::TransferId;

use super::with_store;
use crate::commands::version::print;
use crate::config::Config;
use crate::failure::Failure;

/// Shows a transfer: its state, what it reverses or was reversed by, and its entries.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The transfer's id: `trf_…`
    transfer: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &ShowArgs, config: &Config) -> Result<ExitCode> {
    let id = TransferId::new(args.transfer.as_str()).context("the transfer's id")?;
    let found = with_store(config, async |store| Ok(store.transfer(&id).await?))?;
    let Some(view) = found else {
        let hint = "receipts, statements and the audit trail have transfers' ids";
        return Err(Failure::new(format!("there is no transfer {id}"), hint).into());
    };
    if args.json {
        print(&format!("{}\n", serde_json::to_string(&view)?))?;
    } else {
        print(&words(&view))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn words(view: &TransferView) -> String {
    let mut text = format!(
        "{}  {}  {}  {}\n",
        view.id,
        view.kind,
        view.status.as_str(),
        view.posted.unwrap_or(view.amount)
    );
    let mut say = |what: &str, value: Option<String>| {
        if let Some(value) = value {
            // Writing into a string does not fail.
            let _ = writeln!(text, "  {what:<12} {value}");
        }
    };
    say("customer", view.customer.as_ref().map(ToString::to_string));
    say("ordered at", Some(view.created_at.to_string()));
    let of = |amount| view.posted.map(|_| format!("{amount}"));
    say("ordered", of(view.amount));
    say("settles at", view.settles_at.map(|at| at.to_string()));
    say("resolved at", view.resolved_at.map(|at| at.to_string()));
    say("reverses", view.reverses.as_ref().map(ToString::to_string));
    say(
        "reversed by",
        view.reversed_by.as_ref().map(ToString::to_string),
    );
    for entry in &view.entries {
        let line = format!("{}  {}  {}", entry.account, entry.amount, entry.description);
        say("entry", Some(line));
    }
    text
}
