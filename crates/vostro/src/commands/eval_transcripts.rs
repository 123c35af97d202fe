//! `vostro eval transcripts`: conversations that are written down, played against the whole turn.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Args;
use vostro_transcripts::{Baseline, Report, play_all, read_folder};

use super::version::print;
use crate::config::Config;
use crate::parts;

const EXAMPLES: &str = "\
Examples:
  vostro eval transcripts                         every conversation of evals/transcripts
  vostro eval transcripts --json > report.json
  vostro eval transcripts --html report.html
  vostro eval transcripts --write-baseline        what holds now is what must hold from now on

Exit codes: 0 every conversation held; 1 one did not; 2 wrong usage.";

/// Plays conversations and looks up what each expects: in replies, the books, the audit trail and the
/// bank's records. The bank is one in memory; nothing is read from or written to the configured one.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TranscriptsArgs {
    /// The folder with conversations
    #[arg(long, value_name = "DIR", default_value = "evals/transcripts")]
    folder: PathBuf,
    /// Only conversations whose name has this in it
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// What to compare with [default: baseline.json in the folder, if there is one]
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write down what holds, to compare with from now on
    #[arg(long, conflicts_with = "only")]
    write_baseline: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write the report as a page, too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &TranscriptsArgs, config: &Config) -> Result<ExitCode> {
    let mut scripts = read_folder(&args.folder)?;
    if let Some(only) = &args.only {
        scripts.retain(|script| script.name().contains(only.as_str()));
    }
    ensure!(
        !scripts.is_empty(),
        "no conversation in {}",
        args.folder.display()
    );
    let kept = args.folder.join("baseline.json");
    let baseline = args.baseline.as_ref().unwrap_or(&kept);
    let before = match std::fs::read_to_string(baseline) {
        Ok(text) => Some(
            serde_json::from_str::<Baseline>(&text)
                .with_context(|| format!("{} is no baseline", baseline.display()))?,
        ),
        Err(_) if args.baseline.is_none() => None,
        Err(error) => return Err(error).with_context(|| baseline.display().to_string()),
    };
    let before = before.filter(|_| args.only.is_none());
    let knowledge = parts::knowledge(config)?.base;
    let runtime = tokio::runtime::Runtime::new().context("the runtime did not start")?;
    let played = runtime.block_on(play_all(&scripts, knowledge))?;
    let report = Report::of(&played, before.as_ref());
    if let Some(page) = &args.html {
        std::fs::write(page, report.html()).with_context(|| page.display().to_string())?;
    }
    if args.write_baseline {
        let text = format!("{:#}\n", serde_json::to_value(report.baseline())?);
        std::fs::write(&kept, text).with_context(|| kept.display().to_string())?;
    }
    if args.json {
        print(&format!("{:#}\n", serde_json::to_value(&report)?))?;
    } else {
        print(&report.to_string())?;
    }
    Ok(if report.holds() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
