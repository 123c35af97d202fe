//! Migrations: numbered as the other driver's, never changed once they have landed.
//!
//! Add one: write `migrations/postgres/V<n>__<what>.sql` (or a folder of that name whose files are put
//! together in order), list it in [`MIGRATIONS`] and its fingerprint in this file's test. Replicas that
//! start at once take turns.

use refinery::Runner;
use tokio_postgres::Client;

use super::error::PgError;
use crate::error::OpenError;
use crate::migration::{self, Known};

/// Every migration, oldest first: name and text.
pub(super) const MIGRATIONS: &[(&str, &str)] = &[
    (
        "V1__books_and_memory",
        concat!(
            include_str!("../../migrations/postgres/V1__books_and_memory/1_tables.sql"),
            include_str!("../../migrations/postgres/V1__books_and_memory/2_rules.sql"),
            include_str!("../../migrations/postgres/V1__books_and_memory/3_money.sql"),
            include_str!("../../migrations/postgres/V1__books_and_memory/4_memory.sql"),
        ),
    ),
    (
        "V2__audit_sealing",
        include_str!("../../migrations/postgres/V2__audit_sealing.sql"),
    ),
    (
        "V3__money_controls",
        concat!(
            include_str!("../../migrations/postgres/V3__money_controls/1_tables.sql"),
            include_str!("../../migrations/postgres/V3__money_controls/2_rules.sql"),
            include_str!("../../migrations/postgres/V3__money_controls/3_pending.sql"),
            include_str!("../../migrations/postgres/V3__money_controls/4_controls.sql"),
        ),
    ),
    (
        "V4__schedules",
        include_str!("../../migrations/postgres/V4__schedules.sql"),
    ),
    (
        "V5__outbox_deliveries",
        include_str!("../../migrations/postgres/V5__outbox_deliveries.sql"),
    ),
    (
        "V6__idempotent_requests",
        include_str!("../../migrations/postgres/V6__idempotent_requests.sql"),
    ),
    (
        "V7__hand_offs",
        include_str!("../../migrations/postgres/V7__hand_offs.sql"),
    ),
    (
        "V8__customer_services",
        include_str!("../../migrations/postgres/V8__customer_services.sql"),
    ),
    (
        "V15__daily_limit_index",
        include_str!("../../migrations/postgres/V15__daily_limit_index.sql"),
    ),
    (
        "V16__documents",
        include_str!("../../migrations/postgres/V16__documents.sql"),
    ),
    (
        "V18__four_eyes",
        include_str!("../../migrations/postgres/V18__four_eyes.sql"),
    ),
    (
        "V19__second_factor_and_erasure",
        include_str!("../../migrations/postgres/V19__second_factor_and_erasure.sql"),
    ),
    (
        "V21__turn_measures",
        include_str!("../../migrations/postgres/V21__turn_measures.sql"),
    ),
    (
        "V22__core_transfers",
        include_str!("../../migrations/postgres/V22__core_transfers.sql"),
    ),
    (
        "V23__factors_and_policies",
        include_str!("../../migrations/postgres/V23__factors_and_policies.sql"),
    ),
    (
        "V24__value_dates",
        include_str!("../../migrations/postgres/V24__value_dates.sql"),
    ),
    (
        "V25__channels",
        include_str!("../../migrations/postgres/V25__channels.sql"),
    ),
    (
        "V28__erasing_beside_a_core",
        include_str!("../../migrations/postgres/V28__erasing_beside_a_core.sql"),
    ),
    (
        "V29__passages_near_in_meaning",
        include_str!("../../migrations/postgres/V29__passages_near_in_meaning.sql"),
    ),
    (
        "V30__orders_that_replace",
        include_str!("../../migrations/postgres/V30__orders_that_replace.sql"),
    ),
    (
        "V31__orders_ended_by_a_yes",
        include_str!("../../migrations/postgres/V31__orders_ended_by_a_yes.sql"),
    ),
    (
        "V32__several_records_at_once",
        include_str!("../../migrations/postgres/V32__several_records_at_once.sql"),
    ),
];

/// The lock that replicas take turns by.
const TURN: i64 = 7_308_895_158_390_480_241;

/// Brings the database to the latest version, and refuses one that is newer than this program.
pub(super) async fn migrate(client: &mut Client) -> Result<(), OpenError> {
    let failed = |error: tokio_postgres::Error| PgError::from(error).into_open_error();
    // A replica waits for its turn as long as the others take; a migration does not wait so for a lock.
    client
        .batch_execute("SET lock_timeout = 0")
        .await
        .map_err(failed)?;
    client
        .execute("SELECT pg_advisory_lock($1)", &[&TURN])
        .await
        .map_err(failed)?;
    client
        .batch_execute("SET lock_timeout = '10s'")
        .await
        .map_err(failed)?;
    let outcome = in_turn(client).await;
    client
        .execute("SELECT pg_advisory_unlock($1)", &[&TURN])
        .await
        .map_err(failed)?;
    outcome
}

