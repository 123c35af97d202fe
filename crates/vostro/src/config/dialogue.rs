//! `[dialogue]`: the conversation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// The conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Dialogue {
    /// After so many minutes without a message a session begins afresh.
    #[schemars(range(min = 1, max = 1_440))]
    pub session_idle_minutes: u32,
    /// So many minutes after it began a session begins afresh, whatever is said in it.
    #[schemars(range(min = 1, max = 10_080))]
    pub session_minutes: u32,
    /// How many minutes a proposed transfer or payment can be confirmed.
    #[schemars(range(min = 1, max = 60))]
    pub confirmation_minutes: u32,
    /// After so many days the texts of conversations are forgotten: messages, replies, what they were decided
    /// upon, and closed hand-offs. 0 for never.
    #[schemars(range(min = 0, max = 36_500))]
    pub retention_days: u32,
    /// How many answers from the knowledge base are kept for whoever asks the same next; 0 keeps none.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub cached_answers: u32,
}

impl Default for Dialogue {
    fn default() -> Self {
        Self {
            session_idle_minutes: 30,
            session_minutes: 720,
            confirmation_minutes: 10,
            retention_days: 365,
            cached_answers: 10_000,
        }
    }
}

impl Dialogue {
    /// A confirmation never outlives the session that it was asked in.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        if self.session_idle_minutes > self.session_minutes {
            problems.push(Problem::new(
                "dialogue.session_minutes",
                format!(
                    "{} ends before the silence that ends a session; at least `dialogue.session_idle_minutes`, {}",
                    self.session_minutes, self.session_idle_minutes
                ),
            ));
        }
        if self.confirmation_minutes > self.session_idle_minutes {
            problems.push(Problem::new(
                "dialogue.confirmation_minutes",
                format!(
                    "{} outlives the session; at most `dialogue.session_idle_minutes`, {}",
                    self.confirmation_minutes, self.session_idle_minutes
                ),
            ));
        }
    }
}
