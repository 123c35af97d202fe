//! The memory of requests with an `Idempotency-Key`. The request's row decides who is granted a claim.

use async_trait::async_trait;
use jiff::Timestamp;
use tokio_postgres::Row;
use vostro_bank::{
    RequestClaim, RequestClaimed, RequestGrant, RequestName, RequestRefusal, Requests, StoreError,
};

use super::error::PgError;
use super::rows::{id, instant, micros, storable};
use super::{Client, PostgresStore, sql};

/// The most requests forgotten in one command.
const PURGED_AT_ONCE: i64 = 1_000;

#[async_trait]
impl Requests for PostgresStore {
    async fn claim_request(&self, claim: &RequestClaim) -> Result<RequestClaimed, StoreError> {
        let (claim, now) = (claim.clone(), self.config.now());
        self.connections
            .run(move |client| async move { claimed(&client, &claim, now).await })
            .await
    }

    async fn refuse_request(
        &self,
        name: &RequestName,
        grant: &RequestGrant,
        refusal: &RequestRefusal,
    ) -> Result<bool, StoreError> {
        let (name, grant, refusal) = (name.clone(), grant.clone(), refusal.clone());
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::REQUEST_REFUSE).await?;
                let changed = client
                    .execute(
                        &statement,
                        &[
                            &name.customer.as_str(),
                            &name.operation,
                            &name.key_hash.as_slice(),
                            &attempt(&grant)?,
                            &i32::from(refusal.status),
                            &storable(&refusal.detail),
                        ],
                    )
                    .await?;
                Ok(changed > 0)
            })
            .await
    }

    async fn release_request(
        &self,
        name: &RequestName,
        grant: &RequestGrant,
    ) -> Result<bool, StoreError> {
        let (name, grant) = (name.clone(), grant.clone());
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::REQUEST_RELEASE).await?;
                let changed = client
                    .execute(
                        &statement,
                        &[
                            &name.customer.as_str(),
                            &name.operation,
                            &name.key_hash.as_slice(),
                            &attempt(&grant)?,
                        ],
                    )
                    .await?;
                Ok(changed > 0)
            })
            .await
    }

    async fn purge_requests(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut purged = 0;
        loop {
            let count = self
                .connections
                .run(move |client| async move {
                    let statement = client.prepare_cached(sql::REQUESTS_PURGE).await?;
                    Ok(client
                        .execute(&statement, &[&micros(before), &PURGED_AT_ONCE])
                        .await?)
                })
                .await?;
            purged += count;
            // What another replica is forgetting is passed over, so only an empty batch is the last.
            if count == 0 {
                return Ok(purged);
            }
        }
    }
}

fn attempt(grant: &RequestGrant) -> Result<i32, PgError> {
    i32::try_from(grant.attempt).map_err(|_| PgError::Corrupt("attempt"))
}

async fn claimed(
    client: &Client,
    claim: &RequestClaim,
    now: Timestamp,
) -> Result<RequestClaimed, PgError> {
    let RequestClaim { name, lease, .. } = claim;
    let lease_ends = micros(now.saturating_add(*lease).unwrap_or(now));
    let statement = client.prepare_cached(sql::CLAIM_REQUEST).await?;
    let row = client
        .query_one(
            &statement,
            &[
                &name.customer.as_str(),
                &name.operation,
                &name.key_hash.as_slice(),
                &claim.body_hash.as_slice(),
                &claim.turn.as_str(),
                &micros(now),
                &lease_ends,
            ],
        )
        .await?;
    read(&row)
}

fn read(row: &Row) -> Result<RequestClaimed, PgError> {
    let turn = || id(row.try_get("turn")?, "turn id");
    let outcome: &str = row.try_get("outcome")?;
    Ok(match outcome {
        "granted" => {
            let attempt: i32 = row.try_get("attempt")?;
            RequestClaimed::Granted(RequestGrant {
                turn: turn()?,
                attempt: u32::try_from(attempt).map_err(|_| PgError::Corrupt("attempt"))?,
            })
        }
        "in_flight" => RequestClaimed::InFlight {
            until: instant(row.try_get("until")?)?,
        },
        "answered" => RequestClaimed::Answered(turn()?),
        "refused" => {
            let status: i32 = row.try_get("status")?;
            RequestClaimed::Refused(RequestRefusal {
                status: u16::try_from(status).map_err(|_| PgError::Corrupt("status"))?,
                detail: row.try_get("detail")?,
            })
        }
        "other_body" => RequestClaimed::OtherBody,
        _ => return Err(PgError::Corrupt("request")),
    })
}
