//! The money commands: each one call of one function, which is one transaction of its own.
//!
//! What is decided, and in which order of reasons, is `stand` in `2_rules.sql`; here its parameters
//! (`parameters.rs`) are put together, and the answer is read.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    AuditEvent, CancelOutcome, PendingTransfer, PostOutcome, ProposeOutcome, Receipt,
    canonical_json,
};
use vostro_ledger::{
    AccountStatus, Confirmed, Decline, IntentHash, MoneyIntent, Proposal, Settlement,
    TransferStatus,
};
use vostro_types::{ConfirmationId, CustomerId, HoldId, Money, TransferId};

use super::error::PgError;
use super::parameters::{ContextParameters, IntentParameters, RulesParameters, common, salt};
use super::rows::{id, instant, micros};
use super::{Client, confirmations, pending, sql};
use crate::config::StoreConfig;
use crate::particulars::{declined, merged, movement, published};
use crate::sqlite::whole_microseconds;

/// What is put before a customer: a movement, or a standing order.
pub(super) struct Offer<'a> {
    /// `propose.sql`, or the like with the same parameters and answer.
    pub(super) statement: &'static str,
    pub(super) id: &'a ConfirmationId,
    /// The movement that the rules judge.
    pub(super) intent: &'a MoneyIntent,
    /// What is kept of the terms, as JSON.
    pub(super) terms: String,
    pub(super) hash: IntentHash,
    pub(super) expires_at: Timestamp,
    /// What the audit trail says of it.
    pub(super) detail: Value,
}

/// Records a proposal, if it would be authorised now.
pub(super) async fn propose(
    client: &Client,
    config: &StoreConfig,
    proposal: &Proposal,
    event: &AuditEvent,
) -> Result<ProposeOutcome, PgError> {
    let offer = Offer {
        statement: sql::PROPOSE,
        id: &proposal.id,
        intent: &proposal.intent,
        terms: serde_json::to_string(&proposal.intent)?,
        hash: proposal.hash,
        expires_at: proposal.expires_at,
        detail: movement(&proposal.id, &proposal.intent),
    };
    offered(client, config, offer, event).await
}

