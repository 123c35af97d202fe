//! Transfers taken back: the opposite entries, once, linked to the transfer that they undo.

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::json;
use vostro_bank::{AuditKind, Category, EntryView, Order, ReverseOutcome, TransferView};
use vostro_ledger::{Posting, ReversalFacts, ReversalRefusal, TransferStatus, authorise_reversal};
use vostro_types::{AccountId, CustomerId, Money, TransferId};

use super::audit::{self, ordered_event};
use super::books::{self, Narrative, NewTransfer, Side};
use super::rows::{self, AccountRow, currency_of, instant};
use super::{bills, sql, switch};
use crate::config::StoreConfig;
use crate::error::DbError;

/// What a transfer that takes another back is called in the books.
const REVERSAL: &str = "reversal";
/// What the books call an opening balance.
const OPENING: &str = "opening";

/// A transfer's row, with what undoing it takes.
struct Kept {
    pk: i64,
    customer_pk: Option<i64>,
    view: TransferView,
    narratives: Vec<(AccountId, Narrative)>,
}

/// Takes a transfer back.
pub(super) fn reverse(
    connection: &Connection,
    config: &StoreConfig,
    transfer: &TransferId,
    order: &Order,
) -> Result<ReverseOutcome, DbError> {
    let kept = find(connection, transfer)?;
    let found = match &kept {
        Some(kept) => Some((kept, accounts(connection, kept)?)),
        None => None,
    };
    let facts = match &found {
        Some((kept, sides)) => Some(facts(connection, config, &kept.view, sides)?),
        None => None,
    };
    let decided = authorise_reversal(facts.as_ref());
    let (Ok(posting), Some((kept, sides))) = (&decided, &found) else {
        let refusal = decided.err().unwrap_or(ReversalRefusal::NotFound);
        refuse(connection, config, transfer, kept.as_ref(), order, refusal)?;
        return Ok(ReverseOutcome::Refused(refusal));
    };
    let reversal = TransferId::generate(config.entropy.as_ref());
    let reversal_pk = post(connection, config, &reversal, kept, sides, posting)?;
    bills::reopen(connection, kept.pk, reversal_pk)?;
    let amount = kept.view.posted.unwrap_or(kept.view.amount);
    let detail = json!({
        "transfer": transfer,
        "reversal": reversal,
        "kind": kept.view.kind,
        "amount_minor": amount.minor,
        "currency": amount.currency,
    });
    let event = ordered_event(AuditKind::Reversed, &customer(Some(kept))?, order, detail);
    audit::record(connection, config, &event)?;
    Ok(ReverseOutcome::Reversed(reversal))
}

/// A transfer with its entries.
pub(super) fn transfer(
    connection: &Connection,
    transfer: &TransferId,
) -> Result<Option<TransferView>, DbError> {
    Ok(find(connection, transfer)?.map(|kept| kept.view))
}

/// Source and destination of the transfer that is taken back.
fn accounts(connection: &Connection, kept: &Kept) -> Result<(AccountRow, AccountRow), DbError> {
    let account = |id| -> Result<AccountRow, DbError> {
        rows::account_by_id(connection, id)?.ok_or(DbError::Corrupt("account"))
    };
    Ok((
        account(&kept.view.source)?,
        account(&kept.view.destination)?,
    ))
}

fn facts(
    connection: &Connection,
    config: &StoreConfig,
    view: &TransferView,
    (source, destination): &(AccountRow, AccountRow),
) -> Result<ReversalFacts, DbError> {
    Ok(ReversalFacts {
        status: view.status,
        is_movement: view.kind != OPENING,
        is_reversal: view.reverses.is_some(),
        is_reversed: view.reversed_by.is_some(),
        source: source.facts.clone(),
        destination: destination.facts.clone(),
        amount: view.posted.unwrap_or(view.amount),
        money_stopped: switch::is_stopped(connection, config)?,
    })
}

fn post(
    connection: &Connection,
    config: &StoreConfig,
    id: &TransferId,
    kept: &Kept,
    (source, destination): &(AccountRow, AccountRow),
    posting: &Posting,
) -> Result<i64, DbError> {
    let side = |account| -> Result<Side<'_>, DbError> {
        let account: &AccountRow = account;
        let (_, before) = kept
            .narratives
            .iter()
            .find(|(id, _)| *id == account.facts.id)
            .ok_or(DbError::Corrupt("entry"))?;
        Ok(Side {
            account,
            narrative: Narrative {
                description: format!("Reversal: {}", before.description),
                ..before.clone()
            },
        })
    };
    let written = books::write(
        connection,
        &NewTransfer {
            id,
            idempotency_key: None,
            kind: REVERSAL,
            customer_pk: kept.customer_pk,
            source: side(destination)?,
            destination: side(source)?,
            amount: kept.view.posted.unwrap_or(kept.view.amount),
            posting,
            posted_at: config.now(),
            reverses_pk: Some(kept.pk),
        },
    )?;
    Ok(written.transfer_pk)
}

