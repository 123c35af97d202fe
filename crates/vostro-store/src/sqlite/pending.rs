//! Transfers in two phases: placed with their funds held, then posted, voided or expired.
//!
//! What posting takes (the accounts, what both sides read, the biller) was found when the customer
//! confirmed and is kept with the placement: a payee renamed since changes nothing.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use vostro_bank::{
    AuditEvent, AuditKind, Order, PendingTransfer, PostOutcome, Receipt, SettleOutcome, VoidOutcome,
};
use vostro_ledger::{
    CaptureFacts, Confirmed, MoneyIntent, Posting, Settlement, TransferStatus, authorise_capture,
};
use vostro_types::{HoldId, Money, TransferId};

use super::audit::{self, money_event, ordered_event};
use super::books::{self, Narrative, Side};
use super::money::{self, Ready};
use super::placements::{Placed, one};
use super::rows::{self, AccountRow, micros};
use super::{bills, sql, switch};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::particulars::{declined, merged, movement};

/// Consumes a confirmation by holding the funds of what was confirmed.
pub(super) fn place(
    connection: &Connection,
    config: &StoreConfig,
    confirmed: &Confirmed<MoneyIntent>,
    settlement: Settlement,
    context: &AuditEvent,
) -> Result<PostOutcome, DbError> {
    let ready = match money::authorised(connection, config, confirmed, context)? {
        Ok(ready) => ready,
        Err(outcome) => return Ok(outcome),
    };
    let (id, intent) = (confirmed.confirmation(), confirmed.get());
    let transfer = TransferId::generate(config.entropy.as_ref());
    write_placement(connection, config, confirmed, settlement, &ready, &transfer)?;
    let detail = merged(
        movement(id, intent),
        json!({ "transfer": transfer, "settles_at": settlement.settles_at }),
    );
    let event = money_event(AuditKind::Placed, &intent.customer, Some(context), detail);
    audit::record(connection, config, &event)?;
    Ok(PostOutcome::Placed(Box::new(PendingTransfer {
        transfer,
        confirmation: id.clone(),
        intent: intent.clone(),
        status: TransferStatus::Pending,
        placed_at: config.now(),
        settles_at: rows::whole_microseconds(settlement.settles_at),
        expires_at: rows::whole_microseconds(settlement.expires_at),
    })))
}

/// Writes the pending transfer, its hold and its placement, and consumes the confirmation.
fn write_placement(
    connection: &Connection,
    config: &StoreConfig,
    confirmed: &Confirmed<MoneyIntent>,
    settlement: Settlement,
    ready: &Ready,
    transfer: &TransferId,
) -> Result<(), DbError> {
    let (intent, now) = (confirmed.get(), config.now());
    let (Some(source), Some(resolved)) = (&ready.standing.source, &ready.standing.resolved) else {
        return Err(DbError::Corrupt("posting"));
    };
    let transfer_pk: i64 = connection.prepare_cached(sql::TRANSFER_PLACE)?.query_row(
        params![
            transfer.as_str(),
            confirmed.idempotency_key().to_string(),
            intent.kind().as_str(),
            source.customer_pk,
            source.pk,
            resolved.account.pk,
            intent.amount.currency.code(),
            intent.amount.minor,
            micros(now),
            micros(settlement.settles_at),
            micros(settlement.expires_at),
        ],
        |row| row.get(0),
    )?;
    let hold = HoldId::generate(config.entropy.as_ref());
    let hold_pk: i64 = connection.prepare_cached(sql::HOLD_INSERT)?.query_row(
        params![
            hold.as_str(),
            source.pk,
            transfer_pk,
            intent.amount.minor,
            resolved.source_narrative.description,
            micros(now),
            micros(settlement.expires_at),
        ],
        |row| row.get(0),
    )?;
    add_held(connection, source.pk, intent.amount.minor)?;
    connection
        .prepare_cached(sql::CONFIRMATION_RESOLVE)?
        .execute(params![
            ready.confirmation_pk,
            "placed",
            micros(now),
            transfer_pk,
            None::<String>,
        ])?;
    connection
        .prepare_cached(sql::PLACEMENT_INSERT)?
        .execute(params![
            transfer_pk,
            ready.confirmation_pk,
            hold_pk,
            resolved.biller_pk,
            resolved.source_narrative.category.as_str(),
            resolved.source_narrative.merchant,
            resolved.source_narrative.description,
            resolved.destination_narrative.description,
        ])?;
    Ok(())
}

