//! The metrics of what turns used besides their rules. Labels come from closed sets; nothing that was said.
//!
//! | metric | labels | meaning |
//! |---|---|---|
//! | `vostro_turns_understood_total` | tier | turns by who understood the message: `local`, `model` |
//! | `vostro_sessions_opened_total` | | conversations that began, or began afresh |
//! | `vostro_retrievals_total` | outcome | turns that asked the knowledge base: `answer`, `nothing` (relevant), `unavailable` |
//! | `vostro_model_uses_total` | purpose, outcome | times that a turn or a colleague asked a model, and what came of it |
//! | `vostro_model_use_seconds` | purpose | how long they waited for it |
//! | `vostro_model_use_tokens_total` | purpose, kind | tokens of prompts and answers |
//! | `vostro_answer_cache_total` | kind, outcome | looks into the response cache: `answer`, `wording`; `hit`, `miss` |

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Bounds in seconds.
const BUCKETS: [f64; 12] = [
    0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0,
];

/// For what a model was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModelPurpose {
    /// What a message means.
    Understanding,
    /// The words of an answer.
    Wording,
    /// A summary for a colleague.
    Summary,
}

impl ModelPurpose {
    const fn label(self) -> &'static str {
        match self {
            Self::Understanding => "understanding",
            Self::Wording => "wording",
            Self::Summary => "summary",
        }
    }
}

/// One use of a model in a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelUsed {
    /// For what.
    pub purpose: ModelPurpose,
    /// What came of it, a name from a closed set.
    pub outcome: &'static str,
    /// How long it took.
    pub took: Duration,
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    pub completion_tokens: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByTier {
    tier: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByPurpose {
    purpose: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByUse {
    purpose: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByTokens {
    purpose: &'static str,
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByLook {
    kind: &'static str,
    outcome: &'static str,
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

/// The metrics; part of [`crate::Metrics`].
#[derive(Debug)]
pub struct ConversationMetrics {
    understood: Family<ByTier, Counter>,
    opened: Counter,
    retrievals: Family<ByOutcome, Counter>,
    uses: Family<ByUse, Counter>,
    seconds: Family<ByPurpose, Histogram, fn() -> Histogram>,
    tokens: Family<ByTokens, Counter>,
    looks: Family<ByLook, Counter>,
}

impl ConversationMetrics {
    /// Metrics at zero, known to the registry.
    pub(crate) fn registered(registry: &mut Registry) -> Self {
        let metrics = Self {
            understood: Family::default(),
            opened: Counter::default(),
            retrievals: Family::default(),
            uses: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            tokens: Family::default(),
            looks: Family::default(),
        };
        registry.register(
            "vostro_turns_understood",
            "Turns by who understood the message",
            metrics.understood.clone(),
        );
        registry.register(
            "vostro_sessions_opened",
            "Conversations that began",
            metrics.opened.clone(),
        );
        registry.register(
            "vostro_retrievals",
            "Turns that asked the knowledge base",
            metrics.retrievals.clone(),
        );
        registry.register(
            "vostro_model_uses",
            "Times that a turn or a colleague asked a language model",
            metrics.uses.clone(),
        );
        registry.register_with_unit(
            "vostro_model_use",
            "How long a turn or a colleague waited for a language model",
            Unit::Seconds,
            metrics.seconds.clone(),
        );
        registry.register(
            "vostro_model_use_tokens",
            "Tokens of prompts and answers by what they were for",
            metrics.tokens.clone(),
        );
        registry.register(
            "vostro_answer_cache",
            "Looks into the response cache",
            metrics.looks.clone(),
        );
        metrics
    }

    /// A message was understood.
    pub fn understood(&self, by_model: bool) {
        let tier = if by_model { "model" } else { "local" };
        self.understood.get_or_create(&ByTier { tier }).inc();
    }

    /// A conversation began.
    pub fn opened(&self) {
        self.opened.inc();
    }

    /// A turn asked the knowledge base; the outcome is a name from a closed set.
    pub fn retrieved(&self, outcome: &'static str) {
        self.retrievals.get_or_create(&ByOutcome { outcome }).inc();
    }

    /// A turn or a colleague asked a model.
    pub fn used(&self, used: ModelUsed) {
        let (purpose, outcome) = (used.purpose.label(), used.outcome);
        self.uses.get_or_create(&ByUse { purpose, outcome }).inc();
        let seconds = used.took.as_secs_f64();
        self.seconds
            .get_or_create(&ByPurpose { purpose })
            .observe(seconds);
        for (kind, count) in [
            ("prompt", used.prompt_tokens),
            ("completion", used.completion_tokens),
        ] {
            self.tokens
                .get_or_create(&ByTokens { purpose, kind })
                .inc_by(count);
        }
    }

    /// A turn looked for an answer.
    pub fn looked_for_answer(&self, was_there: bool) {
        self.looked("answer", was_there);
    }

    /// A turn looked for a model's words.
    pub fn looked_for_wording(&self, was_there: bool) {
        self.looked("wording", was_there);
    }

    fn looked(&self, kind: &'static str, was_there: bool) {
        let outcome = if was_there { "hit" } else { "miss" };
        self.looks.get_or_create(&ByLook { kind, outcome }).inc();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Exposition, Metrics};

    #[test]
    fn every_metric_of_the_table_above_is_there_once_used() {
        let metrics = Metrics::new("1");
        let conversation = metrics.conversation();
        conversation.understood(true);
        conversation.opened();
        conversation.retrieved("nothing");
        conversation.used(ModelUsed {
            purpose: ModelPurpose::Understanding,
            outcome: "taken",
            took: Duration::from_millis(40),
            prompt_tokens: 7,
            completion_tokens: 5,
        });
        conversation.looked_for_answer(true);
        conversation.looked_for_wording(false);
        let text = metrics.render(Exposition::Prometheus);
        for line in [
            r#"vostro_turns_understood_total{tier="model"} 1"#,
            "vostro_sessions_opened_total 1",
            r#"vostro_retrievals_total{outcome="nothing"} 1"#,
            r#"vostro_model_uses_total{purpose="understanding",outcome="taken"} 1"#,
            r#"vostro_model_use_seconds_count{purpose="understanding"} 1"#,
            r#"vostro_model_use_tokens_total{purpose="understanding",kind="prompt"} 7"#,
            r#"vostro_answer_cache_total{kind="answer",outcome="hit"} 1"#,
            r#"vostro_answer_cache_total{kind="wording",outcome="miss"} 1"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }
}
