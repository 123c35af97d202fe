//! `vostro webhooks`: what endpoints are owed, what was given up, sending it again, and trying an endpoint.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use vostro_bank::{DeadDelivery, DeliveryKey, Outbox, OutboxStatus};
use vostro_types::{Clock, SystemClock, SystemEntropy, TurnId};
use vostro_webhooks::{Endpoint, Message, Outcome, message_id, parse_message_id};

use super::version::print;
use crate::config::Config;
use crate::failure::{FAILED, Failure};
use crate::{parts, webhooks};

const EXAMPLES: &str = "\
Examples:
  vostro webhooks status
  vostro webhooks ping core
  vostro webhooks list-dead --json
  vostro webhooks redeliver msg_core_17
  vostro webhooks redeliver --all

Over SQLite, which one process has at a time, all but `ping` need the server stopped.";

/// How many dead deliveries are read at once.
const PAGE: u32 = 500;

/// The bank's systems that are told what happened: docs/operations/webhooks.md.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct WebhooksArgs {
    #[command(subcommand)]
    command: WebhooksCommand,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum WebhooksCommand {
    /// What each endpoint is owed, and how old the oldest of it is
    Status,
    /// Deliveries that were given up
    ListDead,
    /// Send deliveries again that were given up
    Redeliver(RedeliverArgs),
    /// Send a signed message that only asks for an answer
    Ping {
        /// The endpoint's name, or its URL
        endpoint: String,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct RedeliverArgs {
    /// The `webhook-id`, as `list-dead` shows it
    id: Option<String>,
    /// All of them
    #[arg(long)]
    all: bool,
}

/// Runs the command.
pub(crate) fn run(args: &WebhooksArgs, config: &Config) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        if let WebhooksCommand::Ping { endpoint } = &args.command {
            return ping(endpoint, config, args.json).await;
        }
        let which = match &args.command {
            WebhooksCommand::Redeliver(RedeliverArgs { id: Some(id), .. }) => Some(key(id)?),
            _ => None,
        };
        let store = parts::open_store(config).await?;
        let done = match &args.command {
            WebhooksCommand::Status => status(store.as_ref(), config, args.json).await,
            WebhooksCommand::ListDead => list_dead(store.as_ref(), args.json).await,
            _ => redeliver(store.as_ref(), which.as_ref(), args.json).await,
        };
        store.close().await;
        done
    })
}

fn key(id: &str) -> Result<DeliveryKey> {
    let key = parse_message_id(id).ok_or_else(|| {
        Failure::usage(
            format!("`{id}` is no webhook-id"),
            "write it as `vostro webhooks list-dead` shows it: msg_<endpoint>_<sequence>",
        )
    })?;
    Ok(key)
}

async fn status(outbox: &dyn Outbox, config: &Config, json: bool) -> Result<ExitCode> {
    let status = outbox.outbox_status().await?;
    let text = if json {
        let configured: Vec<&str> = names(config).collect();
        let lag = lag_seconds(&status);
        format!(
            "{}\n",
            json!({ "configured": configured, "lag_seconds": lag, "outbox": status })
        )
    } else {
        status_text(&status, config)
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn names(config: &Config) -> impl Iterator<Item = &str> {
    config.webhooks.endpoints.iter().map(|it| it.name.as_str())
}

fn lag_seconds(status: &OutboxStatus) -> i64 {
    let age = |oldest| SystemClock.now().duration_since(oldest).as_secs();
    status.oldest().map_or(0, age).max(0)
}

fn status_text(status: &OutboxStatus, config: &Config) -> String {
    let mut text = format!(
        "not handed over yet: {}, oldest undelivered: {} s\n",
        status.waiting,
        lag_seconds(status)
    );
    let owed = |name: &str| status.endpoints.iter().find(|it| it.endpoint == name);
    for name in names(config).filter(|name| owed(name).is_none()) {
        let _ = writeln!(text, "{name}: nothing pending, nothing dead");
    }
    for it in &status.endpoints {
        let known = names(config).any(|name| name == it.endpoint);
        let note = if known { "" } else { " (not configured)" };
        let _ = writeln!(
            text,
            "{}{note}: {} pending, {} of them tried before, {} dead",
            it.endpoint, it.pending, it.retrying, it.dead
        );
    }
    text
}

async fn list_dead(outbox: &dyn Outbox, json: bool) -> Result<ExitCode> {
    let mut after: Option<DeliveryKey> = None;
    let mut count = 0_u64;
    loop {
        let page = outbox.dead_deliveries(after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        let lines: String = page.iter().map(|dead| dead_line(dead, json)).collect();
        print(&lines)?;
        count += u64::try_from(page.len()).unwrap_or(u64::MAX);
    }
    if count == 0 && !json {
        print("no delivery was given up\n")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One delivery, as a line of text or of JSON.
fn dead_line(dead: &DeadDelivery, json: bool) -> String {
    let id = message_id(&dead.key);
    if json {
        let mut line = json!(dead);
        if let Value::Object(members) = &mut line {
            members.insert("id".to_owned(), id.into());
        }
        return format!("{line}\n");
    }
    let how = match &dead.last {
        Some(last) => match last.status {
            Some(status) => format!("{} ({status})", last.outcome),
            None => last.outcome.clone(),
        },
        None => "not tried".to_owned(),
    };
    format!(
        "{id}  {}  of {}, given up {} after {} attempts: {how}\n",
        dead.topic, dead.published_at, dead.died_at, dead.attempts
    )
}

async fn redeliver(
    outbox: &dyn Outbox,
    which: Option<&DeliveryKey>,
    json: bool,
) -> Result<ExitCode> {
    let count = outbox.redeliver(which).await?;
    if let (Some(key), 0) = (which, count) {
        return Err(Failure::new(
            format!("{} is no delivery that was given up", message_id(key)),
            "`vostro webhooks list-dead` shows those that were",
        )
        .into());
    }
    print(&if json {
        format!("{}\n", json!({ "redelivered": count }))
    } else {
        format!("{count} to be delivered again; the server sends them\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn ping(wanted: &str, config: &Config, json: bool) -> Result<ExitCode> {
    let endpoints = webhooks::endpoints(config)?;
    let is_meant = |it: &&Endpoint| it.name() == wanted || it.url().as_str() == wanted;
    let endpoint = endpoints.iter().find(is_meant).ok_or_else(|| {
        Failure::usage(
            format!("`{wanted}` is no endpoint of the configuration"),
            "webhooks.endpoints names them; a message to it is signed with its secret",
        )
    })?;
    let now = SystemClock.now();
    // Only its randomness is wanted: each ping has an id of its own.
    let id = TurnId::generate(&SystemEntropy);
    let message = Message::ping(id.as_str(), now);
    let attempt = webhooks::sender(config)?
        .send(endpoint, &message, now)
        .await;
    let outcome = attempt.outcome;
    let took = attempt.took.as_millis();
    print(&if json {
        let (label, status) = (outcome.label(), outcome.status());
        let took = u64::try_from(took).unwrap_or(u64::MAX);
        let name = endpoint.name();
        let line = json!({ "endpoint": name, "id": message.id, "outcome": label, "status": status, "took_ms": took });
        format!("{line}\n")
    } else {
        let status = outcome
            .status()
            .map_or(String::new(), |status| format!(" ({status})"));
        format!(
            "{}: {}{status} in {took} ms\n",
            endpoint.name(),
            outcome.label()
        )
    })?;
    Ok(match outcome {
        Outcome::Acknowledged(_) => ExitCode::SUCCESS,
        _ => ExitCode::from(FAILED),
    })
}
