//! Recorded turns, read back for a replay: by whoever runs the bank, so not bound to a customer.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vostro_types::{SessionId, TurnId};

use crate::json_text::JsonText;
use crate::store::StoreError;

/// What a turn was decided upon besides its commands, and what the conversation's memory was afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnEvidence {
    /// Facts, steps and outcomes, in the dialogue's own form.
    pub facts: JsonText,
    /// SHA-256 of the memory after the turn, in hexadecimal.
    pub state_hash: String,
}

/// A recorded turn, as far as a replay needs it: no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedTurn {
    /// Its place in the conversation, from 1.
    pub version: u64,
    /// Its id.
    pub id: TurnId,
    /// When the message came.
    pub at: Timestamp,
    /// The typed commands.
    pub commands: Value,
    /// What else it was decided upon; `None` for a turn that an older program recorded.
    pub evidence: Option<TurnEvidence>,
}

/// The conversations' record, for replays.
#[async_trait]
pub trait TurnLog: Send + Sync {
    /// Turns of a conversation after a version, in order; empty when there are none.
    async fn recorded_turns(
        &self,
        session: &SessionId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RecordedTurn>, StoreError>;
}
