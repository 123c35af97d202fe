//! A customer's past conversations, read back for the customer: what was said (masked) and what was replied.

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;
use vostro_types::{CustomerId, SessionId, TurnId};

use crate::store::StoreError;

/// A conversation in the customer's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationSummary {
    /// Its session.
    pub session: SessionId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last had a message.
    pub last_seen_at: Timestamp,
    /// Its first message, personal data masked.
    pub first_message_masked: String,
}

/// One turn as the customer saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversationTurn {
    /// Its id.
    pub id: TurnId,
    /// Its place in the conversation, from 1.
    pub version: u64,
    /// When the message came.
    pub at: Timestamp,
    /// The customer's message, personal data masked.
    pub message_masked: String,
    /// The whole reply: the data of the turn's `done` event.
    pub reply: Value,
}

/// The customer's conversations.
#[async_trait]
pub trait ConversationLog: Send + Sync {
    /// A customer's conversations, the one with the latest message first.
    async fn conversations(
        &self,
        customer: &CustomerId,
        limit: u32,
    ) -> Result<Vec<ConversationSummary>, StoreError>;

    /// Turns of a customer's conversation after a version, in order; `None` when this customer has no such
    /// conversation.
    async fn conversation(
        &self,
        customer: &CustomerId,
        session: &SessionId,
        after: u64,
        limit: u32,
    ) -> Result<Option<Vec<ConversationTurn>>, StoreError>;
}
