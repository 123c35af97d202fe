//! Who is let in, and how often: what the table's rules mean, and the limits that a request is counted against.
//!
//! Only failures count against the limit on failed authentication, and a right credential is always heard: behind a
//! proxy all callers share one address, and secrets of 256 bits are not guessed. What is bounded is what a flood of
//! wrong ones costs.

use std::net::IpAddr;

use async_trait::async_trait;
use axum::http::HeaderMap;
use vostro_dialogue::ports::MoneyPace;
use vostro_dialogue::principal::{Principal, Scope};
use vostro_telemetry::Limit;
use vostro_types::CustomerId;

use super::{Caller, Edge};
use crate::auth::{Credential, Identity, Rule, Unidentified, identify, not_shown};
use crate::limits::{Decision, Key};
use crate::problem::Problem;

impl Edge {
    /// The shield against floods from one address.
    pub(crate) fn admit_any(&self, caller: &Caller) -> Result<(), Problem> {
        let (limit, key) = match caller.credential {
            Credential::Service => (&self.0.services, Key::Service),
            Credential::Anonymous | Credential::Admin => {
                (&self.0.floods, Key::of_address(caller.address))
            }
        };
        let decision = limit.ask(&key);
        match decision.retry_after {
            // Only a refusal is told: else the answer's headers speak of the narrower limit.
            Some(_) => self.decide(caller, decision, Limit::Flood),
            None => Ok(()),
        }
    }

    /// Who is calling, if they may do what this rule is about.
    pub(crate) async fn authorize(
        &self,
        caller: &Caller,
        rule: Rule,
        headers: &HeaderMap,
    ) -> Result<Identity, Problem> {
        let settings = &self.0.settings;
        let (scope, is_open) = match rule {
            Rule::Open | Rule::Operational | Rule::Signed => return Ok(Identity::Nobody),
            Rule::Customer => (Scope::Chat, settings.auth.is_sandbox()),
            Rule::Caller(scope) => (scope, settings.auth.is_sandbox()),
            Rule::Admin(scope) => (scope, false),
        };
        let keys = &settings.api_keys;
        if settings.auth.is_sandbox()
            && matches!(rule, Rule::Admin(_))
            && settings.admin_token.is_none()
            && keys.is_empty()
        {
            return Err(Problem::forbidden(
                "operators' operations are closed: neither `auth.admin_token` nor `auth.api_keys` is set",
            ));
        }
        let identity = identify(
            &settings.auth,
            keys,
            caller.credential,
            headers,
            self.0.clock.now(),
        )
        .await;
        let identity = match identity {
            Ok(identity) => identity,
            // In the sandbox a customer's or service's token is accepted and not needed.
            Err(_) if is_open => Identity::Nobody,
            Err(Unidentified::Refused) => return Err(self.refused(caller).await),
            Err(Unidentified::Unavailable) => {
                return Err(Problem::unavailable(
                    "tokens cannot be checked at the moment, so none are accepted",
                ));
            }
        };
        if is_open {
            return Ok(identity);
        }
        self.require(&identity, caller.address, scope)?;
        Ok(identity)
    }

    /// Lets through who may do what this scope allows; in the sandbox, from this machine only.
    pub(crate) fn require(
        &self,
        identity: &Identity,
        address: Option<IpAddr>,
        scope: Scope,
    ) -> Result<(), Problem> {
        if *identity == Identity::Nobody {
            return Err(not_shown());
        }
        if !identity.may(scope) {
            return Err(Problem::forbidden(format!(
                "this takes a credential with the scope `{scope}`"
            )));
        }
        if self.0.settings.auth.is_sandbox() && !is_here(address) {
            return Err(Problem::forbidden(
                "in the sandbox, operators' operations are answered to this machine only",
            ));
        }
        Ok(())
    }

    /// A credential that does not count: 401, or 429 when there were too many of them.
    async fn refused(&self, caller: &Caller) -> Problem {
        self.counted_as_refused(caller, not_shown()).await
    }

    /// What is told of a credential or signature that does not count: `problem`, or 429 when there were too many.
    pub(crate) async fn counted_as_refused(&self, caller: &Caller, problem: Problem) -> Problem {
        let decision = self.0.failures.ask(&Key::of_address(caller.address)).await;
        match decision.retry_after {
            None => problem,
            Some(wait) => {
                self.0.metrics.rate_limited(Limit::FailedAuthentication);
                let detail = "too many credentials that are not accepted here";
                Problem::rate_limited(detail, wait)
            }
        }
    }

    /// Counts a request that no customer is known for.
    pub(crate) async fn admit_caller(&self, caller: &Caller) -> Result<(), Problem> {
        let key = match (&*caller.identity, caller.identity.name()) {
            (Identity::Service, _) => return Ok(()),
            (_, Some(name)) => Key::Credential(name.to_owned()),
            (_, None) if caller.credential == Credential::Service => return Ok(()),
            (_, None) => Key::of_address(caller.address),
        };
        let decision = self.0.callers.ask(&key).await;
        self.decide(caller, decision, Limit::Caller)
    }

    /// The customer who speaks from an address that is linked to them; counted like anywhere else.
    pub(crate) async fn principal_of_channel(
        &self,
        caller: &Caller,
        customer: CustomerId,
    ) -> Result<Principal, Problem> {
        let principal = if self.0.settings.auth.is_sandbox() {
            Principal::sandbox(customer)
        } else {
            Principal::of_channel(customer)
        };
        self.count(caller, &principal).await?;
        Ok(principal)
    }

    /// The customer that a request acts for, who is counted; `claimed` is whom it says it acts for.
    pub(crate) async fn principal(
        &self,
        caller: &Caller,
        claimed: CustomerId,
    ) -> Result<Principal, Problem> {
        let is_sandbox = self.0.settings.auth.is_sandbox();
        let principal = match caller.identity.principal(claimed, is_sandbox) {
            Ok(principal) => principal,
            // Counted for who asks, not for whom they named.
            Err(problem) => {
                self.admit_caller(caller).await?;
                return Err(problem);
            }
        };
        self.count(caller, &principal).await?;
        Ok(principal)
    }

    async fn count(&self, caller: &Caller, principal: &Principal) -> Result<(), Problem> {
        let key = Key::Customer(principal.customer.clone());
        let decision = self.0.customers.ask(&key).await;
        self.decide(caller, decision, Limit::User)
    }

    fn decide(&self, caller: &Caller, decision: Decision, limit: Limit) -> Result<(), Problem> {
        caller.note(decision);
        match decision.retry_after {
            None => Ok(()),
            Some(wait) => {
                self.0.metrics.rate_limited(limit);
                let detail = format!("at most {} requests a minute", decision.limit);
                Err(Problem::rate_limited(detail, wait))
            }
        }
    }
}

#[async_trait]
impl MoneyPace for Edge {
    async fn may_propose(&self, customer: &CustomerId) -> bool {
        let key = Key::Customer(customer.clone());
        let may = self.0.money.ask(&key).await.retry_after.is_none();
        if !may {
            self.0.metrics.rate_limited(Limit::Money);
        }
        may
    }
}

/// As the connection says; what a proxy adds is not believed.
fn is_here(address: Option<IpAddr>) -> bool {
    address.is_some_and(|address| address.to_canonical().is_loopback())
}