/// Puts funds aside, or with a negative amount gives them free; the table's CHECK keeps the floor.
pub(super) fn add_held(
    connection: &Connection,
    account_pk: i64,
    minor: i64,
) -> Result<(), DbError> {
    connection
        .prepare_cached(sql::ACCOUNT_HELD_ADD)?
        .execute((account_pk, minor))?;
    Ok(())
}

/// Posts a pending transfer, all of it or less.
pub(super) fn post(
    connection: &Connection,
    config: &StoreConfig,
    transfer: &TransferId,
    amount: Option<Money>,
    order: &Order,
) -> Result<SettleOutcome, DbError> {
    let placed = match pending(connection, transfer, order)? {
        Ok(placed) => placed,
        Err(status) => return Ok(SettleOutcome::NotPending(status)),
    };
    let account = |id| -> Result<AccountRow, DbError> {
        rows::account_by_id(connection, id)?.ok_or(DbError::Corrupt("account"))
    };
    let (source, destination) = (account(&placed.source)?, account(&placed.destination)?);
    let amount = amount.unwrap_or(placed.view.intent.amount);
    let facts = CaptureFacts {
        source: source.facts.clone(),
        destination: destination.facts.clone(),
        held: placed.view.intent.amount,
        money_stopped: switch::is_stopped(connection, config)?,
    };
    match authorise_capture(amount, &facts) {
        Ok(posting) => {
            let sides = (&source, &destination);
            let receipt = settle(connection, config, &placed, sides, amount, &posting)?;
            let detail = particulars(&placed.view, &receipt.intent);
            record(
                connection,
                config,
                AuditKind::Posted,
                &placed.view,
                order,
                detail,
            )?;
            Ok(SettleOutcome::Posted(Box::new(receipt)))
        }
        Err(decline) => {
            let detail = declined(
                particulars(&placed.view, &placed.view.intent),
                Some(decline),
            );
            record(
                connection,
                config,
                AuditKind::Declined,
                &placed.view,
                order,
                detail,
            )?;
            Ok(SettleOutcome::Declined(decline))
        }
    }
}

/// Frees the funds, writes the entries and the receipt, and settles the bill.
fn settle(
    connection: &Connection,
    config: &StoreConfig,
    placed: &Placed,
    (source, destination): (&AccountRow, &AccountRow),
    amount: Money,
    posting: &Posting,
) -> Result<Receipt, DbError> {
    let now = config.now();
    let held = placed.view.intent.amount.minor;
    resolve(
        connection,
        placed,
        source.pk,
        ("posted", "captured"),
        now,
        amount.minor,
    )?;
    let side = |account, reads: &String| Side {
        account,
        narrative: Narrative {
            description: reads.clone(),
            merchant: placed.merchant.clone(),
            category: placed.category,
        },
    };
    let sides = (
        side(source, &placed.source_reads),
        side(destination, &placed.destination_reads),
    );
    let balance_minor = books::entries(
        connection,
        placed.transfer_pk,
        [&sides.0, &sides.1],
        posting,
        micros(now),
    )?;
    if let Some(biller_pk) = placed.biller_pk {
        bills::settle(
            connection,
            placed.customer_pk,
            biller_pk,
            placed.transfer_pk,
            amount,
        )?;
    }
    let mut after = source.facts.clone();
    after.balance_minor = balance_minor.ok_or(DbError::Corrupt("source balance"))?;
    after.held_minor = after.held_minor.saturating_sub(held);
    let receipt = Receipt {
        transfer: placed.view.transfer.clone(),
        confirmation: placed.view.confirmation.clone(),
        intent: MoneyIntent {
            amount,
            ..placed.view.intent.clone()
        },
        posted_at: now,
        source_balance: after.balance(),
        source_available: after.available(),
        value_date: Some(config.calendar.value_date(placed.view.intent.kind(), now)),
    };
    connection
        .prepare_cached(sql::PLACEMENT_RECEIPT)?
        .execute((placed.transfer_pk, serde_json::to_string(&receipt)?))?;
    Ok(receipt)
}

