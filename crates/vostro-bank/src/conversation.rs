//! What a conversation keeps between turns, and the record of each turn.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vostro_types::{CustomerId, SessionId, TurnId};

use crate::audit::AuditEvent;
use crate::customer::Portfolio;
use crate::insights::TurnMeasures;
use crate::json_text::JsonText;
use crate::replays::TurnEvidence;

/// A conversation's memory. The state is the dialogue's own; the store does not look into it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// Its id.
    pub id: SessionId,
    /// Whose it is; only theirs ever.
    pub customer: CustomerId,
    /// How many turns were recorded: the expected value guards against two turns at once.
    pub version: u64,
    /// The dialogue's state, serialized.
    pub state: Value,
    /// When the conversation was opened.
    pub opened_at: Timestamp,
    /// When it last had a message.
    pub last_seen_at: Timestamp,
}

/// What was found under a session id, for one customer.
#[derive(Debug, Clone, PartialEq)]
pub enum SessionFound {
    /// Nothing: the id is free.
    Absent,
    /// This customer's conversation (whether it has expired is the caller's rule).
    Found(SessionRecord),
    /// There is one, of another customer. Nothing more is told.
    OtherCustomers,
}

/// What a turn begins with.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The customer's records; `None` when there is no such customer.
    pub portfolio: Option<Arc<Portfolio>>,
    /// The conversation that was asked for; [`SessionFound::Absent`] where none was.
    pub session: SessionFound,
}

/// One server-sent event of a reply, kept so that a client can resume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplyEvent {
    /// The place within the turn, from 1.
    pub number: u32,
    /// The event's name: `progress`, `sentence`, `card`, `done`.
    pub event: String,
    /// Its data.
    pub data: JsonText,
}

/// The record of one turn. Text is masked before it comes here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurnRecord {
    /// Its id.
    pub id: TurnId,
    /// The conversation.
    pub session: SessionId,
    /// The customer.
    pub customer: CustomerId,
    /// When the message came.
    pub at: Timestamp,
    /// The customer's message with personal data masked.
    pub message_masked: String,
    /// The approved reply with personal data masked.
    pub reply_masked: String,
    /// Whether guardrails let the message and the draft through.
    pub guardrails_passed: bool,
    /// The intent that was understood, if any.
    pub intent: Option<String>,
    /// The typed commands that were carried out, serialized.
    pub commands: Value,
    /// What else the turn was decided upon, for a replay.
    pub evidence: Option<TurnEvidence>,
    /// How it went, for figures.
    pub measures: TurnMeasures,
    /// The whole answer as the client got it, for resuming and repeating.
    pub events: Vec<ReplyEvent>,
}

/// Everything that a finished turn leaves behind, committed at once.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnCommit {
    /// The session after the turn: its `version` is the one that was read, plus one.
    pub session: SessionRecord,
    /// The turn.
    pub turn: TurnRecord,
    /// Decisions that no money command recorded already.
    pub audit: Vec<AuditEvent>,
}

/// Whether the turn was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnCommitted {
    /// It is durable.
    Recorded,
    /// Another turn of this session was recorded in between, or the id is taken by another customer; nothing was written.
    Conflict,
}
