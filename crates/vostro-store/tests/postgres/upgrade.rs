//! A database that version 1 made comes up to the newest version with every row still there.

use refinery::{Migration, Runner};
use tokio_postgres::Client;
use vostro_store::PostgresStore;

use crate::database::{config, database_or_skip};
use crate::fixtures;

const V1: &str = concat!(
    include_str!("../../migrations/postgres/V1__books_and_memory/1_tables.sql"),
    include_str!("../../migrations/postgres/V1__books_and_memory/2_rules.sql"),
    include_str!("../../migrations/postgres/V1__books_and_memory/3_money.sql"),
    include_str!("../../migrations/postgres/V1__books_and_memory/4_memory.sql"),
);

async fn columns(client: &Client, table: &str) -> String {
    let sql = "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
        FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema()";
    client.query_one(sql, &[&table]).await.unwrap().get(0)
}

async fn rows(client: &Client, table: &str, columns: &str) -> Vec<String> {
    let sql = format!("SELECT ROW({columns})::text FROM {table} ORDER BY 1");
    let rows = client.query(&sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn a_database_of_version_1_comes_up_with_every_row() {
    let database = database_or_skip!();
    let mut client = database.client().await;
    let first = Migration::unapplied("V1__books_and_memory", V1).unwrap();
    Runner::new(&[first]).run_async(&mut client).await.unwrap();
    let hash = format!("'\\x{}'", "ab".repeat(32));
    let statements = fixtures::rows(&hash, ", detail", ", '{}'");
    client.batch_execute(&statements).await.unwrap();
    let mut before = Vec::new();
    for table in fixtures::TABLES {
        let columns = columns(&client, table).await;
        let rows = rows(&client, table, &columns).await;
        assert!(!rows.is_empty(), "{table}");
        before.push((table, columns, rows));
    }
    let old = PostgresStore::inspect(&database.url()).await.unwrap();
    assert_eq!(old.schema, 1);
    let store = database.store(config()).await;
    let new = PostgresStore::inspect(&database.url()).await.unwrap();
    assert_eq!(new.schema, new.latest);
    // Opening adds the bank's own accounts only where they are not there: it changes nothing here.
    for (table, columns, kept) in before {
        assert_eq!(rows(&client, table, &columns).await, kept, "{table}");
    }
    fixtures::is_as_it_was(&store).await;
}
