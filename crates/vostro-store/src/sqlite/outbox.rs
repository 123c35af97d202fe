//! Delivering what was published: messages become deliveries, deliveries are claimed and settled.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, params};
use vostro_bank::{
    AttemptRecord, Backlog, DeadDelivery, Delivery, DeliveryKey, Outbox, OutboxStatus, Retention,
    StoreError, Subscription, Verdict, topic_matches,
};

use super::rows::{self, instant, micros};
use super::{SqliteStore, sql};
use crate::error::DbError;

/// The most rows that one call takes: a command holds the writer.
const MOST: u32 = 1_000;

#[async_trait]
impl Outbox for SqliteStore {
    async fn hand_over(
        &self,
        subscriptions: &[Subscription],
        limit: u32,
    ) -> Result<u64, StoreError> {
        let (subscriptions, now) = (subscriptions.to_vec(), self.config.now());
        self.write(move |connection| hand_over(connection, &subscriptions, now, limit))
            .await
    }

    async fn claim_deliveries(
        &self,
        endpoint: &str,
        lease: SignedDuration,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let (endpoint, now) = (endpoint.to_owned(), self.config.now());
        self.write(move |connection| claim(connection, &endpoint, now, lease, limit))
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
        self.write(move |connection| settle(connection, &key, attempt, verdict, &record, now))
            .await
    }

    async fn give_back(&self, key: &DeliveryKey, attempt: u32) -> Result<bool, StoreError> {
        let (key, now) = (key.clone(), micros(self.config.now()));
        self.write(move |connection| {
            let changed = connection
                .prepare_cached(sql::DELIVERY_GIVE_BACK)?
                .execute(params![key.endpoint, key.sequence, attempt, now])?;
            Ok(changed > 0)
        })
        .await
    }

    async fn outbox_status(&self) -> Result<OutboxStatus, StoreError> {
        self.read(status).await
    }

    async fn dead_deliveries(
        &self,
        after: Option<&DeliveryKey>,
        limit: u32,
    ) -> Result<Vec<DeadDelivery>, StoreError> {
        let after = after.cloned();
        self.read(move |connection| dead(connection, after.as_ref(), limit))
            .await
    }

    async fn redeliver(&self, which: Option<&DeliveryKey>) -> Result<u64, StoreError> {
        let (which, now) = (which.cloned(), micros(self.config.now()));
        self.write(move |connection| {
            let changed = match which {
                Some(key) => connection
                    .prepare_cached(sql::DELIVERY_REDELIVER)?
                    .execute(params![key.endpoint, key.sequence, now])?,
                None => connection
                    .prepare_cached(sql::DELIVERY_REDELIVER_ALL)?
                    .execute((now,))?,
            };
            Ok(count(changed))
        })
        .await
    }

    async fn prune_outbox(&self, retention: Retention, limit: u32) -> Result<u64, StoreError> {
        self.write(move |connection| prune(connection, retention, limit))
            .await
    }
}

