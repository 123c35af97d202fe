//! Passages near in meaning, found by the extension pgvector.
//!
//! What it takes in the database is made by a function of the migrations, on a connection of its own, because vectors
//! that came before may take it minutes. A search is one statement, filters and all.

use vostro_bank::{NearPassage, NearestQuery, VectorSearch};

use super::error::PgError;
use super::pool::Connections;
use super::rows::storable;
use super::{Client, sql};

/// Makes ready, as [`vostro_bank::Documents::prepare_vector_search`] says.
pub(super) async fn prepare(
    connections: &Connections,
    dimensions: u32,
) -> Result<VectorSearch, PgError> {
    let client = connections.take().await?;
    // A replica waits for its turn as long as the others take.
    client.batch_execute("SET lock_timeout = 0").await?;
    let dimensions = i32::try_from(dimensions).unwrap_or(i32::MAX);
    let row = client
        .query_one(sql::VECTOR_SEARCH_PREPARE, &[&dimensions])
        .await?;
    match row.try_get("outcome")? {
        "ready" => Ok(VectorSearch::Ready),
        "absent" => Ok(VectorSearch::Absent),
        "forbidden" => Ok(VectorSearch::Forbidden),
        "too old" => Ok(VectorSearch::TooOld),
        _ => Err(PgError::Corrupt("outcome of preparing vectors")),
    }
}

/// Searches, as [`vostro_bank::Documents::nearest_passages`] says.
pub(super) async fn nearest(
    client: &Client,
    query: &NearestQuery,
) -> Result<Vec<NearPassage>, PgError> {
    let category = query.category.as_deref().map(storable);
    let count = i32::try_from(query.questions.len()).unwrap_or(i32::MAX);
    let wanted = i32::try_from(query.wanted).unwrap_or(i32::MAX);
    let statement = client.prepare_cached(sql::PASSAGES_NEAREST).await?;
    let rows = client
        .query(
            &statement,
            &[
                &query.model,
                &query.questions.concat(),
                &count,
                &query.audiences,
                &category.as_deref(),
                &query.day.to_string(),
                &wanted,
                &query.keys,
            ],
        )
        .await?;
    let near = rows.iter().map(|row| {
        Ok(NearPassage {
            key: row.try_get("passage_key")?,
            cosines: row.try_get("cosines")?,
        })
    });
    near.collect()
}
