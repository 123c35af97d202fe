//! `vostro ingest`: files into the knowledge base of the configured store.

mod report;
mod work;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use vostro_http::client::PassageScreen;
use vostro_ingest::Defaults;
use vostro_knowledge::Audience;
use vostro_store::{OpenError, OpenedStore};

use self::work::{Gone, Orders, Work};
use super::version::print;
use super::{Override, flag};
use crate::config::Config;
use crate::failure::{FAILED, Failure};
use crate::{corpus, parts};

const EXAMPLES: &str = "\
Examples:
  vostro ingest handbook/                       every document below the folder
  vostro ingest faq.csv --category faq          questions and answers, one a row
  vostro ingest internal/ --audience staff      found by the bank's own people only
  vostro ingest handbook/ --dry-run             say what would be done
  vostro ingest handbook/ --database-url postgres://vostro@localhost/bank

Read are Markdown (front matter in YAML or TOML), HTML, PDF, DOCX, plain text, CSV with columns `question` and
`answer`, and JSON lines. What has not changed costs nothing; what is gone from a folder that is ingested again is
removed. Each document is kept whole or not at all, so an ingest that was cut short goes on when it is run again.

Exit codes: 0 everything was taken in; 1 something was not: it is listed, and the rest is kept.";

/// Takes files and folders into the knowledge base of the configured store. Passages that give instructions to a
/// model are kept from everybody, with their document (`knowledge.quarantine`).
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "switches of the command line"
)]
pub(crate) struct IngestArgs {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The category of documents that name none
    #[arg(long, value_name = "NAME", default_value = "documents")]
    category: String,
    /// Who may find documents that do not say it
    #[arg(long, value_name = "WHO", default_value = "customer")]
    audience: Who,
    /// The language of documents that do not say it
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
    /// Read and keep again what has not changed
    #[arg(long)]
    force: bool,
    /// Keep documents whose files are gone
    #[arg(long, conflicts_with = "prune")]
    keep: bool,
    /// Remove documents whose files are gone, also where a folder has become empty
    #[arg(long)]
    prune: bool,
    /// Do not embed: passages are found by their words until a server has embedded them
    #[arg(long)]
    words: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Where the store is [default: database.url]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Who {
    /// Anyone
    Public,
    /// The bank's customers
    Customer,
    /// The bank's own people
    Staff,
}

impl IngestArgs {
    /// The settings that the flags make.
    pub(super) fn overrides(&self) -> Vec<Override> {
        let url = self.database_url.as_ref();
        url.map(|url| flag("--database-url", "database.url", url))
            .into_iter()
            .collect()
    }

    fn orders(&self, config: &Config) -> Result<Orders> {
        Ok(Orders {
            paths: self.paths.clone(),
            defaults: Defaults {
                category: self.category.clone(),
                audience: match self.audience {
                    Who::Public => Audience::Public,
                    Who::Customer => Audience::Customer,
                    Who::Staff => Audience::Staff,
                },
                language: self.language.clone(),
                updated: corpus::today(config)?,
            },
            quarantine: config.knowledge.quarantine.into(),
            force: self.force,
            gone: match (self.keep, self.prune) {
                (true, _) => Gone::Keep,
                (_, true) => Gone::Prune,
                _ => Gone::Usual,
            },
            dry_run: self.dry_run,
        })
    }
}

/// Runs the command.
pub(crate) fn run(args: &IngestArgs, config: &Config) -> Result<ExitCode> {
    let screen = PassageScreen(Arc::new(parts::engine(config)?));
    let orders = args.orders(config)?;
    let embedder = if args.words || args.dry_run {
        None
    } else {
        parts::embedder(config).unwrap_or_else(|error| {
            anstream::eprintln!("without the embedding model: {error}");
            None
        })
    };
    let runtime = tokio::runtime::Runtime::new().context("the runtime did not start")?;
    let report = runtime.block_on(async {
        let store = open(config).await?;
        let work = Work::new(orders, store.as_ref(), &screen, embedder, bar());
        let report = work.run().await;
        store.close().await;
        report
    })?;
    if args.json {
        print(&format!("{:#}\n", serde_json::to_value(&report)?))?;
    } else {
        print(&report.to_string())?;
    }
    Ok(if report.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    })
}

async fn open(config: &Config) -> Result<Arc<dyn OpenedStore>> {
    parts::open_store(config).await.map_err(|error| {
        let cause = error.downcast_ref::<OpenError>();
        match cause {
            Some(OpenError::InUse { path }) => Failure::new(
                format!("the database {} is served by another process", path.display()),
                "send documents to it (`POST /api/v1/rag/documents`), or stop it first; with PostgreSQL \
                 both go on at once",
            )
            .into(),
            _ => error,
        }
    })
}

/// A bar on a terminal; elsewhere nothing.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {msg}");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
