//! `vostro customer erase`: a customer's personal data, as far as bookkeeping law allows.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use vostro_bank::{AuditKind, EraseOutcome};

use super::{OrderArgs, customer, event, unknown, with_store};
use crate::commands::version::print;
use crate::config::Config;
use crate::failure::Failure;

/// Erases names, contact details, payees, conversations and the particulars of the audit trail. Accounts,
/// transfers and entries stay, under the bank's id of the customer; the trail verifies as before.
#[derive(Debug, Args)]
pub(super) struct EraseArgs {
    /// The customer
    customer: String,
    #[command(flatten)]
    order: OrderArgs,
}

pub(super) fn run(args: &EraseArgs, config: &Config) -> Result<ExitCode> {
    let who = customer(&args.customer)?;
    let event = event(AuditKind::CustomerErased, &who, &args.order.order()?);
    let outcome = with_store(config, async |store| {
        Ok(store.erase_customer(&who, &event).await?)
    })?;
    match outcome {
        EraseOutcome::Erased => print("erased; backups forget when they are replaced\n")?,
        EraseOutcome::Unknown => return Err(unknown(&who).into()),
        EraseOutcome::Unsettled => {
            return Err(Failure::new(
                format!(
                    "nothing was erased: {who} has a transfer that is not final, or funds set aside"
                ),
                "`vostro ledger pending` lists transfers; try again when they are settled",
            )
            .into());
        }
    }
    Ok(ExitCode::SUCCESS)
}
