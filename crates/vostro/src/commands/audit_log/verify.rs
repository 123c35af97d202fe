//! `vostro audit-log verify`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::{Value, json};
use vostro_audit::{Checkpoint, Finding, KeyId, Pins, PublicKey, Report};

use crate::commands::version::print;
use crate::config::Config;
use crate::failure::{FAILED, Failure};
use crate::parts;

/// Compares every row with its seal.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// A key that must be in the chain: its id, or a public key file; may be repeated
    #[arg(long, value_name = "FILE|ID")]
    trusted_key: Vec<String>,
    /// A checkpoint that was kept outside: shows an end that was cut off
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Print JSON: `{clean, rows, sealed, unsealed, erased, seals, keys, found, findings: [{finding, …, text}]}`
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &VerifyArgs, config: &Config) -> Result<ExitCode> {
    let pins = Pins {
        keys: args
            .trusted_key
            .iter()
            .map(|text| trusted_key(text))
            .collect::<Result<_>>()?,
        checkpoint: args.checkpoint.as_deref().map(checkpoint).transpose()?,
    };
    let store = parts::open_store_to_read(config).await?;
    let report = vostro_audit::verify(&*store, &pins).await;
    store.close().await;
    let report = report?;
    print(&if args.json {
        format!("{:#}\n", as_json(&report))
    } else {
        as_text(&report)
    })?;
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    })
}

fn trusted_key(text: &str) -> Result<KeyId> {
    if let Some(id) = KeyId::parse(text) {
        return Ok(id);
    }
    let file = std::fs::read_to_string(text)
        .with_context(|| format!("--trusted-key: {text} is no id and no file that can be read"))?;
    let key = PublicKey::read(&file).map_err(|error| {
        Failure::usage(
            format!("--trusted-key: {text}: {error}"),
            "`vostro audit-log keys` prints ids and public keys",
        )
    })?;
    Ok(key.id())
}

fn checkpoint(path: &Path) -> Result<Checkpoint> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("--checkpoint: {} cannot be read", path.display()))?;
    let read = Checkpoint::read(&text).ok_or_else(|| {
        Failure::usage(
            format!(
                "--checkpoint: {} is no checkpoint, or was changed",
                path.display()
            ),
            "`vostro audit-log checkpoint` writes one",
        )
    })?;
    Ok(read)
}

fn as_json(report: &Report) -> Value {
    let mut value = json!(report);
    let told = |finding: &Finding| {
        let mut value = json!(finding);
        value["text"] = finding.to_string().into();
        value
    };
    value["clean"] = report.is_clean().into();
    value["findings"] = report.findings.iter().map(told).collect();
    value
}

fn as_text(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let _ = writeln!(text, "{finding}");
    }
    let told = report.findings.len() as u64;
    if report.found > told {
        let _ = writeln!(text, "… and {} more", report.found - told);
    }
    let _ = writeln!(
        text,
        "{} rows, {} as sealed, {} not sealed yet, {} with erased detail; {} seals, {} keys\n{}",
        report.rows,
        report.sealed,
        report.unsealed,
        report.erased,
        report.seals,
        report.keys.len(),
        if report.is_clean() {
            "Nothing was changed."
        } else {
            "The trail is not what was sealed; see above."
        }
    );
    text
}
