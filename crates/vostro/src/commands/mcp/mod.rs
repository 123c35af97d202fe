//! `vostro mcp`: the bank for programs that speak the Model Context Protocol, over standard input and output.
//!
//! Every tool but the search is a message to the concierge, so that what holds for a customer's words holds for a
//! tool: the same guardrails, the same rules, the same proposals. A tool that would move money only proposes; the
//! yes is asked of the person in front of the client (the protocol's elicitation), never taken from the client's
//! model. How to attach a client: `docs/how-to/attach-an-mcp-client.md`.

mod server;
mod tools;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use rmcp::ServiceExt;
use rmcp::transport::stdio;

use self::server::BankServer;
use super::chat::Http;

const EXAMPLES: &str = "\
Examples, as the command that a client is told to start:
  vostro mcp --user demo_001                         over the server on this machine
  vostro mcp --user demo_001 --url http://10.0.0.5:8000";

/// Serves the bank's tools over standard input and output until the client ends.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct McpArgs {
    /// The concierge to talk to
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:8000",
        env = "VOSTRO_URL"
    )]
    url: String,
    /// Where the knowledge base is searched; at the concierge when missing
    #[arg(long, value_name = "URL")]
    rag_url: Option<String>,
    /// The customer whose bank this is
    #[arg(long, value_name = "ID", default_value = "demo_001")]
    user: String,
}

/// Runs the command.
pub(crate) fn run(args: &McpArgs) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let concierge = Http::new(&args.url, &args.user)?;
        let articles = Http::new(args.rag_url.as_ref().unwrap_or(&args.url), &args.user)?;
        let running = Box::pin(BankServer::new(concierge, articles).serve(stdio()))
            .await
            .context("the client does not speak the Model Context Protocol")?;
        running.waiting().await?;
        Ok(ExitCode::SUCCESS)
    })
}
