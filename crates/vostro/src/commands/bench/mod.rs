//! `vostro bench`: load tests of a deployment, with a verdict.
//!
//! What is run, measured and judged is `vostro-bench`'s; here are the command line, the servers that are
//! started for it, and what is said while it runs.

mod curves;
mod load;
mod told;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use vostro_bench::compare::compare;
use vostro_bench::report;
use vostro_bench::{Machine, Made};
use vostro_types::{Clock as _, SystemClock};

use super::version::print;
use crate::failure::{FAILED, Failure};

const EXAMPLES: &str = "\
Examples:
  vostro bench baseline                         10 users for 5 minutes against a server of its own
  vostro bench all --within 6m --out report     every scenario, shortened to six minutes in all
  vostro bench spike --scale 0.2 --url http://127.0.0.1:8000
  vostro bench stress --database-url postgres://vostro@localhost/bench
  vostro bench curves --axis check --axis turn
  vostro bench compare old/benchmark.json new/benchmark.json

A server that was not started by this command needs `--profile bench`: else its limits are what is measured.

Exit codes: 0 every service level that was asked is met; 1 not, or it could not be run; 2 wrong usage.";

/// Load tests: open-loop scenarios, whether answers are right and the money is there, a verdict on the service
/// levels, and a report as HTML, Markdown and JSON.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct BenchArgs {
    #[command(subcommand)]
    command: BenchCommand,
}

#[derive(Debug, Subcommand)]
enum BenchCommand {
    /// 10 users, 5 minutes
    Baseline(load::LoadArgs),
    /// 10 → 100 users in 10 minutes, then twice as many until it cannot keep up
    Stress(load::LoadArgs),
    /// 10 → 100 → 10 users, 6 minutes, and how soon it is as before
    Spike(load::LoadArgs),
    /// 50 users, 1 hour, and whether memory grows
    Soak(load::LoadArgs),
    /// 10 connections in a closed loop, 30 seconds: how much can be done, and what a request costs
    Capacity(load::LoadArgs),
    /// Baseline, stress, spike and soak, and the capacity of each mix
    All(load::LoadArgs),
    /// What a request costs as one thing grows
    Curves(curves::CurvesArgs),
    /// Compare two reports
    Compare(CompareArgs),
}

/// Compare two reports.
#[derive(Debug, Args)]
struct CompareArgs {
    /// The earlier report's JSON file
    old: PathBuf,
    /// The later one's
    new: PathBuf,
    /// Changes within so many percent are noise
    #[arg(long, default_value_t = 10, value_name = "PERCENT")]
    tolerance: u8,
}

/// What reports are made with.
#[derive(Debug, Args)]
struct ReportArgs {
    /// The folder for the report: benchmark.html, BENCHMARK-REPORT.md and benchmark.json
    #[arg(long, default_value = "bench", value_name = "FOLDER")]
    out: PathBuf,
    /// The commit that the report names [default: what git says of this folder]
    #[arg(long, value_name = "ID")]
    commit: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: BenchArgs) -> Result<ExitCode> {
    use vostro_bench::Scenario::{Baseline, Capacity, Soak, Spike, Stress};
    match args.command {
        BenchCommand::Baseline(args) => load::run(&[Baseline], &args),
        BenchCommand::Stress(args) => load::run(&[Stress], &args),
        BenchCommand::Spike(args) => load::run(&[Spike], &args),
        BenchCommand::Soak(args) => load::run(&[Soak], &args),
        BenchCommand::Capacity(args) => load::run(&[Capacity], &args),
        BenchCommand::All(args) => load::run(&[Capacity, Baseline, Stress, Spike, Soak], &args),
        BenchCommand::Curves(args) => curves::run(&args),
        BenchCommand::Compare(args) => compared(&args),
    }
}

fn compared(args: &CompareArgs) -> Result<ExitCode> {
    let (old, new) = (report::read(&args.old)?, report::read(&args.new)?);
    let found = compare(&old, &new, f64::from(args.tolerance) / 100.0);
    print(&found.text)?;
    Ok(if found.worse == 0 && found.compared > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    })
}

/// When, where and from what a report is made; `finish` it when all is done.
fn made(args: &ReportArgs) -> Made {
    let commit = args.commit.clone().or_else(|| {
        let asked = std::process::Command::new("git")
            .args(["rev-parse", "--short", "HEAD"])
            .output();
        let told = asked.ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&told.stdout).trim().to_owned())
    });
    let command: Vec<String> = std::env::args().skip(1).map(|arg| hide(&arg)).collect();
    Made {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: commit.unwrap_or_else(|| "unknown".to_owned()),
        at: SystemClock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        command: format!("vostro {}", command.join(" ")),
        build: if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        }
        .to_owned(),
        machine: Machine::this(),
        seconds: 0.0,
    }
}

/// Addresses of databases hold passwords, and say where on a machine they are.
fn hide(arg: &str) -> String {
    let concealed = crate::config::conceal(arg);
    match concealed.split_once("://") {
        Some((scheme, _)) if scheme.ends_with("postgres") || scheme.ends_with("postgresql") => {
            format!("{scheme}://…")
        }
        _ => concealed,
    }
}

fn this_program() -> Result<PathBuf> {
    std::env::current_exe().context("this program does not know where it is")
}

/// A length of time as people write it: `30s`, `5m`, `1h 30m`, `800ms`.
fn length(text: &str) -> Result<Duration, String> {
    let read = text.parse::<jiff::SignedDuration>();
    let length = read.ok().and_then(|length| Duration::try_from(length).ok());
    length
        .filter(|length| !length.is_zero())
        .ok_or_else(|| "write it as `30s`, `5m` or `1h`".to_owned())
}

fn wrong(message: impl Into<String>, hint: &str) -> anyhow::Error {
    Failure::usage(message, hint).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        let seconds = |text| length(text).map(|length| length.as_secs_f64()).ok();
        assert_eq!(seconds("30s"), Some(30.0));
        assert_eq!(seconds("1h 30m"), Some(5_400.0));
        assert_eq!(seconds("800ms"), Some(0.8));
        for text in ["", "soon", "0s", "-5s"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn a_database_is_not_told() {
        assert_eq!(hide("postgres://bank:secret@host/bench"), "postgres://…");
        assert_eq!(
            hide("--database-url=postgres://%2Ftmp%2Fpg/bench"),
            "--database-url=postgres://…"
        );
        assert_eq!(hide("--within"), "--within");
    }
}
