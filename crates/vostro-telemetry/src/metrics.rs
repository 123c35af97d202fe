//! The metrics, by name. All labels are closed sets: a route's template, a role, a kind. Never a path,
//! a customer or a session, so the number of series is bounded whatever is sent.
//!
//! | metric | labels | meaning |
//! |---|---|---|
//! | `http_requests_total` | role, method, route, status | requests answered |
//! | `http_request_duration_seconds` | role, route | time to the answer's head |
//! | `http_requests_in_flight` | role | requests being answered |
//! | `vostro_turns_total` | outcome | turns of conversations |
//! | `vostro_turn_step*`, `vostro_tool_*` | | steps of turns and what they ask of the store: `steps.rs` |
//! | `vostro_turn_duration_seconds` | | time of a turn, also of one whose client hung up |
//! | `vostro_turns_in_flight` | | turns being worked on |
//! | `vostro_guardrail_verdicts_total` | direction, finding | verdicts given by this process; one text may count for several findings |
//! | `vostro_guard_fallbacks_total` | outcome | checks that the guardrails service did not answer |
//! | `vostro_passages_dropped_total` | | retrieved passages that the guardrails kept back |
//! | `vostro_reranking*` | | passages that a model puts in order: `reranking.rs` |
//! | `vostro_rate_limited_total` | limit | requests refused by a limit |
//! | `vostro_shed_total` | reason | requests refused because the process has enough to do |
//! | `vostro_outbox_*`, `vostro_webhook_*` | | the outbox and its webhooks: `webhooks.rs` |
//! | `vostro_store_*` | | how busy the store is: `store.rs` |
//! | `vostro_model_*` | | language models: `models.rs` |
//! | `vostro_turns_understood_total`, `vostro_model_use*`, `vostro_answer_cache_total` | | what turns used besides their rules: `conversation.rs` |
//! | `vostro_money_stopped` | | 1 while all money commands are stopped; looked at every minute |
//! | `vostro_audit_unsealed_rows` | | audit rows that no seal covers yet |
//! | `vostro_audit_unsealed_age_seconds` | | age of the oldest of them |
//! | `vostro_audit_sealing_attempts_total` | outcome | attempts of this process to seal |
//! | `vostro_build_info` | version | always 1 |
//! | `process_*` | | this process, by the names of the Prometheus client guidelines |

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::calls::CallMetrics;
use crate::conversation::ConversationMetrics;
use crate::exposition::Exposition;
use crate::labels::{GuardFallback, GuardFinding, Limit, Shed, TurnOutcome};
use crate::models::ModelMetrics;
use crate::process::ProcessReader;
use crate::process_metrics::ProcessCollector;
use crate::requests::{AnsweredRequest, RequestMetrics};
use crate::reranking::RerankingMetrics;
use crate::sealing::SealingMetrics;
use crate::steps::StepMetrics;
use crate::store::StoreMetrics;
use crate::webhooks::WebhookMetrics;

/// Bounds of the latency histograms, in seconds; 0.5 and 1 are the service objectives.
pub(crate) const LATENCY_BUCKETS: [f64; 15] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0,
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct VerdictLabels {
    direction: &'static str,
    finding: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LimitLabels {
    limit: &'static str,
}

/// The process's metrics; one for all its roles, shared behind an `Arc`.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: RequestMetrics,
    turns: Family<OutcomeLabels, Counter>,
    turn_latency: Histogram,
    turns_in_flight: Gauge,
    verdicts: Family<VerdictLabels, Counter>,
    fallbacks: Family<OutcomeLabels, Counter>,
    passages_dropped: Counter,
    limited: Family<LimitLabels, Counter>,
    shed: Family<ReasonLabels, Counter>,
    webhooks: WebhookMetrics,
    models: ModelMetrics,
    conversation: ConversationMetrics,
    money_stopped: Gauge,
    sealing: SealingMetrics,
    store: StoreMetrics,
    calls: CallMetrics,
    pub(crate) reranking: RerankingMetrics,
}

impl Metrics {
    /// Metrics at zero, for this version of the program.
    pub fn new(version: &str) -> Self {
        Self::with_steps(version, &StepMetrics::default())
    }

