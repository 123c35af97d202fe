//! Policies that a running bank changes: one administrator asks, another approves, and every replica follows.
//!
//! What a policy says is text, whose form is its readers' (`vostro policy`, `docs/how-to/change-a-policy.md`); here it is
//! kept with who asked, who approved and why. What was approved stays: the policy in force is the latest of its
//! kind, and an empty one gives back to the files what they say.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vostro_types::ApprovalId;

use crate::order::Order;
use crate::store::StoreError;

/// What a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyKind {
    /// What the guardrails let through.
    Guardrails,
    /// When a second factor is asked for.
    StepUp,
}

impl PolicyKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Guardrails, Self::StepUp];

    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guardrails => "guardrails",
            Self::StepUp => "step_up",
        }
    }

    /// Reads `as_str`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A change of a policy that waits for a second administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRequest {
    /// The request.
    pub id: ApprovalId,
    /// What it is about.
    pub kind: PolicyKind,
    /// What the policy is to say.
    pub content: String,
    /// Who asks.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When it was asked.
    pub at: Timestamp,
    /// Until when it can be approved.
    pub expires_at: Timestamp,
}

/// A policy that was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyInForce {
    /// What it is about.
    pub kind: PolicyKind,
    /// Counts the changes of all kinds, from 1.
    pub version: i64,
    /// What it says.
    pub content: String,
    /// Who asked for it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// When.
    pub at: Timestamp,
}

/// What became of an approval of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyApproval {
    /// It is in force.
    InForce(Box<PolicyInForce>),
    /// Who approves is who asked; nothing was done.
    SamePerson,
    /// There is no such request, it was decided, or its time is over.
    NotOpen,
}

/// What the audit trail says of a change: its text by its hash, since the text stays with the change.
pub fn policy_particulars(id: &ApprovalId, kind: PolicyKind, content: &str) -> Value {
    json!({
        "request": id.as_str(),
        "policy": kind.as_str(),
        "sha256": hex::encode(Sha256::digest(content)),
    })
}

/// Policies under four eyes. Each command is on the audit trail with who gave it.
#[async_trait]
pub trait Policies: Send + Sync {
    /// Asks for a change. The same id asked for again gives what is there.
    async fn request_policy(
        &self,
        id: &ApprovalId,
        kind: PolicyKind,
        content: &str,
        expires_at: Timestamp,
        order: &Order,
    ) -> Result<PolicyRequest, StoreError>;

    /// Approves a change, which is in force with the same transaction.
    async fn approve_policy(
        &self,
        id: &ApprovalId,
        order: &Order,
    ) -> Result<PolicyApproval, StoreError>;

    /// Takes a request back, or turns it down; gives whether it was open.
    async fn withdraw_policy(&self, id: &ApprovalId, order: &Order) -> Result<bool, StoreError>;

    /// The requests that can be approved, oldest first.
    async fn policy_requests(&self) -> Result<Vec<PolicyRequest>, StoreError>;

    /// The policies in force, by kind; none where nothing was ever changed.
    async fn policies(&self) -> Result<Vec<PolicyInForce>, StoreError>;

    /// The version of the latest change; 0 where there is none. Cheap: replicas ask every second.
    async fn policy_version(&self) -> Result<i64, StoreError>;
}
