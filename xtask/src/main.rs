//! Project automation: what is too much for a line of `make` and too much Vostro's own for a tool off the shelf.
//!
//! `cargo xtask tidy` holds the tree to its house rules; `cargo xtask train` makes the weights that are
//! committed. Building, testing and auditing stay with cargo, nextest and cargo-deny, which `make test` calls.

mod tidy;
mod train_guardrails;
mod train_intents;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use train_guardrails::Asked;

const USAGE: &str = "\
Project automation.

Usage: cargo xtask <command>

Commands:
  tidy              check the tree against its house rules; exit 1 with one line a finding
  tidy --bless      first write down what may change: shrunken long files, new migrations
  train guardrails  make the weights of the guardrails' classifiers (fetches packages with pip)
  train guardrails --safety
                    the same, and leave those for injection as they are
  train guardrails --injection
                    the same, and leave those for safety as they are
  train guardrails --folds
                    leave whole sources out in turn and print how well the rest generalises
  train intents     make the weights of the concierge's intent classifier
  train intents --folds
                    hold utterances out in turn and print how well the rest generalises
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &[String]) -> anyhow::Result<ExitCode> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["tidy"] => tidy::command(&root()?, false),
        ["tidy", "--bless"] => tidy::command(&root()?, true),
        ["train", "guardrails"] => train(Asked::All),
        ["train", "guardrails", "--injection"] => train(Asked::Injection),
        ["train", "guardrails", "--safety"] => train(Asked::Safety),
        ["train", "guardrails", "--folds"] => train(Asked::Folds),
        ["train", "intents", rest @ ..] if matches!(rest, [] | ["--folds"]) => {
            train_intents::command(&root()?, !rest.is_empty()).map(|()| ExitCode::SUCCESS)
        }
        [] | ["help" | "-h" | "--help"] => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => anyhow::bail!("unknown command {:?}\n\n{USAGE}", other.join(" ")),
    }
}

/// The guardrails' weights.
fn train(asked: Asked) -> anyhow::Result<ExitCode> {
    train_guardrails::command(&root()?, asked).map(|()| ExitCode::SUCCESS)
}

/// The repository's root: the folder above this crate.
fn root() -> anyhow::Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .map(Path::to_path_buf)
        .context("xtask stands in no folder")
}
