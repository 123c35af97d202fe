//! The second factor: what waits for one, and how a customer's tries are counted.
//!
//! A demand is bound to one confirmation and to the hash of its content; it is passed once. Codes are compared
//! elsewhere: the store is told which time step one belongs to, and decides whether it counts, so that of two
//! replicas at once one takes a code and none takes it twice. Secrets come here sealed. What is confirmed
//! without the factor that was demanded of it is refused by the database itself.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use vostro_ledger::IntentHash;
use vostro_types::{ChallengeId, ConfirmationId, CustomerId, Money};

use crate::audit::{AuditEvent, canonical_json};
use crate::store::StoreError;

/// By what a customer shows that it is them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorMethod {
    /// A one-time code (RFC 6238), said in the conversation.
    Code,
    /// An approval at the bank's own identity provider.
    Approval,
}

impl FactorMethod {
    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Approval => "approval",
        }
    }

    /// Reads `as_str`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "code" => Some(Self::Code),
            "approval" => Some(Self::Approval),
            _ => None,
        }
    }
}

/// How often somebody may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorRules {
    /// After so many failures in a row nothing is accepted for a while.
    pub most_failures: u32,
    /// For how long.
    pub block: SignedDuration,
}

impl Default for FactorRules {
    fn default() -> Self {
        Self {
            most_failures: 5,
            block: SignedDuration::from_mins(15),
        }
    }
}

/// A question to the identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Its name.
    pub id: ChallengeId,
    /// What the answer is signed over, besides the answer.
    pub hash: [u8; 32],
}

impl Challenge {
    /// A question about some content, `about` being what the customer is shown of it (amount, currency and the
    /// end of the payee's number, or a change). The hash is SHA-256 over `vostro.challenge.v1` and then, each
    /// behind its length as eight bytes in network order: the challenge, the customer, the content's hash in
    /// hexadecimal, [`canonical_json`] of `about`, and the expiry in Unix seconds as decimal text. Whoever
    /// is asked can compute it anew from what they show.
    pub fn new(
        id: ChallengeId,
        customer: &CustomerId,
        content: IntentHash,
        about: &Value,
        expires_at: Timestamp,
    ) -> Self {
        let mut hasher = Sha256::new();
        hasher.update("vostro.challenge.v1");
        let fields = [
            id.as_str(),
            customer.as_str(),
            &hex::encode(content.0),
            &canonical_json(about),
            &expires_at.as_second().to_string(),
        ];
        for field in fields {
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field);
        }
        let hash = hasher.finalize().into();
        Self { id, hash }
    }
}

/// What is to be passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorDemand {
    /// Whose factor.
    pub customer: CustomerId,
    /// What it is needed for.
    pub confirmation: ConfirmationId,
    /// The hash of its content.
    pub hash: IntentHash,
    /// How it can be given.
    pub method: FactorMethod,
    /// The question, where an approval is needed.
    pub challenge: Option<Challenge>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// How a demand stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorStatus {
    /// Nothing was given yet that counts.
    Open,
    /// It was given.
    Passed,
    /// The customer said no at the identity provider.
    Denied,
}

/// A demand as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorState {
    /// The hash of the content that it is bound to.
    pub hash: IntentHash,
    /// How it can be given.
    pub method: FactorMethod,
    /// How it stands.
    pub status: FactorStatus,
}

/// What a try came to. What was wrong is told to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorOutcome {
    /// It counts.
    Passed,
    /// It does not.
    Failed,
    /// It does not, and nothing will for a while.
    Blocked,
}

/// What an answer of the identity provider is verified against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenChallenge {
    /// Whose approval.
    pub customer: CustomerId,
    /// What is signed over.
    pub hash: [u8; 32],
}

/// Second factors.
#[async_trait]
pub trait SecondFactors: Send + Sync {
    /// Sets a customer's sealed secret in the place of any other; what was counted begins anew. `false` when
    /// there is no such customer.
    async fn enrol_factor(
        &self,
        customer: &CustomerId,
        sealed: &[u8],
        context: &AuditEvent,
    ) -> Result<bool, StoreError>;

    /// Takes a customer's secret away; `false` when there is none.
    async fn remove_factor(
        &self,
        customer: &CustomerId,
        context: &AuditEvent,
    ) -> Result<bool, StoreError>;

    /// A customer's sealed secret.
    async fn factor_secret(&self, customer: &CustomerId) -> Result<Option<Vec<u8>>, StoreError>;

    /// Asks for a second factor. Asking again for the same is harmless; `false` when the confirmation waits for
    /// one with another content, or there is no such customer.
    async fn demand_factor(
        &self,
        demand: &FactorDemand,
        context: &AuditEvent,
    ) -> Result<bool, StoreError>;

    /// How a demand of this customer stands.
    async fn factor_state(
        &self,
        customer: &CustomerId,
        confirmation: &ConfirmationId,
    ) -> Result<Option<FactorState>, StoreError>;

    /// Counts a code for what waits under a confirmation: the time step that it belongs to, `None` where it
    /// belongs to none. A step counts once, and none before it does.
    async fn try_factor(
        &self,
        customer: &CustomerId,
        confirmation: &ConfirmationId,
        step: Option<i64>,
        rules: FactorRules,
        context: &AuditEvent,
    ) -> Result<FactorOutcome, StoreError>;

    /// A challenge that waits for its answer.
    async fn open_challenge(&self, id: &ChallengeId) -> Result<Option<OpenChallenge>, StoreError>;

    /// Takes the verified answer to a challenge, once; `None` where none waits.
    async fn answer_challenge(
        &self,
        id: &ChallengeId,
        approved: bool,
        rules: FactorRules,
    ) -> Result<Option<FactorOutcome>, StoreError>;

    /// What the customer sent out since the bank's calendar day began, in the bank's currency.
    async fn sent_today(&self, customer: &CustomerId) -> Result<Money, StoreError>;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_part_of_a_challenge_changes_its_hash() {
        let challenge = |id: &str, customer: &str, content: u8, amount: i64, second: i64| {
            let id = ChallengeId::new(id).unwrap();
            let customer = CustomerId::new(customer).unwrap();
            let about = json!({ "amount_minor": amount, "currency": "USD", "payee": "…7890" });
            let ends = Timestamp::from_second(second).unwrap();
            Challenge::new(id, &customer, IntentHash([content; 32]), &about, ends).hash
        };
        let base = challenge("c", "ada", 1, 8_200, 600);
        assert_eq!(challenge("c", "ada", 1, 8_200, 600), base);
        for other in [
            challenge("d", "ada", 1, 8_200, 600),
            challenge("c", "eve", 1, 8_200, 600),
            challenge("c", "ada", 2, 8_200, 600),
            challenge("c", "ada", 1, 82_000, 600),
            challenge("c", "ada", 1, 8_200, 601),
        ] {
            assert_ne!(other, base);
        }
    }
}
