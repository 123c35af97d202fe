//! `vostro understand`: what messages would be understood as, without carrying anything out.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::{Map, Value, json};
use vostro_bank::Portfolio;
use vostro_dialogue::state::DialogueState;
use vostro_dialogue::understand::{Context, Trace, explain};
use vostro_dialogue::wire;
use vostro_store::demo::seed_demo_bank;
use vostro_types::{Clock, CustomerId, SystemClock};

use super::{lines, version::print};
use crate::config::Config;
use crate::parts;

const EXAMPLES: &str = "\
Examples:
  echo 'send $50 to Anna' | vostro understand
  vostro understand --json < messages.txt";

/// Reads one message a line and prints what each would be understood as. Every message stands by
/// itself, and is read against the accounts, payees and billers of a demo customer. Nothing is
/// carried out, and the configured store is not touched.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct UnderstandArgs {
    /// Print one JSON object a message: intent, topic, commands, slots, `out_of_scope`, confidence
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &UnderstandArgs, config: &Config) -> Result<ExitCode> {
    let portfolio = demo_portfolio(config)?;
    let rules = config
        .bank
        .rules()
        .map_err(crate::config::ConfigError::Problems)?;
    let state = DialogueState::default();
    let embedder = parts::embedder(config).unwrap_or_else(|error| {
        anstream::eprintln!("by words alone: {error}");
        None
    });
    let context = Context {
        portfolio: &portfolio,
        state: &state,
        today: SystemClock.now().to_zoned(rules.time_zone).date(),
        embedder: embedder.as_deref(),
    };
    lines::for_each(false, |message| {
        let found = report(&explain(message, &context), &portfolio);
        if args.json {
            print(&format!("{found}\n"))
        } else {
            print(&format!("{}\n", describe(message, &found)))
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A demo customer's portfolio, from a store in memory.
fn demo_portfolio(config: &Config) -> Result<Portfolio> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let store = parts::open_store_in_memory(config)?;
        seed_demo_bank(store.as_ref(), config.demo.seed, 1).await?;
        let portfolio = store.portfolio(&CustomerId::new("demo_001")?).await?;
        store.close().await;
        portfolio.context("the demo customer was not made")
    })
}

fn report(trace: &Trace, portfolio: &Portfolio) -> Value {
    let understanding = &trace.understanding;
    let commands: Vec<Value> = understanding
        .commands
        .iter()
        .map(|command| wire(command, portfolio))
        .collect();
    let slots: Map<String, Value> = commands
        .iter()
        .filter_map(|command| {
            let name = command.get("slot")?.as_str()?.to_owned();
            Some((name, command.get("value")?.clone()))
        })
        .collect();
    json!({
        "intent": understanding.intent(None),
        "topic": trace.topic().map(|(topic, _)| topic.name),
        "commands": commands,
        "slots": slots,
        "out_of_scope": understanding.is_out_of_scope(),
        "confidence": understanding.confidence,
    })
}

fn describe(message: &str, found: &Value) -> String {
    let intent = found
        .get("intent")
        .and_then(Value::as_str)
        .unwrap_or("not understood");
    let confidence = found
        .get("confidence")
        .and_then(Value::as_f64)
        .unwrap_or_default();
    let slots: Vec<String> = found
        .get("slots")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()))
        .collect();
    format!(
        "{intent:<18} {confidence:.2}  {message}  {}",
        slots.join(", ")
    )
    .trim_end()
    .to_owned()
}
