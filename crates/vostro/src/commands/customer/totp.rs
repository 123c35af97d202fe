//! `vostro customer totp`: one-time codes for a second factor.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use vostro_bank::{AuditKind, Order};
use vostro_types::SystemEntropy;

use super::{customer, event, unknown, with_store};
use crate::commands::ledger::operator;
use crate::commands::version::print;
use crate::config::Config;
use crate::failure::Failure;
use crate::parts;

#[derive(Debug, Args)]
pub(super) struct TotpArgs {
    #[command(subcommand)]
    command: TotpCommand,
}

#[derive(Debug, Subcommand)]
enum TotpCommand {
    /// Make a secret for a customer in the place of any other, and print it once
    Enrol {
        /// The customer
        customer: String,
    },
    /// Take a customer's secret away
    Remove {
        /// The customer
        customer: String,
    },
}

pub(super) fn run(args: &TotpArgs, config: &Config) -> Result<ExitCode> {
    let reason = "vostro customer totp";
    let order = Order::operator(&operator(None), reason)
        .map_err(|error| Failure::usage(error.to_string(), ""))?;
    match &args.command {
        TotpCommand::Enrol { customer: name } => {
            let who = customer(name)?;
            let codes = parts::codes(config)?.ok_or_else(|| {
                Failure::usage(
                    "step_up.key_file is not set, so secrets cannot be sealed",
                    "umask 077; openssl rand -hex 32 > factor.key, and name it in step_up.key_file",
                )
            })?;
            let made = codes.enrol(&who, &SystemEntropy).ok_or_else(|| {
                Failure::new("this customer's id cannot stand in an app's address", "")
            })?;
            let event = event(AuditKind::FactorEnrolled, &who, &order);
            let there = with_store(config, async |store| {
                Ok(store.enrol_factor(&who, &made.sealed, &event).await?)
            })?;
            if !there {
                return Err(unknown(&who).into());
            }
            print(&format!("{}\n", made.address.as_str()))?;
        }
        TotpCommand::Remove { customer: name } => {
            let who = customer(name)?;
            let event = event(AuditKind::FactorRemoved, &who, &order);
            let removed = with_store(config, async |store| {
                Ok(store.remove_factor(&who, &event).await?)
            })?;
            print(if removed {
                "removed\n"
            } else {
                "there was none\n"
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
