//! Ingested documents: each command one statement.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio_postgres::Row;
use vostro_bank::{
    DocumentEntry, DocumentMeta, DocumentPut, DocumentRecord, Documents, NearPassage, NearestQuery,
    PassageRecord, PassageVector, StoreError, VectorSearch,
};

use super::error::PgError;
use super::rows::{instant, json, micros, storable};
use super::{Client, PostgresStore, sql, vectors};
use crate::documents::{MOST_DOCUMENTS, day, vector_column, vector_of};

#[async_trait]
impl Documents for PostgresStore {
    async fn knowledge_version(&self) -> Result<i64, StoreError> {
        self.connections
            .run(|client| async move {
                let statement = client.prepare_cached(sql::KNOWLEDGE_VERSION).await?;
                let row = client.query_one(&statement, &[]).await?;
                Ok(row.try_get("version")?)
            })
            .await
    }

    async fn put_document(&self, document: &DocumentRecord) -> Result<DocumentPut, StoreError> {
        let (document, now) = (document.clone(), self.config.now());
        self.connections
            .run(move |client| async move { put(&client, &document, now).await })
            .await
    }

    async fn remove_document(&self, id: &str) -> Result<Option<i64>, StoreError> {
        let id = storable(id).into_owned();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::DOCUMENT_REMOVE).await?;
                let row = client.query_one(&statement, &[&id]).await?;
                Ok(row.try_get("revision")?)
            })
            .await
    }

    async fn document_entry(&self, id: &str) -> Result<Option<DocumentEntry>, StoreError> {
        let id = storable(id).into_owned();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::DOCUMENT_ENTRY).await?;
                let row = client.query_opt(&statement, &[&id]).await?;
                row.as_ref().map(entry).transpose()
            })
            .await
    }

    async fn document_entries(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DocumentEntry>, StoreError> {
        let after = storable(after.unwrap_or_default()).into_owned();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::DOCUMENT_ENTRIES).await?;
                let limit = i64::from(limit.min(MOST_DOCUMENTS));
                let rows = client.query(&statement, &[&after, &limit]).await?;
                rows.iter().map(entry).collect()
            })
            .await
    }

    async fn document_records(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DocumentRecord>, StoreError> {
        let after = storable(after.unwrap_or_default()).into_owned();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::DOCUMENT_RECORDS).await?;
                let limit = i64::from(limit.min(MOST_DOCUMENTS));
                let rows = client.query(&statement, &[&after, &limit]).await?;
                rows.iter().map(record).collect()
            })
            .await
    }

    async fn keep_vectors(
        &self,
        model: &str,
        vectors: &[(String, Vec<f32>)],
    ) -> Result<u64, StoreError> {
        let model = model.to_owned();
        let (keys, columns): (Vec<String>, Vec<Vec<u8>>) = vectors
            .iter()
            .map(|(key, vector)| (key.clone(), vector_column(vector)))
            .unzip();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::PASSAGE_VECTORS_KEEP).await?;
                Ok(client
                    .execute(&statement, &[&model, &keys, &columns])
                    .await?)
            })
            .await
    }

    async fn prepare_vector_search(&self, dimensions: u32) -> Result<VectorSearch, StoreError> {
        Ok(vectors::prepare(&self.connections, dimensions).await?)
    }

    async fn nearest_passages(&self, query: &NearestQuery) -> Result<Vec<NearPassage>, StoreError> {
        let query = query.clone();
        self.connections
            .run(move |client| async move { vectors::nearest(&client, &query).await })
            .await
    }
}

/// The passages of a document, a column each.
#[derive(Default)]
struct Columns {
    keys: Vec<String>,
    headings: Vec<String>,
    starts: Vec<i64>,
    ends: Vec<i64>,
    sizes: Vec<i64>,
    flags: Vec<Option<String>>,
    models: Vec<Option<String>>,
    vectors: Vec<Option<Vec<u8>>>,
}

impl Columns {
    fn of(passages: &[PassageRecord]) -> Result<Self, PgError> {
        let mut columns = Self::default();
        for passage in passages {
            let headings = serde_json::to_string(&passage.headings);
            let headings = headings.map_err(|_| PgError::Corrupt("headings"))?;
            let vector = passage.vector.as_ref();
            columns.keys.push(passage.key.clone());
            columns.headings.push(headings);
            columns.starts.push(passage.start.into());
            columns.ends.push(passage.end.into());
            columns.sizes.push(passage.tokens.into());
            columns.flags.push(passage.flagged.clone());
            columns
                .models
                .push(vector.map(|vector| vector.model.clone()));
            let bytes = vector.map(|vector| vector_column(&vector.values));
            columns.vectors.push(bytes);
        }
        Ok(columns)
    }
}

