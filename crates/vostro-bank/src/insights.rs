//! How conversations go, read back by whoever runs the bank: figures over a period, and single turns behind them.
//!
//! Figures come from the turns' own records, so they agree with what a drill-down shows, and with every replica.
//! What is kept of a turn for this is [`TurnMeasures`]: names from closed sets, times and sums; no text. Left to
//! others: figures by the minute and alerts on them, which are metrics.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vostro_types::{CustomerId, SessionId, TurnId};

use crate::audit::AuditRecord;
use crate::store::StoreError;

/// How a turn ended (contact centres call it the disposition). Of a turn with several results, the last one
/// in this order tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// The customer got what they asked for: a reading, a passage, small talk.
    Answered,
    /// The customer was asked for something that was missing or unclear.
    Asked,
    /// The assistant did not understand, or the knowledge base had nothing.
    Unanswered,
    /// The bank's rules refused.
    Declined,
    /// A movement of money or a change was put before the customer.
    Proposed,
    /// Money moved or waits to, or a record was changed.
    Done,
    /// A person was called.
    HandedOff,
    /// A person has the conversation; the message was passed on.
    WithPerson,
    /// The guardrails stopped the message or the draft.
    Blocked,
}

impl Disposition {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Answered,
        Self::Asked,
        Self::Unanswered,
        Self::Declined,
        Self::Proposed,
        Self::Done,
        Self::HandedOff,
        Self::WithPerson,
        Self::Blocked,
    ];

    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Asked => "asked",
            Self::Proposed => "proposed",
            Self::Done => "done",
            Self::Declined => "declined",
            Self::Unanswered => "unanswered",
            Self::Blocked => "blocked",
            Self::HandedOff => "handed_off",
            Self::WithPerson => "with_person",
        }
    }

    /// Reads [`Disposition::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == text)
    }
}

/// The verdict of a turn that the guardrails let through.
pub const PASSED: &str = "passed";

/// What is kept of a turn for figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnMeasures {
    /// How it ended.
    pub disposition: Disposition,
    /// [`PASSED`], or what stopped it: the guardrails' name of what they found in the message (`violence`,
    /// `instruction_override`, …), or `draft_unbacked` and `draft_guard` where the reply was replaced.
    pub verdict: String,
    /// Whether a language model understood the message.
    pub by_model: bool,
    /// From the message's arrival until its record was written, in whole microseconds.
    pub took: Duration,
    /// Tokens that models took and gave.
    pub model_tokens: u64,
    /// What they cost, in millionths of a dollar.
    pub model_cost_micro_dollars: u64,
}

/// A stretch of time: from its beginning until before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InsightPeriod {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant that is not in it.
    pub until: Timestamp,
}

/// Turns of a period that have day, ending, intent, verdict and tier in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnFigure {
    /// Which 24 hours of the period, from 0.
    pub day: u32,
    /// How they ended.
    pub disposition: Disposition,
    /// What they were understood to be about.
    pub intent: Option<String>,
    /// What the guardrails said ([`TurnMeasures::verdict`]).
    pub verdict: String,
    /// Whether a language model understood them.
    pub by_model: bool,
    /// How many they are.
    pub turns: u64,
    /// Tokens of models.
    pub model_tokens: u64,
    /// Their price, in millionths of a dollar.
    pub model_cost_micro_dollars: u64,
}

/// How long the turns of a period took: the nearest rank each, zero when there are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TurnTimes {
    /// Half of them took at most this.
    pub p50: Duration,
    /// 95 of 100 took at most this.
    pub p95: Duration,
    /// 99 of 100 took at most this.
    pub p99: Duration,
    /// The longest.
    pub max: Duration,
}

/// The conversations of a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConversationFigures {
    /// With at least one turn in it.
    pub conversations: u64,
    /// Of these, how many were in the queue for a person in it.
    pub handed_off: u64,
}

/// Which turns of a period; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TurnFilter {
    /// Ended so.
    pub disposition: Option<Disposition>,
    /// About this.
    pub intent: Option<String>,
    /// With this verdict.
    pub verdict: Option<String>,
}

/// A turn with its measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredTurn {
    /// Its id.
    pub id: TurnId,
    /// The conversation.
    pub session: SessionId,
    /// Its place in the conversation, from 1.
    pub version: u64,
    /// Whose it is.
    pub customer: CustomerId,
    /// When the message came.
    pub at: Timestamp,
    /// The customer's message, personal data masked.
    pub message_masked: String,
    /// What it was understood to be about.
    pub intent: Option<String>,
    /// How it went.
    pub measures: TurnMeasures,
}

/// A turn with everything that is on record of how it was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct TracedTurn {
    /// The turn.
    pub turn: MeasuredTurn,
    /// What was replied, personal data masked.
    pub reply_masked: String,
    /// The whole reply: the data of its `done` event, if it has one.
    pub reply: Option<Value>,
    /// Its rows of the audit trail, in order.
    pub audit: Vec<AuditRecord>,
}

/// How conversations go. Turns that an older program recorded, without measures, are in none of these.
#[async_trait]
pub trait Insights: Send + Sync {
    /// Sums over the turns of a period.
    async fn turn_figures(&self, period: InsightPeriod) -> Result<Vec<TurnFigure>, StoreError>;

    /// How long the turns of a period took.
    async fn turn_times(&self, period: InsightPeriod) -> Result<TurnTimes, StoreError>;

    /// The conversations of a period.
    async fn conversation_figures(
        &self,
        period: InsightPeriod,
    ) -> Result<ConversationFigures, StoreError>;

    /// Single turns of a period, newest first.
    async fn measured_turns(
        &self,
        period: InsightPeriod,
        filter: &TurnFilter,
        limit: u32,
    ) -> Result<Vec<MeasuredTurn>, StoreError>;

    /// One turn with its trace; `None` when there is none of that id.
    async fn traced_turn(&self, id: &TurnId) -> Result<Option<TracedTurn>, StoreError>;
}
