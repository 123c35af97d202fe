//! Transfers in two phases: resolved by one call each, and read. Placing one is `money::confirm`.

use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    Order, PendingTransfer, PostOutcome, SettleOutcome, VoidOutcome, canonical_json,
};
use vostro_ledger::{Confirmed, MoneyIntent, TransferStatus};
use vostro_types::{ConfirmationId, CustomerId, Money, SessionId, TransferId, TurnId};

use super::error::PgError;
use super::money;
use super::parameters::{Salt, salt};
use super::rows::{id, instant, json, micros};
use super::{Client, confirmations, sql};
use crate::config::StoreConfig;

/// The most pending transfers that are listed.
const MOST_LISTED: i64 = 200;
/// How many transfers housekeeping takes on at once.
const AT_ONCE: i64 = 500;

/// An order as the functions take it: their first six parameters.
pub(super) struct OrderParameters<'a> {
    at: i64,
    session: Option<&'a str>,
    turn: Option<&'a str>,
    now_reads: String,
    order: String,
    salt: Salt,
}

impl<'a> OrderParameters<'a> {
    pub(super) fn new(config: &StoreConfig, order: &'a Order) -> Self {
        let now = config.now();
        Self {
            at: micros(now),
            session: order.session().map(SessionId::as_str),
            turn: order.turn().map(TurnId::as_str),
            now_reads: now.to_string(),
            order: canonical_json(&order.detail()),
            salt: salt(config),
        }
    }

    /// These, and the function's own behind them.
    pub(super) fn and<'b>(&'b self, own: &[&'b (dyn ToSql + Sync)]) -> Vec<&'b (dyn ToSql + Sync)> {
        let mut all: Vec<&'b (dyn ToSql + Sync)> = vec![
            &self.at,
            &self.session,
            &self.turn,
            &self.now_reads,
            &self.order,
            &self.salt,
        ];
        all.extend_from_slice(own);
        all
    }
}

