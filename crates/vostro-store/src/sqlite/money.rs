//! The money commands: propose, confirm and post, cancel.
//!
//! Each runs inside one savepoint of the writer's transaction: facts are read, `vostro_ledger::authorise`
//! decides, and posting, confirmation, audit rows and outbox row are written together or not at all.

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use vostro_bank::{AuditEvent, AuditKind, CancelOutcome, PostOutcome, ProposeOutcome, Receipt};
use vostro_ledger::{
    Account, Confirmed, Decline, IdempotencyKey, MoneyIntent, Posting, PostingFacts, Proposal,
    authorise,
};
use vostro_types::{ConfirmationId, CustomerId, Money, TransferId};

use super::audit::{self, money_event};
use super::books::{self, NewTransfer, Side};
use super::confirmations::{find, resolve};
use super::rows::{self, AccountRow, micros};
use super::target::{self, Resolved};
use super::{bills, placements, sql, switch};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::particulars::{declined, merged, movement};

/// What an intent stands on: the two accounts as the ledger sees them and as the books name them.
pub(super) struct Standing {
    pub(super) source: Option<AccountRow>,
    pub(super) resolved: Option<Resolved>,
    pub(super) facts: PostingFacts,
}

/// Records a proposal, if it would be authorised now.
pub(super) fn propose(
    connection: &Connection,
    config: &StoreConfig,
    proposal: &Proposal,
    context: &AuditEvent,
) -> Result<ProposeOutcome, DbError> {
    let intent = &proposal.intent;
    if let Some(kept) = find(connection, &intent.customer, &proposal.id)?
        && kept.is_open()
        && kept.hash == proposal.hash
    {
        return Ok(ProposeOutcome::Proposed);
    }
    let standing = standing(connection, config, intent)?;
    let detail = movement(&proposal.id, intent);
    let customer_pk = standing.source.as_ref().and_then(|row| row.customer_pk);
    let decided = authorise(intent, &standing.facts);
    let (Ok(_), Some(customer_pk)) = (&decided, customer_pk) else {
        let decline = decided.err().unwrap_or(Decline::SourceUnknown);
        decline_event(connection, config, intent, context, detail, decline)?;
        return Ok(ProposeOutcome::Declined(decline));
    };
    connection
        .prepare_cached(sql::CONFIRMATION_INSERT)?
        .execute(params![
            proposal.id.as_str(),
            customer_pk,
            serde_json::to_string(intent)?,
            proposal.hash.0,
            micros(config.now()),
            micros(proposal.expires_at),
        ])?;
    let event = money_event(AuditKind::Proposed, &intent.customer, Some(context), detail);
    audit::record(connection, config, &event)?;
    Ok(ProposeOutcome::Proposed)
}

/// Consumes a confirmation: posts it, or spends it as declined or expired.
pub(super) fn confirm_and_post(
    connection: &Connection,
    config: &StoreConfig,
    confirmed: &Confirmed<MoneyIntent>,
    context: &AuditEvent,
) -> Result<PostOutcome, DbError> {
    let ready = match authorised(connection, config, confirmed, context)? {
        Ok(ready) => ready,
        Err(outcome) => return Ok(outcome),
    };
    let receipt = post(connection, config, confirmed, &ready)?;
    let detail = movement(confirmed.confirmation(), confirmed.get());
    posted_event(connection, config, context, detail, &receipt)?;
    Ok(PostOutcome::Posted(Box::new(receipt)))
}

/// A confirmation whose movement may be made, under the writer's lock.
pub(super) struct Ready {
    pub(super) confirmation_pk: i64,
    pub(super) standing: Standing,
    pub(super) posting: Posting,
}

