//! What the money functions are called with: an intent, the rules and the context, taken apart.

use jiff::Timestamp;
use tokio_postgres::types::ToSql;
use vostro_bank::AuditEvent;
use vostro_ledger::{MoneyIntent, Target};
use vostro_types::{Money, SessionId, TurnId};

use super::error::PgError;
use super::rows::micros;
use crate::config::StoreConfig;

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
    money_stopped: bool,
}

impl RulesParameters {
    pub(super) fn new(config: &StoreConfig, now: Timestamp) -> Result<Self, PgError> {
        let (begins, ends) = config
            .bank_day(now)
            .ok_or(PgError::Corrupt("calendar day"))?;
        Ok(Self {
            per_transfer: config.limits.per_transfer,
            per_transfer_currency: config.limits.per_transfer.currency.code(),
            per_day: config.limits.per_day,
            per_day_currency: config.limits.per_day.currency.code(),
            day_begins: micros(begins),
            day_ends: micros(ends),
            money_stopped: config.money_stopped,
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

/// The first 17 parameters of `propose.sql` and `confirm_and_post.sql`.
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
        &rules.money_stopped,
    ]
}
