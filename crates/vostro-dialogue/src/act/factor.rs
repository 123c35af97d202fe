//! The second factor: asked for with what is proposed, and checked before a yes counts.
//!
//! Whether one is needed was decided when the proposal was made, and is looked at again when the yes comes, since
//! the day's sum may have grown. What was given is bound to the confirmation and its content; the store counts
//! tries. The customer is never told what was wrong with one.

use serde_json::{Value, json};
use vostro_bank::{
    AuditEvent, AuditKind, Challenge, Change, FactorDemand, FactorMethod, FactorOutcome,
    FactorState, FactorStatus, ServiceOrder, StoreError,
};
use vostro_ledger::{Confirmable, Confirmed, FactorPass, MoneyIntent, Proposal, Target};
use vostro_types::{ChallengeId, ConfirmationId};

use super::{Actor, Done};

/// What the customer is shown of a movement: amount, currency, and the end of where it goes.
pub(super) fn of_movement(intent: &MoneyIntent) -> Value {
    let payee = match &intent.target {
        Target::Own { account } => account.to_string(),
        Target::Payee { number, .. } | Target::NewPayee { number } => number.masked(),
        Target::Biller { biller, .. } => biller.to_string(),
    };
    json!({
        "amount_minor": intent.amount.minor,
        "currency": intent.amount.currency,
        "payee": payee,
        "kind": intent.kind(),
    })
}

/// What the customer is shown of a change, names and numbers left out.
pub(super) fn of_change(order: &ServiceOrder) -> Value {
    order.change.particulars()
}

impl Actor<'_> {
    /// Whether the policy asks for a second factor, as things stand now.
    pub(super) fn demands(&self, intent: &MoneyIntent) -> bool {
        let factors = &self.factors;
        factors.policy.demands(intent, factors.sent_today)
    }

    pub(super) fn demands_change(&self, order: &ServiceOrder) -> bool {
        self.factors.policy.sensitive
            && matches!(
                order.change,
                Change::AddPayee { .. } | Change::SetContact { .. }
            )
    }

    /// A proposal with the second factor that it needs.
    pub(super) fn needing(&self, proposed: Done) -> Done {
        match self.factors.needed {
            None => proposed,
            Some(method) => Done::NeedsFactor {
                proposed: Box::new(proposed),
                method,
            },
        }
    }

    /// Puts on record that a proposal needs a second factor, where it does.
    pub(super) async fn demand<T: Confirmable>(
        &self,
        proposal: &Proposal<T>,
        about: Value,
    ) -> Result<(), StoreError> {
        if let Some(method) = self.factors.needed {
            self.ask(proposal, method, about).await?;
        }
        Ok(())
    }

    async fn ask<T: Confirmable>(
        &self,
        proposal: &Proposal<T>,
        method: FactorMethod,
        about: Value,
    ) -> Result<(), StoreError> {
        let challenge = (method == FactorMethod::Approval).then(|| {
            let id = ChallengeId::generate(self.factors.entropy);
            let (content, ends) = (proposal.hash, proposal.expires_at);
            Challenge::new(id, self.customer, content, &about, ends)
        });
        let detail = json!({
            "confirmation": proposal.id,
            "method": method,
            "challenge": challenge.as_ref().map(|it| &it.id),
            "hash": challenge.as_ref().map(|it| hex::encode(it.hash)),
            "content": hex::encode(proposal.hash.0),
            "about": about,
            "expires_at": proposal.expires_at.as_second(),
        });
        let demand = FactorDemand {
            customer: self.customer.clone(),
            confirmation: proposal.id.clone(),
            hash: proposal.hash,
            method,
            challenge,
            expires_at: proposal.expires_at,
        };
        let context = AuditEvent {
            detail,
            ..self.audit(AuditKind::FactorAsked)
        };
        if self.store.demand_factor(&demand, &context).await? {
            Ok(())
        } else {
            Err(StoreError::Corrupt {
                what: "second factor",
            })
        }
    }

    /// The customer's yes, with the second factor where one is needed; else what is said instead.
    pub(super) async fn confirmed<T: Confirmable>(
        &self,
        proposal: Proposal<T>,
        demanded: bool,
        about: Value,
    ) -> Result<Result<Confirmed<T>, Done>, StoreError> {
        let now = self.clock.now();
        let not_open = |_| Done::NotOpen;
        if !self.factors.policy.is_active() {
            return Ok(proposal.confirm(self.customer, now).map_err(not_open));
        }
        if now >= proposal.expires_at {
            return Ok(Err(Done::NotOpen));
        }
        let state = self.store.factor_state(self.customer, &proposal.id).await?;
        let Some(state) = state else {
            if !demanded {
                return Ok(proposal.confirm(self.customer, now).map_err(not_open));
            }
            // The day's sum has grown since it was proposed, or the policy has changed.
            return self.wanted(&proposal, about).await.map(Err);
        };
        if let Some(instead) = self.checked(&proposal, state).await? {
            return Ok(Err(instead));
        }
        let pass = FactorPass {
            confirmation: proposal.id.clone(),
            hash: state.hash,
        };
        let confirmed = proposal.confirm_with_factor(self.customer, now, &pass);
        Ok(confirmed.map_err(not_open))
    }

    /// What the books would not post without a factor, since others were posted in the meantime.
    pub(super) async fn factor_after_all(&self, id: &ConfirmationId) -> Result<Done, StoreError> {
        match self.store.open_proposal(self.customer, id).await? {
            Some(proposal) => {
                let about = of_movement(&proposal.intent);
                self.wanted(&proposal, about).await
            }
            None => Ok(Done::NotOpen),
        }
    }

    /// Asks for a factor for what was proposed without one.
    async fn wanted<T: Confirmable>(
        &self,
        proposal: &Proposal<T>,
        about: Value,
    ) -> Result<Done, StoreError> {
        let Some(method) = self.factors.available else {
            return Ok(Done::NotOpen);
        };
        self.ask(proposal, method, about).await?;
        Ok(Done::FactorWanted(method))
    }

    /// Checks what was given; `None` when the factor is passed.
    async fn checked<T>(
        &self,
        proposal: &Proposal<T>,
        state: FactorState,
    ) -> Result<Option<Done>, StoreError> {
        let method = state.method;
        Ok(match (state.status, method, self.factors.code) {
            (FactorStatus::Passed, ..) => None,
            (FactorStatus::Denied, ..) => Some(Done::FactorRefused(method)),
            (FactorStatus::Open, FactorMethod::Code, Some(code)) => {
                let secret = self.store.factor_secret(self.customer).await?;
                let step = secret.zip(self.factors.codes).and_then(|(secret, codes)| {
                    let now = self.clock.now();
                    codes.step_of(self.customer, &secret, code.expose(), now)
                });
                let context = AuditEvent {
                    detail: json!({ "confirmation": proposal.id, "method": method }),
                    ..self.audit(AuditKind::FactorFailed)
                };
                let (customer, rules) = (self.customer, self.factors.rules);
                let tried = self
                    .store
                    .try_factor(customer, &proposal.id, step, rules, &context)
                    .await?;
                match tried {
                    FactorOutcome::Passed => None,
                    FactorOutcome::Failed | FactorOutcome::Blocked => {
                        Some(Done::FactorRefused(method))
                    }
                }
            }
            (FactorStatus::Open, ..) => Some(Done::FactorWanted(method)),
        })
    }
}