/// The confirmation, if it is open, in time, and the ledger's rules let it be done; else the answer, with
/// the confirmation spent where it is.
pub(super) fn authorised(
    connection: &Connection,
    config: &StoreConfig,
    confirmed: &Confirmed<MoneyIntent>,
    context: &AuditEvent,
) -> Result<Result<Ready, PostOutcome>, DbError> {
    let intent = confirmed.get();
    let id = confirmed.confirmation();
    let Some(kept) = find(connection, &intent.customer, id)? else {
        return Ok(Err(PostOutcome::NotOpen));
    };
    if kept.hash != confirmed.hash() || kept.hash != intent.hash() {
        return Ok(Err(PostOutcome::NotOpen));
    }
    match (kept.status.as_str(), &kept.receipt) {
        ("open", _) => {}
        ("posted", Some(receipt)) => {
            return Ok(Err(PostOutcome::Replayed(Box::new(receipt.clone()))));
        }
        ("posted", None) => return Err(DbError::Corrupt("receipt")),
        ("placed", _) => return placements::again(connection, kept.pk).map(Err),
        ("expired", _) => return Ok(Err(PostOutcome::Expired)),
        _ => return Ok(Err(PostOutcome::NotOpen)),
    }
    let now = config.now();
    let detail = movement(id, intent);
    let event = |kind| money_event(kind, &intent.customer, Some(context), detail.clone());
    if now >= kept.expires_at {
        resolve(connection, kept.pk, "expired", now)?;
        audit::record(connection, config, &event(AuditKind::Expired))?;
        return Ok(Err(PostOutcome::Expired));
    }
    let standing = standing(connection, config, intent)?;
    let decided = authorise(intent, &standing.facts);
    if decided.is_ok() && confirmed.lacks_factor(standing.facts.spent_today) {
        return Ok(Err(PostOutcome::FactorNeeded));
    }
    audit::record(connection, config, &event(AuditKind::Confirmed))?;
    match decided {
        Ok(posting) => Ok(Ok(Ready {
            confirmation_pk: kept.pk,
            standing,
            posting,
        })),
        Err(decline) => {
            resolve(connection, kept.pk, "declined", now)?;
            decline_event(connection, config, intent, context, detail, decline)?;
            Ok(Err(PostOutcome::Declined(decline)))
        }
    }
}

/// Gives up an open proposal.
pub(super) fn cancel(
    connection: &Connection,
    config: &StoreConfig,
    customer: &CustomerId,
    id: &ConfirmationId,
    context: &AuditEvent,
) -> Result<CancelOutcome, DbError> {
    let Some(kept) = find(connection, customer, id)? else {
        return Ok(CancelOutcome::NotOpen);
    };
    if let Some(receipt) = placements::receipt(connection, &kept)? {
        return Ok(CancelOutcome::AlreadyPosted(Box::new(receipt)));
    }
    if !kept.is_open() {
        return Ok(CancelOutcome::NotOpen);
    }
    resolve(connection, kept.pk, "cancelled", config.now())?;
    let detail = movement(id, &kept.intent);
    let event = money_event(AuditKind::Cancelled, customer, Some(context), detail);
    audit::record(connection, config, &event)?;
    Ok(CancelOutcome::Cancelled)
}

/// Reads what `authorise` decides upon.
pub(super) fn standing(
    connection: &Connection,
    config: &StoreConfig,
    intent: &MoneyIntent,
) -> Result<Standing, DbError> {
    let source = rows::account_by_id(connection, &intent.source)?
        .filter(|row| row.facts.owner.as_ref() == Some(&intent.customer));
    let resolved = match &source {
        Some(source) => target::resolve(connection, source, &intent.target)?,
        None => None,
    };
    let customer_pk = source.as_ref().and_then(|row| row.customer_pk);
    let facts = PostingFacts {
        source: source.as_ref().map(|row| row.facts.clone()),
        destination: resolved.as_ref().map(|to| to.account.facts.clone()),
        spent_today: spent_today(connection, config, customer_pk)?,
        limits: config.limits,
        money_stopped: switch::is_stopped(connection, config)?,
    };
    Ok(Standing {
        source,
        resolved,
        facts,
    })
}

