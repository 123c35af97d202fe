//! The money commands: each one call of one function, which is one transaction of its own.
//!
//! What is decided, and in which order of reasons, is `stand` in `2_rules.sql`; here an intent is taken
//! apart into that function's parameters, and the answer is read.

use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    AuditEvent, CancelOutcome, PostOutcome, ProposeOutcome, Receipt, canonical_json,
};
use vostro_ledger::{AccountStatus, Confirmed, Decline, MoneyIntent, Proposal, Target};
use vostro_types::{ConfirmationId, CustomerId, Money, SessionId, TransferId, TurnId};

use super::error::PgError;
use super::rows::{id, instant, micros};
use super::{Client, sql};
use crate::config::StoreConfig;
use crate::sqlite::detail;

/// Random bytes that keep a commitment from being guessed.
pub(super) type Salt = Vec<u8>;

/// A fresh salt.
pub(super) fn salt(config: &StoreConfig) -> Salt {
    let mut salt = vec![0; 32];
    config.entropy.fill(&mut salt);
    salt
}

/// An intent as the functions take it.
pub(super) struct IntentParameters<'a> {
    customer: &'a str,
    source: &'a str,
    target: &'static str,
    target_id: Option<&'a str>,
    target_number: Option<&'a str>,
    amount_minor: i64,
    currency: &'static str,
}

impl<'a> From<&'a MoneyIntent> for IntentParameters<'a> {
    fn from(intent: &'a MoneyIntent) -> Self {
        let (target, target_id, target_number) = match &intent.target {
            Target::Own { account } => ("own", Some(account.as_str()), None),
            Target::Payee { payee, number } => {
                ("payee", Some(payee.as_str()), Some(number.as_str()))
            }
            Target::NewPayee { number } => ("new_payee", None, Some(number.as_str())),
            Target::Biller { biller, reference } => {
                // No column holds a U+0000, so no reference is such a text.
                let reference = Some(reference.as_str()).filter(|text| !text.contains('\0'));
                ("biller", Some(biller.as_str()), reference)
            }
        };
        Self {
            customer: intent.customer.as_str(),
            source: intent.source.as_str(),
            target,
            target_id,
            target_number,
            amount_minor: intent.amount.minor,
            currency: intent.amount.currency.code(),
        }
    }
}

/// The limits and the bank's calendar day, as the functions take them.
pub(super) struct RulesParameters {
    per_transfer: Money,
    per_transfer_currency: &'static str,
    per_day: Money,
    per_day_currency: &'static str,
    day_begins: i64,
    day_ends: i64,
}

impl RulesParameters {
    pub(super) fn new(config: &StoreConfig, now: Timestamp) -> Result<Self, PgError> {
        let today = now.to_zoned(config.time_zone.clone());
        let day = |zoned: Result<jiff::Zoned, jiff::Error>| {
            zoned
                .map(|zoned| micros(zoned.timestamp()))
                .map_err(|_| PgError::Corrupt("calendar day"))
        };
        Ok(Self {
            per_transfer: config.limits.per_transfer,
            per_transfer_currency: config.limits.per_transfer.currency.code(),
            per_day: config.limits.per_day,
            per_day_currency: config.limits.per_day.currency.code(),
            day_begins: day(today.start_of_day())?,
            day_ends: day(today.tomorrow().and_then(|next| next.start_of_day()))?,
        })
    }
}

/// When a command is, and where it came from.
pub(super) struct ContextParameters<'a> {
    pub(super) at: i64,
    pub(super) session: Option<&'a str>,
    pub(super) turn: Option<&'a str>,
}

impl<'a> ContextParameters<'a> {
    pub(super) fn new(now: Timestamp, event: &'a AuditEvent) -> Self {
        Self {
            at: micros(now),
            session: event.session.as_ref().map(SessionId::as_str),
            turn: event.turn.as_ref().map(TurnId::as_str),
        }
    }
}

/// The first 16 parameters of `propose.sql` and `confirm_and_post.sql`.
pub(super) fn common<'a>(
    intent: &'a IntentParameters<'a>,
    rules: &'a RulesParameters,
    context: &'a ContextParameters<'a>,
) -> Vec<&'a (dyn ToSql + Sync)> {
    vec![
        &intent.customer,
        &intent.source,
        &intent.target,
        &intent.target_id,
        &intent.target_number,
        &intent.amount_minor,
        &intent.currency,
        &rules.per_transfer.minor,
        &rules.per_transfer_currency,
        &rules.per_day.minor,
        &rules.per_day_currency,
        &rules.day_begins,
        &rules.day_ends,
        &context.at,
        &context.session,
        &context.turn,
    ]
}

/// A detail with one member more.
fn with(mut detail: Value, name: &str, value: Value) -> Value {
    if let Value::Object(members) = &mut detail {
        members.insert(name.to_owned(), value);
    }
    detail
}