/// Ends a pending transfer without a posting: voided or expired.
pub(super) fn end(
    connection: &Connection,
    config: &StoreConfig,
    transfer: &TransferId,
    expired: bool,
    order: &Order,
) -> Result<VoidOutcome, DbError> {
    let mut placed = match pending(connection, transfer, order)? {
        Ok(placed) => placed,
        Err(status) => return Ok(VoidOutcome::NotPending(status)),
    };
    let now = config.now();
    let source = rows::account_by_id(connection, &placed.source)?;
    let source = source.ok_or(DbError::Corrupt("account"))?;
    let (status, hold, kind) = if expired {
        (TransferStatus::Expired, "expired", AuditKind::Lapsed)
    } else {
        (TransferStatus::Voided, "released", AuditKind::Voided)
    };
    let whole = placed.view.intent.amount.minor;
    resolve(
        connection,
        &placed,
        source.pk,
        (status.as_str(), hold),
        now,
        whole,
    )?;
    placed.view.status = status;
    let detail = particulars(&placed.view, &placed.view.intent);
    record(connection, config, kind, &placed.view, order, detail)?;
    Ok(VoidOutcome::Voided(Box::new(placed.view)))
}

/// Resolves the transfer and its hold, and frees the funds.
fn resolve(
    connection: &Connection,
    placed: &Placed,
    source_pk: i64,
    (transfer_status, hold_status): (&str, &str),
    now: Timestamp,
    posted_minor: i64,
) -> Result<(), DbError> {
    let held = placed.view.intent.amount.minor;
    let less = (posted_minor < held).then_some(posted_minor);
    connection.prepare_cached(sql::TRANSFER_RESOLVE)?.execute((
        placed.transfer_pk,
        transfer_status,
        micros(now),
        less,
    ))?;
    connection.prepare_cached(sql::HOLD_RESOLVE)?.execute((
        placed.hold_pk,
        hold_status,
        micros(now),
        None::<i64>,
    ))?;
    add_held(connection, source_pk, -held)
}

/// The transfer, if it is pending and within this order's reach; else how it stands.
fn pending(
    connection: &Connection,
    transfer: &TransferId,
    order: &Order,
) -> Result<Result<Placed, Option<TransferStatus>>, DbError> {
    let within = |placed: &Placed| {
        order
            .of_customer()
            .is_none_or(|customer| *customer == placed.view.intent.customer)
    };
    let found = one(connection, sql::PLACED, transfer.as_str())?.filter(within);
    Ok(match found {
        Some(placed) if placed.view.status == TransferStatus::Pending => Ok(placed),
        other => Err(other.map(|placed| placed.view.status)),
    })
}

/// What the audit trail says of a placed transfer.
fn particulars(view: &PendingTransfer, intent: &MoneyIntent) -> Value {
    merged(
        movement(&view.confirmation, intent),
        json!({ "transfer": view.transfer }),
    )
}

fn record(
    connection: &Connection,
    config: &StoreConfig,
    kind: AuditKind,
    view: &PendingTransfer,
    order: &Order,
    detail: Value,
) -> Result<(), DbError> {
    let event = ordered_event(kind, &view.intent.customer, order, detail);
    audit::record(connection, config, &event)
}
