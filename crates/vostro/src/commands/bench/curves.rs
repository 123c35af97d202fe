//! Cost curves.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use vostro_bench::curves::{Axis, CurveSettings, curve};
use vostro_bench::{Report, report};

use super::{ReportArgs, length, made, this_program, wrong};
use crate::commands::version::print;

/// What a request costs as one thing grows.
#[derive(Debug, Args)]
pub(super) struct CurvesArgs {
    /// What grows; may be repeated [default: all that the store allows]
    #[arg(long, value_enum)]
    axis: Vec<AxisChoice>,
    /// Sizes in place of the axis's own, for all axes
    #[arg(long, value_name = "N", value_delimiter = ',')]
    sizes: Vec<u64>,
    /// Leave sizes beyond this out: large ones take minutes to make
    #[arg(
        long,
        value_name = "N",
        default_value_t = 10_000,
        conflicts_with = "sizes"
    )]
    most: u64,
    /// The store [default: an `SQLite` file for each point]; replicas need a database server
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// How long each point is measured
    #[arg(long, value_name = "TIME", value_parser = length, default_value = "5s")]
    duration: Duration,
    /// Connections of the closed loop
    #[arg(long, value_name = "N", default_value_t = 4)]
    connections: usize,
    /// The number that all choices are made from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    report: ReportArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AxisChoice {
    /// Articles of the knowledge base
    Knowledge,
    /// Entries of the ledger (sizes are customers of the demo bank)
    Ledger,
    /// Conversations on record
    Sessions,
    /// Characters of a text, checked by the guardrails
    Check,
    /// Characters of a message, in a whole turn
    Turn,
    /// Bytes of a text that is made to be slow
    Hostile,
    /// Processes over one database server
    Replicas,
}

impl AxisChoice {
    const fn axis(self) -> Axis {
        match self {
            Self::Knowledge => Axis::Knowledge,
            Self::Ledger => Axis::Ledger,
            Self::Sessions => Axis::Sessions,
            Self::Check => Axis::Check,
            Self::Turn => Axis::Turn,
            Self::Hostile => Axis::Hostile,
            Self::Replicas => Axis::Replicas,
        }
    }
}

/// Runs the command.
pub(super) fn run(args: &CurvesArgs) -> Result<ExitCode> {
    let is_server = args
        .database_url
        .as_ref()
        .is_some_and(|url| url.starts_with("postgres"));
    let chosen: Vec<Axis> = match args.axis.as_slice() {
        [] => Axis::ALL
            .into_iter()
            .filter(|axis| *axis != Axis::Replicas || is_server)
            .collect(),
        some => some.iter().map(|one| one.axis()).collect(),
    };
    if chosen.contains(&Axis::Replicas) && !is_server {
        return Err(wrong(
            "--axis replicas: one process at a time opens an SQLite file",
            "give a PostgreSQL database with --database-url",
        ));
    }
    let settings = CurveSettings {
        program: this_program()?,
        database_url: args.database_url.clone(),
        lasts: args.duration,
        connections: args.connections.max(1),
        seed: args.seed,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    let began = Instant::now();
    let mut report = Report {
        made: made(&args.report),
        ..Report::default()
    };
    for axis in chosen {
        let sizes: Vec<u64> = match args.sizes.as_slice() {
            [] => {
                // These are small whatever their number.
                let most = match axis {
                    Axis::Hostile => u64::MAX,
                    _ => args.most,
                };
                axis.sizes()
                    .iter()
                    .copied()
                    .filter(|size| *size <= most)
                    .collect()
            }
            given => given.to_vec(),
        };
        let told = |text: String| anstream::eprintln!("{text}");
        let curve = runtime.block_on(curve(axis, &sizes, &settings, &told))?;
        report.curves.push(curve);
    }
    report.made.machine.finish();
    report.made.seconds = began.elapsed().as_secs_f64();
    let [_, page, _] = report::write(&report, &args.report.out)?;
    print(&format!("The report: {}\n", page.display()))?;
    Ok(ExitCode::SUCCESS)
}
