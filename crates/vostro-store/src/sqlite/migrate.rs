//! Migrations: numbered files that are never changed once they have landed.
//!
//! Add one: write `migrations/sqlite/V<n>__<what>.sql`, list it in [`MIGRATIONS`] and its fingerprint
//! in this file's test.

use refinery::Runner;
use rusqlite::{Connection, OptionalExtension};

use crate::error::OpenError;
use crate::migration::{self, Known};

/// Every migration, oldest first: name and text.
pub(super) const MIGRATIONS: &[(&str, &str)] = &[
    (
        "V1__books_and_memory",
        include_str!("../../migrations/sqlite/V1__books_and_memory.sql"),
    ),
    (
        "V2__audit_sealing",
        include_str!("../../migrations/sqlite/V2__audit_sealing.sql"),
    ),
    (
        "V3__money_controls",
        include_str!("../../migrations/sqlite/V3__money_controls.sql"),
    ),
    (
        "V4__schedules",
        include_str!("../../migrations/sqlite/V4__schedules.sql"),
    ),
    (
        "V5__outbox_deliveries",
        include_str!("../../migrations/sqlite/V5__outbox_deliveries.sql"),
    ),
    (
        "V6__idempotent_requests",
        include_str!("../../migrations/sqlite/V6__idempotent_requests.sql"),
    ),
    (
        "V7__hand_offs",
        include_str!("../../migrations/sqlite/V7__hand_offs.sql"),
    ),
    (
        "V8__customer_services",
        include_str!("../../migrations/sqlite/V8__customer_services.sql"),
    ),
    (
        "V15__daily_limit_index",
        include_str!("../../migrations/sqlite/V15__daily_limit_index.sql"),
    ),
    (
        "V16__documents",
        include_str!("../../migrations/sqlite/V16__documents.sql"),
    ),
    (
        "V18__four_eyes",
        include_str!("../../migrations/sqlite/V18__four_eyes.sql"),
    ),
    (
        "V19__second_factor_and_erasure",
        include_str!("../../migrations/sqlite/V19__second_factor_and_erasure.sql"),
    ),
    (
        "V21__turn_measures",
        include_str!("../../migrations/sqlite/V21__turn_measures.sql"),
    ),
    (
        "V22__core_transfers",
        include_str!("../../migrations/sqlite/V22__core_transfers.sql"),
    ),
    (
        "V23__factors_and_policies",
        include_str!("../../migrations/sqlite/V23__factors_and_policies.sql"),
    ),
    (
        "V24__value_dates",
        include_str!("../../migrations/sqlite/V24__value_dates.sql"),
    ),
    (
        "V25__channels",
        include_str!("../../migrations/sqlite/V25__channels.sql"),
    ),
    (
        "V28__erasing_beside_a_core",
        include_str!("../../migrations/sqlite/V28__erasing_beside_a_core.sql"),
    ),
    (
        "V29__passages_near_in_meaning",
        include_str!("../../migrations/sqlite/V29__passages_near_in_meaning.sql"),
    ),
    (
        "V30__orders_that_replace",
        include_str!("../../migrations/sqlite/V30__orders_that_replace.sql"),
    ),
    (
        "V31__orders_ended_by_a_yes",
        include_str!("../../migrations/sqlite/V31__orders_ended_by_a_yes.sql"),
    ),
    (
        "V32__several_records_at_once",
        include_str!("../../migrations/sqlite/V32__several_records_at_once.sql"),
    ),
];

/// Brings the database to the latest version, and refuses one that is newer than this program.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let known = Known::from_list(MIGRATIONS)?;
    let found = version(connection).map_err(|error| OpenError::Database(Box::new(error)))?;
    known.refuse_newer(found)?;
    Runner::new(&known.migrations)
        .set_abort_divergent(true)
        .set_abort_missing(true)
        .run(connection)
        .map_err(migration::failed)?;
    Ok(())
}

/// The version that [`migrate`] brings a database to.
pub(super) fn latest() -> Result<i64, OpenError> {
    Known::from_list(MIGRATIONS).map(|known| known.latest)
}

