//! Delivering what was published: messages become deliveries, deliveries are claimed and settled. What
//! another replica is taking at this moment is passed over.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::Row;
use vostro_bank::{
    AttemptRecord, Backlog, DeadDelivery, Delivery, DeliveryKey, Outbox, OutboxStatus, Retention,
    StoreError, Subscription, Verdict,
};

use super::error::PgError;
use super::rows::{instant, json, micros, signed, unsigned};
use super::{Client, PostgresStore, sql};

/// The most rows that one call takes.
const MOST: u32 = 1_000;

#[async_trait]
impl Outbox for PostgresStore {
    async fn hand_over(
        &self,
        subscriptions: &[Subscription],
        limit: u32,
    ) -> Result<u64, StoreError> {
        let (endpoints, patterns): (Vec<String>, Vec<String>) = subscriptions
            .iter()
            .flat_map(|it| {
                it.topics
                    .iter()
                    .map(|topics| (it.endpoint.clone(), topics.clone()))
            })
            .unzip();
        let (now, limit) = (micros(self.config.now()), i64::from(limit.min(MOST)));
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::OUTBOX_HAND_OVER).await?;
                let handed = client
                    .execute(&statement, &[&endpoints, &patterns, &now, &limit])
                    .await?;
                Ok(handed)
            })
            .await
    }

    async fn claim_deliveries(
        &self,
        endpoint: &str,
        lease: SignedDuration,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let (endpoint, now) = (endpoint.to_owned(), self.config.now());
        self.connections
            .run(move |client| async move { claim(&client, endpoint, now, lease, limit).await })
            .await
    }

    async fn settle(
        &self,
        key: &DeliveryKey,
        attempt: u32,
        verdict: Verdict,
        record: &AttemptRecord,
    ) -> Result<bool, StoreError> {
        let (key, record, now) = (key.clone(), record.clone(), self.config.now());
        self.connections
            .run(move |client| async move {
                settle(&client, &key, attempt, verdict, &record, now).await
            })
            .await
    }

    async fn give_back(&self, key: &DeliveryKey, attempt: u32) -> Result<bool, StoreError> {
        let (key, now) = (key.clone(), micros(self.config.now()));
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::DELIVERY_GIVE_BACK).await?;
                let attempt = attempt_column(attempt);
                let changed = client
                    .execute(&statement, &[&key.endpoint, &key.sequence, &attempt, &now])
                    .await?;
                Ok(changed > 0)
            })
            .await
    }

    async fn outbox_status(&self) -> Result<OutboxStatus, StoreError> {
        self.connections
            .run(|client| async move { status(&client).await })
            .await
    }

    async fn dead_deliveries(
        &self,
        after: Option<&DeliveryKey>,
        limit: u32,
    ) -> Result<Vec<DeadDelivery>, StoreError> {
        let after = after.cloned();
        self.connections
            .run(move |client| async move { dead(&client, after.as_ref(), limit).await })
            .await
    }

    async fn redeliver(&self, which: Option<&DeliveryKey>) -> Result<u64, StoreError> {
        let (which, now) = (which.cloned(), micros(self.config.now()));
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::DELIVERY_REDELIVER).await?;
                let endpoint = which.as_ref().map(|key| key.endpoint.as_str());
                let sequence = which.as_ref().map(|key| key.sequence);
                let changed = client
                    .execute(&statement, &[&endpoint, &sequence, &now])
                    .await?;
                Ok(changed)
            })
            .await
    }

    async fn prune_outbox(&self, retention: Retention, limit: u32) -> Result<u64, StoreError> {
        self.connections
            .run(move |client| async move {
                let (delivered, dead, limit) = (
                    micros(retention.delivered_before),
                    micros(retention.dead_before),
                    i64::from(limit.min(MOST)),
                );
                let statement = client.prepare_cached(sql::DELIVERY_PRUNE).await?;
                let deliveries = client
                    .execute(&statement, &[&delivered, &dead, &limit])
                    .await?;
                let statement = client.prepare_cached(sql::OUTBOX_PRUNE).await?;
                let messages = client.execute(&statement, &[&delivered, &limit]).await?;
                Ok(deliveries + messages)
            })
            .await
    }
}

