//! The memory of requests with an `Idempotency-Key`. The writer's order decides who is granted a claim.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use vostro_bank::{
    RequestClaim, RequestClaimed, RequestGrant, RequestName, RequestRefusal, Requests, StoreError,
};
use vostro_types::TurnId;

use super::rows::{instant, micros};
use super::{SqliteStore, sql};
use crate::error::DbError;

/// The most requests forgotten in one command.
const PURGED_AT_ONCE: u32 = 1_000;

#[async_trait]
impl Requests for SqliteStore {
    async fn claim_request(&self, claim: &RequestClaim) -> Result<RequestClaimed, StoreError> {
        let (claim, now) = (claim.clone(), self.config.now());
        self.write(move |connection| claimed(connection, &claim, now))
            .await
    }

    async fn refuse_request(
        &self,
        name: &RequestName,
        grant: &RequestGrant,
        refusal: &RequestRefusal,
    ) -> Result<bool, StoreError> {
        let (name, attempt, refusal) = (name.clone(), grant.attempt, refusal.clone());
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(sql::REQUEST_REFUSE)?;
            let changed = statement.execute(params![
                name.customer.as_str(),
                name.operation,
                name.key_hash,
                attempt,
                refusal.status,
                refusal.detail,
            ])?;
            Ok(changed > 0)
        })
        .await
    }

    async fn release_request(
        &self,
        name: &RequestName,
        grant: &RequestGrant,
    ) -> Result<bool, StoreError> {
        let (name, attempt) = (name.clone(), grant.attempt);
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(sql::REQUEST_RELEASE)?;
            let changed = statement.execute(params![
                name.customer.as_str(),
                name.operation,
                name.key_hash,
                attempt,
            ])?;
            Ok(changed > 0)
        })
        .await
    }

    async fn purge_requests(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut purged = 0;
        loop {
            let count = self
                .write(move |connection| {
                    let mut statement = connection.prepare_cached(sql::REQUESTS_PURGE)?;
                    Ok(statement.execute((micros(before), PURGED_AT_ONCE))?)
                })
                .await?;
            purged += u64::try_from(count).unwrap_or(u64::MAX);
            if count < PURGED_AT_ONCE as usize {
                return Ok(purged);
            }
        }
    }
}

/// A request that is on record.
struct Known {
    body_hash: [u8; 32],
    turn: String,
    lease_ends: i64,
    status: Option<u16>,
    detail: Option<String>,
    is_answered: bool,
}

fn claimed(
    connection: &Connection,
    claim: &RequestClaim,
    now: Timestamp,
) -> Result<RequestClaimed, DbError> {
    let RequestClaim { name, lease, .. } = claim;
    let lease_ends = micros(after(now, *lease));
    let is_new = connection
        .prepare_cached(sql::REQUEST_INSERT)?
        .execute(params![
            name.customer.as_str(),
            name.operation,
            name.key_hash,
            claim.body_hash,
            claim.turn.as_str(),
            micros(now),
            lease_ends,
        ])?;
    if is_new > 0 {
        return Ok(RequestClaimed::Granted(RequestGrant {
            turn: claim.turn.clone(),
            attempt: 1,
        }));
    }
    let known = known(connection, name)?.ok_or(DbError::Corrupt("request"))?;
    if known.body_hash != claim.body_hash {
        return Ok(RequestClaimed::OtherBody);
    }
    let turn = TurnId::new(known.turn).map_err(|_| DbError::Corrupt("turn id"))?;
    if known.is_answered {
        return Ok(RequestClaimed::Answered(turn));
    }
    if let (Some(status), Some(detail)) = (known.status, known.detail) {
        return Ok(RequestClaimed::Refused(RequestRefusal { status, detail }));
    }
    if known.lease_ends > micros(now) {
        let until = instant(known.lease_ends)?;
        return Ok(RequestClaimed::InFlight { until });
    }
    let attempt = connection
        .prepare_cached(sql::REQUEST_TAKE_OVER)?
        .query_row(
            params![
                name.customer.as_str(),
                name.operation,
                name.key_hash,
                lease_ends
            ],
            |row| row.get(0),
        )?;
    Ok(RequestClaimed::Granted(RequestGrant { turn, attempt }))
}

fn known(connection: &Connection, name: &RequestName) -> Result<Option<Known>, DbError> {
    let found = connection.prepare_cached(sql::REQUEST)?.query_row(
        params![name.customer.as_str(), name.operation, name.key_hash],
        |row| {
            Ok(Known {
                body_hash: row.get(0)?,
                turn: row.get(1)?,
                lease_ends: row.get(2)?,
                status: row.get(3)?,
                detail: row.get(4)?,
                is_answered: row.get(5)?,
            })
        },
    );
    Ok(found.optional()?)
}

/// An instant that much later, or as late as can be.
fn after(now: Timestamp, lease: SignedDuration) -> Timestamp {
    now.saturating_add(lease).unwrap_or(now)
}
