//! Making and ending standing orders, and leaving out a payment. Each runs inside one savepoint of the writer's transaction.

use jiff::civil::Date;
use rusqlite::{Connection, params};
use vostro_bank::{
    AuditEvent, AuditKind, ChangeRefusal, ProposeOutcome, ScheduleChange, ScheduleOutcome,
};
use vostro_ledger::{
    Confirmable, Confirmed, Decline, Proposal, RunRules, StandingOrder, authorise, may_be_ordered,
};
use vostro_types::{ConfirmationId, CustomerId};

use super::super::audit::{self, money_event};
use super::super::money;
use super::super::rows::micros;
use super::super::services::Applied;
use super::super::sql;
use super::{Kept, find};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::particulars::{declined, standing_order};

/// Records a standing order as proposed, if it could be ordered now.
pub(super) fn propose(
    connection: &Connection,
    config: &StoreConfig,
    proposal: &Proposal<StandingOrder>,
    context: &AuditEvent,
) -> Result<ProposeOutcome, DbError> {
    let order = &proposal.intent;
    let customer = order.customer();
    if let Some(kept) = find(connection, customer, &proposal.id)?
        && kept.status == "proposed"
        && kept.hash == proposal.hash
    {
        return Ok(ProposeOutcome::Proposed);
    }
    let (customer_pk, refused) = decide(connection, config, order)?;
    let detail = standing_order(&proposal.id, order);
    let (None, Some(customer_pk)) = (refused, customer_pk) else {
        let decline = refused.unwrap_or(Decline::SourceUnknown);
        let detail = declined(detail, Some(decline));
        let event = money_event(AuditKind::Declined, customer, Some(context), detail);
        audit::record(connection, config, &event)?;
        return Ok(ProposeOutcome::Declined(decline));
    };
    connection
        .prepare_cached(sql::SCHEDULE_INSERT)?
        .execute(params![
            proposal.id.as_str(),
            customer_pk,
            serde_json::to_string(order)?,
            proposal.hash.0,
            micros(config.now()),
            micros(proposal.expires_at),
        ])?;
    let event = money_event(AuditKind::Proposed, customer, Some(context), detail);
    audit::record(connection, config, &event)?;
    Ok(ProposeOutcome::Proposed)
}

/// The customer's row, and why the order cannot be made, if it cannot.
fn decide(
    connection: &Connection,
    config: &StoreConfig,
    order: &StandingOrder,
) -> Result<(Option<i64>, Option<Decline>), DbError> {
    let standing = money::standing(connection, config, &order.intent)?;
    let customer_pk = standing.source.as_ref().and_then(|row| row.customer_pk);
    let refused = authorise(&order.intent, &standing.facts).err();
    let refused = refused.filter(|decline| !may_be_ordered(Some(decline)));
    Ok((customer_pk, refused))
}

/// Consumes the confirmation: the order is in force, or spent as declined or expired.
pub(super) fn confirm(
    connection: &Connection,
    config: &StoreConfig,
    confirmed: &Confirmed<StandingOrder>,
    context: &AuditEvent,
) -> Result<ScheduleOutcome, DbError> {
    let order = confirmed.get();
    let customer = order.customer();
    let Some(mut kept) = find(connection, customer, confirmed.confirmation())? else {
        return Ok(ScheduleOutcome::NotOpen);
    };
    if kept.hash != confirmed.hash() || kept.hash != order.hash() {
        return Ok(ScheduleOutcome::NotOpen);
    }
    match kept.status.as_str() {
        "proposed" => {}
        "active" | "completed" => return Ok(ScheduleOutcome::Replayed(Box::new(kept.view()))),
        "expired" => return Ok(ScheduleOutcome::Expired),
        _ => return Ok(ScheduleOutcome::NotOpen),
    }
    let now = config.now();
    let detail = standing_order(&kept.id, order);
    if now >= kept.expires_at {
        end(connection, config, &kept, "expired")?;
        let event = money_event(AuditKind::Expired, customer, Some(context), detail);
        audit::record(connection, config, &event)?;
        return Ok(ScheduleOutcome::Expired);
    }
    if let (_, Some(decline)) = decide(connection, config, order)? {
        end(connection, config, &kept, "declined")?;
        let detail = declined(detail, Some(decline));
        let event = money_event(AuditKind::Declined, customer, Some(context), detail);
        audit::record(connection, config, &event)?;
        return Ok(ScheduleOutcome::Declined(decline));
    }
    if let Some(replaced) = &order.replaces
        && cancel(connection, config, customer, replaced, context)? == ScheduleChange::NotActive
    {
        return Ok(ScheduleOutcome::NotOpen);
    }
    let first = order.schedule.first();
    connection
        .prepare_cached(sql::SCHEDULE_CONFIRM)?
        .execute(params![
            kept.pk,
            micros(now),
            first.to_string(),
            due_from(config, first)?
        ])?;
    let event = money_event(AuditKind::Confirmed, customer, Some(context), detail);
    audit::record(connection, config, &event)?;
    kept.next_due = Some(first);
    Ok(ScheduleOutcome::Scheduled(Box::new(kept.view())))
}