async fn in_turn(client: &mut Client) -> Result<(), OpenError> {
    let known = Known::from_list(MIGRATIONS)?;
    let found = version(client).await.map_err(PgError::into_open_error)?;
    known.refuse_newer(found)?;
    Runner::new(&known.migrations)
        .set_abort_divergent(true)
        .set_abort_missing(true)
        .run_async(client)
        .await
        .map_err(migration::failed)?;
    Ok(())
}

/// The version that [`migrate`] brings a database to.
pub(super) fn latest() -> Result<i64, OpenError> {
    Known::from_list(MIGRATIONS).map(|known| known.latest)
}

/// The version of the last applied migration; 0 for a fresh database.
pub(super) async fn version(client: &Client) -> Result<i64, PgError> {
    let has_history: bool = client
        .query_one(
            "SELECT to_regclass('refinery_schema_history') IS NOT NULL",
            &[],
        )
        .await?
        .try_get(0)?;
    if !has_history {
        return Ok(0);
    }
    let row = client
        .query_one(
            "SELECT coalesce(max(version), 0)::bigint FROM refinery_schema_history",
            &[],
        )
        .await?;
    Ok(row.try_get(0)?)
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// The fingerprints of landed migrations. Never change a line; add one.
    const LANDED: &[(&str, &str)] = &[
        (
            "V1__books_and_memory",
            "1a58526e49ba824d2c3f38a54eaf2c7ad4ef17c2ed029a3da6c912410adeae28",
        ),
        (
            "V2__audit_sealing",
            "32bf23815e10ca83efd19b3c7068e6063abcb7b6054e2cea938e6f1aa189e525",
        ),
        (
            "V3__money_controls",
            "ac930b528980444bbc7213f048ff55278e66ee165c1756d6dd205e4642ad8843",
        ),
        (
            "V4__schedules",
            "65db5a501c3c1749d72c0e87f7e6dc2c4b6d3336cb6b8b42a93ba3e9e5d68d59",
        ),
        (
            "V5__outbox_deliveries",
            "ea6f49c19e777fc758cce5bf6ca6a9924e0b98c229ff8c8d97c3a4df7ec5bc50",
        ),
        (
            "V6__idempotent_requests",
            "a458e8cce6f85aa9f9e732aa697964619e54a901d0b3a78e1359eee2cdf2260b",
        ),
        (
            "V7__hand_offs",
            "0bdde1bf3f7c3f93c3f0474340d0fc2de91c616152d8d635627fa3944b12916d",
        ),
        (
            "V8__customer_services",
            "153001d972e0ccc2bfdc3710678d8f4b3cb2fb4380eec94a7083dc6c27fe0c6a",
        ),
        (
            "V15__daily_limit_index",
            "c99a7bfc3242acaac196591e1ff8154354d91eab338b05c2bb51ef8d11e1e27f",
        ),
        (
            "V16__documents",
            "3814d456d93af26e133fddafae7eb106e4b488c17d0db9c97415cd50d672f41e",
        ),
        (
            "V18__four_eyes",
            "ad7c8e0fba427ae3920b9cd2a5b20491e3c319c18e03831d5503fe23522c7f0c",
        ),
        (
            "V19__second_factor_and_erasure",
            "3c74cc86e80a822f201ec80c80d6159aecf67043fa6d0e8296d80c78817b0451",
        ),
        (
            "V21__turn_measures",
            "f12f0ce74a8f4e99a2837a6667d2d9bea9b54c74abd48954bb1cd5e5fc817861",
        ),
        (
            "V22__core_transfers",
            "6024bfc51f6819268b718a69b94181f61f1494f26b759c30b2f27b166200ed7b",
        ),
        (
            "V23__factors_and_policies",
            "7f0ec492984301a80b6dfc9ab7e46c8703c52303ea05d5234bd11f1c96e7eb1b",
        ),
        (
            "V24__value_dates",
            "041739112483c7c453af352206e0b876a6acebdad05f6429de7ff6884e9fd10c",
        ),
        (
            "V25__channels",
            "4ea632b892432c41dacf3f42ce20b5351504759bf1ece4c12946b16ca448c2a6",
        ),
        (
            "V28__erasing_beside_a_core",
            "eda50e369389f346b54f832149d0e7e41281156e677f6c0ad1e57ba038e105a5",
        ),
        (
            "V29__passages_near_in_meaning",
            "a6fb079cf293525af45e0b6dbdb06612ecd313356f68a6d45dd02d4183ea736f",
        ),
        (
            "V30__orders_that_replace",
            "923a0fea70b5b8b025117d0bda64811ebac04743d35d246f528953446cca74d5",
        ),
        (
            "V31__orders_ended_by_a_yes",
            "4827150c4fca71726bb905401ef147d3d4a6bba029e503ed91e0edf7781749dc",
        ),
        (
            "V32__several_records_at_once",
            "da5f40f8a87272525eab99a99f5e49cb884bcc9b0c4f7273eb0977376816affa",
        ),
    ];

    #[test]
    fn landed_migrations_are_frozen() {
        let shipped: Vec<_> = MIGRATIONS
            .iter()
            .map(|(name, sql)| (*name, hex::encode(Sha256::digest(sql))))
            .collect();
        let landed: Vec<_> = LANDED
            .iter()
            .map(|(name, hash)| (*name, (*hash).to_owned()))
            .collect();
        assert_eq!(shipped, landed);
    }
}
