//! Standing orders: each command one call of one function, which is one transaction of its own.
//!
//! When an order is due is `vostro_ledger::Schedule`'s to say; the functions are told the occurrence that is
//! meant and the one after it, and do nothing when another replica was there before. Carrying out is in `runs`.

mod runs;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    AuditEvent, Change, ProposeOutcome, ScheduleChange, ScheduleOutcome, ScheduleRuns,
    ScheduleView, Schedules, ServiceOrder, StoreError, canonical_json,
};
use vostro_ledger::{Confirmable, Confirmed, IntentHash, Proposal, RunRules, StandingOrder};
use vostro_types::{ConfirmationId, CustomerId};

use super::error::PgError;
use super::money::{Offer, decline, offered};
use super::parameters::{ContextParameters, IntentParameters, RulesParameters, common, salt};
use super::rows::{id, instant, json, micros};
use super::{Client, PostgresStore, sql};
use crate::config::StoreConfig;
use crate::particulars::{declined, standing_order};

#[async_trait]
impl Schedules for PostgresStore {
    async fn propose_schedule(
        &self,
        proposal: &Proposal<StandingOrder>,
        context: &AuditEvent,
    ) -> Result<ProposeOutcome, StoreError> {
        let (proposal, context) = (proposal.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move { propose(&client, &config, &proposal, &context).await })
            .await
    }

    async fn open_schedule(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<Proposal<StandingOrder>>, StoreError> {
        let (customer, id) = (customer.clone(), id.clone());
        self.connections
            .run(move |client| async move {
                let open = find(&client, &customer, &id).await?;
                let open = open.filter(|kept| kept.status == "proposed");
                Ok(open.map(|kept| Proposal {
                    id,
                    intent: kept.view.order,
                    hash: kept.hash,
                    expires_at: kept.expires_at,
                }))
            })
            .await
    }

    async fn confirm_schedule(
        &self,
        confirmed: Confirmed<StandingOrder>,
        context: &AuditEvent,
    ) -> Result<ScheduleOutcome, StoreError> {
        let (context, config) = (context.clone(), Arc::clone(&self.config));
        self.connections
            .run(move |client| async move { confirm(&client, &config, &confirmed, &context).await })
            .await
    }

    async fn cancel_schedule(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
        context: &AuditEvent,
    ) -> Result<ScheduleChange, StoreError> {
        let (customer, id, context) = (customer.clone(), id.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.connections
            .run(move |client| async move { cancel(&client, &config, &customer, &id, &context).await })
            .await
    }

    async fn schedules(&self, customer: &CustomerId) -> Result<Vec<ScheduleView>, StoreError> {
        let customer = customer.clone();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::SCHEDULES_OF_CUSTOMER).await?;
                let rows = client.query(&statement, &[&customer.as_str()]).await?;
                rows.iter().map(|row| Ok(Kept::read(row)?.view)).collect()
            })
            .await
    }

    /// A step is a command of its own. What another replica does at this moment is passed over, and no
    /// pass ends before it has seen nothing left that it could do.
    async fn run_schedules(&self, rules: RunRules, most: u32) -> Result<ScheduleRuns, StoreError> {
        let mut runs = ScheduleRuns::default();
        loop {
            let left = u64::from(most).saturating_sub(runs.steps());
            let config = Arc::clone(&self.config);
            let pass = self
                .connections
                .run(move |client| async move { runs::pass(&client, &config, rules, left).await })
                .await?;
            runs.posted += pass.posted;
            runs.failed += pass.failed;
            runs.waiting += pass.waiting;
            runs.expired += pass.expired;
            if pass.steps() == 0 {
                return Ok(runs);
            }
        }
    }
}

/// A schedule's row.
struct Kept {
    view: ScheduleView,
    customer: CustomerId,
    hash: IntentHash,
    status: String,
    expires_at: Timestamp,
    next_number: u32,
}

impl Kept {
    fn read(row: &Row) -> Result<Self, PgError> {
        let hash: &[u8] = row.try_get("terms_hash")?;
        let next_due: Option<&str> = row.try_get("next_due_on")?;
        Ok(Self {
            view: ScheduleView {
                id: id(row.try_get("id")?, "schedule id")?,
                order: json(row.try_get("terms")?, "schedule")?,
                next_due: next_due
                    .map(str::parse)
                    .transpose()
                    .map_err(|_| PgError::Corrupt("due day"))?,
            },
            customer: id(row.try_get("customer")?, "customer id")?,
            hash: IntentHash(
                hash.try_into()
                    .map_err(|_| PgError::Corrupt("terms hash"))?,
            ),
            status: row.try_get("status")?,
            expires_at: instant(row.try_get("expires_at")?)?,
            next_number: u32::try_from(row.try_get::<_, i64>("next_number")?)
                .map_err(|_| PgError::Corrupt("occurrence"))?,
        })
    }

    /// The due day after the next one and when it begins, as the functions take them.
    fn after_next(&self, config: &StoreConfig) -> Result<(Option<String>, Option<i64>), PgError> {
        let schedule = self.view.order.schedule;
        match schedule.due(self.next_number.saturating_add(1)) {
            None => Ok((None, None)),
            Some(due) => Ok((Some(due.to_string()), Some(due_from(config, due)?))),
        }
    }
}

