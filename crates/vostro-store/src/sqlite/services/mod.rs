//! Customers' records beside the books: cards, payees, contact details, alerts, trips, cases.

mod cards;
mod records;
mod several;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, params};
use vostro_bank::{
    Alert, AuditEvent, Case, Change, ChangeOutcome, ChangeReceipt, ChangeRefusal, Contacts,
    DisputeReason, ServiceOrder, Services, StoreError, TravelNotice,
};
use vostro_ledger::Confirmed;
use vostro_types::{AccountId, ConfirmationId, CustomerId, Money, PayeeId, TransferId};

pub(super) use self::cards::cards;
use self::cards::{paying, replace, switch};
use self::records::{alert, alert_columns, cases, day, run_alerts};
use self::several::{change_alert, remove_each};
use super::rows::{self, instant, micros};
use super::schedules::{end_in_force, leave_out};
use super::{SqliteStore, audit, sql};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::services::{self as told, Supplies};

#[async_trait]
impl Services for SqliteStore {
    async fn carry_out(
        &self,
        confirmed: Confirmed<ServiceOrder>,
        context: &AuditEvent,
    ) -> Result<ChangeOutcome, StoreError> {
        let (context, config) = (context.clone(), Arc::clone(&self.config));
        self.write(move |connection| carry_out(connection, &config, &confirmed, &context))
            .await
    }

    async fn change_receipt(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<ChangeReceipt>, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.read(move |connection| {
            let owner = rows::customer_pk(connection, &customer)?;
            let kept = find(connection, &id)?;
            Ok(kept
                .filter(|kept| Some(kept.customer_pk) == owner)
                .map(|kept| kept.receipt))
        })
        .await
    }

    async fn contacts(&self, customer: &CustomerId) -> Result<Contacts, StoreError> {
        let customer = customer.clone();
        self.read(move |connection| {
            let mut contacts = Contacts::default();
            let mut statement = connection.prepare_cached(sql::CONTACTS)?;
            let mut found = statement.query((customer.as_str(),))?;
            while let Some(row) = found.next()? {
                let (contact, value): (String, String) = (row.get(0)?, row.get(1)?);
                match contact.as_str() {
                    "email" => contacts.email = Some(value),
                    "phone" => contacts.phone = Some(value),
                    _ => contacts.address = Some(value),
                }
            }
            Ok(contacts)
        })
        .await
    }

    async fn alerts(&self, customer: &CustomerId) -> Result<Vec<Alert>, StoreError> {
        let customer = customer.clone();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::ALERTS_OF_CUSTOMER)?;
            let found = statement.query_map((customer.as_str(),), alert_columns)?;
            found.map(|row| alert(row?)).collect()
        })
        .await
    }

    async fn travel_notices(
        &self,
        customer: &CustomerId,
        today: Date,
    ) -> Result<Vec<TravelNotice>, StoreError> {
        let customer = customer.clone();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(sql::TRAVEL_NOTICES)?;
            let mut found = statement.query((customer.as_str(), today.to_string()))?;
            let mut notices = Vec::new();
            while let Some(row) = found.next()? {
                notices.push(TravelNotice {
                    place: row.get(0)?,
                    from: day(&row.get::<_, String>(1)?)?,
                    until: day(&row.get::<_, String>(2)?)?,
                });
            }
            Ok(notices)
        })
        .await
    }

    async fn cases(&self, customer: &CustomerId) -> Result<Vec<Case>, StoreError> {
        let customer = customer.clone();
        self.read(move |connection| cases(connection, &customer))
            .await
    }

    async fn run_alerts(&self, most: u32) -> Result<u64, StoreError> {
        let config = Arc::clone(&self.config);
        self.write(move |connection| run_alerts(connection, &config, most))
            .await
    }
}

/// A change's row.
struct Kept {
    customer_pk: i64,
    hash: [u8; 32],
    receipt: ChangeReceipt,
}

