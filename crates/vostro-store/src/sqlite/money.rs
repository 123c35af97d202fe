//! The money commands: propose, confirm and post, cancel, expire.
//!
//! Each runs inside one savepoint of the writer's transaction: facts are read, `vostro_ledger::authorise`
//! decides, and posting, confirmation, audit rows and outbox row are written together or not at all.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};
use vostro_bank::{AuditEvent, AuditKind, CancelOutcome, PostOutcome, ProposeOutcome, Receipt};
use vostro_ledger::{
    Confirmed, Decline, IntentHash, MoneyIntent, Posting, PostingFacts, Proposal, Target, authorise,
};
use vostro_types::{ConfirmationId, CustomerId, Money, TransferId};

use super::audit::{self, money_event};
use super::books::{self, NewTransfer, Side};
use super::rows::{self, AccountRow, instant, micros};
use super::target::{self, Resolved};
use super::{bills, sql};
use crate::config::StoreConfig;
use crate::error::DbError;

/// How many overdue proposals one command ends at most.
const EXPIRED_AT_ONCE: u32 = 500;

/// A confirmation's row.
struct Kept {
    pk: i64,
    status: String,
    intent: MoneyIntent,
    hash: IntentHash,
    expires_at: Timestamp,
    receipt: Option<Receipt>,
}

impl Kept {
    fn is_open(&self) -> bool {
        self.status == "open"
    }
}

