//! `vostro customer end-sessions`: conversations ended by an operator.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::json;
use vostro_dialogue::end_sessions;
use vostro_types::SessionId;

use super::{OrderedArgs, customer, with_store};
use crate::commands::version::print;
use crate::config::Config;

/// Ends a customer's conversations: what waits in them cannot be confirmed any more, and no further message is
/// taken in them. What was posted stays posted.
#[derive(Debug, Args)]
pub(super) struct EndArgs {
    /// The customer
    customer: String,
    /// Only this conversation
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    #[command(flatten)]
    ordered: OrderedArgs,
}

pub(super) fn run(args: &EndArgs, config: &Config) -> Result<ExitCode> {
    let who = customer(&args.customer)?;
    let only = args.session.as_deref().map(SessionId::new).transpose();
    let (only, order) = (only.context("--session")?, args.ordered.order()?);
    let body = json!({ "user_id": who, "session_id": only });
    let ended = match args.ordered.asked(config, "end-sessions", body)? {
        Some(answer) => answer["ended"].as_u64().unwrap_or_default(),
        None => with_store(config, async |store| {
            Ok(end_sessions(store, &who, only.as_ref(), &order).await?)
        })?,
    };
    print(&format!("ended: {ended}\n"))?;
    Ok(ExitCode::SUCCESS)
}
