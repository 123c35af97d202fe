//! The audit trail's rows and seals as the database has them.
//!
//! Sequences are given out before their rows are committed: a page of rows ends where something may
//! still appear. `audit_horizon` (migration V2) finds that place without holding up who writes.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use tokio_postgres::Row;
use vostro_bank::{
    AuditRow, AuditRowDetail, AuditSeals, SealAppended, SealRecord, SealingLag, StoreError,
};

use super::error::PgError;
use super::rows::{instant, unsigned};
use super::{Client, PostgresStore, sql};

#[async_trait]
impl AuditSeals for PostgresStore {
    async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        let horizon = Arc::clone(&self.horizon);
        self.connections
            .run(move |client| async move {
                let known = horizon.load(Ordering::Relaxed);
                let page = rows(&client, after, limit, known).await?;
                if page.len() >= limit as usize {
                    return Ok(page);
                }
                let statement = client.prepare_cached(sql::AUDIT_HORIZON).await?;
                let found: Option<i64> = client.query_one(&statement, &[]).await?.try_get(0)?;
                let Some(found) = found else {
                    return Ok(page);
                };
                horizon.fetch_max(found, Ordering::Relaxed);
                rows(&client, after, limit, found).await
            })
            .await
    }

    async fn seals(&self, after: i64, limit: u32) -> Result<Vec<SealRecord>, StoreError> {
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::SEALS).await?;
                let found = client
                    .query(&statement, &[&after, &i64::from(limit)])
                    .await?;
                found.iter().map(seal).collect()
            })
            .await
    }

    async fn key_seals(&self) -> Result<Vec<SealRecord>, StoreError> {
        self.connections
            .run(|client| async move {
                let statement = client.prepare_cached(sql::SEALS_OF_KEYS).await?;
                let found = client.query(&statement, &[]).await?;
                found.iter().map(seal).collect()
            })
            .await
    }

    async fn last_seal(&self) -> Result<Option<SealRecord>, StoreError> {
        self.connections
            .run(|client| async move {
                let statement = client.prepare_cached(sql::SEAL_LAST).await?;
                let found = client.query_opt(&statement, &[]).await?;
                found.as_ref().map(seal).transpose()
            })
            .await
    }

    async fn append_seal(&self, seal: &SealRecord) -> Result<SealAppended, StoreError> {
        let seal = seal.clone();
        self.connections
            .run(move |client| async move { append(&client, &seal).await })
            .await
    }

    async fn sealing_lag(&self) -> Result<SealingLag, StoreError> {
        self.connections
            .run(|client| async move {
                let statement = client.prepare_cached(sql::SEALING_LAG).await?;
                let row = client.query_one(&statement, &[]).await?;
                let oldest: Option<i64> = row.try_get(1)?;
                Ok(SealingLag {
                    rows: unsigned(row.try_get(0)?, "count")?,
                    oldest: oldest.map(instant).transpose()?,
                })
            })
            .await
    }
}

async fn rows(
    client: &Client,
    after: i64,
    limit: u32,
    up_to: i64,
) -> Result<Vec<AuditRow>, PgError> {
    let statement = client.prepare_cached(sql::AUDIT_TRAIL).await?;
    let found = client
        .query(&statement, &[&after, &i64::from(limit), &up_to])
        .await?;
    found.iter().map(row).collect()
}

fn row(row: &Row) -> Result<AuditRow, PgError> {
    let customer: Option<String> = row.try_get("customer_id")?;
    let detail = match customer {
        Some(customer) => Some(AuditRowDetail {
            customer,
            salt: row.try_get("salt")?,
            detail: row.try_get("detail")?,
        }),
        None => None,
    };
    Ok(AuditRow {
        sequence: row.try_get("sequence")?,
        kind: row.try_get("kind")?,
        at_micros: row.try_get("at")?,
        session: row.try_get("session_id")?,
        turn: row.try_get("turn_id")?,
        commitment: row.try_get("commitment")?,
        detail,
    })
}

fn seal(row: &Row) -> Result<SealRecord, PgError> {
    Ok(SealRecord {
        number: row.try_get("number")?,
        kind: row.try_get("kind")?,
        first_sequence: row.try_get("first_sequence")?,
        last_sequence: row.try_get("last_sequence")?,
        content: row.try_get("content")?,
        previous_hash: row.try_get("previous_hash")?,
        hash: row.try_get("hash")?,
        key_id: row.try_get("key_id")?,
        signature: row.try_get("signature")?,
        proof: row.try_get("proof")?,
        sealed_at_micros: row.try_get("sealed_at")?,
    })
}

async fn append(client: &Client, seal: &SealRecord) -> Result<SealAppended, PgError> {
    let statement = client.prepare_cached(sql::SEAL_APPEND).await?;
    let written = client
        .execute(
            &statement,
            &[
                &seal.number,
                &seal.kind,
                &seal.first_sequence,
                &seal.last_sequence,
                &seal.content,
                &seal.previous_hash,
                &seal.hash,
                &seal.key_id,
                &seal.signature,
                &seal.proof,
                &seal.sealed_at_micros,
            ],
        )
        .await?;
    Ok(if written == 1 {
        SealAppended::Appended
    } else {
        SealAppended::NotNext
    })
}
