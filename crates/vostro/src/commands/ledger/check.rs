//! `vostro ledger check`: whether the books are right, asked at any time.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use comfy_table::Table;
use serde_json::json;
use vostro_bank::LedgerCheck;

use crate::commands::version::print;
use crate::config::Config;
use crate::failure::FAILED;
use crate::parts;

const EXAMPLES: &str = "\
Examples:
  vostro ledger check
  vostro ledger check --json | jq '.checks[] | select(.deviations != [])'

Exit codes: 0 everything holds; 1 something deviates, each thing by name.";

/// Trial balance and reconciliation, beside the process that serves the store. Changes nothing.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CheckArgs {
    /// Print JSON: `{ok, checks: [{name, rule, checked, deviations}]}`
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(args: &CheckArgs, config: &Config) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    let checks = runtime.block_on(async {
        let store = parts::open_store_to_read(config).await?;
        let checks = store.reconcile().await;
        store.close().await;
        anyhow::Ok(checks?)
    })?;
    let ok = checks.iter().all(|check| check.deviations.is_empty());
    print(&if args.json {
        format!("{:#}\n", json!({ "ok": ok, "checks": checks }))
    } else {
        table(&checks, ok)
    })?;
    Ok(if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    })
}

fn table(checks: &[LedgerCheck], ok: bool) -> String {
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["check", "what must hold", "compared", "deviate"]);
    let mut deviations = String::new();
    for check in checks {
        table.add_row([
            check.name.clone(),
            check.rule.clone(),
            check.checked.to_string(),
            check.deviations.len().to_string(),
        ]);
        for deviation in &check.deviations {
            let _ = writeln!(deviations, "{}: {deviation}", check.name);
        }
    }
    let verdict = if ok {
        "The books are right."
    } else {
        "The books deviate; see above. Stop serving and keep a copy of the store before anything else."
    };
    format!("{table}\n{deviations}{verdict}\n")
}
