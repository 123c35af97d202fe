//! The money switch under four eyes. The writer's order decides who is first.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::json;
use vostro_bank::{Approval, AuditKind, FourEyes, Order, StoreError, SwitchRequest};
use vostro_types::ApprovalId;

use super::audit::{self, ordered_event};
use super::rows::{instant, micros};
use super::{SqliteStore, sql, switch};
use crate::config::StoreConfig;
use crate::error::DbError;

#[async_trait]
impl FourEyes for SqliteStore {
    async fn request_switch(
        &self,
        id: &ApprovalId,
        stopped: bool,
        expires_at: Timestamp,
        order: &Order,
    ) -> Result<SwitchRequest, StoreError> {
        let (id, order, config) = (id.clone(), order.clone(), Arc::clone(&self.config));
        self.write(move |connection| request(connection, &config, &id, stopped, expires_at, &order))
            .await
    }

    async fn approve_switch(&self, id: &ApprovalId, order: &Order) -> Result<Approval, StoreError> {
        let (id, order, config) = (id.clone(), order.clone(), Arc::clone(&self.config));
        self.write(move |connection| approve(connection, &config, &id, &order))
            .await
    }

    async fn withdraw_switch(&self, id: &ApprovalId, order: &Order) -> Result<bool, StoreError> {
        let (id, order, config) = (id.clone(), order.clone(), Arc::clone(&self.config));
        self.write(move |connection| withdraw(connection, &config, &id, &order))
            .await
    }

    async fn switch_requests(&self) -> Result<Vec<SwitchRequest>, StoreError> {
        let config = Arc::clone(&self.config);
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::SWITCH_REQUESTS_OPEN)?;
            let found = statement.query_map((micros(config.now()),), columns)?;
            found.map(|found| Ok(read(found?)?.0)).collect()
        })
        .await
    }
}

fn request(
    connection: &Connection,
    config: &StoreConfig,
    id: &ApprovalId,
    stopped: bool,
    expires_at: Timestamp,
    order: &Order,
) -> Result<SwitchRequest, DbError> {
    let inserted = connection
        .prepare_cached(sql::SWITCH_REQUEST_INSERT)?
        .execute((
            id.as_str(),
            stopped,
            order.by(),
            order.reason(),
            micros(config.now()),
            micros(expires_at),
        ))?;
    if inserted > 0 {
        note(
            connection,
            config,
            AuditKind::MoneySwitchRequested,
            id,
            stopped,
            order,
        )?;
    }
    let found = find(connection, id)?.ok_or(DbError::Corrupt("switch request"))?;
    Ok(found.0)
}

fn approve(
    connection: &Connection,
    config: &StoreConfig,
    id: &ApprovalId,
    order: &Order,
) -> Result<Approval, DbError> {
    let Some(asked) = open(connection, config, id)? else {
        return Ok(Approval::NotOpen);
    };
    if asked.by == order.by() {
        return Ok(Approval::SamePerson);
    }
    decide(connection, config, id, "approved", order)?;
    let detail = json!({
        "request": id.as_str(), "requested_by": asked.by, "requested_for": asked.reason,
    });
    switch::set(connection, config, asked.stopped, &asked.by, &asked.reason)?;
    switch::record(connection, config, asked.stopped, order, detail)?;
    Ok(Approval::Turned(switch::read(connection, config)?))
}

fn withdraw(
    connection: &Connection,
    config: &StoreConfig,
    id: &ApprovalId,
    order: &Order,
) -> Result<bool, DbError> {
    let Some(asked) = open(connection, config, id)? else {
        return Ok(false);
    };
    decide(connection, config, id, "withdrawn", order)?;
    let kind = AuditKind::MoneySwitchWithdrawn;
    note(connection, config, kind, id, asked.stopped, order)?;
    Ok(true)
}

/// The request, if it can be decided.
fn open(
    connection: &Connection,
    config: &StoreConfig,
    id: &ApprovalId,
) -> Result<Option<SwitchRequest>, DbError> {
    let found = find(connection, id)?;
    let open = found.filter(|(asked, status)| status == "open" && asked.expires_at > config.now());
    Ok(open.map(|(asked, _)| asked))
}

fn decide(
    connection: &Connection,
    config: &StoreConfig,
    id: &ApprovalId,
    status: &str,
    order: &Order,
) -> Result<(), DbError> {
    let now = micros(config.now());
    connection
        .prepare_cached(sql::SWITCH_REQUEST_DECIDE)?
        .execute((id.as_str(), status, order.by(), now))?;
    Ok(())
}

fn note(
    connection: &Connection,
    config: &StoreConfig,
    kind: AuditKind,
    id: &ApprovalId,
    stopped: bool,
    order: &Order,
) -> Result<(), DbError> {
    let detail = json!({ "request": id.as_str(), "stopped": stopped });
    let event = ordered_event(kind, &audit::bank_itself()?, order, detail);
    audit::record(connection, config, &event)
}

type Columns = (String, bool, String, String, i64, i64, String);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
    ))
}

fn read(columns: Columns) -> Result<(SwitchRequest, String), DbError> {
    let (id, stopped, by, reason, at, expires_at, status) = columns;
    let request = SwitchRequest {
        id: ApprovalId::new(id).map_err(|_| DbError::Corrupt("switch request"))?,
        stopped,
        by,
        reason,
        at: instant(at)?,
        expires_at: instant(expires_at)?,
    };
    Ok((request, status))
}

fn find(
    connection: &Connection,
    id: &ApprovalId,
) -> Result<Option<(SwitchRequest, String)>, DbError> {
    let mut statement = connection.prepare_cached(sql::SWITCH_REQUEST)?;
    let found = statement.query_row((id.as_str(),), columns).optional()?;
    found.map(read).transpose()
}