async fn put(
    client: &Client,
    document: &DocumentRecord,
    now: Timestamp,
) -> Result<DocumentPut, PgError> {
    let meta = &document.meta;
    let text = |day: Date| day.to_string();
    let columns = Columns::of(&document.passages)?;
    let source: &str = &storable(&meta.source);
    let title: &str = &storable(&meta.title);
    let body: &str = &storable(&document.body);
    let statement = client.prepare_cached(sql::DOCUMENT_PUT).await?;
    let row = client
        .query_one(
            &statement,
            &[
                &meta.id,
                &source,
                &title,
                &meta.category,
                &meta.tags,
                &meta.audience,
                &meta.language,
                &i64::from(meta.version),
                &text(meta.updated),
                &meta.valid_from.map(text),
                &meta.valid_until.map(text),
                &meta.content_hash,
                &meta.quarantined,
                &body,
                &columns.keys,
                &columns.headings,
                &columns.starts,
                &columns.ends,
                &columns.sizes,
                &columns.flags,
                &columns.models,
                &columns.vectors,
                &micros(now),
            ],
        )
        .await?;
    Ok(DocumentPut {
        created: row.try_get("created")?,
        revision: row.try_get("revision")?,
    })
}

fn meta(row: &Row) -> Result<DocumentMeta, PgError> {
    let date = |text: String| day(&text).ok_or(PgError::Corrupt("day of a document"));
    let optional = |text: Option<String>| text.map(date).transpose();
    Ok(DocumentMeta {
        id: row.try_get("id")?,
        source: row.try_get("source")?,
        title: row.try_get("title")?,
        category: row.try_get("category")?,
        tags: row.try_get("tags")?,
        audience: row.try_get("audience")?,
        language: row.try_get("language")?,
        version: small(row.try_get("version")?)?,
        updated: date(row.try_get("updated")?)?,
        valid_from: optional(row.try_get("valid_from")?)?,
        valid_until: optional(row.try_get("valid_until")?)?,
        content_hash: row.try_get("content_hash")?,
        quarantined: row.try_get("quarantined")?,
    })
}

fn entry(row: &Row) -> Result<DocumentEntry, PgError> {
    Ok(DocumentEntry {
        meta: meta(row)?,
        revision: row.try_get("revision")?,
        ingested_at: instant(row.try_get("ingested_at")?)?,
        passages: small(row.try_get("passages")?)?,
        flagged: small(row.try_get("flagged")?)?,
    })
}

fn record(row: &Row) -> Result<DocumentRecord, PgError> {
    // A document without passages has no arrays.
    let numbers = |column| {
        Ok::<_, PgError>(
            row.try_get::<_, Option<Vec<i64>>>(column)?
                .unwrap_or_default(),
        )
    };
    let texts = |column| {
        Ok::<_, PgError>(
            row.try_get::<_, Option<Vec<String>>>(column)?
                .unwrap_or_default(),
        )
    };
    let maybe = |column| {
        let found: Option<Vec<Option<String>>> = row.try_get(column)?;
        Ok::<_, PgError>(found.unwrap_or_default())
    };
    let vectors: Option<Vec<Option<Vec<u8>>>> = row.try_get("vectors")?;
    let places = numbers("starts")?
        .into_iter()
        .zip(numbers("ends")?)
        .zip(numbers("sizes")?);
    let marks = maybe("flags")?
        .into_iter()
        .zip(maybe("models")?)
        .zip(vectors.unwrap_or_default());
    let passages = texts("keys")?
        .into_iter()
        .zip(texts("headings")?)
        .zip(places)
        .zip(marks)
        .map(
            |(((key, headings), ((start, end), tokens)), ((flagged, model), bytes))| {
                let vector = model.zip(bytes).map(|(model, bytes)| {
                    let values =
                        vector_of(&bytes).ok_or(PgError::Corrupt("vector of a passage"))?;
                    Ok::<_, PgError>(PassageVector { model, values })
                });
                Ok(PassageRecord {
                    key,
                    headings: json(&headings, "headings")?,
                    start: small(start)?,
                    end: small(end)?,
                    tokens: small(tokens)?,
                    flagged,
                    vector: vector.transpose()?,
                })
            },
        )
        .collect::<Result<Vec<_>, PgError>>()?;
    Ok(DocumentRecord {
        meta: meta(row)?,
        body: row.try_get("body")?,
        passages,
    })
}

fn small(number: i64) -> Result<u32, PgError> {
    u32::try_from(number).map_err(|_| PgError::Corrupt("number of a document"))
}
