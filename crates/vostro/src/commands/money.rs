//! `vostro money`: stops all money commands of every replica, lets them go on, and says how it stands.
//!
//! The switch is a row of the store. A server that holds an `SQLite` file is asked over HTTP (`--url`).

use std::fmt::Write as _;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use vostro_bank::{MoneySwitch, Order};

use super::ledger::{operator, with_store};
use super::version::print;
use crate::config::{Config, check_http_url};
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  vostro money stop --reason 'payments look wrong'
  vostro money status
  vostro money resume --reason 'checked, incident 12'
  vostro money stop --reason 'incident 12' --url http://127.0.0.1:8000   a running server, with auth.admin_token

While it is stopped nothing is proposed, posted, paid out or taken back, and customers are told so; what is
held can be released, pending transfers can be recalled, and everything can be looked at.";

/// How long a server may take to answer: it waits for the commands under way.
const DEADLINE: Duration = Duration::from_secs(30);

/// Stops all money commands, or lets them go on.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct MoneyArgs {
    #[command(subcommand)]
    command: MoneyCommand,
    /// Ask a running server instead of opening the store: `http://HOST:PORT`
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum MoneyCommand {
    /// Stop all money commands at once, on every replica
    Stop(OrderArgs),
    /// Let them go on
    Resume(OrderArgs),
    /// Say how it stands; exit code 0 in either case
    Status,
}

#[derive(Debug, Args)]
struct OrderArgs {
    /// Why, for the audit trail
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who orders it [default: $USER]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &MoneyArgs, config: &Config) -> Result<ExitCode> {
    let order = match &args.command {
        MoneyCommand::Stop(order) => Some((true, order)),
        MoneyCommand::Resume(order) => Some((false, order)),
        MoneyCommand::Status => None,
    };
    let order =
        order.map(|(stopped, it)| (stopped, operator(it.by.as_deref()), it.reason.as_str()));
    let switch = match &args.url {
        Some(url) => over_http(url, config, order)?,
        None => in_store(config, order)?,
    };
    print(&words(&switch))?;
    Ok(ExitCode::SUCCESS)
}

fn in_store(config: &Config, order: Option<(bool, String, &str)>) -> Result<MoneySwitch> {
    let order = order
        .map(|(stopped, by, reason)| Order::operator(&by, reason).map(|order| (stopped, order)))
        .transpose()
        .map_err(|error| Failure::usage(error.to_string(), ""))?;
    with_store(config, async |store| {
        Ok(match &order {
            Some((stopped, order)) => store.switch_money(*stopped, order).await?,
            None => store.money_switch().await?,
        })
    })
    .context(Failure::new(
        "the switch could not be reached in the store",
        "a server that holds an SQLite file is asked with --url http://127.0.0.1:8000",
    ))
}

fn over_http(
    url: &str,
    config: &Config,
    order: Option<(bool, String, &str)>,
) -> Result<MoneySwitch> {
    check_http_url(url).map_err(|reason| Failure::usage(format!("--url: {reason}"), ""))?;
    let Some(token) = &config.auth.admin_token else {
        let hint = "set auth.admin_token, here and at the server";
        return Err(Failure::usage("asking a server takes the operators' secret", hint).into());
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let client = reqwest::Client::builder()
            .timeout(DEADLINE)
            .no_proxy()
            .build()?;
        let path = format!("{}/api/v1/admin/money", url.trim_end_matches('/'));
        let request = match order {
            Some((stopped, by, reason)) => client
                .put(path)
                .json(&json!({ "stopped": stopped, "by": by, "reason": reason })),
            None => client.get(path),
        };
        let answer = request.bearer_auth(token.expose()).send().await;
        let answer = answer.with_context(|| format!("{url} does not answer"))?;
        let is_success = answer.status().is_success();
        let body: Value = answer.json().await.context("the answer cannot be read")?;
        if !is_success {
            let detail = body["detail"].as_str().unwrap_or("no detail was given");
            return Err(Failure::new(format!("{url} refused: {detail}"), "").into());
        }
        Ok(serde_json::from_value(body)?)
    })
}

fn words(switch: &MoneySwitch) -> String {
    let mut text = if switch.stopped {
        "money is stopped".to_owned()
    } else {
        "money moves".to_owned()
    };
    if switch.by_configuration {
        text.push_str(" (by bank.money_stopped)");
    }
    if let (Some(by), Some(reason), Some(at)) = (&switch.by, &switch.reason, &switch.at) {
        let _ = write!(text, "; last ordered by {by} at {at}: {reason}");
    }
    text.push('\n');
    text
}
