//! `vostro guard`: the guardrails' check on texts from standard input.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use vostro_guardrails::{CheckRequest, Direction, Verdict};

use super::{lines, version::print};
use crate::config::Config;
use crate::parts;

const EXAMPLES: &str = "\
Examples:
  echo 'My SSN is 123-45-6789' | vostro guard
  vostro guard --json < messages.txt        one verdict a line, as POST /api/v1/guardrails/check gives
  vostro guard --whole --direction document < article.md";

/// Checks texts for personal data, unsafe content and prompt injection: one text a line, or all of
/// standard input as one. Nothing leaves this machine, and no personal value is printed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct GuardArgs {
    /// Print one JSON object a text: the verdict as the HTTP service gives it
    #[arg(long)]
    json: bool,
    /// Take all of standard input as one text
    #[arg(long)]
    whole: bool,
    /// Where the texts come from
    #[arg(long, value_enum, default_value_t = From::Input)]
    direction: From,
    /// Checks to leave out; separate several with commas
    #[arg(long, value_enum, value_delimiter = ',', value_name = "CHECK")]
    skip: Vec<Skip>,
}

/// Where a text comes from.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum From {
    /// A customer wrote it
    Input,
    /// It is about to be said to a customer
    Output,
    /// It was retrieved: data, never instructions
    Document,
}

/// A check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Skip {
    /// For unsafe content
    Safety,
    /// For personal data
    Pii,
    /// For prompt injection
    Injection,
}

/// Runs the command.
pub(crate) fn run(args: &GuardArgs, config: &Config) -> Result<ExitCode> {
    let engine = parts::engine(config)?;
    let request = CheckRequest {
        direction: match args.direction {
            From::Input => Direction::Input,
            From::Output => Direction::Output,
            From::Document => Direction::Document,
        },
        safety: !args.skip.contains(&Skip::Safety),
        pii: !args.skip.contains(&Skip::Pii),
        injection: !args.skip.contains(&Skip::Injection),
        allow: &[],
    };
    lines::for_each(args.whole, |text| {
        let verdict = engine.check(text, &request);
        if args.json {
            print(&format!("{}\n", serde_json::to_string(&verdict)?))
        } else {
            print(&format!("{}\n", describe(&verdict)))
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// One line for people: the findings, then the text as it may be stored.
fn describe(verdict: &Verdict) -> String {
    let name = |value: serde_json::Result<serde_json::Value>| match value {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    };
    let mut found = Vec::new();
    for violation in &verdict.safety_violations {
        let (category, severity) = (
            name(serde_json::to_value(violation.category)),
            name(serde_json::to_value(violation.severity)),
        );
        found.push(format!("{category} ({severity}, {:.2})", violation.score));
    }
    for injection in &verdict.injections {
        let technique = name(serde_json::to_value(injection.technique));
        found.push(format!("injection: {technique} ({:.2})", injection.score));
    }
    for value in &verdict.pii_matches {
        found.push(format!(
            "{} ({:.2})",
            value.pii_type.name(),
            value.confidence
        ));
    }
    if let Some(handoff) = &verdict.handoff {
        found.push(format!("for a person: {}", handoff.reason));
    }
    found.extend(
        verdict
            .topics
            .iter()
            .map(|topic| format!("off topic: {}", topic.topic)),
    );
    let label = if verdict.blocks() {
        "blocked"
    } else {
        "passed"
    };
    let findings = if found.is_empty() {
        "nothing found".to_owned()
    } else {
        found.join(", ")
    };
    format!("{label:<8} {findings}\n         {}", verdict.masked_text)
}