async fn claim(
    client: &Client,
    endpoint: String,
    now: Timestamp,
    lease: SignedDuration,
    limit: u32,
) -> Result<Vec<Delivery>, PgError> {
    let lease_ends = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
    let statement = client.prepare_cached(sql::DELIVERY_CLAIM).await?;
    let limit = i64::from(limit.min(MOST));
    let rows = client
        .query(
            &statement,
            &[&endpoint, &micros(now), &micros(lease_ends), &limit],
        )
        .await?;
    let mut claimed = rows
        .iter()
        .map(|row| {
            Ok(Delivery {
                key: DeliveryKey {
                    endpoint: endpoint.clone(),
                    sequence: row.try_get("sequence")?,
                },
                attempt: attempts(row)?,
                topic: row.try_get("topic")?,
                payload: json(row.try_get("payload")?, "outbox payload")?,
                published_at: instant(row.try_get("published_at")?)?,
            })
        })
        .collect::<Result<Vec<_>, PgError>>()?;
    claimed.sort_by_key(|delivery| delivery.key.sequence);
    Ok(claimed)
}

async fn settle(
    client: &Client,
    key: &DeliveryKey,
    attempt: u32,
    verdict: Verdict,
    record: &AttemptRecord,
    now: Timestamp,
) -> Result<bool, PgError> {
    let (status, due_at) = crate::outbox::columns(verdict);
    let resolved_at = due_at.is_none().then(|| micros(now));
    let (attempt, due_at) = (attempt_column(attempt), due_at.map(micros));
    let http_status = record.status.map(i32::from);
    let statement = client.prepare_cached(sql::DELIVERY_SETTLE).await?;
    let changed = client
        .execute(
            &statement,
            &[
                &key.endpoint,
                &key.sequence,
                &attempt,
                &status,
                &due_at,
                &resolved_at,
                &record.outcome,
                &http_status,
            ],
        )
        .await?;
    Ok(changed > 0)
}

async fn status(client: &Client) -> Result<OutboxStatus, PgError> {
    let statement = client.prepare_cached(sql::OUTBOX_BACKLOG).await?;
    let waiting = client.query_one(&statement, &[]).await?;
    let statement = client.prepare_cached(sql::DELIVERY_BACKLOG).await?;
    let owed = client.query(&statement, &[]).await?;
    let statement = client.prepare_cached(sql::DELIVERY_DEAD_COUNT).await?;
    let dead = client.query(&statement, &[]).await?;
    let number = |row: &Row, column| unsigned(row.try_get(column)?, "count");
    let endpoints = owed
        .iter()
        .map(|row| {
            Ok(Backlog {
                endpoint: row.try_get("endpoint")?,
                pending: number(row, "pending")?,
                retrying: number(row, "retrying")?,
                oldest: Some(instant(row.try_get("oldest")?)?),
                dead: 0,
            })
        })
        .collect::<Result<Vec<_>, PgError>>()?;
    let dead = dead
        .iter()
        .map(|row| Ok((row.try_get("endpoint")?, number(row, "dead")?)))
        .collect::<Result<Vec<_>, PgError>>()?;
    let oldest: Option<i64> = waiting.try_get("oldest")?;
    Ok(OutboxStatus {
        waiting: number(&waiting, "waiting")?,
        oldest_waiting: oldest.map(instant).transpose()?,
        endpoints: crate::outbox::joined(endpoints, dead),
    })
}

async fn dead(
    client: &Client,
    after: Option<&DeliveryKey>,
    limit: u32,
) -> Result<Vec<DeadDelivery>, PgError> {
    let (endpoint, sequence) = after.map_or(("", 0), |key| (key.endpoint.as_str(), key.sequence));
    let statement = client.prepare_cached(sql::DELIVERY_DEAD).await?;
    let limit = i64::from(limit.min(MOST));
    let rows = client
        .query(&statement, &[&endpoint, &sequence, &limit])
        .await?;
    rows.iter().map(dead_delivery).collect()
}

fn dead_delivery(row: &Row) -> Result<DeadDelivery, PgError> {
    let outcome: Option<String> = row.try_get("outcome")?;
    let status = row
        .try_get::<_, Option<i32>>("http_status")?
        .map(u16::try_from)
        .transpose()
        .map_err(|_| PgError::Corrupt("HTTP status"))?;
    Ok(DeadDelivery {
        key: DeliveryKey {
            endpoint: row.try_get("endpoint")?,
            sequence: row.try_get("sequence")?,
        },
        topic: row.try_get("topic")?,
        attempts: attempts(row)?,
        published_at: instant(row.try_get("published_at")?)?,
        died_at: instant(row.try_get("resolved_at")?)?,
        last: outcome.map(|outcome| AttemptRecord { outcome, status }),
    })
}

fn attempts(row: &Row) -> Result<u32, PgError> {
    let attempts: i32 = row.try_get("attempts")?;
    u32::try_from(attempts).map_err(|_| PgError::Corrupt("attempts"))
}

fn attempt_column(attempt: u32) -> i32 {
    i32::try_from(signed(attempt)).unwrap_or(i32::MAX)
}
