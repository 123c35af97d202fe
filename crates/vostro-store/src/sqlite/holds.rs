//! Holds that no transfer stands behind (card authorisations, legal holds), and accounts' states.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};
use vostro_bank::{AuditKind, CaptureOutcome, Category, Hold, HoldOutcome, Order};
use vostro_ledger::{
    AccountKind, AccountStatus, CaptureFacts, Decline, authorise_capture, authorise_hold,
};
use vostro_types::{AccountId, CustomerId, HoldId, Money, TransferId};

use super::audit::{self, ordered_event};
use super::books::{self, Narrative, NewTransfer, Side};
use super::pending::add_held;
use super::rows::{self, AccountRow, currency_of, instant, micros};
use super::{sql, switch};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::particulars::{declined, merged};

/// What a transfer that pays out held funds is called in the books.
const CAPTURE: &str = "hold_capture";
/// How many overdue holds one command ends at most.
pub(super) const EXPIRED_AT_ONCE: u32 = 500;

/// A hold's row.
struct Kept {
    pk: i64,
    hold: Hold,
}

/// Puts funds aside.
pub(super) fn place(
    connection: &Connection,
    config: &StoreConfig,
    account: &AccountId,
    amount: Money,
    expires_at: Option<Timestamp>,
    order: &Order,
) -> Result<HoldOutcome, DbError> {
    let row = rows::account_by_id(connection, account)?;
    let now = config.now();
    let hold = Hold {
        id: HoldId::generate(config.entropy.as_ref()),
        account: account.clone(),
        amount,
        reason: order.reason().to_owned(),
        placed_at: now,
        expires_at: expires_at.map(rows::whole_microseconds),
    };
    let decided = authorise_hold(amount, row.as_ref().map(|row| &row.facts));
    let (Ok(()), Some(row)) = (&decided, &row) else {
        let decline = decided.err().unwrap_or(Decline::SourceUnknown);
        let detail = declined(detail(None, account, amount), Some(decline));
        record(
            connection,
            config,
            AuditKind::HoldDeclined,
            row.as_ref(),
            order,
            detail,
        )?;
        return Ok(HoldOutcome::Declined(decline));
    };
    connection.prepare_cached(sql::HOLD_INSERT)?.query_row(
        params![
            hold.id.as_str(),
            row.pk,
            None::<i64>,
            amount.minor,
            hold.reason,
            micros(now),
            hold.expires_at.map(micros),
        ],
        |_| Ok(()),
    )?;
    add_held(connection, row.pk, amount.minor)?;
    let detail = detail(Some(&hold.id), account, amount);
    record(
        connection,
        config,
        AuditKind::HoldPlaced,
        Some(row),
        order,
        detail,
    )?;
    Ok(HoldOutcome::Held(Box::new(hold)))
}

/// Ends a hold; gives whether it was held.
pub(super) fn release(
    connection: &Connection,
    config: &StoreConfig,
    hold: &HoldId,
    order: &Order,
) -> Result<bool, DbError> {
    let Some(kept) = find(connection, hold)? else {
        return Ok(false);
    };
    end(connection, config, &kept, "released", order)?;
    Ok(true)
}

/// Ends up to [`EXPIRED_AT_ONCE`] holds whose time is over; gives how many.
pub(super) fn expire(
    connection: &Connection,
    config: &StoreConfig,
    now: Timestamp,
) -> Result<u64, DbError> {
    let mut statement = connection.prepare_cached(sql::HOLDS_OVERDUE)?;
    let overdue = collect(statement.query((micros(now), EXPIRED_AT_ONCE))?)?;
    let order = Order::housekeeping("its time is over");
    for kept in &overdue {
        end(connection, config, kept, "expired", &order)?;
    }
    Ok(u64::try_from(overdue.len()).unwrap_or(u64::MAX))
}

fn end(
    connection: &Connection,
    config: &StoreConfig,
    kept: &Kept,
    status: &str,
    order: &Order,
) -> Result<(), DbError> {
    let row = account(connection, &kept.hold.account)?;
    resolve(connection, kept, status, config.now(), None)?;
    add_held(connection, row.pk, -kept.hold.amount.minor)?;
    let detail = detail(Some(&kept.hold.id), &kept.hold.account, kept.hold.amount);
    record(
        connection,
        config,
        AuditKind::HoldReleased,
        Some(&row),
        order,
        detail,
    )
}

