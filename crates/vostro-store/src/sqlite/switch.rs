//! The stop of all money: the one row that every posting reads under the writer's lock.

use rusqlite::Connection;
use serde_json::{Value, json};
use vostro_bank::{AuditKind, MoneySwitch, Order};

use super::audit::{self, ordered_event};
use super::rows::{instant, micros};
use super::sql;
use crate::config::StoreConfig;
use crate::error::DbError;

/// Whether money commands are stopped, by an order or by this process's configuration.
pub(super) fn is_stopped(connection: &Connection, config: &StoreConfig) -> Result<bool, DbError> {
    let ordered: bool = connection
        .prepare_cached(sql::MONEY_SWITCH)?
        .query_row([], |row| row.get(0))?;
    Ok(ordered || config.money_stopped)
}

/// How the switch stands.
pub(super) fn read(connection: &Connection, config: &StoreConfig) -> Result<MoneySwitch, DbError> {
    type Columns = (bool, Option<String>, Option<String>, Option<i64>);
    let (ordered, by, reason, at): Columns = connection
        .prepare_cached(sql::MONEY_SWITCH)?
        .query_row([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    Ok(MoneySwitch {
        stopped: ordered || config.money_stopped,
        by_configuration: config.money_stopped,
        by,
        reason,
        at: at.map(instant).transpose()?,
    })
}

/// Turns the switch.
pub(super) fn turn(
    connection: &Connection,
    config: &StoreConfig,
    stopped: bool,
    order: &Order,
) -> Result<MoneySwitch, DbError> {
    set(connection, config, stopped, order.by(), order.reason())?;
    record(connection, config, stopped, order, json!({}))?;
    read(connection, config)
}

/// Writes how the switch stands, and by whose order.
pub(super) fn set(
    connection: &Connection,
    config: &StoreConfig,
    stopped: bool,
    by: &str,
    reason: &str,
) -> Result<(), DbError> {
    connection.prepare_cached(sql::MONEY_SWITCH_SET)?.execute((
        stopped,
        by,
        reason,
        micros(config.now()),
    ))?;
    Ok(())
}

/// Puts on record that it was turned, with these particulars.
pub(super) fn record(
    connection: &Connection,
    config: &StoreConfig,
    stopped: bool,
    order: &Order,
    detail: Value,
) -> Result<(), DbError> {
    let kind = if stopped {
        AuditKind::MoneyStopped
    } else {
        AuditKind::MoneyResumed
    };
    let event = ordered_event(kind, &audit::bank_itself()?, order, detail);
    audit::record(connection, config, &event)
}
