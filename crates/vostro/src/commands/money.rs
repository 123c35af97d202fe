//! `vostro money`: stops all money commands of every replica, lets them go on, and says how it stands.
//!
//! The switch is a row of the store. A server that holds an `SQLite` file is asked over HTTP (`--url`), under the name
//! of the credential. With the store opened here a name is what the caller says: whoever has the store has the bank.

use std::fmt::Write as _;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::json;
use vostro_bank::{Approval, MoneySwitch, Order, Store, SwitchRequest};
use vostro_types::{ApprovalId, Clock, SystemClock, SystemEntropy};

use super::administration::{Administrator, DecisionArgs, OrderArgs, not_open, same_person};
use super::ledger::{operator, with_store};
use super::version::print;
use crate::config::Config;
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  vostro money stop --reason 'payments look wrong'     asks; a second administrator approves:
  vostro money approve apr_… --by ben --reason 'seen it too'
  vostro money status
  vostro money resume --reason 'checked, incident 12'
  vostro money stop --reason 'incident 12' --url http://127.0.0.1:8000   a running server

With auth.two_people = \"to_resume\" one administrator stops money, and two let it go on. A server is asked with the
key or token in VOSTRO_TOKEN, in the sandbox with auth.admin_token.

While it is stopped nothing is proposed, posted, paid out or taken back, and customers are told so; what is
held can be released, pending transfers can be recalled, and everything can be looked at.";

/// What lists the requests.
const STATUS: &str = "vostro money status";

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
    /// Approve what another administrator asked for
    Approve(DecisionArgs),
    /// Take back what was asked for, or turn it down
    Withdraw(DecisionArgs),
    /// Say how it stands; exit code 0 in either case
    Status,
}

/// How it stands, as a server tells it and as the store does.
#[derive(Deserialize)]
struct Standing {
    #[serde(flatten)]
    switch: MoneySwitch,
    requests: Vec<Waiting>,
}

/// What waits for a second administrator.
#[derive(Deserialize)]
struct Waiting {
    request_id: String,
    stopped: bool,
    by: String,
    reason: String,
    expires_at: jiff::Timestamp,
}

impl From<SwitchRequest> for Waiting {
    fn from(request: SwitchRequest) -> Self {
        Self {
            request_id: request.id.into(),
            stopped: request.stopped,
            by: request.by,
            reason: request.reason,
            expires_at: request.expires_at,
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: &MoneyArgs, config: &Config) -> Result<ExitCode> {
    let standing = match &args.url {
        Some(url) => over_http(url, config, &args.command)?,
        None => in_store(config, &args.command)?,
    };
    print(&words(&standing))?;
    Ok(ExitCode::SUCCESS)
}

fn in_store(config: &Config, command: &MoneyCommand) -> Result<Standing> {
    let order = match command {
        MoneyCommand::Stop(order) | MoneyCommand::Resume(order) => Some(order),
        MoneyCommand::Approve(decision) | MoneyCommand::Withdraw(decision) => Some(&decision.order),
        MoneyCommand::Status => None,
    };
    let order = order.map(|it| Order::operator(&operator(it.by.as_deref()), &it.reason));
    let order = order
        .transpose()
        .map_err(|error| Failure::usage(error.to_string(), ""))?;
    let outcome = with_store(config, async |store| {
        if let Some(order) = &order
            && let Some(refusal) = carry_out(store, config, command, order).await?
        {
            return Ok(Err(refusal));
        }
        let requests = store.switch_requests().await?;
        Ok(Ok(Standing {
            switch: store.money_switch().await?,
            requests: requests.into_iter().map(Waiting::from).collect(),
        }))
    });
    Ok(outcome.context(Failure::new(
        "the switch could not be reached in the store",
        "a server that holds an SQLite file is asked with --url http://127.0.0.1:8000",
    ))??)
}

/// Does what the command says; gives why it is refused, if it is.
async fn carry_out(
    store: &dyn Store,
    config: &Config,
    command: &MoneyCommand,
    order: &Order,
) -> Result<Option<Failure>> {
    let two_people = config.auth.two_people.policy();
    let id = DecisionArgs::id;
    match command {
        MoneyCommand::Status => {}
        MoneyCommand::Stop(_) | MoneyCommand::Resume(_) => {
            let stopped = matches!(command, MoneyCommand::Stop(_));
            if two_people.take(stopped) {
                let id = ApprovalId::generate(&SystemEntropy);
                let minutes = i64::from(config.auth.approval_minutes);
                let end = SystemClock.now() + jiff::SignedDuration::from_mins(minutes);
                store.request_switch(&id, stopped, end, order).await?;
            } else {
                store.switch_money(stopped, order).await?;
            }
        }
        MoneyCommand::Approve(decision) => {
            let Some(id) = id(decision) else {
                return Ok(Some(not_open(STATUS)));
            };
            match store.approve_switch(&id, order).await? {
                Approval::Turned(_) => {}
                Approval::SamePerson => return Ok(Some(same_person())),
                Approval::NotOpen => return Ok(Some(not_open(STATUS))),
            }
        }
        MoneyCommand::Withdraw(decision) => {
            let withdrawn = match id(decision) {
                Some(id) => store.withdraw_switch(&id, order).await?,
                None => false,
            };
            if !withdrawn {
                return Ok(Some(not_open(STATUS)));
            }
        }
    }
    Ok(None)
}

fn over_http(url: &str, config: &Config, command: &MoneyCommand) -> Result<Standing> {
    let server = Administrator::new(url, config)?;
    let path = "/api/v1/admin/money";
    let order = |order: &OrderArgs| json!({ "by": server.by(order), "reason": order.reason });
    let answer = match command {
        MoneyCommand::Status => server.get(path),
        MoneyCommand::Stop(args) | MoneyCommand::Resume(args) => {
            let mut body = order(args);
            body["stopped"] = matches!(command, MoneyCommand::Stop(_)).into();
            server.put(path, &body)
        }
        MoneyCommand::Approve(decision) => {
            let path = decision.path(path, "approve", STATUS)?;
            server.post(&path, &order(&decision.order))
        }
        MoneyCommand::Withdraw(decision) => {
            let path = decision.path(path, "withdraw", STATUS)?;
            server.post(&path, &order(&decision.order))
        }
    };
    Ok(serde_json::from_value(answer?)?)
}

fn words(standing: &Standing) -> String {
    let switch = &standing.switch;
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
    for request in &standing.requests {
        let what = if request.stopped {
            "stop money"
        } else {
            "let money go on"
        };
        let (by, reason, end) = (&request.by, &request.reason, request.expires_at);
        let _ = writeln!(text, "waiting to {what}, asked by {by}: {reason}");
        let id = &request.request_id;
        let _ = writeln!(
            text,
            "  a second administrator approves it until {end}: vostro money approve {id} --reason …"
        );
    }
    text
}
