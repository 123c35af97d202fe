//! `vostro eval`: how good a part of the assistant is, measured on data that is brought along.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use vostro_guardrails::eval::{Data, run as measure};

use super::version::print;
use super::{eval_transcripts, eval_understanding};
use crate::config::Config;
use crate::parts;

const EXAMPLES: &str = "\
Examples:
  vostro eval guardrails                          what needs no data: own proxies, latency
  vostro eval guardrails --data DIR               everything that DIR has data for
  vostro eval guardrails --check                  exit status 1 when a bar is missed (but for times)
  vostro eval guardrails --data DIR --markdown docs/guardrails.md
                                                  write the table between the marks of that page";

/// Measures a part of the assistant.
#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The guardrails: recall, false alarms, calibration, latency
    Guardrails(GuardrailsArgs),
    /// Conversations that are written down: replies, books, audit trail, records
    Transcripts(eval_transcripts::TranscriptsArgs),
    /// The understanding: intents and what is out of scope, on own texts and on a public set
    Intents(eval_understanding::IntentsArgs),
    /// The understanding: slot values, on own turns
    Slots(eval_understanding::SlotsArgs),
    /// The knowledge search: recall, nDCG, MRR, latency
    Rag(super::eval_rag::RagArgs),
}

/// Prints every bar with its figure and whether it is met. Rows whose data are missing or held back say
/// so, and rows on the project's own data are marked as proxies. Nothing leaves this machine.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct GuardrailsArgs {
    /// The folder with labelled data
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Take at most this many texts of each file, evenly spread: for a quick look
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    sample: Option<u32>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// End with status 1 when a figure misses its bar; times are left out, they need a release build
    #[arg(long)]
    check: bool,
    /// Write the table into this page instead, between its marks
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    markdown: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &EvalArgs, config: &Config) -> Result<ExitCode> {
    match &args.what {
        What::Guardrails(args) => guardrails(args, config),
        What::Transcripts(args) => eval_transcripts::run(args, config),
        What::Intents(args) => eval_understanding::run_intents(args, config),
        What::Slots(args) => eval_understanding::run_slots(args, config),
        What::Rag(args) => super::eval_rag::run(args, config),
    }
}

fn guardrails(args: &GuardrailsArgs, config: &Config) -> Result<ExitCode> {
    if let Some(folder) = &args.data {
        ensure!(folder.is_dir(), "no folder {}", folder.display());
    }
    let engine = parts::engine(config)?;
    let mut data = Data::read(&|name| {
        let folder = args.data.as_ref()?;
        std::fs::read_to_string(folder.join(name)).ok()
    });
    if let Some(count) = args.sample {
        data.thin(usize::try_from(count)?);
    }
    let start = Instant::now();
    let report = measure(&engine, &data, &|| start.elapsed());
    match &args.markdown {
        Some(page) => write_into(page, "vostro eval guardrails", &report)?,
        None if args.json => print(&format!("{:#}\n", serde_json::to_value(&report)?))?,
        None => print(&report.to_string())?,
    }
    let missed: Vec<String> = report
        .missed()
        .map(|row| {
            format!(
                "{} {:.4}, bar {}",
                row.what,
                row.value.unwrap_or(0.0),
                row.bar
            )
        })
        .collect();
    if args.check && !missed.is_empty() {
        anstream::eprintln!("missed: {}", missed.join("; "));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Puts a command's table between its marks in a page.
pub(super) fn write_into(page: &Path, command: &str, table: &impl Display) -> Result<()> {
    let (begin, end) = (
        format!("<!-- begin: {command} -->"),
        format!("<!-- end: {command} -->"),
    );
    let text = std::fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let parts = text
        .split_once(&begin)
        .and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) =
        parts.with_context(|| format!("{}: no line {begin} with its end", page.display()))?;
    let text = format!("{before}{begin}\n{table}{end}{after}");
    std::fs::write(page, text).with_context(|| page.display().to_string())
}
