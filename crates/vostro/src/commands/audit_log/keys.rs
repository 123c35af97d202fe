//! `vostro audit-log keys`, `checkpoint` and `rotate-key`.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::json;
use vostro_audit::{Checkpoint, Link, LinkBody, PublicKey, current_key};
use vostro_bank::Store;
use vostro_types::{Clock, SystemClock};

use crate::audit_key;
use crate::commands::version::print;
use crate::config::Config;
use crate::failure::Failure;
use crate::parts;

/// Prints the keys that sealed the trail.
#[derive(Debug, Args)]
pub(super) struct KeysArgs {
    /// Print the current public key alone, as PEM
    #[arg(long, conflicts_with = "json")]
    pem: bool,
    /// Print JSON: `[{id, public_key, since_seal}]`
    #[arg(long)]
    json: bool,
}

/// The chain's keys with the seals that brought them in.
async fn keys(store: &dyn Store) -> Result<Vec<(i64, PublicKey)>> {
    let seals = store.key_seals().await?;
    let read = seals.into_iter().map(|record| {
        let number = record.number;
        let link = Link::read(record).with_context(|| format!("seal {number}"))?;
        anyhow::Ok(match link.body {
            LinkBody::Key(key) => Some((number, key)),
            LinkBody::Rows(_) => None,
        })
    });
    Ok(read
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect())
}

fn nothing_sealed() -> Failure {
    Failure::new(
        "nothing is sealed yet",
        "the first seals come seconds after `vostro serve` has begun; with PostgreSQL, set audit.key_file",
    )
}

pub(super) async fn list(args: &KeysArgs, config: &Config) -> Result<ExitCode> {
    let store = parts::open_store_to_read(config).await?;
    let keys = keys(&*store).await;
    store.close().await;
    let keys = keys?;
    let text = if args.pem {
        let (_, current) = keys.last().ok_or_else(nothing_sealed)?;
        current.to_pem()?
    } else if args.json {
        let keys: Vec<_> = keys
            .iter()
            .map(|(seal, key)| {
                let public = hex_of(key);
                json!({ "id": key.id(), "public_key": public, "since_seal": seal })
            })
            .collect();
        format!("{:#}\n", json!(keys))
    } else {
        let mut lines = String::new();
        for (seal, key) in &keys {
            writeln!(lines, "{}  {}  since seal {seal}", key.id(), hex_of(key))?;
        }
        lines
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn hex_of(key: &PublicKey) -> String {
    let mut text = String::new();
    for byte in key.as_bytes() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

pub(super) async fn checkpoint(config: &Config) -> Result<ExitCode> {
    let store = parts::open_store_to_read(config).await?;
    let (last, keys) = (store.last_seal().await, keys(&*store).await);
    store.close().await;
    let last = last?.ok_or_else(nothing_sealed)?;
    let signer = keys?
        .into_iter()
        .map(|(_, key)| key)
        .find(|key| key.id().as_str() == last.key_id)
        .with_context(|| {
            format!(
                "seal {} was signed with a key that is not in the chain",
                last.number
            )
        })?;
    let checkpoint = Checkpoint::of(&last, &signer);
    print(&format!("{}\n", serde_json::to_string_pretty(&checkpoint)?))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn rotate(config: &Config) -> Result<ExitCode> {
    let place = audit_key::place(config).ok_or_else(|| {
        Failure::usage(
            "audit.key_file is not set",
            "it says where the sealing key is; with PostgreSQL there is no usual place",
        )
    })?;
    let store = parts::open_store(config).await?;
    let rotated = async {
        let old = match current_key(&*store).await? {
            Some(named) => audit_key::current(&place, &named.id())?,
            None => audit_key::read(&place)?,
        };
        let old = old.ok_or_else(|| {
            Failure::new(
                format!(
                    "{} is not the key that the trail is sealed with",
                    place.display()
                ),
                "the old key has to endorse the new one; restore it from its copy",
            )
        })?;
        let new = audit_key::create_next(&place)?;
        let seal = vostro_audit::rotate(&*store, &old, &new, SystemClock.now()).await?;
        audit_key::put_in_place(&place)?;
        anyhow::Ok((old.public().id(), new.public().id(), seal.number))
    };
    let outcome = rotated.await;
    store.close().await;
    let (old, new, seal) = outcome?;
    print(&format!(
        "key {new} follows {old} from seal {seal} on\n{} holds the new key; the old one is gone. \
         Give the file to every replica, keep a copy apart, and trust the new id too.\n",
        place.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
