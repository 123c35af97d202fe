//! `vostro customer erase`: a customer's personal data, as far as bookkeeping law allows.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::json;
use vostro_bank::{AuditKind, EraseOutcome};

use super::{OrderedArgs, customer, event, unknown, with_store};
use crate::commands::version::print;
use crate::config::Config;
use crate::failure::Failure;

const ERASED: &str = "erased; backups forget when they are replaced\n";

/// Erases names, contact details, payees, conversations and the particulars of the audit trail. Accounts,
/// transfers and entries stay, under the bank's id of the customer; the trail verifies as before. What a core banking
/// system keeps is its own to erase.
#[derive(Debug, Args)]
pub(super) struct EraseArgs {
    /// The customer
    customer: String,
    #[command(flatten)]
    ordered: OrderedArgs,
}

pub(super) fn run(args: &EraseArgs, config: &Config) -> Result<ExitCode> {
    let who = customer(&args.customer)?;
    let body = json!({ "user_id": who });
    if args.ordered.asked(config, "erase", body)?.is_some() {
        print(ERASED)?;
        return Ok(ExitCode::SUCCESS);
    }
    let event = event(AuditKind::CustomerErased, &who, &args.ordered.order()?);
    let outcome = with_store(config, async |store| {
        Ok(store.erase_customer(&who, &event).await?)
    })?;
    match outcome {
        EraseOutcome::Erased => print(ERASED)?,
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