/// What an intent stands on: the two accounts as the ledger sees them and as the books name them.
struct Standing {
    source: Option<AccountRow>,
    resolved: Option<Resolved>,
    facts: PostingFacts,
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
    let detail = detail(&proposal.id, intent);
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

/// Reads an open proposal.
pub(super) fn open_proposal(
    connection: &Connection,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Option<Proposal>, DbError> {
    let kept = find(connection, customer, id)?.filter(Kept::is_open);
    Ok(kept.map(|kept| Proposal {
        id: id.clone(),
        intent: kept.intent,
        hash: kept.hash,
        expires_at: kept.expires_at,
    }))
}

/// The receipt of a proposal that was posted.
pub(super) fn receipt(
    connection: &Connection,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Option<Receipt>, DbError> {
    Ok(find(connection, customer, id)?.and_then(|kept| kept.receipt))
}

/// Consumes a confirmation: posts it, or spends it as declined or expired.
pub(super) fn confirm_and_post(
    connection: &Connection,
    config: &StoreConfig,
    confirmed: &Confirmed<MoneyIntent>,
    context: &AuditEvent,
) -> Result<PostOutcome, DbError> {
    let intent = confirmed.get();
    let id = confirmed.confirmation();
    let Some(kept) = find(connection, &intent.customer, id)? else {
        return Ok(PostOutcome::NotOpen);
    };
    if kept.hash != confirmed.hash() || kept.hash != intent.hash() {
        return Ok(PostOutcome::NotOpen);
    }
    match (kept.status.as_str(), &kept.receipt) {
        ("open", _) => {}
        ("posted", Some(receipt)) => return Ok(PostOutcome::Replayed(Box::new(receipt.clone()))),
        ("posted", None) => return Err(DbError::Corrupt("receipt")),
        ("expired", _) => return Ok(PostOutcome::Expired),
        _ => return Ok(PostOutcome::NotOpen),
    }
    let now = config.now();
    let detail = detail(id, intent);
    if now >= kept.expires_at {
        resolve(connection, kept.pk, "expired", now)?;
        let event = money_event(AuditKind::Expired, &intent.customer, Some(context), detail);
        audit::record(connection, config, &event)?;
        return Ok(PostOutcome::Expired);
    }
    let event = money_event(
        AuditKind::Confirmed,
        &intent.customer,
        Some(context),
        detail.clone(),
    );
    audit::record(connection, config, &event)?;
    let standing = standing(connection, config, intent)?;
    match authorise(intent, &standing.facts) {
        Ok(posting) => {
            let receipt = post(connection, config, confirmed, &standing, &posting, kept.pk)?;
            posted_event(connection, config, context, detail, &receipt)?;
            Ok(PostOutcome::Posted(Box::new(receipt)))
        }
        Err(decline) => {
            resolve(connection, kept.pk, "declined", now)?;
            decline_event(connection, config, intent, context, detail, decline)?;
            Ok(PostOutcome::Declined(decline))
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
    if let Some(receipt) = kept.receipt {
        return Ok(CancelOutcome::AlreadyPosted(Box::new(receipt)));
    }
    if !kept.is_open() {
        return Ok(CancelOutcome::NotOpen);
    }
    resolve(connection, kept.pk, "cancelled", config.now())?;
    let detail = detail(id, &kept.intent);
    let event = money_event(AuditKind::Cancelled, customer, Some(context), detail);
    audit::record(connection, config, &event)?;
    Ok(CancelOutcome::Cancelled)
}

/// Ends up to [`EXPIRED_AT_ONCE`] proposals whose time is over; gives how many.
pub(super) fn expire(
    connection: &Connection,
    config: &StoreConfig,
    now: Timestamp,
) -> Result<u64, DbError> {
    let mut statement = connection.prepare_cached(sql::CONFIRMATIONS_OVERDUE)?;
    let overdue = statement
        .query_map((micros(now), EXPIRED_AT_ONCE), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<Vec<(i64, String, String, String)>, _>>()?;
    let mut count = 0;
    for (pk, id, customer, intent) in overdue {
        let id = ConfirmationId::new(id).map_err(|_| DbError::Corrupt("confirmation id"))?;
        let customer = CustomerId::new(customer).map_err(|_| DbError::Corrupt("customer id"))?;
        let intent: MoneyIntent = rows::json(&intent, "intent")?;
        resolve(connection, pk, "expired", config.now())?;
        let detail = detail(&id, &intent);
        let event = money_event(AuditKind::Expired, &customer, None, detail);
        audit::record(connection, config, &event)?;
        count += 1;
    }
    Ok(count)
}

fn find(
    connection: &Connection,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Option<Kept>, DbError> {
    type Columns = (i64, String, String, [u8; 32], i64, Option<String>);
    let columns: Option<Columns> = connection
        .prepare_cached(sql::CONFIRMATION)?
        .query_row((id.as_str(), customer.as_str()), |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
            ))
        })
        .optional()?;
    columns
        .map(|(pk, status, intent, hash, expires_at, receipt)| {
            Ok(Kept {
                pk,
                status,
                intent: rows::json(&intent, "intent")?,
                hash: IntentHash(hash),
                expires_at: instant(expires_at)?,
                receipt: receipt
                    .map(|text| rows::json(&text, "receipt"))
                    .transpose()?,
            })
        })
        .transpose()
}

/// Reads what `authorise` decides upon.
fn standing(
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
    };
    Ok(Standing {
        source,
        resolved,
        facts,
    })
}

/// What the customer sent out since the bank's calendar day began, in the bank's currency.
fn spent_today(
    connection: &Connection,
    config: &StoreConfig,
    customer_pk: Option<i64>,
) -> Result<Money, DbError> {
    let currency = config.currency();
    let today = config.now().to_zoned(config.time_zone.clone());
    let day = |zoned: Result<jiff::Zoned, jiff::Error>| {
        zoned
            .map(|zoned| micros(zoned.timestamp()))
            .map_err(|_| DbError::Corrupt("calendar day"))
    };
    let begins = day(today.start_of_day())?;
    let ends = day(today.tomorrow().and_then(|next| next.start_of_day()))?;
    let minor = connection
        .prepare_cached(sql::SPENT_BETWEEN)?
        .query_row((customer_pk, currency.code(), begins, ends), |row| {
            row.get(0)
        })?;
    Ok(Money::new(minor, currency))
}

/// Writes the posting, consumes the confirmation and settles the bill.
fn post(
    connection: &Connection,
    config: &StoreConfig,
    confirmed: &Confirmed<MoneyIntent>,
    standing: &Standing,
    posting: &Posting,
    confirmation_pk: i64,
) -> Result<Receipt, DbError> {
    let intent = confirmed.get();
    let (Some(source), Some(resolved)) = (&standing.source, &standing.resolved) else {
        return Err(DbError::Corrupt("posting"));
    };
    let posted_at = config.now();
    let id = TransferId::generate(config.entropy.as_ref());
    let written = books::write(
        connection,
        &NewTransfer {
            id: &id,
            idempotency_key: Some(confirmed.idempotency_key().to_string()),
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
            posted_at,
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
    let receipt = Receipt {
        transfer: id,
        confirmation: confirmed.confirmation().clone(),
        intent: intent.clone(),
        posted_at,
        source_balance: after.balance(),
        source_available: after.available(),
    };
    connection
        .prepare_cached(sql::CONFIRMATION_RESOLVE)?
        .execute(params![
            confirmation_pk,
            "posted",
            micros(posted_at),
            written.transfer_pk,
            serde_json::to_string(&receipt)?,
        ])?;
    Ok(receipt)
}

fn resolve(
    connection: &Connection,
    confirmation_pk: i64,
    status: &str,
    at: Timestamp,
) -> Result<(), DbError> {
    connection
        .prepare_cached(sql::CONFIRMATION_RESOLVE)?
        .execute(params![
            confirmation_pk,
            status,
            micros(at),
            None::<i64>,
            None::<String>
        ])?;
    Ok(())
}

/// What a money row of the audit trail says: ids, amounts and the end of a number; no names, no text.
fn detail(id: &ConfirmationId, intent: &MoneyIntent) -> Value {
    let target = match &intent.target {
        Target::Own { account } => json!({"to": "own", "account": account}),
        Target::Payee { payee, number } => {
            json!({"to": "payee", "payee": payee, "number": number.masked()})
        }
        Target::NewPayee { number } => json!({"to": "new_payee", "number": number.masked()}),
        Target::Biller { biller, .. } => json!({"to": "biller", "biller": biller}),
    };
    json!({
        "confirmation": id,
        "kind": intent.kind(),
        "source": intent.source,
        "target": target,
        "amount_minor": intent.amount.minor,
        "currency": intent.amount.currency,
    })
}

fn decline_event(
    connection: &Connection,
    config: &StoreConfig,
    intent: &MoneyIntent,
    context: &AuditEvent,
    mut detail: Value,
    decline: Decline,
) -> Result<(), DbError> {
    if let Value::Object(members) = &mut detail {
        members.insert("decline".to_owned(), serde_json::to_value(decline)?);
    }
    let event = money_event(AuditKind::Declined, &intent.customer, Some(context), detail);
    audit::record(connection, config, &event)
}

fn posted_event(
    connection: &Connection,
    config: &StoreConfig,
    context: &AuditEvent,
    mut detail: Value,
    receipt: &Receipt,
) -> Result<(), DbError> {
    if let Value::Object(members) = &mut detail {
        members.insert("transfer".to_owned(), receipt.transfer.as_str().into());
    }
    let customer = &receipt.intent.customer;
    let event = money_event(AuditKind::Posted, customer, Some(context), detail);
    audit::record(connection, config, &event)
}
