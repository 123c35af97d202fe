//! Ingested documents: each command one savepoint.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, Row, params};
use vostro_bank::{
    DocumentEntry, DocumentMeta, DocumentPut, DocumentRecord, Documents, NearPassage, NearestQuery,
    PassageRecord, PassageVector, StoreError, VectorSearch,
};

use super::rows::{self, instant, micros};
use super::{SqliteStore, sql};
use crate::documents::{MOST_DOCUMENTS, day, vector_column, vector_of};
use crate::error::{DbError, Said};

/// Columns of what is known of a document, as all its statements begin.
const META_COLUMNS: usize = 13;

#[async_trait]
impl Documents for SqliteStore {
    async fn knowledge_version(&self) -> Result<i64, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql::KNOWLEDGE_VERSION)?;
            Ok(statement.query_row([], |row| row.get(0))?)
        })
        .await
    }

    async fn put_document(&self, document: &DocumentRecord) -> Result<DocumentPut, StoreError> {
        let (document, now) = (document.clone(), self.config.now());
        self.write(move |connection| put(connection, &document, now))
            .await
    }

    async fn remove_document(&self, id: &str) -> Result<Option<i64>, StoreError> {
        let id = id.to_owned();
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(sql::DOCUMENT_REMOVE)?;
            if statement.execute((id,))? == 0 {
                return Ok(None);
            }
            raise(connection).map(Some)
        })
        .await
    }

    async fn document_entry(&self, id: &str) -> Result<Option<DocumentEntry>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::DOCUMENT_ENTRY)?;
            let mut found = statement.query((id,))?;
            found.next()?.map(entry).transpose()
        })
        .await
    }

    async fn document_entries(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DocumentEntry>, StoreError> {
        let after = after.unwrap_or_default().to_owned();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::DOCUMENT_ENTRIES)?;
            let mut found = statement.query((after, limit.min(MOST_DOCUMENTS)))?;
            let mut entries = Vec::new();
            while let Some(row) = found.next()? {
                entries.push(entry(row)?);
            }
            Ok(entries)
        })
        .await
    }

    async fn document_records(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DocumentRecord>, StoreError> {
        let after = after.unwrap_or_default().to_owned();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::DOCUMENT_RECORDS)?;
            let mut found = statement.query((after, limit.min(MOST_DOCUMENTS)))?;
            let mut records = Vec::new();
            while let Some(row) = found.next()? {
                let meta = meta(row)?;
                records.push(DocumentRecord {
                    passages: passages(connection, &meta.id)?,
                    body: row.get(META_COLUMNS)?,
                    meta,
                });
            }
            Ok(records)
        })
        .await
    }

    async fn keep_vectors(
        &self,
        model: &str,
        vectors: &[(String, Vec<f32>)],
    ) -> Result<u64, StoreError> {
        let (model, vectors) = (model.to_owned(), vectors.to_vec());
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(sql::PASSAGE_VECTOR_KEEP)?;
            let mut kept = 0;
            for (key, vector) in &vectors {
                kept += statement.execute(params![key, model, vector_column(vector)])?;
            }
            Ok(u64::try_from(kept).unwrap_or(u64::MAX))
        })
        .await
    }

    /// The embedded store has one process, whose memory is the better place.
    async fn prepare_vector_search(&self, _: u32) -> Result<VectorSearch, StoreError> {
        Ok(VectorSearch::Unsupported)
    }

    async fn nearest_passages(&self, _: &NearestQuery) -> Result<Vec<NearPassage>, StoreError> {
        Err(StoreError::Failed(Box::new(Said(
            "the embedded store does not search vectors".to_owned(),
        ))))
    }
}

fn raise(connection: &Connection) -> Result<i64, DbError> {
    let mut statement = connection.prepare_cached(sql::KNOWLEDGE_VERSION_RAISE)?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn put(
    connection: &Connection,
    document: &DocumentRecord,
    now: Timestamp,
) -> Result<DocumentPut, DbError> {
    let meta = &document.meta;
    let removed = connection
        .prepare_cached(sql::DOCUMENT_REMOVE)?
        .execute((&meta.id,))?;
    let revision = raise(connection)?;
    let text = |day: Date| day.to_string();
    connection
        .prepare_cached(sql::DOCUMENT_INSERT)?
        .execute(params![
            meta.id,
            meta.source,
            meta.title,
            meta.category,
            serde_json::to_string(&meta.tags)?,
            meta.audience,
            meta.language,
            meta.version,
            text(meta.updated),
            meta.valid_from.map(text),
            meta.valid_until.map(text),
            meta.content_hash,
            meta.quarantined,
            document.body,
            revision,
            micros(now),
        ])?;
    let mut insert = connection.prepare_cached(sql::PASSAGE_INSERT)?;
    for (passage, number) in document.passages.iter().zip(1_i64..) {
        let vector = passage.vector.as_ref();
        insert.execute(params![
            meta.id,
            number,
            passage.key,
            serde_json::to_string(&passage.headings)?,
            passage.start,
            passage.end,
            passage.tokens,
            passage.flagged,
            vector.map(|vector| &vector.model),
            vector.map(|vector| vector_column(&vector.values)),
        ])?;
    }
    Ok(DocumentPut {
        created: removed == 0,
        revision,
    })
}

fn meta(row: &Row<'_>) -> Result<DocumentMeta, DbError> {
    let date = |text: String| day(&text).ok_or(DbError::Corrupt("day of a document"));
    let optional = |text: Option<String>| text.map(date).transpose();
    Ok(DocumentMeta {
        id: row.get(0)?,
        source: row.get(1)?,
        title: row.get(2)?,
        category: row.get(3)?,
        tags: rows::json(&row.get::<_, String>(4)?, "tags")?,
        audience: row.get(5)?,
        language: row.get(6)?,
        version: row.get(7)?,
        updated: date(row.get(8)?)?,
        valid_from: optional(row.get(9)?)?,
        valid_until: optional(row.get(10)?)?,
        content_hash: row.get(11)?,
        quarantined: row.get(12)?,
    })
}

fn entry(row: &Row<'_>) -> Result<DocumentEntry, DbError> {
    Ok(DocumentEntry {
        meta: meta(row)?,
        revision: row.get(META_COLUMNS)?,
        ingested_at: instant(row.get(META_COLUMNS + 1)?)?,
        passages: row.get(META_COLUMNS + 2)?,
        flagged: row.get(META_COLUMNS + 3)?,
    })
}

fn passages(connection: &Connection, document: &str) -> Result<Vec<PassageRecord>, DbError> {
    let mut statement = connection.prepare_cached(sql::PASSAGES_OF_DOCUMENT)?;
    let mut found = statement.query((document,))?;
    let mut passages = Vec::new();
    while let Some(row) = found.next()? {
        let model: Option<String> = row.get(6)?;
        let bytes: Option<Vec<u8>> = row.get(7)?;
        let vector = model.zip(bytes).map(|(model, bytes)| {
            let values = vector_of(&bytes).ok_or(DbError::Corrupt("vector of a passage"))?;
            Ok::<_, DbError>(PassageVector { model, values })
        });
        passages.push(PassageRecord {
            key: row.get(0)?,
            headings: rows::json(&row.get::<_, String>(1)?, "headings")?,
            start: row.get(2)?,
            end: row.get(3)?,
            tokens: row.get(4)?,
            flagged: row.get(5)?,
            vector: vector.transpose()?,
        });
    }
    Ok(passages)
}