fn refuse(
    connection: &Connection,
    config: &StoreConfig,
    transfer: &TransferId,
    kept: Option<&Kept>,
    order: &Order,
    refusal: ReversalRefusal,
) -> Result<(), DbError> {
    let detail = json!({ "transfer": transfer, "refusal": serde_json::to_value(refusal)? });
    let event = ordered_event(AuditKind::ReversalRefused, &customer(kept)?, order, detail);
    audit::record(connection, config, &event)
}

fn customer(kept: Option<&Kept>) -> Result<CustomerId, DbError> {
    match kept.and_then(|kept| kept.view.customer.clone()) {
        Some(customer) => Ok(customer),
        None => audit::bank_itself(),
    }
}

fn find(connection: &Connection, transfer: &TransferId) -> Result<Option<Kept>, DbError> {
    let found = connection
        .prepare_cached(sql::TRANSFER)?
        .query_row((transfer.as_str(),), |row| Ok(read(row)))
        .optional()?;
    let Some(mut kept) = found.transpose()? else {
        return Ok(None);
    };
    let mut statement = connection.prepare_cached(sql::TRANSFER_ENTRIES)?;
    let mut entries = statement.query((kept.pk,))?;
    while let Some(row) = entries.next()? {
        let (view, narrative) = read_entry(row, kept.view.amount)?;
        kept.narratives.push((view.account.clone(), narrative));
        kept.view.entries.push(view);
    }
    Ok(Some(kept))
}

/// A row of `transfer.sql`.
fn read(row: &Row<'_>) -> Result<Kept, DbError> {
    let transfer_id =
        |text: String| TransferId::new(text).map_err(|_| DbError::Corrupt("transfer id"));
    let account = |text: String| AccountId::new(text).map_err(|_| DbError::Corrupt("account id"));
    let optional = |place: usize| -> Result<_, DbError> {
        let at: Option<i64> = row.get(place)?;
        at.map(instant).transpose()
    };
    let currency = currency_of(&row.get::<_, String>(7)?)?;
    let posted: Option<i64> = row.get(9)?;
    let customer: Option<String> = row.get(4)?;
    Ok(Kept {
        pk: row.get(0)?,
        customer_pk: row.get(15)?,
        view: TransferView {
            id: transfer_id(row.get(1)?)?,
            kind: row.get(2)?,
            status: TransferStatus::parse(&row.get::<_, String>(3)?)
                .ok_or(DbError::Corrupt("transfer status"))?,
            customer: customer
                .map(CustomerId::new)
                .transpose()
                .map_err(|_| DbError::Corrupt("customer id"))?,
            source: account(row.get(5)?)?,
            destination: account(row.get(6)?)?,
            amount: Money::new(row.get(8)?, currency),
            posted: posted.map(|minor| Money::new(minor, currency)),
            created_at: instant(row.get(10)?)?,
            settles_at: optional(11)?,
            resolved_at: optional(12)?,
            reverses: row
                .get::<_, Option<String>>(13)?
                .map(transfer_id)
                .transpose()?,
            reversed_by: row
                .get::<_, Option<String>>(14)?
                .map(transfer_id)
                .transpose()?,
            entries: Vec::new(),
        },
        narratives: Vec::new(),
    })
}

/// A row of `transfer_entries.sql`.
fn read_entry(row: &Row<'_>, amount: Money) -> Result<(EntryView, Narrative), DbError> {
    let money = |minor| Money::new(minor, amount.currency);
    let category: String = row.get(4)?;
    let description: String = row.get(5)?;
    let view = EntryView {
        account: AccountId::new(row.get::<_, String>(0)?)
            .map_err(|_| DbError::Corrupt("account id"))?,
        amount: money(row.get(1)?),
        description: description.clone(),
        balance_after: row.get::<_, Option<i64>>(2)?.map(money),
        posted_at: instant(row.get(3)?)?,
    };
    let narrative = Narrative {
        description,
        merchant: row.get(6)?,
        category: Category::parse(&category).ok_or(DbError::Corrupt("category"))?,
    };
    Ok((view, narrative))
}
