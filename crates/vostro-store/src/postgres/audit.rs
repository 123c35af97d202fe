//! The audit trail: read in order, and erased; and decisions as parameters of what records them.

use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{AuditEvent, AuditRecord, Topic, canonical_json};
use vostro_types::{CustomerId, SessionId, TurnId};

use super::error::PgError;
use super::parameters::{Salt, salt};
use super::rows::{id, instant, json, micros};
use super::{Client, sql};
use crate::config::StoreConfig;

/// Decisions as the parallel arrays of the type `decisions`.
pub(super) struct Decisions {
    kinds: Vec<&'static str>,
    customers: Vec<String>,
    sessions: Vec<Option<String>>,
    turns: Vec<Option<String>>,
    details: Vec<String>,
    salts: Vec<Salt>,
    topics: Vec<Option<&'static str>>,
    payloads: Vec<Option<String>>,
}

impl Decisions {
    pub(super) fn new(config: &StoreConfig, events: &[AuditEvent]) -> Self {
        let column = |read: fn(&AuditEvent) -> Option<&str>| {
            events
                .iter()
                .map(|event| read(event).map(str::to_owned))
                .collect::<Vec<_>>()
        };
        Self {
            kinds: events.iter().map(|event| event.kind.as_str()).collect(),
            customers: events
                .iter()
                .map(|event| event.customer.as_str().to_owned())
                .collect(),
            sessions: column(|event| event.session.as_ref().map(SessionId::as_str)),
            turns: column(|event| event.turn.as_ref().map(TurnId::as_str)),
            details: events
                .iter()
                .map(|event| canonical_json(&event.detail))
                .collect(),
            salts: events.iter().map(|_| salt(config)).collect(),
            topics: events
                .iter()
                .map(|event| Topic::of(event.kind).map(Topic::as_str))
                .collect(),
            payloads: events
                .iter()
                .map(|event| Topic::of(event.kind).map(|_| payload(config, event)))
                .collect(),
        }
    }

    /// Calls a function that takes these decisions after its own parameters, and answers with one row.
    pub(super) async fn call(
        &self,
        client: &Client,
        function: &str,
        own: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, PgError> {
        let mut parameters = own.to_vec();
        parameters.extend(self.parameters());
        let statement = client.prepare_cached(function).await?;
        Ok(client.query_one(&statement, &parameters).await?)
    }

    fn parameters(&self) -> [&(dyn ToSql + Sync); 8] {
        [
            &self.kinds,
            &self.customers,
            &self.sessions,
            &self.turns,
            &self.details,
            &self.salts,
            &self.topics,
            &self.payloads,
        ]
    }
}

fn payload(config: &StoreConfig, event: &AuditEvent) -> String {
    let mut payload = event.detail.clone();
    if let Value::Object(members) = &mut payload {
        members.insert("customer".to_owned(), event.customer.as_str().into());
        members.insert("at".to_owned(), config.now().to_string().into());
    }
    payload.to_string()
}

/// Audit rows after a place in the trail, up to a place at which nothing can still appear.
pub(super) async fn trail(
    client: &Client,
    after: i64,
    limit: u32,
    settled: i64,
) -> Result<Vec<AuditRecord>, PgError> {
    let statement = client.prepare_cached(sql::AUDIT_TRAIL).await?;
    let rows = client
        .query(&statement, &[&after, &i64::from(limit), &settled])
        .await?;
    rows.iter().map(record).collect()
}

/// The audit rows of a turn, in order.
pub(super) async fn of_turn(
    client: &Client,
    session: &SessionId,
    turn: &TurnId,
) -> Result<Vec<AuditRecord>, PgError> {
    let statement = client.prepare_cached(sql::INSIGHT_AUDIT).await?;
    let parameters: [&(dyn ToSql + Sync); 2] = [&session.as_str(), &turn.as_str()];
    let rows = client.query(&statement, &parameters).await?;
    rows.iter().map(record).collect()
}

fn record(row: &Row) -> Result<AuditRecord, PgError> {
    let text = |column| row.try_get::<_, Option<String>>(column);
    let commitment: &[u8] = row.try_get("commitment")?;
    let salt: Option<&[u8]> = row.try_get("salt")?;
    let detail: Option<&str> = row.try_get("detail")?;
    Ok(AuditRecord {
        sequence: row.try_get("sequence")?,
        kind: row.try_get("kind")?,
        at: instant(row.try_get("at")?)?,
        customer: text("customer_id")?
            .map(|text| id(text, "customer id"))
            .transpose()?,
        turn: text("turn_id")?
            .map(|text| id(text, "turn id"))
            .transpose()?,
        session: text("session_id")?
            .map(|text| id(text, "session id"))
            .transpose()?,
        commitment: hex::encode(commitment),
        salt: salt.map(hex::encode),
        detail: detail.map(|text| json(text, "audit detail")).transpose()?,
    })
}

/// Removes salt and detail of a customer's rows; gives how many.
pub(super) async fn erase(
    client: &Client,
    customer: &CustomerId,
    now: Timestamp,
) -> Result<u64, PgError> {
    let statement = client.prepare_cached(sql::AUDIT_ERASE).await?;
    Ok(client
        .execute(&statement, &[&customer.as_str(), &micros(now)])
        .await?)
}
