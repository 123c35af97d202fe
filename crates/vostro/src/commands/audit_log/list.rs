//! `vostro audit-log list`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use vostro_bank::{AuditRecord, canonical_json};

use crate::commands::version::print;
use crate::config::Config;
use crate::parts;

/// How many rows are read at once.
const PAGE: u32 = 1_000;

/// Prints rows of the audit trail.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only of this customer
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// Only of this kind, such as `posted`
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only from this instant on, such as 2026-11-22T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &ListArgs, config: &Config) -> Result<ExitCode> {
    let store = parts::open_store_to_read(config).await?;
    let mut after = i64::MIN;
    loop {
        let page = store.audit_trail(after, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = last.sequence;
        let lines: String = page
            .iter()
            .filter(|row| args.takes(row))
            .map(|row| args.line(row))
            .collect();
        print(&lines)?;
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

impl ListArgs {
    fn takes(&self, row: &AuditRecord) -> bool {
        let customer = row.customer.as_ref().map(vostro_types::CustomerId::as_str);
        self.customer
            .as_deref()
            .is_none_or(|wanted| customer == Some(wanted))
            && self.kind.as_deref().is_none_or(|wanted| row.kind == wanted)
            && self.since.is_none_or(|since| row.at >= since)
    }

    fn line(&self, row: &AuditRecord) -> String {
        if self.json {
            let line = json!({
                "sequence": row.sequence,
                "kind": row.kind,
                "at": row.at,
                "customer": row.customer,
                "session": row.session,
                "turn": row.turn,
                "commitment": row.commitment,
                "detail": row.detail,
            });
            return format!("{line}\n");
        }
        let customer = row.customer.as_ref().map_or("(erased)", |id| id.as_str());
        let detail = row.detail.as_ref().map_or_else(String::new, canonical_json);
        format!(
            "{:>8}  {}  {:<16} {customer}  {detail}\n",
            row.sequence, row.at, row.kind
        )
    }
}