fn hand_over(
    connection: &Connection,
    subscriptions: &[Subscription],
    now: Timestamp,
    limit: u32,
) -> Result<u64, DbError> {
    let waiting = connection
        .prepare_cached(sql::OUTBOX_WAITING)?
        .query_map((limit.min(MOST),), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<Result<Vec<(i64, String, i64)>, _>>()?;
    let mut insert = connection.prepare_cached(sql::DELIVERY_INSERT)?;
    let mut handed_over = connection.prepare_cached(sql::OUTBOX_HANDED_OVER)?;
    for (sequence, topic, published_at) in &waiting {
        let fits = |it: &&Subscription| it.topics.iter().any(|topics| topic_matches(topics, topic));
        for subscription in subscriptions.iter().filter(fits) {
            insert.execute(params![
                subscription.endpoint,
                sequence,
                published_at,
                published_at
            ])?;
        }
        handed_over.execute((sequence, micros(now)))?;
    }
    Ok(count(waiting.len()))
}

fn claim(
    connection: &Connection,
    endpoint: &str,
    now: Timestamp,
    lease: SignedDuration,
    limit: u32,
) -> Result<Vec<Delivery>, DbError> {
    let lease_ends = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
    let due = connection
        .prepare_cached(sql::DELIVERY_DUE)?
        .query_map(params![endpoint, micros(now), limit.min(MOST)], |row| {
            row.get(0)
        })?
        .collect::<Result<Vec<i64>, _>>()?;
    let mut claim = connection.prepare_cached(sql::DELIVERY_CLAIM)?;
    let mut message = connection.prepare_cached(sql::OUTBOX_MESSAGE)?;
    let mut claimed = Vec::with_capacity(due.len());
    for sequence in due {
        let (attempt, published_at) = claim
            .query_row(params![endpoint, sequence, micros(lease_ends)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let (topic, payload): (_, String) =
            message.query_row((sequence,), |row| Ok((row.get(0)?, row.get(1)?)))?;
        claimed.push(Delivery {
            key: DeliveryKey {
                endpoint: endpoint.to_owned(),
                sequence,
            },
            attempt,
            topic,
            payload: rows::json(&payload, "outbox payload")?,
            published_at: instant(published_at)?,
        });
    }
    Ok(claimed)
}

fn settle(
    connection: &Connection,
    key: &DeliveryKey,
    attempt: u32,
    verdict: Verdict,
    record: &AttemptRecord,
    now: Timestamp,
) -> Result<bool, DbError> {
    let (status, due_at) = crate::outbox::columns(verdict);
    let changed = connection
        .prepare_cached(sql::DELIVERY_SETTLE)?
        .execute(params![
            key.endpoint,
            key.sequence,
            attempt,
            status,
            due_at.map(micros),
            due_at.is_none().then(|| micros(now)),
            record.outcome,
            record.status,
        ])?;
    Ok(changed > 0)
}

fn status(connection: &Connection) -> Result<OutboxStatus, DbError> {
    let (waiting, oldest): (i64, Option<i64>) = connection
        .prepare_cached(sql::OUTBOX_BACKLOG)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut owed = connection.prepare_cached(sql::DELIVERY_BACKLOG)?;
    let mut found = owed.query([])?;
    let mut endpoints = Vec::new();
    while let Some(row) = found.next()? {
        endpoints.push(Backlog {
            endpoint: row.get(0)?,
            pending: unsigned(row.get(1)?),
            retrying: unsigned(row.get(2)?),
            oldest: Some(instant(row.get(3)?)?),
            dead: 0,
        });
    }
    let dead = connection
        .prepare_cached(sql::DELIVERY_DEAD_COUNT)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .map(|row| row.map(|(endpoint, dead): (String, i64)| (endpoint, unsigned(dead))))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(OutboxStatus {
        waiting: unsigned(waiting),
        oldest_waiting: oldest.map(instant).transpose()?,
        endpoints: crate::outbox::joined(endpoints, dead),
    })
}

fn dead(
    connection: &Connection,
    after: Option<&DeliveryKey>,
    limit: u32,
) -> Result<Vec<DeadDelivery>, DbError> {
    let (endpoint, sequence) = after.map_or(("", 0), |key| (key.endpoint.as_str(), key.sequence));
    let mut statement = connection.prepare_cached(sql::DELIVERY_DEAD)?;
    let mut found = statement.query(params![endpoint, sequence, limit.min(MOST)])?;
    let mut dead = Vec::new();
    while let Some(row) = found.next()? {
        dead.push(dead_delivery(row)?);
    }
    Ok(dead)
}

fn dead_delivery(row: &Row<'_>) -> Result<DeadDelivery, DbError> {
    let status = row.get(7)?;
    Ok(DeadDelivery {
        key: DeliveryKey {
            endpoint: row.get(0)?,
            sequence: row.get(1)?,
        },
        topic: row.get(2)?,
        attempts: row.get(3)?,
        published_at: instant(row.get(4)?)?,
        died_at: instant(row.get(5)?)?,
        last: row
            .get::<_, Option<String>>(6)?
            .map(|outcome| AttemptRecord { outcome, status }),
    })
}

fn prune(connection: &Connection, retention: Retention, limit: u32) -> Result<u64, DbError> {
    let limit = limit.min(MOST);
    let (delivered, dead) = (
        micros(retention.delivered_before),
        micros(retention.dead_before),
    );
    let deliveries = connection
        .prepare_cached(sql::DELIVERY_PRUNE)?
        .execute((delivered, dead, limit))?;
    let messages = connection
        .prepare_cached(sql::OUTBOX_PRUNE)?
        .execute((delivered, limit))?;
    Ok(count(deliveries + messages))
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