/// Pays held funds out to the bank's clearing account, all or less; the rest is free again.
pub(super) fn capture(
    connection: &Connection,
    config: &StoreConfig,
    hold: &HoldId,
    amount: Option<Money>,
    order: &Order,
) -> Result<CaptureOutcome, DbError> {
    let Some(kept) = find(connection, hold)? else {
        return Ok(CaptureOutcome::NotHeld);
    };
    let whole = kept.hold.amount;
    let source = account(connection, &kept.hold.account)?;
    let clearing = rows::account_of_bank(connection, AccountKind::Clearing, whole.currency)?
        .ok_or(DbError::Corrupt("clearing account"))?;
    let amount = amount.unwrap_or(whole);
    let facts = CaptureFacts {
        source: source.facts.clone(),
        destination: clearing.facts.clone(),
        held: whole,
        money_stopped: switch::is_stopped(connection, config)?,
    };
    let detail = detail(Some(hold), &kept.hold.account, amount);
    let posting = match authorise_capture(amount, &facts) {
        Ok(posting) => posting,
        Err(decline) => {
            let detail = declined(detail, Some(decline));
            record(
                connection,
                config,
                AuditKind::HoldDeclined,
                Some(&source),
                order,
                detail,
            )?;
            return Ok(CaptureOutcome::Declined(decline));
        }
    };
    add_held(connection, source.pk, -whole.minor)?;
    let transfer = TransferId::generate(config.entropy.as_ref());
    let narrative = Narrative {
        description: kept.hold.reason.clone(),
        merchant: None,
        category: Category::Other,
    };
    let written = books::write(
        connection,
        &NewTransfer {
            id: &transfer,
            idempotency_key: None,
            kind: CAPTURE,
            customer_pk: source.customer_pk,
            source: Side {
                account: &source,
                narrative: narrative.clone(),
            },
            destination: Side {
                account: &clearing,
                narrative,
            },
            amount,
            posting: &posting,
            posted_at: config.now(),
            reverses_pk: None,
        },
    )?;
    resolve(
        connection,
        &kept,
        "captured",
        config.now(),
        Some(written.transfer_pk),
    )?;
    let detail = merged(detail, json!({ "transfer": transfer }));
    record(
        connection,
        config,
        AuditKind::HoldCaptured,
        Some(&source),
        order,
        detail,
    )?;
    Ok(CaptureOutcome::Captured(transfer))
}

/// Freezes, closes or opens a customer's account; gives whether there is one.
pub(super) fn set_account_status(
    connection: &Connection,
    config: &StoreConfig,
    account: &AccountId,
    status: AccountStatus,
    order: &Order,
) -> Result<bool, DbError> {
    let owner: Option<String> = connection
        .prepare_cached(sql::ACCOUNT_SET_STATUS)?
        .query_row((account.as_str(), status.as_str()), |row| row.get(0))
        .optional()?;
    let Some(owner) = owner else {
        return Ok(false);
    };
    let owner = CustomerId::new(owner).map_err(|_| DbError::Corrupt("customer id"))?;
    let detail = json!({ "account": account, "status": status });
    let event = ordered_event(AuditKind::AccountStatusChanged, &owner, order, detail);
    audit::record(connection, config, &event)?;
    Ok(true)
}

/// The holds on an account that no transfer has.
pub(super) fn list(connection: &Connection, account: &AccountId) -> Result<Vec<Hold>, DbError> {
    let mut statement = connection.prepare_cached(sql::HOLDS_OF_ACCOUNT)?;
    let kept = collect(statement.query((account.as_str(),))?)?;
    Ok(kept.into_iter().map(|kept| kept.hold).collect())
}

fn find(connection: &Connection, hold: &HoldId) -> Result<Option<Kept>, DbError> {
    let mut statement = connection.prepare_cached(sql::HOLD)?;
    Ok(collect(statement.query((hold.as_str(),))?)?.pop())
}

fn account(connection: &Connection, id: &AccountId) -> Result<AccountRow, DbError> {
    rows::account_by_id(connection, id)?.ok_or(DbError::Corrupt("account"))
}

fn resolve(
    connection: &Connection,
    kept: &Kept,
    status: &str,
    now: Timestamp,
    transfer_pk: Option<i64>,
) -> Result<(), DbError> {
    connection.prepare_cached(sql::HOLD_RESOLVE)?.execute((
        kept.pk,
        status,
        micros(now),
        transfer_pk,
    ))?;
    Ok(())
}

fn detail(hold: Option<&HoldId>, account: &AccountId, amount: Money) -> Value {
    json!({
        "hold": hold,
        "account": account,
        "amount_minor": amount.minor,
        "currency": amount.currency,
    })
}

fn record(
    connection: &Connection,
    config: &StoreConfig,
    kind: AuditKind,
    account: Option<&AccountRow>,
    order: &Order,
    detail: Value,
) -> Result<(), DbError> {
    let customer = match account.and_then(|account| account.facts.owner.clone()) {
        Some(owner) => owner,
        None => audit::bank_itself()?,
    };
    let event = ordered_event(kind, &customer, order, detail);
    audit::record(connection, config, &event)
}

fn collect(mut found: rusqlite::Rows<'_>) -> Result<Vec<Kept>, DbError> {
    let mut kept = Vec::new();
    while let Some(row) = found.next()? {
        kept.push(read(row)?);
    }
    Ok(kept)
}

/// A row of `hold*.sql`.
fn read(row: &Row<'_>) -> Result<Kept, DbError> {
    let currency = currency_of(&row.get::<_, String>(3)?)?;
    let expires_at: Option<i64> = row.get(7)?;
    Ok(Kept {
        pk: row.get(0)?,
        hold: Hold {
            id: HoldId::new(row.get::<_, String>(1)?).map_err(|_| DbError::Corrupt("hold id"))?,
            account: AccountId::new(row.get::<_, String>(2)?)
                .map_err(|_| DbError::Corrupt("account id"))?,
            amount: Money::new(row.get(4)?, currency),
            reason: row.get(5)?,
            placed_at: instant(row.get(6)?)?,
            expires_at: expires_at.map(instant).transpose()?,
        },
    })
}
