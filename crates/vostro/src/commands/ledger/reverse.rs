//! `vostro ledger reverse`: takes a posted transfer back.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use vostro_bank::{Order, ReverseOutcome};
use vostro_ledger::ReversalRefusal;
use vostro_types::TransferId;

use super::{operator, with_store};
use crate::commands::version::print;
use crate::config::Config;
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  vostro ledger reverse trf_00041061050r3gg28a1c60t3gf --reason 'posted twice'

Who ordered it and why stands on the audit trail. A bill that the transfer paid is open again; the limit of
the day that it used stays used.";

/// Takes a posted transfer back by posting its exact opposite, linked to it, once. Refused where a
/// customer's account would be overdrawn, an account is closed, or money is stopped.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ReverseArgs {
    /// The transfer's id: `trf_…`
    transfer: String,
    /// Why, for the audit trail
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who orders it [default: $USER]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &ReverseArgs, config: &Config) -> Result<ExitCode> {
    let id = TransferId::new(args.transfer.as_str()).context("the transfer's id")?;
    let order = Order::operator(&operator(args.by.as_deref()), &args.reason);
    let order = order.map_err(|error| Failure::usage(error.to_string(), ""))?;
    let outcome = with_store(config, async |store| Ok(store.reverse(&id, &order).await?))?;
    match outcome {
        ReverseOutcome::Reversed(reversal) => {
            print(&format!("{id} was taken back by {reversal}\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        ReverseOutcome::Refused(refusal) => {
            let why = format!(
                "{id} is not taken back, and nothing moved: {}",
                words(&refusal)
            );
            Err(Failure::new(why, format!("`vostro ledger show {id}` shows it")).into())
        }
    }
}

fn words(refusal: &ReversalRefusal) -> String {
    match refusal {
        ReversalRefusal::MoneyStopped => "all money is stopped".to_owned(),
        ReversalRefusal::NotFound => "there is no such transfer".to_owned(),
        ReversalRefusal::NotPosted { status } => format!("it is {}, not posted", status.as_str()),
        ReversalRefusal::NotAMovement => "it is an opening balance".to_owned(),
        ReversalRefusal::IsReversal => "it is itself a reversal".to_owned(),
        ReversalRefusal::AlreadyReversed => "it was taken back before".to_owned(),
        ReversalRefusal::AccountNotOpen => "one of its accounts is closed or frozen".to_owned(),
        ReversalRefusal::WouldOverdraw { available } => {
            format!("the account that would give it back has {available} available")
        }
        ReversalRefusal::AmountTooLarge => "the balance would not fit".to_owned(),
    }
}
