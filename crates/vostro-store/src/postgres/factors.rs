//! Second factors: each command one call, counted under the lock on its customer's row.

use async_trait::async_trait;
use tokio_postgres::types::ToSql;
use vostro_bank::{
    AuditEvent, FactorDemand, FactorMethod, FactorOutcome, FactorRules, FactorState, OpenChallenge,
    SecondFactors, StoreError, canonical_json,
};
use vostro_ledger::IntentHash;
use vostro_types::{ChallengeId, ConfirmationId, CustomerId, Money};

use super::audit::Decisions;
use super::error::PgError;
use super::parameters::{ContextParameters, salt};
use super::rows::{id, micros};
use super::{PostgresStore, sql};
use crate::factors::{block_micros, status};

fn outcome(text: &str) -> Result<FactorOutcome, PgError> {
    Ok(match text {
        "passed" => FactorOutcome::Passed,
        "failed" => FactorOutcome::Failed,
        "blocked" => FactorOutcome::Blocked,
        _ => return Err(PgError::Corrupt("outcome of a second factor")),
    })
}

fn most(rules: FactorRules) -> i32 {
    i32::try_from(rules.most_failures).unwrap_or(i32::MAX)
}

fn hash(bytes: &[u8]) -> Result<[u8; 32], PgError> {
    bytes
        .try_into()
        .map_err(|_| PgError::Corrupt("factor hash"))
}

#[async_trait]
impl SecondFactors for PostgresStore {
    async fn enrol_factor(
        &self,
        customer: &CustomerId,
        sealed: &[u8],
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let (customer, sealed) = (customer.clone(), sealed.to_vec());
        let (now, decisions) = (
            micros(self.config.now()),
            Decisions::new(&self.config, std::slice::from_ref(context)),
        );
        self.connections
            .run(move |client| async move {
                let customer = customer.as_str();
                let own: [&(dyn ToSql + Sync); 3] = [&customer, &sealed, &now];
                let row = decisions.call(&client, sql::FACTOR_ENROL, &own).await?;
                Ok(row.try_get(0)?)
            })
            .await
    }

    async fn remove_factor(
        &self,
        customer: &CustomerId,
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let customer = customer.clone();
        let (now, decisions) = (
            micros(self.config.now()),
            Decisions::new(&self.config, std::slice::from_ref(context)),
        );
        self.connections
            .run(move |client| async move {
                let customer = customer.as_str();
                let own: [&(dyn ToSql + Sync); 2] = [&customer, &now];
                let row = decisions.call(&client, sql::FACTOR_REMOVE, &own).await?;
                Ok(row.try_get(0)?)
            })
            .await
    }