/// Posts a pending transfer, all of it or less.
pub(super) async fn post(
    client: &Client,
    config: &StoreConfig,
    transfer: &TransferId,
    amount: Option<Money>,
    order: &Order,
) -> Result<SettleOutcome, PgError> {
    let parameters = OrderParameters::new(config, order);
    let transfer_id = transfer.as_str();
    let only_of = order.of_customer().map(CustomerId::as_str);
    let minor = amount.map(|amount| amount.minor);
    let code = amount.map(|amount| amount.currency.code());
    let Some(placed) = one(client, sql::PLACED, &[&transfer_id]).await? else {
        return Ok(SettleOutcome::NotPending(None));
    };
    let value_date = config
        .calendar
        .value_date(placed.intent.kind(), config.now());
    let value_day = value_date.to_string();
    let statement = client.prepare_cached(sql::PENDING_POST).await?;
    let own: [&(dyn ToSql + Sync); 6] = [
        &transfer_id,
        &only_of,
        &minor,
        &code,
        &config.money_stopped,
        &value_day,
    ];
    let row = client.query_one(&statement, &parameters.and(&own)).await?;
    match row.try_get("outcome")? {
        "posted" => {
            let (customer, confirmation) = (&placed.intent.customer, &placed.confirmation);
            confirmations::receipt(client, customer, confirmation)
                .await?
                .map(|receipt| SettleOutcome::Posted(Box::new(receipt)))
                .ok_or(PgError::Corrupt("receipt"))
        }
        "declined" => {
            let held = placed.intent.amount;
            Ok(SettleOutcome::Declined(money::decline(&row, held)?))
        }
        "not_pending" => Ok(SettleOutcome::NotPending(status(&row)?)),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

/// Ends a pending transfer without a posting: voided or expired.
pub(super) async fn end(
    client: &Client,
    config: &StoreConfig,
    transfer: &TransferId,
    expired: bool,
    order: &Order,
) -> Result<VoidOutcome, PgError> {
    let parameters = OrderParameters::new(config, order);
    let transfer_id = transfer.as_str();
    let only_of = order.of_customer().map(CustomerId::as_str);
    let statement = client.prepare_cached(sql::PENDING_END).await?;
    let own: [&(dyn ToSql + Sync); 3] = [&transfer_id, &only_of, &expired];
    let row = client.query_one(&statement, &parameters.and(&own)).await?;
    match row.try_get("outcome")? {
        "ended" => one(client, sql::PLACED, &[&transfer_id])
            .await?
            .map(|placed| VoidOutcome::Voided(Box::new(placed)))
            .ok_or(PgError::Corrupt("placement")),
        "not_pending" => Ok(VoidOutcome::NotPending(status(&row)?)),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

/// The answer to a yes whose confirmation placed a transfer before.
pub(super) async fn again(
    client: &Client,
    confirmed: &Confirmed<MoneyIntent>,
) -> Result<PostOutcome, PgError> {
    let (customer, confirmation) = (&confirmed.get().customer, confirmed.confirmation());
    let placed = placed(client, customer, confirmation).await?;
    let placed = placed.ok_or(PgError::Corrupt("placement"))?;
    match placed.status {
        TransferStatus::Pending => Ok(PostOutcome::Waiting(Box::new(placed))),
        TransferStatus::Posted => confirmations::receipt(client, customer, confirmation)
            .await?
            .map(|receipt| PostOutcome::Replayed(Box::new(receipt)))
            .ok_or(PgError::Corrupt("receipt")),
        TransferStatus::Voided | TransferStatus::Expired => Ok(PostOutcome::NotOpen),
    }
}

/// The transfers whose hour has come, or whose time is over.
pub(super) async fn due(
    client: &Client,
    now: Timestamp,
    overdue: bool,
) -> Result<Vec<TransferId>, PgError> {
    let statement = if overdue {
        sql::PENDING_OVERDUE
    } else {
        sql::PENDING_DUE
    };
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &[&micros(now), &AT_ONCE]).await?;
    rows.iter()
        .map(|row| id(row.try_get(0)?, "transfer id"))
        .collect()
}

/// The transfers that are pending, oldest first.
pub(super) async fn list(
    client: &Client,
    customer: Option<&CustomerId>,
) -> Result<Vec<PendingTransfer>, PgError> {
    let customer = customer.map(CustomerId::as_str);
    let statement = client.prepare_cached(sql::PLACED_PENDING).await?;
    let rows = client.query(&statement, &[&customer, &MOST_LISTED]).await?;
    rows.iter().map(read).collect()
}

/// What a confirmation of this customer placed.
pub(super) async fn placed(
    client: &Client,
    customer: &CustomerId,
    confirmation: &ConfirmationId,
) -> Result<Option<PendingTransfer>, PgError> {
    let keys: [&(dyn ToSql + Sync); 2] = [&confirmation.as_str(), &customer.as_str()];
    one(client, sql::PLACED_BY_CONFIRMATION, &keys).await
}

async fn one(
    client: &Client,
    statement: &str,
    keys: &[&(dyn ToSql + Sync)],
) -> Result<Option<PendingTransfer>, PgError> {
    let statement = client.prepare_cached(statement).await?;
    let row = client.query_opt(&statement, keys).await?;
    row.as_ref().map(read).transpose()
}

/// How a transfer stands that is not pending, in a row of `money_outcome`.
fn status(row: &Row) -> Result<Option<TransferStatus>, PgError> {
    let text: Option<&str> = row.try_get("decline_status")?;
    text.map(|text| TransferStatus::parse(text).ok_or(PgError::Corrupt("transfer status")))
        .transpose()
}

/// A row of the view `placed`.
fn read(row: &Row) -> Result<PendingTransfer, PgError> {
    Ok(PendingTransfer {
        transfer: id(row.try_get("transfer_id")?, "transfer id")?,
        confirmation: id(row.try_get("confirmation_id")?, "confirmation id")?,
        intent: json(row.try_get("intent")?, "intent")?,
        status: TransferStatus::parse(row.try_get("status")?)
            .ok_or(PgError::Corrupt("transfer status"))?,
        placed_at: instant(row.try_get("created_at")?)?,
        settles_at: instant(row.try_get("settles_at")?)?,
        expires_at: instant(row.try_get("expires_at")?)?,
    })
}
