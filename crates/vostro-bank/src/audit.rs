//! The audit trail and the outbox, as records.
//!
//! An audit row carries a salted commitment to its detail, not the detail: the store keeps salt and
//! detail beside it. Erasing a customer removes salt and detail; the chain over the commitments stays
//! verifiable. Sealing (the chain and its signed checkpoints) happens in the background, never inline.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vostro_types::{CustomerId, SessionId, TurnId};

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// A customer's records were opened.
    CustomerOpened,
    /// A money movement was put before its customer.
    Proposed,
    /// The customer said yes.
    Confirmed,
    /// The money moved.
    Posted,
    /// The ledger's rules refused.
    Declined,
    /// The customer said no.
    Cancelled,
    /// The customer did not answer in time.
    Expired,
    /// The guardrails stopped a message or a draft.
    Blocked,
    /// The customer asked for, or was given, a person.
    HandedOff,
}

impl AuditKind {
    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CustomerOpened => "customer_opened",
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::Posted => "posted",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Blocked => "blocked",
            Self::HandedOff => "handed_off",
        }
    }
}

/// A decision to be put on record, in the transaction of what it records.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEvent {
    /// What was decided.
    pub kind: AuditKind,
    /// Whom it concerns.
    pub customer: CustomerId,
    /// The conversation, if it came from one.
    pub session: Option<SessionId>,
    /// The turn, if it came from one.
    pub turn: Option<TurnId>,
    /// The particulars: ids, amounts, codes; never message text.
    pub detail: Value,
}

/// An audit row as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its place in the trail.
    pub sequence: i64,
    /// What was decided ([`AuditKind::as_str`]).
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Whom it concerns; `None` once erased.
    pub customer: Option<CustomerId>,
    /// The turn, if it came from one.
    pub turn: Option<TurnId>,
    /// SHA-256 over salt and detail, in hexadecimal.
    pub commitment: String,
    /// The particulars; `None` once erased.
    pub detail: Option<Value>,
}

/// An event for the outside, committed with what it tells of and delivered at least once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxMessage {
    /// Its place; also its key for receivers that drop repeats.
    pub sequence: i64,
    /// What happened, for example `transfer.posted`.
    pub topic: String,
    /// The particulars.
    pub payload: Value,
    /// How often delivery was tried.
    pub attempts: u32,
}