    async fn factor_secret(&self, customer: &CustomerId) -> Result<Option<Vec<u8>>, StoreError> {
        let customer = customer.clone();
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::FACTOR_SECRET).await?;
                let found = client.query_opt(&statement, &[&customer.as_str()]).await?;
                Ok(found.map(|row| row.try_get(0)).transpose()?)
            })
            .await
    }

    async fn demand_factor(
        &self,
        demand: &FactorDemand,
        context: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let demand = demand.clone();
        let (now, decisions) = (
            micros(self.config.now()),
            Decisions::new(&self.config, std::slice::from_ref(context)),
        );
        self.connections
            .run(move |client| async move {
                let (customer, confirmation) =
                    (demand.customer.as_str(), demand.confirmation.as_str());
                let (bound_to, method) = (demand.hash.0.as_slice(), demand.method.as_str());
                let challenge = demand.challenge.as_ref().map(|it| it.id.as_str());
                let challenge_hash = demand.challenge.as_ref().map(|it| it.hash.as_slice());
                let expiry = micros(demand.expires_at);
                let own: [&(dyn ToSql + Sync); 8] = [
                    &customer,
                    &confirmation,
                    &bound_to,
                    &method,
                    &challenge,
                    &challenge_hash,
                    &expiry,
                    &now,
                ];
                let row = decisions.call(&client, sql::DEMAND_FACTOR, &own).await?;
                Ok(row.try_get(0)?)
            })
            .await
    }

    async fn factor_state(
        &self,
        customer: &CustomerId,
        confirmation: &ConfirmationId,
    ) -> Result<Option<FactorState>, StoreError> {
        let (customer, confirmation) = (customer.clone(), confirmation.clone());
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::FACTOR_DEMAND).await?;
                let names: [&(dyn ToSql + Sync); 2] = [&confirmation.as_str(), &customer.as_str()];
                let Some(row) = client.query_opt(&statement, &names).await? else {
                    return Ok(None);
                };
                let kept = PgError::Corrupt("factor demand");
                Ok(Some(FactorState {
                    hash: IntentHash(hash(row.try_get(0)?)?),
                    method: FactorMethod::parse(row.try_get(1)?)
                        .ok_or(PgError::Corrupt("factor method"))?,
                    status: status(row.try_get(2)?).ok_or(kept)?,
                }))
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
        let (context, salt, now) = (context.clone(), salt(&self.config), self.config.now());
        self.connections
            .run(move |client| async move {
                let from = ContextParameters::new(now, &context);
                let (customer, confirmation) = (customer.as_str(), confirmation.as_str());
                let detail = canonical_json(&context.detail);
                let parameters: [&(dyn ToSql + Sync); 10] = [
                    &customer,
                    &confirmation,
                    &step,
                    &most(rules),
                    &block_micros(rules),
                    &from.at,
                    &from.session,
                    &from.turn,
                    &salt,
                    &detail,
                ];
                let statement = client.prepare_cached(sql::TRY_FACTOR).await?;
                let row = client.query_one(&statement, &parameters).await?;
                outcome(row.try_get(0)?)
            })
            .await
    }

    async fn open_challenge(
        &self,
        challenge: &ChallengeId,
    ) -> Result<Option<OpenChallenge>, StoreError> {
        let (challenge, now) = (challenge.clone(), micros(self.config.now()));
        self.connections
            .run(move |client| async move {
                let statement = client.prepare_cached(sql::CHALLENGE).await?;
                let named: [&(dyn ToSql + Sync); 2] = [&challenge.as_str(), &now];
                let Some(row) = client.query_opt(&statement, &named).await? else {
                    return Ok(None);
                };
                Ok(Some(OpenChallenge {
                    customer: id(row.try_get(0)?, "customer id")?,
                    hash: hash(row.try_get(1)?)?,
                }))
            })
            .await
    }

    async fn answer_challenge(
        &self,
        challenge: &ChallengeId,
        approved: bool,
        rules: FactorRules,
    ) -> Result<Option<FactorOutcome>, StoreError> {
        let (challenge, salt, now) = (
            challenge.clone(),
            salt(&self.config),
            micros(self.config.now()),
        );
        self.connections
            .run(move |client| async move {
                let challenge = challenge.as_str();
                let parameters: [&(dyn ToSql + Sync); 6] = [
                    &challenge,
                    &approved,
                    &most(rules),
                    &block_micros(rules),
                    &salt,
                    &now,
                ];
                let statement = client.prepare_cached(sql::ANSWER_CHALLENGE).await?;
                let row = client.query_one(&statement, &parameters).await?;
                row.try_get::<_, Option<&str>>(0)?.map(outcome).transpose()
            })
            .await
    }

    async fn sent_today(&self, customer: &CustomerId) -> Result<Money, StoreError> {
        let (customer, currency) = (customer.clone(), self.config.currency());
        let day = self.config.bank_day(self.config.now());
        self.connections
            .run(move |client| async move {
                let (begins, ends) = day.ok_or(PgError::Corrupt("calendar day"))?;
                let statement = client.prepare_cached(sql::SENT_TODAY).await?;
                let code = currency.code();
                let parameters: [&(dyn ToSql + Sync); 4] =
                    [&customer.as_str(), &code, &micros(begins), &micros(ends)];
                let row = client.query_one(&statement, &parameters).await?;
                Ok(Money::new(row.try_get(0)?, currency))
            })
            .await
    }
}