    /// [`Metrics::new`] with the steps' metrics, whose layer was installed before.
    pub fn with_steps(version: &str, steps: &StepMetrics) -> Self {
        let mut registry = Registry::default();
        steps.register(&mut registry);
        let requests = RequestMetrics::registered(&mut registry);
        let webhooks = WebhookMetrics::registered(&mut registry);
        let models = ModelMetrics::registered(&mut registry);
        let conversation = ConversationMetrics::registered(&mut registry);
        let calls = CallMetrics::registered(&mut registry);
        let reranking = RerankingMetrics::registered(&mut registry);
        let mut metrics = Self {
            registry,
            webhooks,
            models,
            requests,
            conversation,
            calls,
            reranking,
            turns: Family::default(),
            turn_latency: Histogram::new(LATENCY_BUCKETS),
            turns_in_flight: Gauge::default(),
            verdicts: Family::default(),
            fallbacks: Family::default(),
            passages_dropped: Counter::default(),
            limited: Family::default(),
            shed: Family::default(),
            money_stopped: Gauge::default(),
            sealing: SealingMetrics::default(),
            store: StoreMetrics::default(),
        };
        metrics.register_turns();
        metrics.sealing.register(&mut metrics.registry);
        metrics.store.register(&mut metrics.registry);
        metrics.begin_at_zero();
        let build = Info::new([("version", version.to_owned())]);
        let registry = &mut metrics.registry;
        registry.register("vostro_build", "What was built", build);
        registry.register_collector(Box::new(ProcessCollector(ProcessReader)));
        metrics
    }

    fn register_turns(&mut self) {
        let registry = &mut self.registry;
        registry.register(
            "vostro_rate_limited",
            "Requests refused by a limit",
            self.limited.clone(),
        );
        registry.register(
            "vostro_shed",
            "Requests refused because the process has enough to do",
            self.shed.clone(),
        );
        registry.register("vostro_turns", "Turns of conversations", self.turns.clone());
        registry.register_with_unit(
            "vostro_turn_duration",
            "Time of a turn",
            Unit::Seconds,
            self.turn_latency.clone(),
        );
        registry.register(
            "vostro_turns_in_flight",
            "Turns being worked on",
            self.turns_in_flight.clone(),
        );
        registry.register(
            "vostro_guardrail_verdicts",
            "Findings of verdicts given by this process",
            self.verdicts.clone(),
        );
        registry.register(
            "vostro_guard_fallbacks",
            "Checks that the guardrails service did not answer",
            self.fallbacks.clone(),
        );
        registry.register(
            "vostro_passages_dropped",
            "Retrieved passages that the guardrails kept back",
            self.passages_dropped.clone(),
        );
        registry.register(
            "vostro_money_stopped",
            "Whether money commands are stopped, as last looked at",
            self.money_stopped.clone(),
        );
    }

    /// Whether money commands are stopped.
    pub fn money_stopped(&self, stopped: bool) {
        self.money_stopped.set(i64::from(stopped));
    }

    /// A request came in; [`Metrics::request_ended`] is owed.
    pub fn request_began(&self, role: &'static str) {
        self.requests.began(role);
    }

    /// A request was answered, or its client hung up before.
    pub fn request_ended(&self, request: &AnsweredRequest<'_>) {
        self.requests.ended(request);
    }

    /// A turn began.
    pub fn turn_began(&self) {
        self.turns_in_flight.inc();
    }

    /// A turn ended.
    pub fn turn_ended(&self, outcome: TurnOutcome, latency: Duration) {
        self.turns_in_flight.dec();
        self.turns
            .get_or_create(&OutcomeLabels {
                outcome: outcome.label(),
            })
            .inc();
        self.turn_latency.observe(latency.as_secs_f64());
    }

    /// A verdict of this process found this, in a text of this direction.
    pub fn verdict(&self, direction: &'static str, finding: GuardFinding) {
        self.verdicts
            .get_or_create(&VerdictLabels {
                direction,
                finding: finding.label(),
            })
            .inc();
    }

    /// The guardrails service did not answer a check.
    pub fn guard_fallback(&self, outcome: GuardFallback) {
        self.fallbacks
            .get_or_create(&OutcomeLabels {
                outcome: outcome.label(),
            })
            .inc();
    }

    /// The guardrails kept so many retrieved passages back.
    pub fn passages_dropped(&self, count: u64) {
        self.passages_dropped.inc_by(count);
    }

    /// A limit refused a request.
    pub fn rate_limited(&self, limit: Limit) {
        self.limited
            .get_or_create(&LimitLabels {
                limit: limit.label(),
            })
            .inc();
    }

    /// A request was refused because the process has enough to do.
    pub fn shed(&self, why: Shed) {
        self.shed
            .get_or_create(&ReasonLabels {
                reason: why.label(),
            })
            .inc();
    }

    /// Series that alerts look at are there from the beginning: a rate from nothing is no rate.
    fn begin_at_zero(&self) {
        for outcome in TurnOutcome::ALL.map(TurnOutcome::label) {
            drop(self.turns.get_or_create(&OutcomeLabels { outcome }));
        }
        for outcome in GuardFallback::ALL.map(GuardFallback::label) {
            drop(self.fallbacks.get_or_create(&OutcomeLabels { outcome }));
        }
        for limit in Limit::ALL.map(Limit::label) {
            drop(self.limited.get_or_create(&LimitLabels { limit }));
        }
        for reason in Shed::ALL.map(Shed::label) {
            drop(self.shed.get_or_create(&ReasonLabels { reason }));
        }
        self.sealing.begin_at_zero();
        self.models.begin_at_zero();
    }

