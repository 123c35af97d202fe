//! `vostro version`: what this build is.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::parts;

/// Prints the version and what this build holds.
#[derive(Debug, Args)]
pub(crate) struct VersionArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &VersionArgs) -> Result<ExitCode> {
    let version = env!("CARGO_PKG_VERSION");
    let stores = ["sqlite"];
    let articles = parts::embedded_articles();
    if args.json {
        let about = json!({ "version": version, "stores": stores, "embedded_articles": articles });
        print(&format!("{about:#}\n"))?;
    } else {
        print(&format!(
            "vostro {version}\nstores: {}\narticles that come with it: {articles}\n",
            stores.join(", ")
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes to standard output, without colours where nobody sees them; a reader that went away is an error value, not a panic.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}
