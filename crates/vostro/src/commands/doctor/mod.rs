//! `vostro doctor`: what is configured, reachable, missing.
//!
//! Each check is a real attempt with the parts that `serve` would use. Nothing is changed: a store
//! that is not there yet is not made.

mod checks;
mod model;
mod probe;
mod store;

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::version::print;
use crate::config::{ConfigError, Effective};
use crate::failure::{FAILED, USAGE};

const EXAMPLES: &str = "\
Examples:
  vostro doctor
  vostro doctor --json | jq '.checks[] | select(.status == \"failed\")'
  vostro doctor --probe http://127.0.0.1:8000/ready    is that server ready? (containers, scripts)

Exit codes: 0 nothing failed; 1 a check failed; 2 the configuration cannot be used.";

/// Says what is configured, reachable and missing: configuration, store, books, knowledge,
/// guardrails, ports, the other services, the language model. Changes nothing.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DoctorArgs {
    /// Print JSON: `{ok, version, checks: [{name, status, detail, hint}]}`
    #[arg(long)]
    json: bool,
    /// Ask only this address, and say whether it answers with success
    #[arg(long, value_name = "URL", conflicts_with = "json")]
    probe: Option<String>,
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// It works.
    Ok,
    /// It works, and something is worth knowing.
    Warning,
    /// Not configured, and not needed.
    Off,
    /// It does not work.
    Failed,
}

/// One line of the report.
#[derive(Debug, Clone, Serialize)]
struct Check {
    name: &'static str,
    status: Status,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl Check {
    fn new(name: &'static str, status: Status, detail: impl Into<String>) -> Self {
        Self {
            name,
            status,
            detail: detail.into(),
            hint: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Runs the command. A configuration that cannot be used is its first finding.
pub(crate) fn run(args: &DoctorArgs, loaded: Result<Effective>) -> Result<ExitCode> {
    if let Some(url) = &args.probe {
        return probed(url);
    }
    let (found, failed) = match loaded {
        Ok(effective) => {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()?;
            (runtime.block_on(checks::all(&effective)), FAILED)
        }
        Err(error) => match error.downcast::<ConfigError>()? {
            ConfigError::File(reason) => (vec![configuration_failed(reason)], USAGE),
            ConfigError::Problems(problems) => {
                let found = problems
                    .iter()
                    .map(|problem| configuration_failed(problem.to_string()));
                (found.collect(), USAGE)
            }
        },
    };
    let ok = found.iter().all(|check| check.status != Status::Failed);
    if args.json {
        let version = env!("CARGO_PKG_VERSION");
        print(&format!(
            "{:#}\n",
            json!({ "ok": ok, "version": version, "checks": found })
        ))?;
    } else {
        show(&found, ok);
    }
    Ok(if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(failed)
    })
}

fn probed(url: &str) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let answer = runtime.block_on(probe::succeeds(url));
    print(&format!("{}\n", answer.as_ref().unwrap_or_else(|why| why)))?;
    Ok(match answer {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(FAILED),
    })
}

fn configuration_failed(reason: String) -> Check {
    Check::new("configuration", Status::Failed, reason)
        .hint("docs/reference/configuration.md lists every setting")
}

fn show(found: &[Check], ok: bool) {
    for check in found {
        let (mark, colour) = match check.status {
            Status::Ok => ("ok", AnsiColor::Green),
            Status::Warning => ("note", AnsiColor::Yellow),
            Status::Off => ("off", AnsiColor::BrightBlack),
            Status::Failed => ("FAILED", AnsiColor::Red),
        };
        let style = Style::new().fg_color(Some(colour.into()));
        anstream::println!(
            "{style}{mark:<7}{style:#} {:<14} {}",
            check.name,
            check.detail
        );
        if let Some(hint) = &check.hint {
            anstream::println!("{:<23}hint: {hint}", "");
        }
    }
    anstream::println!(
        "{}",
        if ok {
            "\nNothing is wrong."
        } else {
            "\nSomething is wrong; see above."
        }
    );
}
