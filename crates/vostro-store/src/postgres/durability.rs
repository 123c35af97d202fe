//! The server's settings without which an acknowledged transfer could be lost.
//!
//! Read on every new connection, so that a server whose settings are weakened while the store is open is
//! refused too. `synchronous_commit` may be anything that waits for the local disk.

use tokio_postgres::Client;

use super::error::PgError;
use super::sql;
use crate::inspection::Durability;

/// The settings, and whether each is strong enough.
pub(super) async fn read(client: &Client) -> Result<Vec<Durability>, PgError> {
    let row = client.query_one(sql::DURABILITY, &[]).await?;
    let rule = |setting: &'static str, is_strong: fn(&str) -> bool| {
        let value: String = row.try_get(setting)?;
        Ok::<_, PgError>(Durability {
            setting,
            is_strong: is_strong(&value),
            value,
        })
    };
    Ok(vec![
        rule("fsync", |value| value == "on")?,
        rule("full_page_writes", |value| value == "on")?,
        rule("synchronous_commit", |value| value != "off")?,
        rule("server_encoding", |value| value == "UTF8")?,
    ])
}

/// Refuses a server that one of them is too weak on.
pub(super) async fn demand(client: &Client) -> Result<(), PgError> {
    let weak = read(client).await?.into_iter().find(|one| !one.is_strong);
    weak.map_or(Ok(()), |one| Err(refusal(one)))
}

fn refusal(weak: Durability) -> PgError {
    let Durability { setting, value, .. } = weak;
    if setting == "server_encoding" {
        return PgError::Encoding(value);
    }
    PgError::NotDurable {
        setting,
        found: value,
        required: "on",
    }
}
