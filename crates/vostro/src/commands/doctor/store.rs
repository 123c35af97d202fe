//! The store's checks: what engine it is, whether it keeps what it acknowledges, whether it opens, and
//! whether its books balance.
//!
//! Looking changes nothing: a store that is not there yet, or not migrated to this program's version,
//! is left to the next start.

use vostro_store::{Inspection, OpenError, OpenedStore, PostgresStore, SqliteStore, Vector};

use super::{Check, Status};
use crate::config::{Config, Location, VectorPlace, conceal};
use crate::parts;

const HINT: &str = "database.url, or --database-url of `vostro serve`, says which store";

/// The store and its books. `running`: a concierge of this configuration has it open.
pub(super) async fn checks(config: &Config, running: bool) -> Vec<Check> {
    let url = conceal(config.database.url.expose());
    let inspected = match config.database.location() {
        Ok(Location::File(path)) => {
            if !path.exists() {
                let detail = format!("{url}: not there yet; made at the first start");
                return vec![Check::new("store", Status::Ok, detail)];
            }
            Some(SqliteStore::inspect(&path))
        }
        Ok(Location::Server(address)) => Some(PostgresStore::inspect(address.expose()).await),
        Ok(Location::Memory) | Err(_) => None,
    };
    let mut found = Vec::new();
    match inspected {
        Some(Err(error)) => return vec![does_not_open(&url, &error.into())],
        Some(Ok(inspection)) => {
            found.extend(engine(config, &url, &inspection));
            let is_weak = inspection.durability.iter().any(|one| !one.is_strong);
            if is_weak || inspection.schema < inspection.latest {
                return found;
            }
        }
        None => {}
    }
    found.extend(opened(config, &url, running).await);
    found
}

/// What was seen without opening it.
fn engine(config: &Config, url: &str, found: &Inspection) -> Vec<Check> {
    let schema = match (found.schema, found.latest) {
        (0, _) => "empty; the first start makes its tables".to_owned(),
        (schema, latest) if schema < latest => {
            format!("schema version {schema}; the next start brings it to {latest}")
        }
        (schema, _) => format!("schema version {schema}"),
    };
    let encrypted = match found.is_encrypted {
        Some(true) => " over TLS",
        Some(false) | None => "",
    };
    let weak = found.durability.iter().find(|one| !one.is_strong);
    let settings: Vec<String> = found
        .durability
        .iter()
        .map(|one| format!("{} {}", one.setting, one.value))
        .collect();
    let durability = Check::new(
        "durability",
        if weak.is_some() {
            Status::Failed
        } else {
            Status::Ok
        },
        settings.join(", "),
    );
    let mut checks = vec![
        Check::new(
            "database",
            Status::Ok,
            format!("{url}: {}{encrypted}, {schema}", found.engine),
        ),
        match weak {
            Some(weak) => durability.hint(format!(
                "serving is refused with {} {}: acknowledged transfers could be lost",
                weak.setting, weak.value
            )),
            None => durability,
        },
    ];
    checks.extend(found.vector.as_ref().map(|found| vector(config, found)));
    checks
}

fn vector(config: &Config, found: &Vector) -> Check {
    let is_needed = config.knowledge.vectors == VectorPlace::Pgvector;
    let need = if is_needed {
        "documents are searched with it"
    } else {
        "nothing needs it"
    };
    let (status, detail) = match found {
        Vector::Installed(version) => (Status::Ok, format!("{version} is installed; {need}")),
        Vector::Available(version) if is_needed => (
            Status::Ok,
            format!("{version} is available; the next start creates it"),
        ),
        Vector::Available(version) => (
            Status::Off,
            format!("{version} is available, not installed; {need}"),
        ),
        Vector::Absent if is_needed => (
            Status::Failed,
            "not on this server, and knowledge.vectors asks for it".to_owned(),
        ),
        Vector::Absent => (Status::Off, format!("not on this server; {need}")),
    };
    let check = Check::new("pgvector", status, detail);
    if status == Status::Failed {
        return check.hint("install it on the server, or set knowledge.vectors to \"in-process\"");
    }
    check
}

/// Opens it as `serve` would: durable and migrated, or refused.
async fn opened(config: &Config, url: &str, running: bool) -> Vec<Check> {
    let store = match parts::open_store(config).await {
        Ok(store) => store,
        Err(error) => {
            let in_use = matches!(error.downcast_ref(), Some(OpenError::InUse { .. }));
            if in_use && running {
                let detail = format!("{url}: in use by the Vostro that is running");
                return vec![Check::new("store", Status::Ok, detail)];
            }
            return vec![does_not_open(url, &error)];
        }
    };
    let found = vec![
        answers(store.as_ref(), url).await,
        books(store.as_ref()).await,
    ];
    store.close().await;
    found
}

fn does_not_open(url: &str, error: &anyhow::Error) -> Check {
    let mut detail = format!("{error:#}");
    if !detail.contains(url) {
        detail = format!("{url}: {detail}");
    }
    Check::new("store", Status::Failed, detail).hint(HINT)
}

async fn answers(store: &dyn OpenedStore, url: &str) -> Check {
    match store.ping().await {
        Ok(()) => Check::new(
            "store",
            Status::Ok,
            format!("{url}: opens, durable, migrated, answers"),
        ),
        Err(error) => Check::new("store", Status::Failed, format!("{url}: {error}")),
    }
}

async fn books(store: &dyn OpenedStore) -> Check {
    match store.trial_balance().await {
        Ok(lines) if lines.is_empty() => Check::new("books", Status::Ok, "the trial balance holds"),
        Ok(lines) => Check::new("books", Status::Failed, lines.join("; "))
            .hint("stop serving and keep a copy of the store before anything else"),
        Err(error) => Check::new("books", Status::Failed, error.to_string()),
    }
}
