//! The audit trail's rows and seals as the database has them. One writer commits in the order of the
//! sequence, so whatever a reader sees is settled.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params};
use vostro_bank::{
    AuditRow, AuditRowDetail, AuditSeals, SealAppended, SealRecord, SealingLag, StoreError,
};

use super::rows::instant;
use super::{SqliteStore, sql};
use crate::error::DbError;

#[async_trait]
impl AuditSeals for SqliteStore {
    async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        self.read(move |connection| rows(connection, after, limit))
            .await
    }

    async fn seals(&self, after: i64, limit: u32) -> Result<Vec<SealRecord>, StoreError> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::SEALS)?;
            let found = statement.query_map((after, limit), seal)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn key_seals(&self) -> Result<Vec<SealRecord>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql::SEALS_OF_KEYS)?;
            let found = statement.query_map([], seal)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn last_seal(&self) -> Result<Option<SealRecord>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql::SEAL_LAST)?;
            Ok(statement.query_row([], seal).optional()?)
        })
        .await
    }

    async fn append_seal(&self, seal: &SealRecord) -> Result<SealAppended, StoreError> {
        let seal = seal.clone();
        self.write(move |connection| append(connection, &seal))
            .await
    }

    async fn sealing_lag(&self) -> Result<SealingLag, StoreError> {
        self.read(lag).await
    }
}

fn rows(connection: &Connection, after: i64, limit: u32) -> Result<Vec<AuditRow>, DbError> {
    let mut statement = connection.prepare_cached(sql::AUDIT_TRAIL)?;
    let found = statement.query_map((after, limit), |row| {
        let customer: Option<String> = row.get(6)?;
        let detail = match customer {
            Some(customer) => Some(AuditRowDetail {
                customer,
                salt: row.get(7)?,
                detail: row.get(8)?,
            }),
            None => None,
        };
        Ok(AuditRow {
            sequence: row.get(0)?,
            kind: row.get(1)?,
            at_micros: row.get(2)?,
            session: row.get(3)?,
            turn: row.get(4)?,
            commitment: row.get(5)?,
            detail,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn seal(row: &Row<'_>) -> rusqlite::Result<SealRecord> {
    Ok(SealRecord {
        number: row.get(0)?,
        kind: row.get(1)?,
        first_sequence: row.get(2)?,
        last_sequence: row.get(3)?,
        content: row.get(4)?,
        previous_hash: row.get(5)?,
        hash: row.get(6)?,
        key_id: row.get(7)?,
        signature: row.get(8)?,
        proof: row.get(9)?,
        sealed_at_micros: row.get(10)?,
    })
}

fn append(connection: &Connection, seal: &SealRecord) -> Result<SealAppended, DbError> {
    let written = connection
        .prepare_cached(sql::SEAL_APPEND)?
        .execute(params![
            seal.number,
            seal.kind,
            seal.first_sequence,
            seal.last_sequence,
            seal.content,
            seal.previous_hash,
            seal.hash,
            seal.key_id,
            seal.signature,
            seal.proof,
            seal.sealed_at_micros,
        ])?;
    Ok(if written == 1 {
        SealAppended::Appended
    } else {
        SealAppended::NotNext
    })
}

fn lag(connection: &Connection) -> Result<SealingLag, DbError> {
    let (rows, oldest): (i64, Option<i64>) = connection
        .prepare_cached(sql::SEALING_LAG)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(SealingLag {
        rows: u64::try_from(rows).unwrap_or_default(),
        oldest: oldest.map(instant).transpose()?,
    })
}