fn find(connection: &Connection, id: &ConfirmationId) -> Result<Option<Kept>, DbError> {
    type Columns = (i64, [u8; 32], String, Option<String>, i64);
    let found: Option<Columns> = connection
        .prepare_cached(sql::SERVICE_CHANGE)?
        .query_row((id.as_str(),), |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })
        .optional()?;
    let Some((customer_pk, hash, change, reference, at)) = found else {
        return Ok(None);
    };
    Ok(Some(Kept {
        customer_pk,
        hash,
        receipt: ChangeReceipt {
            confirmation: id.clone(),
            change: rows::json(&change, "change")?,
            reference,
            at: instant(at)?,
        },
    }))
}

fn carry_out(
    connection: &Connection,
    config: &StoreConfig,
    confirmed: &Confirmed<ServiceOrder>,
    context: &AuditEvent,
) -> Result<ChangeOutcome, DbError> {
    let order = confirmed.get();
    let Some(owner) = rows::customer_pk(connection, &order.customer)? else {
        return Ok(ChangeOutcome::Refused(ChangeRefusal::Unknown));
    };
    if let Some(kept) = find(connection, confirmed.confirmation())? {
        let same = kept.customer_pk == owner && kept.hash == confirmed.hash().0;
        return Ok(if same {
            ChangeOutcome::Replayed(Box::new(kept.receipt))
        } else {
            ChangeOutcome::Refused(ChangeRefusal::State)
        });
    }
    let supplies = Supplies::of(config, &order.change);
    // A change of several cards is made whole or not at all: nothing is written before all are looked at.
    let reference = match apply(connection, config, owner, order, &supplies)? {
        Ok(reference) => reference,
        Err(refusal) => return Ok(ChangeOutcome::Refused(refusal)),
    };
    let now = config.now();
    connection
        .prepare_cached(sql::SERVICE_CHANGE_INSERT)?
        .execute(params![
            confirmed.confirmation().as_str(),
            owner,
            serde_json::to_string(&order.change)?,
            confirmed.hash().0,
            reference,
            micros(now),
        ])?;
    audit::record(
        connection,
        config,
        &told::made(confirmed, context, &supplies),
    )?;
    Ok(ChangeOutcome::Done(Box::new(ChangeReceipt {
        confirmation: confirmed.confirmation().clone(),
        change: order.change.clone(),
        reference,
        at: now,
    })))
}

/// What a change made, or why it was not made.
pub(super) type Applied = Result<Option<String>, ChangeRefusal>;

