//! Second factors: enrolments, what waits for one, and tries counted under the writer's lock.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use vostro_bank::{
    AuditEvent, FactorDemand, FactorMethod, FactorOutcome, FactorRules, FactorState, OpenChallenge,
    SecondFactors, StoreError,
};
use vostro_ledger::IntentHash;
use vostro_types::{ChallengeId, ConfirmationId, CustomerId, Money};

use super::rows::{self, micros};
use super::{SqliteStore, audit, money, sql};
use crate::config::StoreConfig;
use crate::error::DbError;
use crate::factors::{self as told, Counted, status};

#[async_trait]
impl SecondFactors for SqliteStore {
    async fn enrol_factor(
        &self,
        customer: &CustomerId,
        sealed: &[u8],
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let (customer, sealed, context) = (customer.clone(), sealed.to_vec(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| {
            let Some(owner) = rows::customer_pk(connection, &customer)? else {
                return Ok(false);
            };
            let enrol = params![owner, sealed, micros(config.now())];
            connection
                .prepare_cached(sql::FACTOR_ENROL)?
                .execute(enrol)?;
            audit::record(connection, &config, &context)?;
            Ok(true)
        })
        .await
    }

    async fn remove_factor(
        &self,
        customer: &CustomerId,
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let (customer, context) = (customer.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| {
            let owner = rows::customer_pk(connection, &customer)?;
            let mut statement = connection.prepare_cached(sql::FACTOR_REMOVE)?;
            let removed = statement.execute((owner,))? > 0;
            if removed {
                audit::record(connection, &config, &context)?;
            }
            Ok(removed)
        })
        .await
    }

    async fn factor_secret(&self, customer: &CustomerId) -> Result<Option<Vec<u8>>, StoreError> {
        let customer = customer.clone();
        self.read_at_once(move |connection| {
            let mut statement = connection.prepare_cached(sql::FACTOR_SECRET)?;
            let found = statement.query_row((customer.as_str(),), |row| row.get(0));
            Ok(found.optional()?)
        })
        .await
    }

    async fn demand_factor(
        &self,
        demand: &FactorDemand,
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let (demand, context) = (demand.clone(), context.clone());
        let config = Arc::clone(&self.config);
        self.write(move |connection| ask(connection, &config, &demand, &context))
            .await
    }

    async fn factor_state(
        &self,
        customer: &CustomerId,
        confirmation: &ConfirmationId,
    ) -> Result<Option<FactorState>, StoreError> {
        let (customer, confirmation) = (customer.clone(), confirmation.clone());
        self.read_at_once(move |connection| {
            Ok(find(connection, &customer, &confirmation)?.map(|(state, _)| state))
        })
        .await
    }

    async fn try_factor(
        &self,
        customer: &CustomerId,
        confirmation: &ConfirmationId,
        step: Option<i64>,
        rules: FactorRules,
        context: &AuditEvent,
    ) -> Result<FactorOutcome, StoreError> {
        let (customer, confirmation) = (customer.clone(), confirmation.clone());
        let (context, config) = (context.clone(), Arc::clone(&self.config));
        self.write(move |connection| {
            let Some(owner) = rows::customer_pk(connection, &customer)? else {
                return Ok(FactorOutcome::Failed);
            };
            let now = micros(config.now());
            let waits = find(connection, &customer, &confirmation)?
                .is_some_and(|(state, ends)| told::takes_a_code(state) && ends > now);
            let step = step.filter(|_| waits);
            let outcome = count(connection, owner, step.is_some(), step, rules, now)?;
            if outcome == FactorOutcome::Passed {
                resolve(connection, confirmation.as_str(), "passed", now)?;
            }
            let event = told::tried(&context, outcome);
            audit::record(connection, &config, &event)?;
            Ok(outcome)
        })
        .await
    }

    async fn open_challenge(&self, id: &ChallengeId) -> Result<Option<OpenChallenge>, StoreError> {
        let (id, now) = (id.clone(), micros(self.config.now()));
        self.read(move |connection| Ok(challenge(connection, &id, now)?.map(|it| it.2)))
            .await
    }

    async fn answer_challenge(
        &self,
        id: &ChallengeId,
        approved: bool,
        rules: FactorRules,
    ) -> Result<Option<FactorOutcome>, StoreError> {
        let (id, config) = (id.clone(), Arc::clone(&self.config));
        self.write(move |connection| {
            let now = micros(config.now());
            let Some((confirmation, owner, open)) = challenge(connection, &id, now)? else {
                return Ok(None);
            };
            let outcome = count(connection, owner, approved, None, rules, now)?;
            let status = match outcome {
                FactorOutcome::Passed => "passed",
                FactorOutcome::Failed | FactorOutcome::Blocked => "denied",
            };
            resolve(connection, confirmation.as_str(), status, now)?;
            let event = told::answered(open.customer, &confirmation, outcome);
            audit::record(connection, &config, &event)?;
            Ok(Some(outcome))
        })
        .await
    }

    async fn sent_today(&self, customer: &CustomerId) -> Result<Money, StoreError> {
        let (customer, config) = (customer.clone(), Arc::clone(&self.config));
        self.read(move |connection| {
            let owner = rows::customer_pk(connection, &customer)?;
            money::spent_today(connection, &config, owner)
        })
        .await
    }
}

fn ask(
    connection: &Connection,
    config: &StoreConfig,
    demand: &FactorDemand,
    context: &AuditEvent,
) -> Result<bool, DbError> {
    if let Some((kept, _)) = find(connection, &demand.customer, &demand.confirmation)? {
        return Ok(kept.hash == demand.hash);
    }
    let Some(owner) = rows::customer_pk(connection, &demand.customer)? else {
        return Ok(false);
    };
    connection
        .prepare_cached(sql::FACTOR_DEMAND_INSERT)?
        .execute(params![
            demand.confirmation.as_str(),
            owner,
            demand.hash.0,
            demand.method.as_str(),
            demand.challenge.as_ref().map(|it| it.id.as_str()),
            demand.challenge.as_ref().map(|it| it.hash),
            micros(config.now()),
            micros(demand.expires_at),
        ])?;
    audit::record(connection, config, context)?;
    Ok(true)
}

/// A demand with its end.
fn find(
    connection: &Connection,
    customer: &CustomerId,
    confirmation: &ConfirmationId,
) -> Result<Option<(FactorState, i64)>, DbError> {
    let found: Option<([u8; 32], String, String, i64)> = connection
        .prepare_cached(sql::FACTOR_DEMAND)?
        .query_row((confirmation.as_str(), customer.as_str()), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((hash, method, kept, ends)) = found else {
        return Ok(None);
    };
    let state = FactorState {
        hash: IntentHash(hash),
        method: FactorMethod::parse(&method).ok_or(DbError::Corrupt("factor method"))?,
        status: status(&kept).ok_or(DbError::Corrupt("factor status"))?,
    };
    Ok(Some((state, ends)))
}

/// The confirmation, the customer's row, and what is verified, of a challenge that waits.
fn challenge(
    connection: &Connection,
    id: &ChallengeId,
    now: i64,
) -> Result<Option<(ConfirmationId, i64, OpenChallenge)>, DbError> {
    let found: Option<(String, i64, String, [u8; 32])> = connection
        .prepare_cached(sql::CHALLENGE)?
        .query_row((id.as_str(), now), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((confirmation, owner, customer, hash)) = found else {
        return Ok(None);
    };
    let confirmation =
        ConfirmationId::new(confirmation).map_err(|_| DbError::Corrupt("confirmation id"))?;
    let customer = CustomerId::new(customer).map_err(|_| DbError::Corrupt("customer id"))?;
    Ok(Some((
        confirmation,
        owner,
        OpenChallenge { customer, hash },
    )))
}

/// Counts a try. The writer is the only one who does.
fn count(
    connection: &Connection,
    owner: i64,
    fits: bool,
    step: Option<i64>,
    rules: FactorRules,
    now: i64,
) -> Result<FactorOutcome, DbError> {
    let kept = connection
        .prepare_cached(sql::FACTOR_COUNTED)?
        .query_row((owner,), |row| {
            Ok(Counted {
                last_step: row.get(0)?,
                failures: row.get(1)?,
                blocked_until: row.get(2)?,
            })
        })
        .optional()?
        .unwrap_or_default();
    let (outcome, counted) = kept.count(fits, step, rules, now);
    connection
        .prepare_cached(sql::FACTOR_COUNT)?
        .execute(params![
            owner,
            counted.last_step,
            counted.failures,
            counted.blocked_until
        ])?;
    Ok(outcome)
}

fn resolve(
    connection: &Connection,
    confirmation: &str,
    status: &str,
    now: i64,
) -> Result<(), DbError> {
    connection
        .prepare_cached(sql::FACTOR_DEMAND_RESOLVE)?
        .execute((confirmation, status, now))?;
    Ok(())
}
