//! The metrics of language models. Models' names come from the configuration and every other label from
//! a closed set, so the number of series is bounded; no prompt, no answer, no customer.
//!
//! | metric | labels | meaning |
//! |---|---|---|
//! | `vostro_model_requests_total` | outcome | answers asked for, each counted once, whatever it took |
//! | `vostro_model_attempts_total` | model, outcome | times that a server was asked |
//! | `vostro_model_retries_total` | reason | attempts after the first |
//! | `vostro_model_shared_total` | | requests that got the answer of an identical one |
//! | `vostro_model_tokens_total` | model, kind | tokens of prompts and answers |
//! | `vostro_model_cost_micro_dollars_total` | model | what they cost, in millionths of a dollar |
//! | `vostro_model_breaker_state` | model | 0 closed, 1 half open, 2 open |
//! | `vostro_model_queue_depth` | | requests that wait for a place |
//! | `vostro_model_in_flight` | | answers being made |
//! | `vostro_model_first_token_seconds` | model | from asking to the first token |
//! | `vostro_model_answer_seconds` | model | from asking to the answer's end |

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Bounds in seconds: models answer in tenths of seconds to tens of seconds, local ones also faster.
const BUCKETS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 30.0,
];

/// How asking a model ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ModelOutcome {
    /// With an answer.
    Answered,
    /// A deadline came.
    TimedOut,
    /// No place was free, or too many waited.
    Busy,
    /// The breaker is open.
    Resting,
    /// A cap of the customer's day.
    Capped,
    /// Status 429.
    RateLimited,
    /// Status 503.
    Overloaded,
    /// No connection.
    Unreachable,
    /// Another status from 400 to 499.
    Refused,
    /// Another status from 500.
    Failed,
    /// The answer broke the protocol or a bound.
    Malformed,
    /// The answer ended before its end.
    Cut,
    /// Whoever asked went away.
    Abandoned,
}

impl ModelOutcome {
    const ALL: [Self; 13] = [
        Self::Answered,
        Self::TimedOut,
        Self::Busy,
        Self::Resting,
        Self::Capped,
        Self::RateLimited,
        Self::Overloaded,
        Self::Unreachable,
        Self::Refused,
        Self::Failed,
        Self::Malformed,
        Self::Cut,
        Self::Abandoned,
    ];

    /// Its name in metrics and traces.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::TimedOut => "timed_out",
            Self::Busy => "busy",
            Self::Resting => "resting",
            Self::Capped => "capped",
            Self::RateLimited => "rate_limited",
            Self::Overloaded => "overloaded",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Malformed => "malformed",
            Self::Cut => "cut",
            Self::Abandoned => "abandoned",
        }
    }
}