/// What the customer sent out since the bank's calendar day began, in the bank's currency.
pub(super) fn spent_today(
    connection: &Connection,
    config: &StoreConfig,
    customer_pk: Option<i64>,
) -> Result<Money, DbError> {
    let currency = config.currency();
    let (begins, ends) = config
        .bank_day(config.now())
        .ok_or(DbError::Corrupt("calendar day"))?;
    let (high, low): (i64, i64) = connection.prepare_cached(sql::SPENT_BETWEEN)?.query_row(
        (customer_pk, currency.code(), micros(begins), micros(ends)),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let sum = (i128::from(high) << 32) + i128::from(low);
    let minor = i64::try_from(sum).unwrap_or(i64::MAX);
    Ok(Money::new(minor, currency))
}

/// A movement in the books.
pub(super) struct Moved {
    pub(super) id: TransferId,
    pub(super) transfer_pk: i64,
    /// The source account right after.
    pub(super) source: Account,
}

/// Writes an authorised posting under its key and settles the bill.
pub(super) fn move_money(
    connection: &Connection,
    config: &StoreConfig,
    intent: &MoneyIntent,
    key: &IdempotencyKey,
    standing: &Standing,
    posting: &Posting,
) -> Result<Moved, DbError> {
    let (Some(source), Some(resolved)) = (&standing.source, &standing.resolved) else {
        return Err(DbError::Corrupt("posting"));
    };
    let id = TransferId::generate(config.entropy.as_ref());
    let written = books::write(
        connection,
        &NewTransfer {
            id: &id,
            idempotency_key: Some(key.to_string()),
            kind: intent.kind().as_str(),
            customer_pk: source.customer_pk,
            source: Side {
                account: source,
                narrative: resolved.source_narrative.clone(),
            },
            destination: Side {
                account: &resolved.account,
                narrative: resolved.destination_narrative.clone(),
            },
            amount: intent.amount,
            posting,
            posted_at: config.now(),
            reverses_pk: None,
        },
    )?;
    if let (Some(biller_pk), Some(customer_pk)) = (resolved.biller_pk, source.customer_pk) {
        bills::settle(
            connection,
            customer_pk,
            biller_pk,
            written.transfer_pk,
            intent.amount,
        )?;
    }
    let mut after = source.facts.clone();
    after.balance_minor = written
        .source_balance_minor
        .ok_or(DbError::Corrupt("source balance"))?;
    Ok(Moved {
        id,
        transfer_pk: written.transfer_pk,
        source: after,
    })
}

/// Writes the posting and consumes the confirmation.
fn post(
    connection: &Connection,
    config: &StoreConfig,
    confirmed: &Confirmed<MoneyIntent>,
    ready: &Ready,
) -> Result<Receipt, DbError> {
    let Ready {
        confirmation_pk,
        standing,
        posting,
    } = ready;
    let intent = confirmed.get();
    let posted_at = config.now();
    let key = confirmed.idempotency_key();
    let moved = move_money(connection, config, intent, &key, standing, posting)?;
    let receipt = Receipt {
        transfer: moved.id,
        confirmation: confirmed.confirmation().clone(),
        intent: intent.clone(),
        posted_at,
        source_balance: moved.source.balance(),
        source_available: moved.source.available(),
        value_date: Some(config.calendar.value_date(intent.kind(), posted_at)),
    };
    connection
        .prepare_cached(sql::CONFIRMATION_RESOLVE)?
        .execute(params![
            confirmation_pk,
            "posted",
            micros(posted_at),
            moved.transfer_pk,
            serde_json::to_string(&receipt)?,
        ])?;
    Ok(receipt)
}

fn decline_event(
    connection: &Connection,
    config: &StoreConfig,
    intent: &MoneyIntent,
    context: &AuditEvent,
    detail: Value,
    decline: Decline,
) -> Result<(), DbError> {
    let detail = declined(detail, Some(decline));
    let event = money_event(AuditKind::Declined, &intent.customer, Some(context), detail);
    audit::record(connection, config, &event)
}

fn posted_event(
    connection: &Connection,
    config: &StoreConfig,
    context: &AuditEvent,
    detail: Value,
    receipt: &Receipt,
) -> Result<(), DbError> {
    let detail = merged(detail, json!({ "transfer": receipt.transfer }));
    let customer = &receipt.intent.customer;
    let event = money_event(AuditKind::Posted, customer, Some(context), detail);
    audit::record(connection, config, &event)
}
