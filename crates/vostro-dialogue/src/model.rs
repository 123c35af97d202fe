//! The port to a language model: what may be asked, what comes back, how it fails.
//!
//! A model proposes and never decides, and personal data never reaches it; the second is a type. A
//! prompt is made of [`PromptText`], and a customer's words fit only as [`Pseudonymised`]:
//!
//! ```compile_fail
//! use vostro_dialogue::model::PromptText;
//! let words = String::from("I am Anna, my card is 4111 1111 1111 1111");
//! let text = PromptText::Hidden(words);
//! ```
//!
//! ```compile_fail
//! use vostro_dialogue::model::PromptText;
//! use vostro_types::{CustomerData, Sourced};
//! let memo: Sourced<String, CustomerData> = Sourced::new("from Anna".into());
//! let text = PromptText::Public(memo);
//! ```
//!
//! Left out on purpose: a tool's result going back to the model (tools are proposals here, and the
//! engine carries out what it accepts), images, and anything of how a model is reached.

use std::pin::Pin;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_core::Stream;
use serde_json::Value;
use vostro_guardrails::Pseudonymised;
use vostro_types::{CustomerId, PublicKnowledge, Sourced};

/// A piece of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptText {
    /// Written in this program.
    Written(&'static str),
    /// The bank's published knowledge: a passage, a product's name.
    Public(Sourced<String, PublicKnowledge>),
    /// What a customer, a tool or the books said, with personal data replaced by names.
    Hidden(Pseudonymised),
}

impl PromptText {
    /// The text as it is sent.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Written(text) => text,
            Self::Public(text) => text.get(),
            Self::Hidden(text) => text.as_str(),
        }
    }
}

/// Who says a message of the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The customer.
    Customer,
    /// The assistant, earlier in the conversation.
    Assistant,
}

/// One message of the prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptMessage {
    /// Who says it.
    pub speaker: Speaker,
    /// What is said; pieces are sent one below the other.
    pub text: Vec<PromptText>,
}

/// A JSON schema of an answer or of a tool's arguments. It is the program's own, never made from what a
/// customer said; a `LazyLock` holds one that is built from the flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// Its name: letters, digits, `_` and `-`.
    pub name: &'static str,
    /// What it is for, in a sentence.
    pub about: &'static str,
    /// The schema itself: an object.
    pub schema: &'static Value,
}

/// The form that an answer is asked for in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AnswerForm {
    /// Words.
    #[default]
    Text,
    /// A JSON object of this schema. Servers that cannot hold a model to a schema are asked for any JSON
    /// object; the answer is JSON or the call fails, but fitting the schema is for the caller to check.
    Json(Schema),
    /// Calls of these tools, or words.
    Tools(Vec<Schema>),
}

/// What a model is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelRequest {
    /// Whose turn it is, for the caps on tokens, cost and time. It is never sent.
    pub customer: CustomerId,
    /// What the model is to do.
    pub instructions: Vec<PromptText>,
    /// The conversation, oldest first. The last message is the customer's.
    pub messages: Vec<PromptMessage>,
    /// The form of the answer.
    pub form: AnswerForm,
    /// The most tokens that the answer may have.
    pub max_tokens: u32,
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It had said everything.
    Stop,
    /// It reached `max_tokens`: the answer is cut.
    Length,
    /// It called tools.
    ToolCalls,
    /// The server's own filter stopped it.
    Filtered,
    /// For a reason of the server's own.
    Other,
}

impl Finish {
    /// Its name in reports and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
            Self::Filtered => "filtered",
            Self::Other => "other",
        }
    }
}

/// A call of a tool that the model proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The tool's name, which may be one that was never offered.
    pub name: String,
    /// The arguments as text, which may be anything.
    pub arguments: String,
}

/// What an answer took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    pub completion_tokens: u64,
    /// The price of both, in millionths of a dollar.
    pub cost_micro_dollars: u64,
    /// Whether the server did not say, and the tokens are a guess from the length of the texts.
    pub estimated: bool,
}

