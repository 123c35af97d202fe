//! What a turn needs from outside besides the bank's [`vostro_bank::Store`]: the guardrails and the
//! knowledge base. Each is in this process or behind HTTP; the turn cannot tell.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_guardrails::{Direction, Verdict};
use vostro_knowledge::Passage;
use vostro_types::CustomerId;

/// A text to be checked, with everything the guardrails can check for.
#[derive(Debug, Clone, Copy)]
pub struct GuardRequest<'a> {
    /// The text.
    pub text: &'a str,
    /// Where it comes from.
    pub direction: Direction,
}

/// No verdict could be had. The turn is closed then: nothing unchecked goes in or out.
#[derive(Debug, thiserror::Error)]
#[error("the guardrails gave no verdict")]
pub struct GuardUnavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// The guardrails.
#[async_trait]
pub trait Guard: Send + Sync {
    /// Checks a text.
    async fn check(&self, request: GuardRequest<'_>) -> Result<Verdict, GuardUnavailable>;
}

/// How often a customer may have money movements put before them.
#[async_trait]
pub trait MoneyPace: Send + Sync {
    /// Counts a movement that this customer asks for, and says whether it may be proposed now.
    async fn may_propose(&self, customer: &CustomerId) -> bool;
}

/// The knowledge base cannot be asked. The turn says so and goes on.
#[derive(Debug, thiserror::Error)]
#[error("the knowledge base is not available")]
pub struct KnowledgeUnavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// The knowledge base.
#[async_trait]
pub trait Knowledge: Send + Sync {
    /// The passages that a customer's question is about, best first, at most `limit`.
    async fn search(
        &self,
        question: &str,
        limit: usize,
    ) -> Result<Vec<Passage>, KnowledgeUnavailable>;

    /// Which knowledge is searched: another version may answer otherwise. `None` when that is not known,
    /// and nothing of it is kept then.
    fn version(&self) -> Option<String> {
        None
    }
}

/// One-time codes. Pure: that a code counts once is the store's to see to.
pub trait CodeCheck: Send + Sync {
    /// The time step (RFC 6238) that a code of this customer belongs to, by their sealed secret; `None` where it
    /// belongs to none that counts at this instant.
    fn step_of(
        &self,
        customer: &CustomerId,
        sealed: &[u8],
        code: &str,
        at: Timestamp,
    ) -> Option<i64>;
}
