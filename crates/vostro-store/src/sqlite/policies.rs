//! Policies under four eyes. The writer's order decides who is first.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Value, json};
use vostro_bank::{
    AuditKind, Order, Policies, PolicyApproval, PolicyInForce, PolicyKind, PolicyRequest,
    StoreError, policy_particulars,
};
use vostro_types::ApprovalId;

use super::audit::{self, ordered_event};
use super::rows::{instant, micros};
use super::{SqliteStore, sql};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::particulars::merged;
use crate::policies::Change;

#[async_trait]
impl Policies for SqliteStore {
    async fn request_policy(
        &self,
        id: &ApprovalId,
        kind: PolicyKind,
        content: &str,
        expires_at: Timestamp,
        order: &Order,
    ) -> Result<PolicyRequest, StoreError> {
        let (id, content, order) = (id.clone(), content.to_owned(), order.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| {
            let inserted = connection
                .prepare_cached(sql::POLICY_CHANGE_INSERT)?
                .execute((
                    id.as_str(),
                    kind.as_str(),
                    &content,
                    order.by(),
                    order.reason(),
                    micros(config.now()),
                    micros(expires_at),
                ))?;
            let change = find(connection, &id)?.ok_or(DbError::Corrupt("change of policy"))?;
            if inserted > 0 {
                let requested = AuditKind::PolicyRequested;
                note(connection, &config, requested, &change, &order, json!({}))?;
            }
            Ok(change.request)
        })
        .await
    }

    async fn approve_policy(
        &self,
        id: &ApprovalId,
        order: &Order,
    ) -> Result<PolicyApproval, StoreError> {
        let (id, order, config) = (id.clone(), order.clone(), Arc::clone(&self.config));
        self.write(move |connection| approve(connection, &config, &id, &order))
            .await
    }

    async fn withdraw_policy(&self, id: &ApprovalId, order: &Order) -> Result<bool, StoreError> {
        let (id, order, config) = (id.clone(), order.clone(), Arc::clone(&self.config));
        self.write(move |connection| {
            let Some(change) = find(connection, &id)?.filter(|it| it.is_open(config.now())) else {
                return Ok(false);
            };
            decide(connection, &config, &id, "withdrawn", None, &order)?;
            let withdrawn = AuditKind::PolicyWithdrawn;
            note(connection, &config, withdrawn, &change, &order, json!({}))?;
            Ok(true)
        })
        .await
    }

    async fn policy_requests(&self) -> Result<Vec<PolicyRequest>, StoreError> {
        let config = Arc::clone(&self.config);
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::POLICY_CHANGES_OPEN)?;
            let found = statement.query_map((micros(config.now()),), columns)?;
            found.map(|found| Ok(read(found?)?.request)).collect()
        })
        .await
    }

    async fn policies(&self) -> Result<Vec<PolicyInForce>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql::POLICIES_IN_FORCE)?;
            let found = statement.query_map((), columns)?;
            found.map(|found| in_force(read(found?)?)).collect()
        })
        .await
    }

    async fn policy_version(&self) -> Result<i64, StoreError> {
        self.read(version).await
    }
}

fn version(connection: &Connection) -> Result<i64, DbError> {
    let mut statement = connection.prepare_cached(sql::POLICY_VERSION)?;
    Ok(statement.query_row((), |row| row.get(0))?)
}

fn approve(
    connection: &Connection,
    config: &StoreConfig,
    id: &ApprovalId,
    order: &Order,
) -> Result<PolicyApproval, DbError> {
    let Some(change) = find(connection, id)?.filter(|it| it.is_open(config.now())) else {
        return Ok(PolicyApproval::NotOpen);
    };
    if change.request.by == order.by() {
        return Ok(PolicyApproval::SamePerson);
    }
    let next = version(connection)? + 1;
    decide(connection, config, id, "approved", Some(next), order)?;
    let detail = json!({
        "requested_by": change.request.by,
        "requested_for": change.request.reason,
        "version": next,
    });
    note(
        connection,
        config,
        AuditKind::PolicyChanged,
        &change,
        order,
        detail,
    )?;
    let now = find(connection, id)?.ok_or(DbError::Corrupt("change of policy"))?;
    Ok(PolicyApproval::InForce(Box::new(in_force(now)?)))
}

fn decide(
    connection: &Connection,
    config: &StoreConfig,
    id: &ApprovalId,
    status: &str,
    version: Option<i64>,
    order: &Order,
) -> Result<(), DbError> {
    let now = micros(config.now());
    connection
        .prepare_cached(sql::POLICY_CHANGE_DECIDE)?
        .execute((id.as_str(), status, order.by(), now, version))?;
    Ok(())
}

fn note(
    connection: &Connection,
    config: &StoreConfig,
    kind: AuditKind,
    change: &Change,
    order: &Order,
    more: Value,
) -> Result<(), DbError> {
    let PolicyRequest {
        id,
        kind: policy,
        content,
        ..
    } = &change.request;
    let detail = merged(policy_particulars(id, *policy, content), more);
    let event = ordered_event(kind, &audit::bank_itself()?, order, detail);
    audit::record(connection, config, &event)
}

fn in_force(change: Change) -> Result<PolicyInForce, DbError> {
    change
        .in_force()
        .ok_or(DbError::Corrupt("change of policy"))
}

struct Columns {
    texts: [String; 6],
    instants: (i64, i64, Option<i64>),
    version: Option<i64>,
    decided_by: Option<String>,
}

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok(Columns {
        texts: [
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(7)?,
        ],
        instants: (row.get(5)?, row.get(6)?, row.get(10)?),
        version: row.get(8)?,
        decided_by: row.get(9)?,
    })
}

fn read(columns: Columns) -> Result<Change, DbError> {
    let [id, kind, content, by, reason, status] = columns.texts;
    let (at, expires_at, decided_at) = columns.instants;
    Ok(Change {
        request: PolicyRequest {
            id: ApprovalId::new(id).map_err(|_| DbError::Corrupt("change of policy"))?,
            kind: PolicyKind::parse(&kind).ok_or(DbError::Corrupt("kind of policy"))?,
            content,
            by,
            reason,
            at: instant(at)?,
            expires_at: instant(expires_at)?,
        },
        is_decided: status != "open",
        version: columns.version,
        decided_by: columns.decided_by,
        decided_at: decided_at.map(instant).transpose()?,
    })
}

fn find(connection: &Connection, id: &ApprovalId) -> Result<Option<Change>, DbError> {
    let mut statement = connection.prepare_cached(sql::POLICY_CHANGE)?;
    let found = statement.query_row((id.as_str(),), columns).optional()?;
    found.map(read).transpose()
}
