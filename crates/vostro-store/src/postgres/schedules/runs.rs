//! Carrying out what is due, oldest first; what another replica is at is passed over.

use serde_json::{Value, json};
use tokio_postgres::types::ToSql;
use vostro_bank::{ScheduleRuns, canonical_json};
use vostro_ledger::{AfterDecline, Decline, RunRules, occurrence_key};
use vostro_types::{Money, TransferId};

use super::super::error::PgError;
use super::super::parameters::{
    ContextParameters, IntentParameters, RulesParameters, common, salt,
};
use super::super::rows::micros;
use super::super::{Client, sql};
use super::Kept;
use crate::config::StoreConfig;
use crate::particulars::{declined, merged, occurrence, published, standing_order};

/// How many due schedules are looked up at once.
const AT_ONCE: i64 = 100;

/// Tries everything that is due now, once, up to `most`.
pub(super) async fn pass(
    client: &Client,
    config: &StoreConfig,
    rules: RunRules,
    most: u64,
) -> Result<ScheduleRuns, PgError> {
    let mut runs = ScheduleRuns::default();
    let now = micros(config.now());
    let limit = i64::try_from(most).unwrap_or(AT_ONCE).min(AT_ONCE);
    let statement = client.prepare_cached(sql::SCHEDULES_UNANSWERED).await?;
    for row in client.query(&statement, &[&now, &limit]).await? {
        let kept = Kept::read(&row)?;
        let detail = canonical_json(&standing_order(&kept.view.id, &kept.view.order));
        let statement = client.prepare_cached(sql::EXPIRE_SCHEDULE).await?;
        let ended = client
            .query_one(
                &statement,
                &[&kept.view.id.as_str(), &now, &detail, &salt(config)],
            )
            .await?;
        runs.expired += u64::from(ended.try_get::<_, bool>(0)?);
    }
    let limit = limit - i64::try_from(runs.expired).unwrap_or(0);
    let statement = client.prepare_cached(sql::SCHEDULES_DUE).await?;
    for row in client.query(&statement, &[&now, &limit]).await? {
        match run(client, config, rules, &Kept::read(&row)?)
            .await?
            .as_str()
        {
            "posted" => runs.posted += 1,
            "waiting" => runs.waiting += 1,
            "failed" | "missed" => runs.failed += 1,
            _ => {}
        }
    }
    Ok(runs)
}

/// Tries the next occurrence of one schedule; gives what came of it.
async fn run(
    client: &Client,
    config: &StoreConfig,
    rules: RunRules,
    kept: &Kept,
) -> Result<String, PgError> {
    let due = kept.view.next_due.ok_or(PgError::Corrupt("due day"))?;
    let (now, order) = (config.now(), &kept.view.order);
    let intent = IntentParameters::from(&order.intent);
    let limits = RulesParameters::new(config, now)?;
    let context = ContextParameters {
        at: micros(now),
        session: None,
        turn: None,
    };
    let is_missed = rules.is_missed(due, now, config.time_zone());
    // Which reasons may pass is the ledger's: asked with one that may, its answer is when to try again.
    let short = Decline::InsufficientFunds {
        available: Money::zero(order.intent.amount.currency),
    };
    let retry_at = |decline| match rules.after_decline(decline, due, now, config.time_zone()) {
        AfterDecline::Retry(next) => Some(micros(next)),
        AfterDecline::Fail => None,
    };
    let (retry_at, stopped_retry_at) = (retry_at(&short), retry_at(&Decline::MoneyStopped));
    let (next, next_at) = kept.after_next(config)?;
    let transfer = TransferId::generate(config.entropy.as_ref());
    let key = occurrence_key(&kept.view.id, due).to_string();
    let plain = occurrence(&kept.view.id, order, due);
    let posted = merged(plain.clone(), json!({ "transfer": transfer }));
    let declined = declined(plain, None);
    let payload = |detail: &Value| canonical_json(&published(detail.clone(), &kept.customer, now));
    let (posted_payload, declined_payload) = (payload(&posted), payload(&declined));
    let (posted, declined) = (canonical_json(&posted), canonical_json(&declined));
    let (id, transfer, due, salt) = (
        kept.view.id.as_str(),
        transfer.as_str(),
        due.to_string(),
        salt(config),
    );
    let mut parameters = common(&intent, &limits, &context);
    parameters.extend::<[&(dyn ToSql + Sync); 14]>([
        &id,
        &due,
        &is_missed,
        &retry_at,
        &stopped_retry_at,
        &next,
        &next_at,
        &transfer,
        &key,
        &posted,
        &declined,
        &posted_payload,
        &declined_payload,
        &salt,
    ]);
    let statement = client.prepare_cached(sql::RUN_SCHEDULE).await?;
    let row = client.query_one(&statement, &parameters).await?;
    Ok(row.try_get("outcome")?)
}
