//! Holds, accounts' states, reversals and the switch: one call each.

use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    CaptureOutcome, EntryView, Hold, HoldOutcome, MoneySwitch, Order, ReverseOutcome, TransferView,
};
use vostro_ledger::{AccountStatus, ReversalRefusal, TransferStatus};
use vostro_types::{AccountId, CustomerId, HoldId, Money, TransferId};

use super::error::PgError;
use super::money;
use super::pending::OrderParameters;
use super::rows::{currency_of, id, instant, micros};
use super::{Client, sql};
use crate::config::StoreConfig;
use crate::sqlite::whole_microseconds;

/// How many overdue holds are ended at once.
const AT_ONCE: i64 = 500;

/// Puts funds aside.
pub(super) async fn place_hold(
    client: &Client,
    config: &StoreConfig,
    account: &AccountId,
    amount: Money,
    expires_at: Option<Timestamp>,
    order: &Order,
) -> Result<HoldOutcome, PgError> {
    let parameters = OrderParameters::new(config, order);
    let hold = HoldId::generate(config.entropy.as_ref());
    let (hold_id, account_id) = (hold.as_str(), account.as_str());
    let (code, expiry, reason) = (
        amount.currency.code(),
        expires_at.map(micros),
        order.reason(),
    );
    let statement = client.prepare_cached(sql::HOLD_PLACE).await?;
    let own: [&(dyn ToSql + Sync); 6] = [
        &hold_id,
        &account_id,
        &amount.minor,
        &code,
        &expiry,
        &reason,
    ];
    let row = client.query_one(&statement, &parameters.and(&own)).await?;
    match row.try_get("outcome")? {
        "held" => Ok(HoldOutcome::Held(Box::new(Hold {
            id: hold,
            account: account.clone(),
            amount,
            reason: reason.to_owned(),
            placed_at: config.now(),
            expires_at: expires_at.map(whole_microseconds),
        }))),
        "declined" => Ok(HoldOutcome::Declined(money::decline(&row, amount)?)),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

/// Ends a hold; gives whether it was held.
pub(super) async fn release_hold(
    client: &Client,
    config: &StoreConfig,
    hold: &HoldId,
    status: &str,
    order: &Order,
) -> Result<bool, PgError> {
    let parameters = OrderParameters::new(config, order);
    let statement = client.prepare_cached(sql::HOLD_RELEASE).await?;
    let hold = hold.as_str();
    let row = client
        .query_one(&statement, &parameters.and(&[&hold, &status]))
        .await?;
    Ok(row.try_get(0)?)
}

/// Ends holds whose time is over; gives how many.
pub(super) async fn expire_holds(
    client: &Client,
    config: &StoreConfig,
    now: Timestamp,
) -> Result<u64, PgError> {
    let statement = client.prepare_cached(sql::HOLDS_OVERDUE).await?;
    let overdue = client.query(&statement, &[&micros(now), &AT_ONCE]).await?;
    let order = Order::housekeeping("its time is over");
    let mut ended = 0;
    for row in overdue {
        let hold = id(row.try_get(0)?, "hold id")?;
        ended += u64::from(release_hold(client, config, &hold, "expired", &order).await?);
    }
    Ok(ended)
}

/// Pays held funds out, all or less.
pub(super) async fn capture_hold(
    client: &Client,
    config: &StoreConfig,
    hold: &HoldId,
    amount: Option<Money>,
    order: &Order,
) -> Result<CaptureOutcome, PgError> {
    let parameters = OrderParameters::new(config, order);
    let transfer = TransferId::generate(config.entropy.as_ref());
    let (hold, transfer_id) = (hold.as_str(), transfer.as_str());
    let minor = amount.map(|amount| amount.minor);
    let code = amount.map(|amount| amount.currency.code());
    let statement = client.prepare_cached(sql::HOLD_CAPTURE).await?;
    let own: [&(dyn ToSql + Sync); 5] = [&hold, &minor, &code, &config.money_stopped, &transfer_id];
    let row = client.query_one(&statement, &parameters.and(&own)).await?;
    let asked = amount.unwrap_or(Money::zero(config.currency()));
    match row.try_get("outcome")? {
        "captured" => Ok(CaptureOutcome::Captured(transfer)),
        "declined" => Ok(CaptureOutcome::Declined(money::decline(&row, asked)?)),
        "not_held" => Ok(CaptureOutcome::NotHeld),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

/// The holds on an account that no transfer has.
pub(super) async fn holds(client: &Client, account: &AccountId) -> Result<Vec<Hold>, PgError> {
    let statement = client.prepare_cached(sql::HOLDS_OF_ACCOUNT).await?;
    let rows = client.query(&statement, &[&account.as_str()]).await?;
    let read = |row: &Row| -> Result<Hold, PgError> {
        let expires_at: Option<i64> = row.try_get("expires_at")?;
        let currency = currency_of(row.try_get("currency")?)?;
        Ok(Hold {
            id: id(row.try_get("id")?, "hold id")?,
            account: id(row.try_get("account_id")?, "account id")?,
            amount: Money::new(row.try_get("amount_minor")?, currency),
            reason: row.try_get("reason")?,
            placed_at: instant(row.try_get("created_at")?)?,
            expires_at: expires_at.map(instant).transpose()?,
        })
    };
    rows.iter().map(read).collect()
}

/// Freezes, closes or opens a customer's account; gives whether there is one.
pub(super) async fn set_account_status(
    client: &Client,
    config: &StoreConfig,
    account: &AccountId,
    status: AccountStatus,
    order: &Order,
) -> Result<bool, PgError> {
    let parameters = OrderParameters::new(config, order);
    let statement = client.prepare_cached(sql::ACCOUNT_SET_STATUS).await?;
    let (account, status) = (account.as_str(), status.as_str());
    let row = client
        .query_one(&statement, &parameters.and(&[&account, &status]))
        .await?;
    Ok(row.try_get(0)?)
}

/// Takes a transfer back.
pub(super) async fn reverse(
    client: &Client,
    config: &StoreConfig,
    transfer: &TransferId,
    order: &Order,
) -> Result<ReverseOutcome, PgError> {
    let parameters = OrderParameters::new(config, order);
    let reversal = TransferId::generate(config.entropy.as_ref());
    let (transfer_id, reversal_id) = (transfer.as_str(), reversal.as_str());
    let statement = client.prepare_cached(sql::REVERSE).await?;
    let own: [&(dyn ToSql + Sync); 3] = [&transfer_id, &reversal_id, &config.money_stopped];
    let row = client.query_one(&statement, &parameters.and(&own)).await?;
    match row.try_get("outcome")? {
        "reversed" => Ok(ReverseOutcome::Reversed(reversal)),
        "refused" => Ok(ReverseOutcome::Refused(
            refusal(client, transfer, &row).await?,
        )),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

async fn refusal(
    client: &Client,
    transfer: &TransferId,
    row: &Row,
) -> Result<ReversalRefusal, PgError> {
    Ok(match row.try_get("decline")? {
        "money_stopped" => ReversalRefusal::MoneyStopped,
        "not_found" => ReversalRefusal::NotFound,
        "not_posted" => ReversalRefusal::NotPosted {
            status: TransferStatus::parse(row.try_get("decline_status")?)
                .ok_or(PgError::Corrupt("transfer status"))?,
        },
        "not_a_movement" => ReversalRefusal::NotAMovement,
        "is_reversal" => ReversalRefusal::IsReversal,
        "already_reversed" => ReversalRefusal::AlreadyReversed,
        "account_not_open" => ReversalRefusal::AccountNotOpen,
        "would_overdraw" => {
            let view = self::transfer(client, transfer).await?;
            let view = view.ok_or(PgError::Corrupt("transfer"))?;
            let minor = row.try_get("available_minor")?;
            ReversalRefusal::WouldOverdraw {
                available: Money::new(minor, view.amount.currency),
            }
        }
        "amount_too_large" => ReversalRefusal::AmountTooLarge,
        _ => return Err(PgError::Corrupt("refusal")),
    })
}

/// A transfer with its entries.
pub(super) async fn transfer(
    client: &Client,
    transfer: &TransferId,
) -> Result<Option<TransferView>, PgError> {
    let statement = client.prepare_cached(sql::TRANSFER).await?;
    let found = client.query_opt(&statement, &[&transfer.as_str()]).await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let mut view = read(&row)?;
    let pk: i64 = row.try_get("pk")?;
    let statement = client.prepare_cached(sql::TRANSFER_ENTRIES).await?;
    let money = |minor| Money::new(minor, view.amount.currency);
    let entry = |row: &Row| -> Result<EntryView, PgError> {
        let after: Option<i64> = row.try_get("balance_after_minor")?;
        Ok(EntryView {
            account: id(row.try_get("account_id")?, "account id")?,
            amount: money(row.try_get("amount_minor")?),
            description: row.try_get("description")?,
            balance_after: after.map(money),
            posted_at: instant(row.try_get("posted_at")?)?,
        })
    };
    let entries = client.query(&statement, &[&pk]).await?;
    view.entries = entries.iter().map(entry).collect::<Result<_, _>>()?;
    Ok(Some(view))
}

/// A row of `transfer.sql`.
fn read(row: &Row) -> Result<TransferView, PgError> {
    let at = |column: &str| -> Result<_, PgError> {
        let at: Option<i64> = row.try_get(column)?;
        at.map(instant).transpose()
    };
    let other = |column: &str| -> Result<Option<TransferId>, PgError> {
        let text: Option<String> = row.try_get(column)?;
        text.map(|text| id(text, "transfer id")).transpose()
    };
    let currency = currency_of(row.try_get("currency")?)?;
    let posted: Option<i64> = row.try_get("posted_minor")?;
    let customer: Option<String> = row.try_get("customer_id")?;
    Ok(TransferView {
        id: id(row.try_get("id")?, "transfer id")?,
        kind: row.try_get("kind")?,
        status: TransferStatus::parse(row.try_get("status")?)
            .ok_or(PgError::Corrupt("transfer status"))?,
        customer: customer
            .map(|text| id::<CustomerId>(text, "customer id"))
            .transpose()?,
        source: id(row.try_get("source_id")?, "account id")?,
        destination: id(row.try_get("destination_id")?, "account id")?,
        amount: Money::new(row.try_get("amount_minor")?, currency),
        posted: posted.map(|minor| Money::new(minor, currency)),
        created_at: instant(row.try_get("created_at")?)?,
        settles_at: at("settles_at")?,
        resolved_at: at("resolved_at")?,
        reverses: other("reverses_id")?,
        reversed_by: other("reversed_by_id")?,
        entries: Vec::new(),
    })
}

/// Turns the switch, and gives how it stands then.
pub(super) async fn switch_money(
    client: &Client,
    config: &StoreConfig,
    stopped: bool,
    order: &Order,
) -> Result<MoneySwitch, PgError> {
    let parameters = OrderParameters::new(config, order);
    let (by, reason) = (order.by(), order.reason());
    let statement = client.prepare_cached(sql::MONEY_SWITCH_TURN).await?;
    let own: [&(dyn ToSql + Sync); 3] = [&stopped, &by, &reason];
    client.query_one(&statement, &parameters.and(&own)).await?;
    money_switch(client, config).await
}

/// How the switch stands.
pub(super) async fn money_switch(
    client: &Client,
    config: &StoreConfig,
) -> Result<MoneySwitch, PgError> {
    let statement = client.prepare_cached(sql::MONEY_SWITCH).await?;
    let row = client.query_one(&statement, &[]).await?;
    let ordered: bool = row.try_get("stopped")?;
    let at: Option<i64> = row.try_get("ordered_at")?;
    Ok(MoneySwitch {
        stopped: ordered || config.money_stopped,
        by_configuration: config.money_stopped,
        by: row.try_get("ordered_by")?,
        reason: row.try_get("reason")?,
        at: at.map(instant).transpose()?,
    })
}