/// A model's whole answer. Everything in it is a proposal: nothing has been checked but its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelAnswer {
    /// The words; empty when tools are called. Names stand where personal data would.
    pub text: String,
    /// The tools it wants called, in its order.
    pub tool_calls: Vec<ToolCall>,
    /// Why it stopped.
    pub finish: Finish,
    /// Which of the configured models answered.
    pub model: String,
    /// What the answer took.
    pub usage: Usage,
    /// Time from asking to the first token, retries and queue included.
    pub first_token: Duration,
    /// Time from asking to the end.
    pub whole: Duration,
    /// How often a server was asked: 1 without a retry.
    pub attempts: u32,
}

/// A piece of an answer that is being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelEvent {
    /// More words.
    Text(String),
    /// The end, with everything once more. Nothing follows.
    Done(Box<ModelAnswer>),
}

/// An answer that is being made. It ends with [`ModelEvent::Done`] or an error; one that just ends was
/// dropped by the implementation and counts as cut.
pub type ModelStream = Pin<Box<dyn Stream<Item = Result<ModelEvent, ModelError>> + Send>>;

/// Which waiting took too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// For a free place.
    Queue,
    /// For a connection.
    Connection,
    /// For the first token.
    FirstToken,
    /// For the next token.
    NextToken,
    /// For the end of the answer, or the turn's deadline came.
    Answer,
}

/// Which cap of a customer's day is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cap {
    /// Tokens.
    Tokens,
    /// Cost.
    Cost,
    /// Time of the models' work.
    Time,
}

/// Which bound an answer or a request breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The prompt.
    Prompt,
    /// One line of the stream.
    Line,
    /// One event of the stream.
    Event,
    /// Everything the server sent.
    Body,
    /// The words of the answer.
    Text,
    /// The calls of tools: how many, or how long.
    ToolCalls,
}

/// No answer. The turn goes on with the local engine, whatever it is; the kinds are for metrics, logs
/// and retries. None holds a byte that a server sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A deadline came.
    #[error("the model took too long")]
    TimedOut(Wait),
    /// More requests are waiting than may.
    #[error("too many requests wait for the model")]
    Busy,
    /// Every model failed lately and is left alone.
    #[error("the model failed lately and is left alone")]
    Resting,
    /// The request is not one that a model takes; the words say why.
    #[error("the request cannot be sent to a model: {0}")]
    Unsendable(&'static str),
    /// The customer had what there is for a day.
    #[error("the customer's share of the day is used up")]
    CapReached(Cap),
    /// The store of the caps cannot be asked.
    #[error("the customer's share of the day is not known")]
    CapsUnknown,
    /// The server says that this process asks too often.
    #[error("the model's server limits our rate")]
    RateLimited,
    /// The server has no capacity.
    #[error("the model's server has no capacity")]
    Overloaded,
    /// No connection.
    #[error("the model's server cannot be reached")]
    Unreachable,
    /// The server refuses the request; the status says why (401: the key).
    #[error("the model's server refuses the request with status {0}")]
    Refused(u16),
    /// The server failed.
    #[error("the model's server failed with status {0}")]
    Failed(u16),
    /// The answer breaks the protocol; the words say how.
    #[error("the model's answer cannot be read: {0}")]
    Malformed(&'static str),
    /// Something is larger than allowed.
    #[error("the model's answer or request is too large")]
    TooLarge(Bound),
    /// The answer ended before its end.
    #[error("the model's answer was cut")]
    Cut,
}

/// A language model, or a chain of them.
#[async_trait]
pub trait LanguageModel: Send + Sync {
    /// Asks, and waits for the whole answer, no longer than the deadline.
    async fn complete(
        &self,
        request: &ModelRequest,
        deadline: Instant,
    ) -> Result<ModelAnswer, ModelError>;

    /// Asks, and gives the answer as it is made; the deadline holds for its end. Comes back with the
    /// first token, after which nothing is asked again. What it yields is raw: it must pass `approve`.
    async fn stream(
        &self,
        request: &ModelRequest,
        deadline: Instant,
    ) -> Result<ModelStream, ModelError>;
}