fn due_from(config: &StoreConfig, due: Date) -> Result<i64, PgError> {
    RunRules::due_from(due, config.time_zone())
        .map(micros)
        .ok_or(PgError::Corrupt("due day"))
}

async fn find(
    client: &Client,
    customer: &CustomerId,
    id: &ConfirmationId,
) -> Result<Option<Kept>, PgError> {
    let statement = client.prepare_cached(sql::SCHEDULE).await?;
    let found = client
        .query_opt(&statement, &[&id.as_str(), &customer.as_str()])
        .await?;
    found.as_ref().map(Kept::read).transpose()
}

async fn propose(
    client: &Client,
    config: &StoreConfig,
    proposal: &Proposal<StandingOrder>,
    event: &AuditEvent,
) -> Result<ProposeOutcome, PgError> {
    let order = &proposal.intent;
    let offer = Offer {
        statement: sql::PROPOSE_SCHEDULE,
        id: &proposal.id,
        intent: &order.intent,
        terms: serde_json::to_string(order)?,
        hash: proposal.hash,
        expires_at: proposal.expires_at,
        detail: standing_order(&proposal.id, order),
    };
    offered(client, config, offer, event).await
}

async fn confirm(
    client: &Client,
    config: &StoreConfig,
    confirmed: &Confirmed<StandingOrder>,
    event: &AuditEvent,
) -> Result<ScheduleOutcome, PgError> {
    let order = confirmed.get();
    if confirmed.hash() != order.hash() {
        return Ok(ScheduleOutcome::NotOpen);
    }
    let now = config.now();
    let intent = IntentParameters::from(&order.intent);
    let rules = RulesParameters::new(config, now)?;
    let context = ContextParameters::new(now, event);
    let (id, hash) = (confirmed.confirmation().as_str(), confirmed.hash());
    let hash = hash.0.as_slice();
    let first = order.schedule.first();
    let (first, first_at) = (first.to_string(), due_from(config, first)?);
    let plain = standing_order(confirmed.confirmation(), order);
    let detail = canonical_json(&plain);
    let decline_detail = canonical_json(&declined(plain, None));
    let salt = salt(config);
    let replaced = order.replaces.as_ref().map(ConfirmationId::as_str);
    let replaced_detail = match &order.replaces {
        Some(id) => find(client, order.customer(), id)
            .await?
            .map(|kept| canonical_json(&standing_order(id, &kept.view.order))),
        None => None,
    };
    let mut parameters = common(&intent, &rules, &context);
    parameters.extend::<[&(dyn ToSql + Sync); 9]>([
        &id,
        &hash,
        &first,
        &first_at,
        &detail,
        &decline_detail,
        &salt,
        &replaced,
        &replaced_detail,
    ]);
    let statement = client.prepare_cached(sql::CONFIRM_SCHEDULE).await?;
    let row = client.query_one(&statement, &parameters).await?;
    let kept = || async {
        let kept = find(client, order.customer(), confirmed.confirmation()).await?;
        let kept = kept.ok_or(PgError::Corrupt("schedule"))?;
        Ok::<_, PgError>(Box::new(kept.view))
    };
    match row.try_get("outcome")? {
        "scheduled" => Ok(ScheduleOutcome::Scheduled(Box::new(ScheduleView {
            id: confirmed.confirmation().clone(),
            order: order.clone(),
            next_due: Some(order.schedule.first()),
        }))),
        "replayed" => Ok(ScheduleOutcome::Replayed(kept().await?)),
        "declined" => Ok(ScheduleOutcome::Declined(decline(
            &row,
            order.intent.amount,
        )?)),
        "expired" => Ok(ScheduleOutcome::Expired),
        "not_open" => Ok(ScheduleOutcome::NotOpen),
        _ => Err(PgError::Corrupt("outcome")),
    }
}

/// The due day after the next one and when it begins, of an order whose next payment is left out; nothing of another
/// change.
pub(super) async fn after_skipped(
    client: &Client,
    config: &StoreConfig,
    change: &ServiceOrder,
) -> Result<(Option<String>, Option<i64>), PgError> {
    let Change::SkipPayment { order, .. } = &change.change else {
        return Ok((None, None));
    };
    let kept = find(client, &change.customer, order).await?;
    kept.map_or(Ok((None, None)), |kept| kept.after_next(config))
}

async fn cancel(
    client: &Client,
    config: &StoreConfig,
    customer: &CustomerId,
    id: &ConfirmationId,
    event: &AuditEvent,
) -> Result<ScheduleChange, PgError> {
    let Some(mut kept) = find(client, customer, id).await? else {
        return Ok(ScheduleChange::NotActive);
    };
    let context = ContextParameters::new(config.now(), event);
    let detail = canonical_json(&standing_order(id, &kept.view.order));
    let statement = client.prepare_cached(sql::CANCEL_SCHEDULE).await?;
    let row = client
        .query_one(
            &statement,
            &[
                &customer.as_str(),
                &id.as_str(),
                &context.at,
                &context.session,
                &context.turn,
                &detail,
                &salt(config),
            ],
        )
        .await?;
    if row.try_get::<_, &str>(0)? != "cancelled" {
        return Ok(ScheduleChange::NotActive);
    }
    kept.view.next_due = None;
    Ok(ScheduleChange::Changed(Box::new(kept.view)))
}
