//! The language model as a turn has it: the client, the engine that hides personal data from it, how long it
//! may take, and the record of what it was asked for.
//!
//! Two steps ask it: [`crate::consult`] where the rules are unsure of a message, and [`crate::wording`] for
//! the words of an answer. Both go on without it whenever it gives nothing that they can use.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use vostro_guardrails::Engine;

use crate::model::{LanguageModel, ModelAnswer, Usage};

/// For what, and for how long, a model is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdvisorSettings {
    /// A message that the rules read with less confidence than this is put to the model, 0 to 1.
    pub ask_below: f32,
    /// How long understanding a message may take.
    pub understanding: Duration,
    /// Whether answers from the knowledge base are put into the model's words.
    pub words_answers: bool,
    /// How long wording an answer may take.
    pub wording: Duration,
    /// When a turn's model work must be over, counted from the turn's beginning.
    pub turn: Duration,
}

impl Default for AdvisorSettings {
    fn default() -> Self {
        Self {
            ask_below: 0.5,
            understanding: Duration::from_secs(4),
            words_answers: true,
            wording: Duration::from_secs(8),
            turn: Duration::from_secs(20),
        }
    }
}

/// A language model with what the turn needs around it.
#[derive(Clone)]
pub struct Advisor {
    pub(crate) model: Arc<dyn LanguageModel>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) settings: AdvisorSettings,
}

impl Advisor {
    /// Puts a model to use. Personal data is found by this process's engine, wherever the guardrails are.
    pub fn new(
        model: Arc<dyn LanguageModel>,
        engine: Arc<Engine>,
        settings: AdvisorSettings,
    ) -> Self {
        Self {
            model,
            engine,
            settings,
        }
    }

    /// Until when a model may work on something that may take so long, in a turn that began then.
    pub(crate) fn deadline(&self, turn_began: Instant, may_take: Duration) -> Instant {
        (Instant::now() + may_take).min(turn_began + self.settings.turn)
    }
}

/// Who understood a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// The rules and classifiers of this program.
    #[default]
    Local,
    /// A language model, whose proposals were checked.
    Model,
}

/// What came of asking a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UseOutcome {
    /// Its proposal was taken.
    Taken,
    /// A part of its words was taken, the rest was not.
    TakenInPart,
    /// It proposed nothing, or nothing that holds.
    Nothing,
    /// It gave no answer.
    Failed,
}

/// One use of a model in a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelUse {
    /// What came of it.
    pub outcome: UseOutcome,
    /// How long it took.
    pub took: Duration,
    /// The tokens of prompt and answer; none when there was no answer.
    pub usage: Usage,
}

impl ModelUse {
    pub(crate) fn of(outcome: UseOutcome, began: Instant, answer: Option<&ModelAnswer>) -> Self {
        Self {
            outcome,
            took: began.elapsed(),
            usage: answer.map(|answer| answer.usage).unwrap_or_default(),
        }
    }
}

/// What the knowledge base gave for a turn's questions; of several, the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retrieved {
    /// An answer for each.
    Answer,
    /// Nothing relevant for one.
    Nothing,
    /// It could not be asked.
    Unavailable,
}

/// What a turn used besides its rules, for whoever measures. It holds nothing that was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TurnAccount {
    /// Who understood the message.
    pub tier: Tier,
    /// Whether the conversation began with this turn, or began afresh.
    pub opened: bool,
    /// What the knowledge base gave; `None` when it was not asked.
    pub retrieved: Option<Retrieved>,
    /// The model's part in understanding, if it was asked.
    pub understanding: Option<ModelUse>,
    /// The model's part in wording, if it was asked.
    pub wording: Option<ModelUse>,
    /// Whether the answer from the knowledge base was at hand; `None` when none was looked for.
    pub answer_was_cached: Option<bool>,
    /// Whether the model's words for an answer were at hand; `None` when none were looked for.
    pub wording_was_cached: Option<bool>,
}
