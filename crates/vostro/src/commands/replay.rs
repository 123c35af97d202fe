//! `vostro replay`: a conversation's recorded commands, decided again.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::json;
use vostro_dialogue::{Replay, ReplayOutcome, ReplayedTurn};
use vostro_types::SessionId;

use super::version::print;
use super::{Override, flag};
use crate::config::Config;
use crate::failure::{FAILED, Failure};
use crate::parts;

/// How many turns are read at once.
const PAGE: u32 = 100;

const EXAMPLES: &str = "\
Examples:
  vostro replay ses_01h…            turn by turn: commands, decision, same memory or where it parted
  vostro replay ses_01h… --json

Exit codes: 0 every turn that can be replayed is the same; 1 one is not, or there is no such conversation.";

/// Decides a conversation's recorded commands again, offline, and compares steps and memory with the
/// record. Needs no message text, reads the store only, and carries nothing out.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ReplayArgs {
    /// The conversation: its `session_id`
    conversation: String,
    /// Where the store is [default: database.url]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Print JSON: `{same, turns: [{version, id, at, commands, decision, recorded_hash, replayed_hash, outcome}]}`
    #[arg(long)]
    json: bool,
}

impl ReplayArgs {
    /// The settings that the flags make.
    pub(super) fn overrides(&self) -> Vec<Override> {
        let url = self.database_url.as_ref();
        url.map(|url| flag("--database-url", "database.url", url))
            .into_iter()
            .collect()
    }
}

/// Runs the command.
pub(crate) fn run(args: &ReplayArgs, config: &Config) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let turns = runtime.block_on(replayed(args, config))?;
    if turns.is_empty() {
        return Err(Failure::new(
            format!("there is no conversation {}", args.conversation),
            "a reply's `session_id` names it; --database-url, or database.url, says in which store",
        )
        .into());
    }
    let same = !turns.iter().any(|turn| turn.outcome.is_mismatch());
    print(&if args.json {
        format!("{:#}\n", json!({ "same": same, "turns": turns }))
    } else {
        turns.iter().map(line).collect()
    })?;
    Ok(if same {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    })
}

async fn replayed(args: &ReplayArgs, config: &Config) -> Result<Vec<ReplayedTurn>> {
    let Ok(session) = SessionId::new(args.conversation.as_str()) else {
        return Ok(Vec::new());
    };
    let store = parts::open_store_to_read(config).await?;
    let (mut replay, mut told, mut after) = (Replay::new(), Vec::new(), 0);
    loop {
        let page = store.recorded_turns(&session, after, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = last.version;
        told.extend(page.iter().map(|turn| replay.turn(turn)));
    }
    store.close().await;
    Ok(told)
}

fn line(turn: &ReplayedTurn) -> String {
    let steps: Vec<_> = turn
        .decision
        .iter()
        .filter_map(|step| step.get("step").and_then(|name| name.as_str()))
        .collect();
    let outcome = match turn.outcome {
        ReplayOutcome::Equal => "same",
        ReplayOutcome::Unreadable => "DIFFERS: the record cannot be read",
        ReplayOutcome::Gap => "DIFFERS: a turn before it is missing",
        ReplayOutcome::OtherSteps => "DIFFERS: the commands lead to other steps",
        ReplayOutcome::OtherOutcomes => "DIFFERS: the recorded outcomes are not these steps'",
        ReplayOutcome::OtherState => "DIFFERS: the memory afterwards is another",
        ReplayOutcome::NotRecorded => "recorded by an older program, cannot be replayed",
        ReplayOutcome::Unreached => "not reached: it follows a turn that could not be replayed",
    };
    let hash = turn
        .replayed_hash
        .as_deref()
        .and_then(|hash| hash.get(..12));
    format!(
        "{:>4}  {}  {}\n      commands: {}\n      decision: {}\n      memory:   {} {outcome}\n",
        turn.version,
        turn.at,
        turn.id,
        listed(turn.commands.iter().map(String::as_str)),
        listed(steps.into_iter()),
        hash.unwrap_or("-"),
    )
}

fn listed<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let items: Vec<_> = items.collect();
    if items.is_empty() {
        "(none)".to_owned()
    } else {
        items.join(", ")
    }
}
