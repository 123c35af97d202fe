//! `vostro seed`: makes the demo bank in the configured store.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::json;
use vostro_store::demo::seed_demo_bank;

use super::version::print;
use super::{Override, flag};
use crate::config::{Config, conceal};
use crate::parts;

const EXAMPLES: &str = "\
Examples:
  vostro seed                          the demo bank as configured
  vostro seed --customers 1000         a larger one; who is there already stays as they are
  vostro seed --database-url sqlite:/tmp/demo.db --seed 7
  vostro seed --database-url postgres://vostro@localhost/bank";

/// Makes the demo bank in the configured store: customers `demo_001`, `demo_002`, … with accounts,
/// payees, billers and 90 days of transactions. The same seed makes the same bank. Customers that
/// are there already are left as they are, so it can be run again.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SeedArgs {
    /// How many customers [default: demo.customers]
    #[arg(long, value_name = "N")]
    customers: Option<u32>,
    /// The number that the bank is made from [default: demo.seed]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Where the store is [default: database.url]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Print the counts as JSON
    #[arg(long)]
    json: bool,
}

impl SeedArgs {
    /// The settings that the flags make.
    pub(super) fn overrides(&self) -> Vec<Override> {
        let mut made = Vec::new();
        made.extend(
            self.customers
                .map(|value| flag("--customers", "demo.customers", &value)),
        );
        made.extend(self.seed.map(|value| flag("--seed", "demo.seed", &value)));
        made.extend(
            self.database_url
                .as_ref()
                .map(|url| flag("--database-url", "database.url", url)),
        );
        made
    }
}

/// Runs the command.
pub(crate) fn run(args: &SeedArgs, config: &Config) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let seeded = runtime.block_on(async {
        let store = parts::open_store(config).await?;
        let seeded = seed_demo_bank(store.as_ref(), config.demo.seed, config.demo.customers).await;
        store.close().await;
        anyhow::Ok(seeded?)
    })?;
    let url = conceal(config.database.url.expose());
    if args.json {
        let counts = json!({
            "store": url,
            "created": seeded.created,
            "already_there": seeded.already_there,
        });
        print(&format!("{counts}\n"))?;
    } else {
        print(&format!(
            "{url}: {} customers made, {} were there already\n",
            seeded.created, seeded.already_there
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
