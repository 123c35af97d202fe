//! The metrics of the outbox and its webhooks. Endpoints' names come from the configuration and outcomes
//! from a closed set; no address, no customer.
//!
//! | metric | labels | meaning |
//! |---|---|---|
//! | `vostro_outbox_lag_seconds` | | age of the oldest message that some endpoint has not got; dead ones aside |
//! | `vostro_outbox_waiting` | | published messages that were not handed over yet |
//! | `vostro_webhook_pending` | endpoint | deliveries owed to it |
//! | `vostro_webhook_dead` | endpoint | deliveries that were given up |
//! | `vostro_webhook_died_total` | endpoint | deliveries that this process gave up |
//! | `vostro_webhook_enabled` | endpoint | 1, or 0 once it answered 410 |
//! | `vostro_webhook_attempts_total` | endpoint, outcome | attempts of this process |
//! | `vostro_webhook_attempt_duration_seconds` | endpoint | time of an attempt |

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Bounds in seconds, up to the longest timeout.
const BUCKETS: [f64; 12] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndpointLabels {
    endpoint: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AttemptLabels {
    endpoint: String,
    outcome: &'static str,
}

/// What the store says of an endpoint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EndpointFigures {
    /// Deliveries owed to it.
    pub pending: u64,
    /// Deliveries that were given up.
    pub dead: u64,
}

/// The metrics of the outbox and its webhooks.
#[derive(Debug)]
pub struct WebhookMetrics {
    lag: Gauge<f64, AtomicU64>,
    waiting: Gauge<u64, AtomicU64>,
    pending: Family<EndpointLabels, Gauge<u64, AtomicU64>>,
    dead: Family<EndpointLabels, Gauge<u64, AtomicU64>>,
    died: Family<EndpointLabels, Counter>,
    enabled: Family<EndpointLabels, Gauge>,
    attempts: Family<AttemptLabels, Counter>,
    latency: Family<EndpointLabels, Histogram, fn() -> Histogram>,
}

fn latency_histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

impl WebhookMetrics {
    pub(crate) fn registered(registry: &mut Registry) -> Self {
        let metrics = Self {
            lag: Gauge::default(),
            waiting: Gauge::default(),
            pending: Family::default(),
            dead: Family::default(),
            died: Family::default(),
            enabled: Family::default(),
            attempts: Family::default(),
            latency: Family::new_with_constructor(latency_histogram),
        };
        metrics.register_states(registry);
        metrics.register_attempts(registry);
        metrics
    }

    fn register_states(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "vostro_outbox_lag",
            "Age of the oldest message that some endpoint has not got",
            Unit::Seconds,
            self.lag.clone(),
        );
        registry.register(
            "vostro_outbox_waiting",
            "Published messages that were not handed over yet",
            self.waiting.clone(),
        );
        registry.register(
            "vostro_webhook_pending",
            "Deliveries owed to an endpoint",
            self.pending.clone(),
        );
        registry.register(
            "vostro_webhook_dead",
            "Deliveries that were given up",
            self.dead.clone(),
        );
        registry.register(
            "vostro_webhook_enabled",
            "Whether an endpoint gets anything from this process",
            self.enabled.clone(),
        );
    }

    fn register_attempts(&self, registry: &mut Registry) {
        registry.register(
            "vostro_webhook_died",
            "Deliveries that this process gave up",
            self.died.clone(),
        );
        registry.register(
            "vostro_webhook_attempts",
            "Attempts at delivering a webhook",
            self.attempts.clone(),
        );
        registry.register_with_unit(
            "vostro_webhook_attempt_duration",
            "Time of an attempt at delivering a webhook",
            Unit::Seconds,
            self.latency.clone(),
        );
    }

    /// How far behind deliveries are, and how many messages nobody took up yet.
    pub fn outbox(&self, lag_seconds: f64, waiting: u64) {
        self.lag.set(lag_seconds);
        self.waiting.set(waiting);
    }

    /// What an endpoint of the configuration is owed.
    pub fn endpoint(&self, name: &str, figures: EndpointFigures) {
        let labels = labels(name);
        self.pending.get_or_create(&labels).set(figures.pending);
        self.dead.get_or_create(&labels).set(figures.dead);
    }

    /// Whether an endpoint gets anything from this process.
    pub fn enabled(&self, name: &str, is_enabled: bool) {
        let gauge = self.enabled.get_or_create(&labels(name));
        gauge.set(is_enabled.into());
    }

    /// An attempt ended; `outcome` is from the dispatcher's closed set.
    pub fn attempt(&self, name: &str, outcome: &'static str, took: Duration) {
        let endpoint = name.to_owned();
        let labels = AttemptLabels { endpoint, outcome };
        self.attempts.get_or_create(&labels).inc();
        self.latency
            .get_or_create(&self::labels(name))
            .observe(took.as_secs_f64());
    }

    /// A delivery was given up.
    pub fn died(&self, name: &str) {
        self.died.get_or_create(&labels(name)).inc();
    }
}

fn labels(name: &str) -> EndpointLabels {
    EndpointLabels {
        endpoint: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Exposition, Metrics};

    #[test]
    fn every_metric_of_the_table_above_is_there_once_used() {
        let metrics = Metrics::new("1.2.3");
        let webhooks = metrics.webhooks();
        webhooks.outbox(1.5, 2);
        webhooks.enabled("core", true);
        webhooks.attempt("core", "refused", Duration::from_millis(7));
        webhooks.died("core");
        let figures = EndpointFigures {
            pending: 3,
            dead: 4,
        };
        webhooks.endpoint("core", figures);
        let text = metrics.render(Exposition::Prometheus);
        for line in [
            "vostro_outbox_lag_seconds 1.5",
            "vostro_outbox_waiting 2",
            r#"vostro_webhook_pending{endpoint="core"} 3"#,
            r#"vostro_webhook_dead{endpoint="core"} 4"#,
            r#"vostro_webhook_died_total{endpoint="core"} 1"#,
            r#"vostro_webhook_enabled{endpoint="core"} 1"#,
            r#"vostro_webhook_attempts_total{endpoint="core",outcome="refused"} 1"#,
            r#"vostro_webhook_attempt_duration_seconds_bucket{le="0.01",endpoint="core"} 1"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }
}