/// The version of the last applied migration; 0 for a fresh database.
pub(super) fn version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    let has_history = connection
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'",
            [],
            |_| Ok(()),
        )
        .optional()?;
    if has_history.is_none() {
        return Ok(0);
    }
    connection.query_row(
        "SELECT coalesce(max(version), 0) FROM refinery_schema_history",
        [],
        |row| row.get(0),
    )
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::sqlite::connection::open_memory;

    /// The fingerprints of landed migrations. Never change a line; add one.
    const LANDED: &[(&str, &str)] = &[
        (
            "V1__books_and_memory",
            "05a4754900f14215bdee72ebd3788609418ccfc95e96ab66e852ff0f3e732945",
        ),
        (
            "V2__audit_sealing",
            "2dd7921604a5c9afc65a13aee2bbfe97629e52ef8f13e5f096c897d7308443e5",
        ),
        (
            "V3__money_controls",
            "a990b07f51fbc36a42a6c8d4eb27c4fecd38a63657aabaadd15fc8a666da8d6a",
        ),
        (
            "V4__schedules",
            "3c70ef2fede8ec5cb323c224b2832742af38ff322a7969f69bd4d26e7bacb295",
        ),
        (
            "V5__outbox_deliveries",
            "770b6bf7e1e73af1de92689461dbcf2202cc381a5b9e059bf1f81aebdbdbf766",
        ),
        (
            "V6__idempotent_requests",
            "58c71a0b9cc95659e3508b132d39036191ef86ad44c5a7dddd66c1d36046389b",
        ),
        (
            "V7__hand_offs",
            "c9b0dccbb65fbb98773e6edf3f1886b8fd92be400afe59d0a4954a86e4e875d9",
        ),
        (
            "V8__customer_services",
            "03e914a65622b8295287fe2f628d34f8da9b97ba8e028948baf0652efca851eb",
        ),
        (
            "V15__daily_limit_index",
            "5118899d49feb3e2241b3f3d4677f18b629983bd4e194e16b28c16eed9b022b8",
        ),
        (
            "V16__documents",
            "3f57d9714d092d6a41b3b8b6edc1a23b4676752ed9db0b863e69c87258577b51",
        ),
        (
            "V18__four_eyes",
            "7a49150014e29754fc27baa4e7e2d52ce50605f397dd3be40cf752d2648069ea",
        ),
        (
            "V19__second_factor_and_erasure",
            "afd0c08653226ef67b86022a583f406089884d1d179bee579c8a911d8035578f",
        ),
        (
            "V21__turn_measures",
            "eda27d4165f7c6553b13e00c96d3af154a5a39ea54937eecf5f249d98f177820",
        ),
        (
            "V22__core_transfers",
            "22bbd25e11dd203488ba7e2ef6b7b7f1409cd0c94d1dfdd9521ffcbc4cf4201a",
        ),
        (
            "V23__factors_and_policies",
            "646cdcbb77c8450f7e9104809ea2193d96a41434aa6b27af13e8b7b0654d21cc",
        ),
        (
            "V24__value_dates",
            "84758238f83dc8fc5246aa9aa1cca47fdab360ff1e83f8ddb27d5dad456a8e45",
        ),
        (
            "V25__channels",
            "13d95afa74160762ea1ac3e638bfef832cc564cc0c1bd24f532cf4f91861541e",
        ),
        (
            "V28__erasing_beside_a_core",
            "20dd9c3bc9eb362a73818867c75147e6435cfc271502633bcf3972d143ab0784",
        ),
        (
            "V29__passages_near_in_meaning",
            "189b8422d4305e26d88196b752868269c580150951f9dc50d5871d7ef749b6ef",
        ),
        (
            "V30__orders_that_replace",
            "ed1a91ad3966d0fd45d7d7735f4143abd6bcb27cc5ec4cf70084c383059a407c",
        ),
        (
            "V31__orders_ended_by_a_yes",
            "50d87c936d8d60ffd15561224fa0e5b0b42c1f9a376341532fa6f8aba44b2c24",
        ),
        (
            "V32__several_records_at_once",
            "55e7fc59e61b8b8f64a886fa949cab8a335bf5df4589da8192d4393c8e5865fd",
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

    #[test]
    fn migrating_twice_changes_nothing_and_newer_is_refused() {
        let mut connection = open_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        let newest = latest().unwrap();
        assert_eq!(version(&connection).unwrap(), newest);
        connection
            .execute(
                "INSERT INTO refinery_schema_history VALUES (?1, 'later', '2030-01-01T00:00:00Z', '1')",
                [newest + 1],
            )
            .unwrap();
        match migrate(&mut connection) {
            Err(OpenError::Newer { found, known }) => {
                assert_eq!((found, known), (newest + 1, newest));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn another_history_is_refused() {
        let mut connection = open_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection
            .execute("UPDATE refinery_schema_history SET checksum = '1'", [])
            .unwrap();
        assert!(matches!(
            migrate(&mut connection),
            Err(OpenError::History(_))
        ));
    }
}