    /// The store's metrics.
    pub fn store(&self) -> &StoreMetrics {
        &self.store
    }

    /// The sealing of the audit trail.
    pub fn sealing(&self) -> &SealingMetrics {
        &self.sealing
    }

    /// The metrics of the outbox and its webhooks.
    pub fn webhooks(&self) -> &WebhookMetrics {
        &self.webhooks
    }

    /// The metrics of calls of other Vostro services.
    pub const fn calls(&self) -> &CallMetrics {
        &self.calls
    }

    /// The metrics of what turns used.
    pub const fn conversation(&self) -> &ConversationMetrics {
        &self.conversation
    }

    /// The metrics of language models.
    pub fn models(&self) -> &ModelMetrics {
        &self.models
    }

    /// All metrics as text.
    pub fn render(&self, exposition: Exposition) -> String {
        exposition.render(&self.registry)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::sealing::SealingOutcome;

    #[test]
    fn every_metric_of_the_table_above_is_there_once_used() {
        let metrics = Metrics::new("1.2.3");
        metrics.request_began("concierge");
        metrics.request_began("concierge");
        metrics.request_ended(&AnsweredRequest {
            role: "concierge",
            method: "POST",
            route: "/api/v1/chat",
            status: 200,
            latency: Duration::from_millis(3),
            request_id: "req_1",
            at: SystemTime::UNIX_EPOCH,
        });
        metrics.turn_began();
        metrics.turn_ended(TurnOutcome::Answered, Duration::from_millis(2));
        metrics.verdict("input", GuardFinding::Unsafe("violence"));
        metrics.verdict("input", GuardFinding::PersonalData);
        metrics.guard_fallback(GuardFallback::InProcess);
        metrics.passages_dropped(2);
        metrics.rate_limited(Limit::User);
        metrics.shed(Shed::TurnsAtOnce);
        metrics.store().load(3, 4, 5);
        metrics.money_stopped(true);
        metrics.sealing().attempted(SealingOutcome::Failed);
        metrics.sealing().lag(3, Duration::from_millis(1_500));
        let text = metrics.render(Exposition::Prometheus);
        for line in [
            r#"http_requests_total{role="concierge",method="POST",route="/api/v1/chat",status="200"} 1"#,
            r#"http_request_duration_seconds_bucket{le="0.005",role="concierge",route="/api/v1/chat"} 1"#,
            r#"http_request_duration_seconds_bucket{le="0.0025",role="concierge",route="/api/v1/chat"} 0"#,
            r#"http_requests_in_flight{role="concierge"} 1"#,
            r#"vostro_turns_total{outcome="answered"} 1"#,
            "vostro_turns_in_flight 0",
            "vostro_turn_duration_seconds_count 1",
            r#"vostro_guardrail_verdicts_total{direction="input",finding="violence"} 1"#,
            r#"vostro_guardrail_verdicts_total{direction="input",finding="personal_data"} 1"#,
            r#"vostro_guard_fallbacks_total{outcome="in_process"} 1"#,
            "vostro_passages_dropped_total 2",
            "vostro_money_stopped 1",
            r#"vostro_rate_limited_total{limit="user"} 1"#,
            r#"vostro_shed_total{reason="turns_at_once"} 1"#,
            r#"vostro_turns_total{outcome="conflict"} 0"#,
            r#"vostro_store_connections{state="busy"} 3"#,
            r#"vostro_store_connections{state="free"} 4"#,
            "vostro_store_waiting 5",
            "vostro_audit_unsealed_rows 3",
            "vostro_audit_unsealed_age_seconds 1.5",
            r#"vostro_audit_sealing_attempts_total{outcome="failed"} 1"#,
            r#"vostro_build_info{version="1.2.3"} 1"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert!(!text.contains("req_1"), "the plain text has no exemplars");
        let open = metrics.render(Exposition::OpenMetrics);
        let bucket =
            r#"le="0.005",role="concierge",route="/api/v1/chat"} 1 # {request_id="req_1"}"#;
        assert!(open.contains(bucket), "{bucket} in\n{open}");
        for name in [
            "process_resident_memory_bytes ",
            "process_cpu_seconds_total ",
            "process_open_fds ",
            "process_start_time_seconds ",
        ] {
            assert!(
                text.lines().any(|line| line.starts_with(name)),
                "{name} in\n{text}"
            );
        }
    }
}
