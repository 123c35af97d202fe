//! Carrying out what is due: one occurrence a command, with its posting, its audit row and its event.

use jiff::civil::Date;
use rusqlite::{Connection, params};
use serde_json::json;
use vostro_bank::AuditKind;
use vostro_ledger::{AfterDecline, Decline, RunRules, authorise, occurrence_key};

use super::super::audit::{self, money_event};
use super::super::rows::micros;
use super::super::{money, sql};
use super::orders::{advance, end};
use super::{Kept, one};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::particulars::{declined, merged, occurrence, standing_order};

/// What one step did.
pub(super) enum Step {
    /// There was nothing to do.
    NothingDue,
    /// An occurrence was paid.
    Posted,
    /// An occurrence was given up.
    Failed,
    /// An occurrence is tried again later.
    Waiting,
    /// A proposal's time was over.
    Expired,
}

/// Does the next thing that is due, if there is one.
pub(super) fn step(
    connection: &Connection,
    config: &StoreConfig,
    rules: RunRules,
) -> Result<Step, DbError> {
    let now = config.now();
    if let Some(kept) = one(connection, sql::SCHEDULE_UNANSWERED, (micros(now),))? {
        end(connection, config, &kept, "expired")?;
        let detail = standing_order(&kept.id, &kept.order);
        let event = money_event(AuditKind::Expired, &kept.customer, None, detail);
        audit::record(connection, config, &event)?;
        return Ok(Step::Expired);
    }
    let Some(kept) = one(connection, sql::SCHEDULE_DUE, (micros(now),))? else {
        return Ok(Step::NothingDue);
    };
    let due = kept.next_due.ok_or(DbError::Corrupt("due day"))?;
    if rules.is_missed(due, now, config.time_zone()) {
        return give_up(connection, config, &kept, due, None);
    }
    let standing = money::standing(connection, config, &kept.order.intent)?;
    match authorise(&kept.order.intent, &standing.facts) {
        Ok(posting) => {
            let key = occurrence_key(&kept.id, due);
            let moved = money::move_money(
                connection,
                config,
                &kept.order.intent,
                &key,
                &standing,
                &posting,
            )?;
            record(
                connection,
                config,
                &kept,
                due,
                ("posted", None),
                Some(moved.transfer_pk),
            )?;
            let detail = occurrence(&kept.id, &kept.order, due);
            let detail = merged(detail, json!({ "transfer": moved.id }));
            let event = money_event(AuditKind::Posted, &kept.customer, None, detail);
            audit::record(connection, config, &event)?;
            advance(connection, config, &kept)?;
            Ok(Step::Posted)
        }
        Err(decline) => match rules.after_decline(&decline, due, now, config.time_zone()) {
            AfterDecline::Retry(next) => {
                record(
                    connection,
                    config,
                    &kept,
                    due,
                    ("waiting", Some(decline)),
                    None,
                )?;
                connection
                    .prepare_cached(sql::SCHEDULE_RETRY)?
                    .execute((kept.pk, micros(next)))?;
                Ok(Step::Waiting)
            }
            AfterDecline::Fail => give_up(connection, config, &kept, due, Some(decline)),
        },
    }
}

/// The occurrence is not paid: refused for good, or (without a reason) missed. The order goes on.
fn give_up(
    connection: &Connection,
    config: &StoreConfig,
    kept: &Kept,
    due: Date,
    decline: Option<Decline>,
) -> Result<Step, DbError> {
    let status = if decline.is_some() {
        "failed"
    } else {
        "missed"
    };
    record(connection, config, kept, due, (status, decline), None)?;
    let detail = occurrence(&kept.id, &kept.order, due);
    let detail = declined(detail, decline);
    let event = money_event(AuditKind::OccurrenceFailed, &kept.customer, None, detail);
    audit::record(connection, config, &event)?;
    advance(connection, config, kept)?;
    Ok(Step::Failed)
}

fn record(
    connection: &Connection,
    config: &StoreConfig,
    kept: &Kept,
    due: Date,
    (status, decline): (&str, Option<Decline>),
    transfer_pk: Option<i64>,
) -> Result<(), DbError> {
    connection
        .prepare_cached(sql::SCHEDULE_RUN_RECORD)?
        .execute(params![
            kept.pk,
            due.to_string(),
            status,
            1,
            decline.map(|decline| decline.code()),
            transfer_pk,
            micros(config.now()),
        ])?;
    Ok(())
}