/// Ends an order, proposed or in force.
pub(super) fn cancel(
    connection: &Connection,
    config: &StoreConfig,
    customer: &CustomerId,
    id: &ConfirmationId,
    context: &AuditEvent,
) -> Result<ScheduleChange, DbError> {
    let found = find(connection, customer, id)?;
    let Some(mut kept) = found.filter(|kept| matches!(kept.status.as_str(), "proposed" | "active"))
    else {
        return Ok(ScheduleChange::NotActive);
    };
    end(connection, config, &kept, "cancelled")?;
    let detail = standing_order(id, &kept.order);
    let event = money_event(AuditKind::Cancelled, customer, Some(context), detail);
    audit::record(connection, config, &event)?;
    kept.next_due = None;
    Ok(ScheduleChange::Changed(Box::new(kept.view())))
}

/// Ends an order in force, as its customer confirmed; whoever calls puts it on record.
pub(in super::super) fn end_in_force(
    connection: &Connection,
    config: &StoreConfig,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Applied, DbError> {
    let Some(kept) = find(connection, customer, id)? else {
        return Ok(Err(ChangeRefusal::Unknown));
    };
    if kept.status != "active" {
        return Ok(Err(ChangeRefusal::State));
    }
    end(connection, config, &kept, "cancelled")?;
    Ok(Ok(None))
}

/// Leaves out the occurrence due on this day, if it is the next one, as its customer confirmed; whoever calls puts it on
/// record.
pub(in super::super) fn leave_out(
    connection: &Connection,
    config: &StoreConfig,
    customer: &CustomerId,
    id: &ConfirmationId,
    due: Date,
) -> Result<Applied, DbError> {
    let Some(kept) = find(connection, customer, id)? else {
        return Ok(Err(ChangeRefusal::Unknown));
    };
    if kept.next_due != Some(due) {
        return Ok(Err(ChangeRefusal::State));
    }
    connection
        .prepare_cached(sql::SCHEDULE_RUN_RECORD)?
        .execute(params![
            kept.pk,
            due.to_string(),
            "skipped",
            0,
            None::<String>,
            None::<i64>,
            micros(config.now()),
        ])?;
    advance(connection, config, &kept)?;
    Ok(Ok(None))
}

/// Goes on to the occurrence after the next one, or ends the order behind its last; gives its due day.
pub(super) fn advance(
    connection: &Connection,
    config: &StoreConfig,
    kept: &Kept,
) -> Result<Option<Date>, DbError> {
    let number = kept.next_number.saturating_add(1);
    let Some(due) = kept.order.schedule.due(number) else {
        end(connection, config, kept, "completed")?;
        return Ok(None);
    };
    connection
        .prepare_cached(sql::SCHEDULE_ADVANCE)?
        .execute(params![
            kept.pk,
            number,
            due.to_string(),
            due_from(config, due)?
        ])?;
    Ok(Some(due))
}

/// Ends an order in this state.
pub(super) fn end(
    connection: &Connection,
    config: &StoreConfig,
    kept: &Kept,
    status: &str,
) -> Result<(), DbError> {
    connection
        .prepare_cached(sql::SCHEDULE_END)?
        .execute(params![kept.pk, status, micros(config.now())])?;
    Ok(())
}

fn due_from(config: &StoreConfig, due: Date) -> Result<i64, DbError> {
    RunRules::due_from(due, config.time_zone())
        .map(micros)
        .ok_or(DbError::Corrupt("due day"))
}
