//! The port: what a channel's adapter is asked.

use http::HeaderMap;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use vostro_types::TurnId;
use vostro_webhooks::{Message, Unverified};

/// The most characters of a message's id: it becomes an idempotency key.
const ID_CHARS: usize = 255;
/// The most characters of an address.
const ADDRESS_CHARS: usize = 128;

/// What came from a gateway, as it came.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The request's headers.
    pub headers: &'a HeaderMap,
    /// Its body; how much is read is bounded before.
    pub body: &'a [u8],
    /// When it came.
    pub now: Timestamp,
}

impl<'a> Received<'a> {
    /// The value of a header that is there once and is text; empty otherwise.
    pub fn header(&self, name: &str) -> &'a str {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().unwrap_or_default(),
            _ => "",
        }
    }
}

/// A customer's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// What the gateway calls it: the same when it sends it again, and never another message's.
    pub id: String,
    /// Where it came from, as the gateway writes it.
    pub address: String,
    /// What the customer wrote.
    pub text: String,
}

impl Inbound {
    /// A message, if its parts are such as can be worked with.
    pub fn new(id: &str, address: &str, text: &str) -> Result<Self, Refusal> {
        let is_id = |c: char| c.is_ascii_graphic();
        if id.is_empty() || id.len() > ID_CHARS || !id.chars().all(is_id) {
            return Err(Refusal::Invalid(
                "the message's id is to have from 1 to 255 visible ASCII characters".into(),
            ));
        }
        let count = address.chars().take(ADDRESS_CHARS + 1).count();
        if count == 0 || count > ADDRESS_CHARS || address.chars().any(char::is_control) {
            return Err(Refusal::Invalid("the sender's address is to have from 1 to 128 characters, none of them a control character".into()));
        }
        if text.trim().is_empty() {
            return Err(Refusal::Invalid("the message's text is empty".into()));
        }
        if text.contains('\0') {
            return Err(Refusal::Invalid(
                "the message's text has a U+0000 in it".into(),
            ));
        }
        Ok(Self {
            id: id.to_owned(),
            address: address.to_owned(),
            text: text.to_owned(),
        })
    }
}

/// Why a request is not taken. What is said of it holds nothing that was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It does not come from the gateway, as far as can be seen.
    #[error(transparent)]
    Unverified(#[from] Unverified),
    /// It cannot be read at all.
    #[error("{0}")]
    Unreadable(String),
    /// It can be read, and is not what the channel sends.
    #[error("{0}")]
    Invalid(String),
}

/// Who speaks to the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The assistant.
    Assistant,
    /// A colleague of the bank.
    Colleague,
}

/// What the customer is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Outbound {
    /// The id of the webhook: the same at every attempt.
    pub id: String,
    /// Its place among everything that is told.
    pub sequence: i64,
    /// When it was said.
    pub at: Timestamp,
    /// Where to, as the gateway writes it.
    pub address: String,
    /// Who says it.
    pub by: Speaker,
    /// What is said; approved, as everything that leaves.
    pub text: String,
    /// What the reply's cards hold, for a channel that can show more than text. None for a colleague's words.
    pub cards: Vec<Value>,
    /// The turn that it is the reply of; none for a colleague's words.
    pub turn: Option<TurnId>,
}

/// A channel's adapter. Pure: time comes in, nothing is kept.
pub trait Channel: Send + Sync {
    /// Its name: part of its address here and a label of metrics.
    fn name(&self) -> &str;

    /// Checks that a request is the gateway's and reads it. `None`: it is, and nothing for the assistant.
    fn read(&self, received: &Received<'_>) -> Result<Option<Inbound>, Refusal>;

    /// What the gateway is sent. The headers of Standard Webhooks are added to it, its id is [`Outbound::id`].
    fn write(&self, told: &Outbound) -> Message;
}