fn apply(
    connection: &Connection,
    config: &StoreConfig,
    owner: i64,
    ServiceOrder { customer, change }: &ServiceOrder,
    supplies: &Supplies,
) -> Result<Applied, DbError> {
    let now = micros(config.now());
    let new_id = supplies.ids.first().cloned();
    Ok(match change {
        Change::FreezeCard { card } => switch(connection, owner, card, "active", "frozen")?,
        Change::UnfreezeCard { card } => switch(connection, owner, card, "frozen", "active")?,
        Change::BlockCards { cards, .. } => replace(connection, owner, cards, supplies, true)?,
        Change::ReplaceCard { card } => {
            let cards = std::slice::from_ref(card);
            replace(connection, owner, cards, supplies, false)?
        }
        Change::SetCardLimit { card, limit } => match paying(connection, owner, card)? {
            Ok(pk) => {
                connection
                    .prepare_cached(sql::CARD_SET_LIMIT)?
                    .execute((pk, limit.minor))?;
                Ok(None)
            }
            Err(refusal) => Err(refusal),
        },
        Change::AddTravel { place, from, until } => {
            connection.prepare_cached(sql::TRAVEL_INSERT)?.execute((
                owner,
                place,
                from.to_string(),
                until.to_string(),
            ))?;
            Ok(None)
        }
        Change::AddPayee { name, number } => {
            let saved: bool = connection
                .prepare_cached(sql::PAYEE_NUMBER_SAVED)?
                .query_row((owner, number.as_str()), |row| row.get(0))?;
            if saved {
                return Ok(Err(ChangeRefusal::State));
            }
            connection
                .prepare_cached(sql::PAYEE_INSERT)?
                .execute(params![new_id, owner, name, "[]", number.as_str(), now])?;
            Ok(new_id)
        }
        Change::RemovePayee { payee } => {
            let changed = connection.prepare_cached(sql::PAYEE_REMOVE)?.execute((
                owner,
                payee.as_str(),
                now,
            ))?;
            made(changed, ChangeRefusal::Unknown)
        }
        Change::SetContact { contact, value } => {
            connection.prepare_cached(sql::CONTACT_SET)?.execute((
                owner,
                contact.as_str(),
                value,
                now,
            ))?;
            Ok(None)
        }
        Change::SetAlert { account, below } => {
            set_alert(connection, owner, new_id, (account, *below), now)?
        }
        Change::RemoveAlert { alert } => {
            let changed = connection.prepare_cached(sql::ALERT_REMOVE)?.execute((
                owner,
                alert.as_str(),
                now,
            ))?;
            made(changed, ChangeRefusal::Unknown)
        }
        Change::ChangeAlert { alert, below } => change_alert(connection, owner, alert, *below)?,
        Change::RemoveAlerts { alerts } => {
            let ids: Vec<&str> = alerts.iter().map(|alert| alert.id.as_str()).collect();
            remove_each(
                connection,
                owner,
                &ids,
                (sql::ALERT_STANDS, sql::ALERT_REMOVE),
                now,
            )?
        }
        Change::RemovePayees { payees } => {
            let ids: Vec<&str> = payees.iter().map(PayeeId::as_str).collect();
            remove_each(
                connection,
                owner,
                &ids,
                (sql::PAYEE_STANDS, sql::PAYEE_REMOVE),
                now,
            )?
        }
        Change::EndOrder { order, .. } => end_in_force(connection, config, customer, order)?,
        Change::SkipPayment { order, due, .. } => {
            leave_out(connection, config, customer, order, *due)?
        }
        Change::OpenDispute { transfer, reason } => {
            open_dispute(connection, owner, new_id, (transfer, *reason), now)?
        }
    })
}

/// What was made, or why not, by how many rows it changed.
fn made(changed: usize, refusal: ChangeRefusal) -> Applied {
    if changed > 0 { Ok(None) } else { Err(refusal) }
}

fn set_alert(
    connection: &Connection,
    owner: i64,
    new_id: Option<String>,
    (account, below): (&AccountId, Money),
    now: i64,
) -> Result<Applied, DbError> {
    let account = rows::account_by_id(connection, account)?;
    let Some(account) = account.filter(|row| row.customer_pk == Some(owner)) else {
        return Ok(Err(ChangeRefusal::Unknown));
    };
    let changed = connection
        .prepare_cached(sql::ALERT_INSERT)?
        .execute(params![new_id, owner, account.pk, below.minor, now])?;
    Ok(made(changed, ChangeRefusal::State).map(|_: Option<String>| new_id))
}

fn open_dispute(
    connection: &Connection,
    owner: i64,
    new_id: Option<String>,
    (transfer, reason): (&TransferId, DisputeReason),
    now: i64,
) -> Result<Applied, DbError> {
    let theirs: bool = connection
        .prepare_cached(sql::TRANSFER_OF_CUSTOMER)?
        .query_row((owner, transfer.as_str()), |row| row.get(0))?;
    if !theirs {
        return Ok(Err(ChangeRefusal::Unknown));
    }
    let changed = connection
        .prepare_cached(sql::CASE_INSERT)?
        .execute(params![
            new_id,
            owner,
            transfer.as_str(),
            reason.as_str(),
            now
        ])?;
    Ok(made(changed, ChangeRefusal::State).map(|_: Option<String>| new_id))
}
