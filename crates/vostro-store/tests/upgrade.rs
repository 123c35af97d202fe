//! A file that version 1 made comes up to the newest version with every row still there.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;
mod fixtures;

use common::config;
use refinery::{Migration, Runner};
use rusqlite::Connection;
use rusqlite::types::Value;
use vostro_bank::Operations;
use vostro_store::SqliteStore;

const V1: &str = include_str!("../migrations/sqlite/V1__books_and_memory.sql");

fn columns(connection: &Connection, table: &str) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT name FROM pragma_table_info(?1)")
        .unwrap();
    let names = statement.query_map([table], |row| row.get(0)).unwrap();
    names.collect::<Result<_, _>>().unwrap()
}

fn rows(connection: &Connection, table: &str, columns: &[String]) -> Vec<Vec<Value>> {
    let sql = format!("SELECT {} FROM {table} ORDER BY 1, 2", columns.join(", "));
    let mut statement = connection.prepare(&sql).unwrap();
    let read = |row: &rusqlite::Row<'_>| (0..columns.len()).map(|place| row.get(place)).collect();
    let rows = statement.query_map([], read).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn a_file_of_version_1_comes_up_with_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let mut connection = Connection::open(&path).unwrap();
    let first = Migration::unapplied("V1__books_and_memory", V1).unwrap();
    Runner::new(&[first]).run(&mut connection).unwrap();
    let hash = format!("X'{}'", "ab".repeat(32));
    connection
        .execute_batch(&fixtures::rows(&hash, "", ""))
        .unwrap();
    let before: Vec<_> = fixtures::TABLES
        .iter()
        .map(|table| {
            let columns = columns(&connection, table);
            let rows = rows(&connection, table, &columns);
            assert!(!rows.is_empty(), "{table}");
            (*table, columns, rows)
        })
        .collect();
    drop(connection);

    let old = SqliteStore::inspect(&path).unwrap();
    assert_eq!(old.schema, 1);
    SqliteStore::open(&path, config()).unwrap().close().await;
    let new = SqliteStore::inspect(&path).unwrap();
    assert_eq!(new.schema, new.latest);
    let connection = Connection::open(&path).unwrap();
    for (table, columns, kept) in before {
        assert_eq!(rows(&connection, table, &columns), kept, "{table}");
    }
    drop(connection);
    let store = SqliteStore::open(&path, config()).unwrap();
    fixtures::is_as_it_was(&store).await;
    store.close().await;
}
