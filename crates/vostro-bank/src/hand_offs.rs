//! Conversations that a person takes over: a queue, and a thread of messages for each of its entries.
//!
//! An entry waits, is claimed by one colleague, and is closed; a session has at most one that is not
//! closed. While it is claimed the assistant is silent: what the customer writes goes to the thread. Which
//! conversations are handed off, and how urgent they are, is the dialogue's to say.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vostro_types::{CustomerId, HandOffId, SessionId, TurnId};

use crate::store::StoreError;

/// How an entry of the queue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOffStatus {
    /// Nobody has taken it yet; the assistant still answers.
    Waiting,
    /// A colleague has the conversation; the assistant is silent.
    Claimed,
    /// It is over; the assistant answers again.
    Closed,
}

impl HandOffStatus {
    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Closed => "closed",
        }
    }

    /// Reads [`HandOffStatus::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Claimed, Self::Closed]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// How a colleague ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOffEnd {
    /// What the customer needed is done.
    Resolved,
    /// Given back to the assistant.
    GivenBack,
}

impl HandOffEnd {
    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::GivenBack => "given_back",
        }
    }
}

/// A conversation to be put in the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct NewHandOff {
    /// The entry's id, unless the session has one that is not closed.
    pub id: HandOffId,
    /// The conversation.
    pub session: SessionId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The turn that called for a person.
    pub turn: TurnId,
    /// Why, from the dialogue's closed list.
    pub reason: String,
    /// How urgent: 0 is first.
    pub priority: u8,
    /// What the colleague should know: the flow, its slots, the customer's words; personal data masked.
    pub summary: Value,
}

/// An entry of the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandOff {
    /// Its id; the customer's reference.
    pub id: HandOffId,
    /// The conversation.
    pub session: SessionId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Why; of several calls, the most urgent one's.
    pub reason: String,
    /// How urgent: 0 is first.
    pub priority: u8,
    /// What the colleague should know, as of the last call.
    pub summary: Value,
    /// How it stands.
    pub status: HandOffStatus,
    /// Who has it, or had it.
    pub colleague: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was claimed.
    pub claimed_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// How it was closed ([`HandOffEnd::as_str`]).
    pub ended: Option<String>,
    /// How many messages its thread has.
    pub messages: u32,
}

/// Who wrote a message of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sender {
    /// The customer.
    Customer,
    /// The colleague who has the conversation.
    Colleague,
}

impl Sender {
    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Colleague => "colleague",
        }
    }
}

/// A message of a thread. Personal data was masked before it came here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOffMessage {
    /// Its place in the thread, from 1.
    pub number: u32,
    /// Who wrote it.
    pub sender: Sender,
    /// What it says.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// A turn as a colleague reads it, personal data masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpokenTurn {
    /// Its place in the conversation, from 1.
    pub version: u64,
    /// When.
    pub at: Timestamp,
    /// What the customer wrote.
    pub message: String,
    /// What the assistant answered.
    pub reply: String,
}

/// What came of an order to change an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum HandOffChange {
    /// It stands so now.
    Changed(Box<HandOff>),
    /// It stands otherwise, or somebody else has it; nothing was changed.
    Conflict(Box<HandOff>),
    /// There is none of that id.
    Absent,
}

/// The queue of conversations for people.
#[async_trait]
pub trait HandOffs: Send + Sync {
    /// Puts a conversation in the queue. One that is there keeps its id and takes the newer summary, and
    /// reason and priority where they are more urgent. Writes an audit row and an outbox row each time.
    async fn open_hand_off(&self, new: &NewHandOff) -> Result<HandOff, StoreError>;

    /// The last entry of a customer's conversation, closed or not.
    async fn hand_off_of(
        &self,
        customer: &CustomerId,
        session: &SessionId,
    ) -> Result<Option<HandOff>, StoreError>;

    /// Entries in this state, most urgent and then oldest first; closed ones newest first.
    async fn hand_offs(
        &self,
        status: HandOffStatus,
        limit: u32,
    ) -> Result<Vec<HandOff>, StoreError>;

    /// One entry.
    async fn hand_off(&self, id: &HandOffId) -> Result<Option<HandOff>, StoreError>;

    /// Messages of a thread after a number, in order.
    async fn hand_off_messages(
        &self,
        id: &HandOffId,
        after: u32,
        limit: u32,
    ) -> Result<Vec<HandOffMessage>, StoreError>;

    /// The last turns of a conversation, in order.
    async fn spoken_turns(
        &self,
        session: &SessionId,
        limit: u32,
    ) -> Result<Vec<SpokenTurn>, StoreError>;

    /// Gives a waiting entry to a colleague. Who has it already has it.
    async fn claim_hand_off(
        &self,
        id: &HandOffId,
        colleague: &str,
    ) -> Result<HandOffChange, StoreError>;

    /// Adds the customer's message to the thread of a claimed entry; `None` when it is not claimed.
    async fn tell_colleague(&self, id: &HandOffId, text: &str) -> Result<Option<u32>, StoreError>;

    /// Adds the message of the colleague who has the entry.
    async fn reply_hand_off(
        &self,
        id: &HandOffId,
        colleague: &str,
        text: &str,
    ) -> Result<HandOffChange, StoreError>;

    /// Ends an entry, waiting or claimed. A claimed one is ended by who has it.
    async fn close_hand_off(
        &self,
        id: &HandOffId,
        colleague: &str,
        end: HandOffEnd,
    ) -> Result<HandOffChange, StoreError>;
}