/// Records a proposal, if it would be authorised now.
pub(super) async fn propose(
    client: &Client,
    config: &StoreConfig,
    proposal: &Proposal,
    event: &AuditEvent,
) -> Result<ProposeOutcome, PgError> {
    let now = config.now();
    let intent = IntentParameters::from(&proposal.intent);
    let rules = RulesParameters::new(config, now)?;
    let context = ContextParameters::new(now, event);
    let plain = detail(&proposal.id, &proposal.intent);
    let (hash, salt) = (proposal.hash.0.as_slice(), salt(config));
    let intent_text = serde_json::to_string(&proposal.intent)?;
    let expiry = micros(proposal.expires_at);
    let detail = canonical_json(&plain);
    let decline_detail = canonical_json(&with(plain, "decline", Value::Null));
    let id = proposal.id.as_str();
    let mut parameters = common(&intent, &rules, &context);
    parameters.extend::<[&(dyn ToSql + Sync); 7]>([
        &id,
        &hash,
        &intent_text,
        &expiry,
        &detail,
        &decline_detail,
        &salt,
    ]);
    let statement = client.prepare_cached(sql::PROPOSE).await?;
    let row = client.query_one(&statement, &parameters).await?;
    match row.try_get("outcome")? {
        "proposed" => Ok(ProposeOutcome::Proposed),
        "declined" => Ok(ProposeOutcome::Declined(decline(&row, &proposal.intent)?)),
        "taken" => Err(PgError::Server {
            code: "23505".to_owned(),
            message: "the confirmation's id is taken".to_owned(),
        }),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

/// Consumes a confirmation: posts it, or spends it as declined or expired.
pub(super) async fn confirm_and_post(
    client: &Client,
    config: &StoreConfig,
    confirmed: &Confirmed<MoneyIntent>,
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
    let transfer = transfer.as_str();
    let key = confirmed.idempotency_key().to_string();
    let details = Details::new(confirmed, transfer, now);
    let salts = vec![salt(config), salt(config)];
    let mut parameters = common(&intent, &rules, &context);
    parameters.extend::<[&(dyn ToSql + Sync); 9]>([
        &id,
        &hash,
        &transfer,
        &key,
        &details.plain,
        &details.declined,
        &details.posted,
        &details.payload,
        &salts,
    ]);
    let statement = client.prepare_cached(sql::CONFIRM_AND_POST).await?;
    let row = client.query_one(&statement, &parameters).await?;
    let receipt = || receipt(&row, confirmed.confirmation(), confirmed.get().clone());
    match row.try_get("outcome")? {
        "posted" => Ok(PostOutcome::Posted(Box::new(receipt()?))),
        "replayed" => Ok(PostOutcome::Replayed(Box::new(receipt()?))),
        "declined" => Ok(PostOutcome::Declined(decline(&row, confirmed.get())?)),
        "expired" => Ok(PostOutcome::Expired),
        "not_open" => Ok(PostOutcome::NotOpen),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

/// What the audit trail and the outbox say of a posting, however it ends.
struct Details {
    plain: String,
    declined: String,
    posted: String,
    payload: String,
}

impl Details {
    fn new(confirmed: &Confirmed<MoneyIntent>, transfer: &str, now: Timestamp) -> Self {
        let plain = detail(confirmed.confirmation(), confirmed.get());
        let posted = with(plain.clone(), "transfer", transfer.into());
        let customer = confirmed.get().customer.as_str();
        let payload = with(posted.clone(), "customer", customer.into());
        let payload = with(payload, "at", now.to_string().into());
        Self {
            declined: canonical_json(&with(plain.clone(), "decline", Value::Null)),
            plain: canonical_json(&plain),
            posted: canonical_json(&posted),
            payload: payload.to_string(),
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
        "already_posted" => super::confirmations::receipt(client, customer, id)
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
) -> Result<Receipt, PgError> {
    let currency = intent.amount.currency;
    Ok(Receipt {
        transfer: id(row.try_get("transfer_id")?, "transfer id")?,
        confirmation: confirmation.clone(),
        intent,
        posted_at: instant(row.try_get("posted_at")?)?,
        source_balance: Money::new(row.try_get("source_balance_minor")?, currency),
        source_available: Money::new(row.try_get("source_available_minor")?, currency),
    })
}

/// The reason in a row with the columns of `money_outcome`. Every figure in it is in the intent's currency:
/// another one would have been the reason.
pub(super) fn decline(row: &Row, intent: &MoneyIntent) -> Result<Decline, PgError> {
    let money = |column: &str| -> Result<Money, PgError> {
        Ok(Money::new(row.try_get(column)?, intent.amount.currency))
    };
    Ok(match row.try_get("decline")? {
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
        "insufficient_funds" => Decline::InsufficientFunds {
            available: money("available_minor")?,
        },
        "amount_too_large" => Decline::AmountTooLarge,
        _ => return Err(PgError::Corrupt("decline")),
    })
}