/// Records an offer, if its movement would be authorised now.
pub(super) async fn offered(
    client: &Client,
    config: &StoreConfig,
    offer: Offer<'_>,
    event: &AuditEvent,
) -> Result<ProposeOutcome, PgError> {
    let now = config.now();
    let intent = IntentParameters::from(offer.intent);
    let rules = RulesParameters::new(config, now)?;
    let context = ContextParameters::new(now, event);
    let (hash, salt) = (offer.hash.0.as_slice(), salt(config));
    let expiry = micros(offer.expires_at);
    let detail = canonical_json(&offer.detail);
    let decline_detail = canonical_json(&declined(offer.detail, None));
    let id = offer.id.as_str();
    let mut parameters = common(&intent, &rules, &context);
    parameters.extend::<[&(dyn ToSql + Sync); 7]>([
        &id,
        &hash,
        &offer.terms,
        &expiry,
        &detail,
        &decline_detail,
        &salt,
    ]);
    let statement = client.prepare_cached(offer.statement).await?;
    let row = client.query_one(&statement, &parameters).await?;
    match row.try_get("outcome")? {
        "proposed" => Ok(ProposeOutcome::Proposed),
        "declined" => Ok(ProposeOutcome::Declined(decline(
            &row,
            offer.intent.amount,
        )?)),
        "taken" => Err(PgError::Server {
            code: "23505".to_owned(),
            message: "the proposal's id is taken".to_owned(),
        }),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

/// Consumes a confirmation: posts it, or places it where a settlement is given; or spends it as declined
/// or expired.
pub(super) async fn confirm(
    client: &Client,
    config: &StoreConfig,
    confirmed: &Confirmed<MoneyIntent>,
    settlement: Option<Settlement>,
    event: &AuditEvent,
) -> Result<PostOutcome, PgError> {
    if confirmed.hash() != confirmed.get().hash() {
        return Ok(PostOutcome::NotOpen);
    }
    let now = config.now();
    let intent = IntentParameters::from(confirmed.get());
    let rules = RulesParameters::new(config, now)?;
    let context = ContextParameters::new(now, event);
    let (id, hash) = (confirmed.confirmation().as_str(), confirmed.hash());
    let hash = hash.0.as_slice();
    let transfer = TransferId::generate(config.entropy.as_ref());
    let key = confirmed.idempotency_key().to_string();
    let details = Details::new(confirmed, &transfer, settlement, now);
    let salts = vec![salt(config), salt(config)];
    let settles_at = settlement.map(|it| micros(it.settles_at));
    let expires_at = settlement.map(|it| micros(it.expires_at));
    let hold = settlement.map(|_| HoldId::generate(config.entropy.as_ref()));
    let hold = hold.as_ref().map(HoldId::as_str);
    let transfer_id = transfer.as_str();
    let value_date = config.calendar.value_date(confirmed.get().kind(), now);
    let value_day = value_date.to_string();
    let mut parameters = common(&intent, &rules, &context);
    parameters.extend::<[&(dyn ToSql + Sync); 14]>([
        &id,
        &hash,
        &transfer_id,
        &key,
        &details.plain,
        &details.declined,
        &details.done,
        &details.payload,
        &salts,
        &settles_at,
        &expires_at,
        &hold,
        &details.placement,
        &value_day,
    ]);
    let day = confirmed.day_without_factor();
    let most = day.map(|most| (most.minor, most.currency.code()));
    let statement = match &most {
        None => sql::CONFIRM_AND_POST,
        Some((minor, currency)) => {
            parameters.extend::<[&(dyn ToSql + Sync); 2]>([minor, currency]);
            sql::CONFIRM_WITHIN_A_DAY
        }
    };
    let statement = client.prepare_cached(statement).await?;
    let row = client.query_one(&statement, &parameters).await?;
    match (row.try_get("outcome")?, settlement) {
        ("posted", _) => {
            let intent = confirmed.get().clone();
            let receipt = receipt(&row, confirmed.confirmation(), intent, Some(value_date))?;
            Ok(PostOutcome::Posted(Box::new(receipt)))
        }
        ("placed", Some(settlement)) => Ok(PostOutcome::Placed(Box::new(PendingTransfer {
            transfer,
            confirmation: confirmed.confirmation().clone(),
            intent: confirmed.get().clone(),
            status: TransferStatus::Pending,
            placed_at: now,
            settles_at: whole_microseconds(settlement.settles_at),
            expires_at: whole_microseconds(settlement.expires_at),
        }))),
        ("replayed", _) => {
            let customer = &confirmed.get().customer;
            confirmations::receipt(client, customer, confirmed.confirmation())
                .await?
                .map(|receipt| PostOutcome::Replayed(Box::new(receipt)))
                .ok_or(PgError::Corrupt("receipt"))
        }
        ("was_placed", _) => pending::again(client, confirmed).await,
        ("declined", _) => Ok(PostOutcome::Declined(decline(
            &row,
            confirmed.get().amount,
        )?)),
        ("factor_needed", _) => Ok(PostOutcome::FactorNeeded),
        ("expired", _) => Ok(PostOutcome::Expired),
        ("not_open", _) => Ok(PostOutcome::NotOpen),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

/// What the audit trail and the outbox say of a confirmation, however it ends.
struct Details {
    plain: String,
    declined: String,
    done: String,
    payload: String,
    /// What is said of a placed transfer later.
    placement: String,
}

impl Details {
    fn new(
        confirmed: &Confirmed<MoneyIntent>,
        transfer: &TransferId,
        settlement: Option<Settlement>,
        now: Timestamp,
    ) -> Self {
        let plain = movement(confirmed.confirmation(), confirmed.get());
        let placement = merged(plain.clone(), json!({ "transfer": transfer }));
        let done = match settlement {
            Some(settlement) => merged(
                placement.clone(),
                json!({ "settles_at": settlement.settles_at }),
            ),
            None => placement.clone(),
        };
        let customer = &confirmed.get().customer;
        let payload = published(done.clone(), customer, now);
        Self {
            declined: canonical_json(&declined(plain.clone(), None)),
            plain: canonical_json(&plain),
            done: canonical_json(&done),
            payload: payload.to_string(),
            placement: canonical_json(&placement),
        }
    }
}

/// Gives up an open proposal.
pub(super) async fn cancel(
    client: &Client,
    config: &StoreConfig,
    customer: &CustomerId,
    id: &ConfirmationId,
    event: &AuditEvent,
) -> Result<CancelOutcome, PgError> {
    let context = ContextParameters::new(config.now(), event);
    let statement = client.prepare_cached(sql::CANCEL).await?;
    let row = client
        .query_one(
            &statement,
            &[
                &customer.as_str(),
                &id.as_str(),
                &context.at,
                &context.session,
                &context.turn,
                &salt(config),
            ],
        )
        .await?;
    match row.try_get("outcome")? {
        "cancelled" => Ok(CancelOutcome::Cancelled),
        "not_open" => Ok(CancelOutcome::NotOpen),
        "already_posted" => confirmations::receipt(client, customer, id)
            .await?
            .map(|receipt| CancelOutcome::AlreadyPosted(Box::new(receipt)))
            .ok_or(PgError::Corrupt("receipt")),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

/// The receipt in a row with the columns of `money_outcome`.
pub(super) fn receipt(
    row: &Row,
    confirmation: &ConfirmationId,
    intent: MoneyIntent,
    value_date: Option<Date>,
) -> Result<Receipt, PgError> {
    let currency = intent.amount.currency;
    Ok(Receipt {
        transfer: id(row.try_get("transfer_id")?, "transfer id")?,
        confirmation: confirmation.clone(),
        intent,
        posted_at: instant(row.try_get("posted_at")?)?,
        source_balance: Money::new(row.try_get("source_balance_minor")?, currency),
        source_available: Money::new(row.try_get("source_available_minor")?, currency),
        value_date,
    })
}

/// The reason in a row with the columns of `money_outcome`. Every figure in it is in the currency of the
/// amount asked for: another one would have been the reason.
pub(super) fn decline(row: &Row, amount: Money) -> Result<Decline, PgError> {
    let money = |column: &str| -> Result<Money, PgError> {
        Ok(Money::new(row.try_get(column)?, amount.currency))
    };
    Ok(match row.try_get("decline")? {
        "money_stopped" => Decline::MoneyStopped,
        "amount_not_positive" => Decline::AmountNotPositive,
        "source_unknown" => Decline::SourceUnknown,
        "source_not_open" => Decline::SourceNotOpen {
            status: AccountStatus::parse(row.try_get("decline_status")?)
                .ok_or(PgError::Corrupt("account status"))?,
        },
        "target_unknown" => Decline::TargetUnknown,
        "target_not_open" => Decline::TargetNotOpen,
        "same_account" => Decline::SameAccount,
        "currency_mismatch" => Decline::CurrencyMismatch,
        "over_transfer_limit" => Decline::OverTransferLimit {
            limit: money("limit_minor")?,
        },
        "over_daily_limit" => Decline::OverDailyLimit {
            limit: money("limit_minor")?,
            left: money("left_minor")?,
        },
        "over_held_amount" => Decline::OverHeldAmount {
            held: money("limit_minor")?,
        },
        "insufficient_funds" => Decline::InsufficientFunds {
            available: money("available_minor")?,
        },
        "amount_too_large" => Decline::AmountTooLarge,
        _ => return Err(PgError::Corrupt("decline")),
    })
}