/// Whether a model may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Yes.
    Closed,
    /// One request tries whether it works again.
    HalfOpen,
    /// No: it failed lately.
    Open,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByReason {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByModel {
    model: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByAttempt {
    model: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByTokens {
    model: String,
    kind: &'static str,
}

type Latencies = Family<ByModel, Histogram, fn() -> Histogram>;

fn latency_histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

/// The metrics of language models; part of [`crate::Metrics`].
#[derive(Debug)]
pub struct ModelMetrics {
    requests: Family<ByOutcome, Counter>,
    attempts: Family<ByAttempt, Counter>,
    retries: Family<ByReason, Counter>,
    shared: Counter,
    tokens: Family<ByTokens, Counter>,
    cost: Family<ByModel, Counter>,
    breaker: Family<ByModel, Gauge>,
    queue: Gauge,
    in_flight: Gauge,
    first_token: Latencies,
    answer: Latencies,
}

impl ModelMetrics {
    /// Metrics at zero, known to the registry.
    pub(crate) fn registered(registry: &mut Registry) -> Self {
        let metrics = Self {
            requests: Family::default(),
            attempts: Family::default(),
            retries: Family::default(),
            shared: Counter::default(),
            tokens: Family::default(),
            cost: Family::default(),
            breaker: Family::default(),
            queue: Gauge::default(),
            in_flight: Gauge::default(),
            first_token: Family::new_with_constructor(latency_histogram),
            answer: Family::new_with_constructor(latency_histogram),
        };
        metrics.register_counts(registry);
        metrics.register_states(registry);
        metrics
    }

    fn register_counts(&self, registry: &mut Registry) {
        registry.register(
            "vostro_model_requests",
            "Answers asked of language models",
            self.requests.clone(),
        );
        registry.register(
            "vostro_model_attempts",
            "Times that a model's server was asked",
            self.attempts.clone(),
        );
        registry.register(
            "vostro_model_retries",
            "Attempts after the first",
            self.retries.clone(),
        );
        registry.register(
            "vostro_model_shared",
            "Requests that got the answer of an identical one",
            self.shared.clone(),
        );
        registry.register(
            "vostro_model_tokens",
            "Tokens of prompts and answers",
            self.tokens.clone(),
        );
        registry.register(
            "vostro_model_cost_micro_dollars",
            "Cost of prompts and answers in millionths of a dollar",
            self.cost.clone(),
        );
    }

    fn register_states(&self, registry: &mut Registry) {
        registry.register(
            "vostro_model_breaker_state",
            "Whether a model may be asked: 0 closed, 1 half open, 2 open",
            self.breaker.clone(),
        );
        registry.register(
            "vostro_model_queue_depth",
            "Requests that wait for a place",
            self.queue.clone(),
        );
        registry.register(
            "vostro_model_in_flight",
            "Answers being made",
            self.in_flight.clone(),
        );
        registry.register_with_unit(
            "vostro_model_first_token",
            "Time to the first token",
            Unit::Seconds,
            self.first_token.clone(),
        );
        registry.register_with_unit(
            "vostro_model_answer",
            "Time to the answer's end",
            Unit::Seconds,
            self.answer.clone(),
        );
    }

    pub(crate) fn begin_at_zero(&self) {
        for outcome in ModelOutcome::ALL.map(ModelOutcome::label) {
            drop(self.requests.get_or_create(&ByOutcome { outcome }));
        }
    }

    /// An answer that was asked for came to an end.
    pub fn request(&self, outcome: ModelOutcome) {
        let outcome = outcome.label();
        self.requests.get_or_create(&ByOutcome { outcome }).inc();
    }

    /// A server was asked.
    pub fn attempt(&self, model: &str, outcome: ModelOutcome) {
        let labels = ByAttempt {
            model: model.to_owned(),
            outcome: outcome.label(),
        };
        self.attempts.get_or_create(&labels).inc();
    }

    /// Another attempt is made after one that ended like this.
    pub fn retry(&self, reason: ModelOutcome) {
        let reason = reason.label();
        self.retries.get_or_create(&ByReason { reason }).inc();
    }

    /// A request waits for the answer of an identical one.
    pub fn shared(&self) {
        self.shared.inc();
    }

    /// What an answer took.
    pub fn usage(&self, model: &str, prompt: u64, completion: u64, micro_dollars: u64) {
        for (kind, count) in [("prompt", prompt), ("completion", completion)] {
            let model = model.to_owned();
            self.tokens
                .get_or_create(&ByTokens { model, kind })
                .inc_by(count);
        }
        let model = model.to_owned();
        self.cost
            .get_or_create(&ByModel { model })
            .inc_by(micro_dollars);
    }

    /// A model may be asked, or may not.
    pub fn breaker(&self, model: &str, state: BreakerState) {
        let model = model.to_owned();
        let value = match state {
            BreakerState::Closed => 0,
            BreakerState::HalfOpen => 1,
            BreakerState::Open => 2,
        };
        self.breaker.get_or_create(&ByModel { model }).set(value);
    }

    /// So many requests more, or fewer, wait for a place.
    pub fn queue(&self, change: i64) {
        self.queue.inc_by(change);
    }

    /// So many answers more, or fewer, are being made.
    pub fn in_flight(&self, change: i64) {
        self.in_flight.inc_by(change);
    }

    /// The first token came.
    pub fn first_token(&self, model: &str, after: Duration) {
        let model = model.to_owned();
        self.first_token
            .get_or_create(&ByModel { model })
            .observe(after.as_secs_f64());
    }

    /// The answer is there.
    pub fn answer(&self, model: &str, after: Duration) {
        let model = model.to_owned();
        self.answer
            .get_or_create(&ByModel { model })
            .observe(after.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Exposition, Metrics};

    #[test]
    fn every_metric_of_the_table_above_is_there_once_used() {
        let metrics = Metrics::new("1");
        let models = metrics.models();
        models.request(ModelOutcome::Answered);
        models.attempt("m", ModelOutcome::Overloaded);
        models.retry(ModelOutcome::Overloaded);
        models.shared();
        models.usage("m", 7, 5, 11);
        models.breaker("m", BreakerState::Open);
        models.queue(3);
        models.queue(-1);
        models.in_flight(1);
        models.first_token("m", Duration::from_millis(30));
        models.answer("m", Duration::from_millis(400));
        let text = metrics.render(Exposition::Prometheus);
        for line in [
            r#"vostro_model_requests_total{outcome="answered"} 1"#,
            r#"vostro_model_attempts_total{model="m",outcome="overloaded"} 1"#,
            r#"vostro_model_retries_total{reason="overloaded"} 1"#,
            "vostro_model_shared_total 1",
            r#"vostro_model_tokens_total{model="m",kind="prompt"} 7"#,
            r#"vostro_model_tokens_total{model="m",kind="completion"} 5"#,
            r#"vostro_model_cost_micro_dollars_total{model="m"} 11"#,
            r#"vostro_model_breaker_state{model="m"} 2"#,
            "vostro_model_queue_depth 2",
            "vostro_model_in_flight 1",
            r#"vostro_model_first_token_seconds_bucket{le="0.025",model="m"} 0"#,
            r#"vostro_model_first_token_seconds_bucket{le="0.05",model="m"} 1"#,
            r#"vostro_model_answer_seconds_count{model="m"} 1"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }
}
