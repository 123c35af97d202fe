//! `vostro core-banking`: the conformance suite for a bank's adapter, and a reference adapter to learn from.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use vostro_bank::Store;
use vostro_core_banking::conformance::{CaseOutcome, Report, Subject, run as run_suite};
use vostro_core_banking::{HttpCore, reference_router};
use vostro_types::{CustomerId, SystemClock, SystemEntropy};

use super::version::print;
use crate::config::Config;
use crate::failure::Failure;
use crate::parts;

const EXAMPLES: &str = "\
Examples:
  vostro core-banking check http://127.0.0.1:9000 --customer test_customer
  vostro core-banking check https://core.bank.example/adapter --customer 4711 --json > report.json
  vostro core-banking serve --port 9000 --customer test_customer   a reference adapter over the configured store

The suite moves small amounts between two accounts of that customer and back. The adapter's token is
core_banking.token (VOSTRO__CORE_BANKING__TOKEN). docs/core-banking.md is the contract.";

/// Tests an adapter of a core banking system, or serves the reference one.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CoreBankingArgs {
    #[command(subcommand)]
    command: CoreBankingCommand,
}

#[derive(Debug, Subcommand)]
enum CoreBankingCommand {
    /// Run the conformance suite against an adapter; exit code 1 when a case fails
    Check(CheckArgs),
    /// Serve the reference adapter over the configured store, for trying things out
    Serve(ServeArgs),
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// The adapter's address, without `/v1`
    #[arg(value_name = "URL")]
    url: String,
    /// A test customer with two open accounts of one currency, one with some money
    #[arg(long, value_name = "ID")]
    customer: String,
    /// How much a case moves, in minor units
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    amount_minor: i64,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// The port on this machine
    #[arg(long, value_name = "PORT", default_value_t = 9000)]
    port: u16,
    /// Customers of the demo bank to open first
    #[arg(long, value_name = "ID")]
    customer: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(args: &CoreBankingArgs, config: &Config) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match &args.command {
        CoreBankingCommand::Check(args) => runtime.block_on(check(args, config)),
        CoreBankingCommand::Serve(args) => runtime.block_on(serve(args, config)),
    }
}

async fn check(args: &CheckArgs, config: &Config) -> Result<ExitCode> {
    let usage = |error: String| Failure::usage(error, "see `vostro core-banking check --help`");
    HttpCore::check_url(&args.url).map_err(|error| usage(error.to_string()))?;
    let customer = CustomerId::new(args.customer.as_str());
    let subject = Subject {
        core: parts::core_settings(config, &args.url),
        customer: customer.map_err(|error| usage(format!("--customer: {error}")))?,
        amount_minor: args.amount_minor,
    };
    let report = run_suite(subject, Arc::new(SystemEntropy)).await?;
    if args.json {
        print(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    } else {
        print(&words(&report))?;
    }
    Ok(if report.is_conformant() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn words(report: &Report) -> String {
    let mut text = String::new();
    for case in &report.cases {
        let _ = match &case.outcome {
            CaseOutcome::Passed => writeln!(text, "ok      {}", case.case),
            CaseOutcome::Failed(why) => writeln!(text, "FAILED  {}\n        {why}", case.case),
        };
    }
    let (all, failed) = (report.cases.len(), report.failures().count());
    let verdict = if failed == 0 {
        "the adapter keeps the contract"
    } else {
        "the adapter does not keep the contract"
    };
    let _ = writeln!(text, "{} of {all} cases passed: {verdict}", all - failed);
    text
}

async fn serve(args: &ServeArgs, config: &Config) -> Result<ExitCode> {
    let store = parts::open_store(config).await?;
    let store: Arc<dyn Store> = store;
    for customer in &args.customer {
        let customer = CustomerId::new(customer.as_str())
            .map_err(|error| Failure::usage(format!("--customer: {error}"), ""))?;
        store.open_demo_customer(&customer).await?;
    }
    let address = SocketAddr::from(([127, 0, 0, 1], args.port));
    let listener = tokio::net::TcpListener::bind(address).await;
    let listener = listener.context(Failure::new(
        format!("the port {} cannot be opened", args.port),
        "give another with --port",
    ))?;
    print(&format!(
        "A reference adapter answers at http://{}. Ctrl-C ends it.\n",
        listener.local_addr()?
    ))?;
    let router = reference_router(Arc::clone(&store), Arc::new(SystemClock));
    axum::serve(listener, router)
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
