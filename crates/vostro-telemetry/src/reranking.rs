//! How often a model puts passages into another order, why not, and how long that takes.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::Metrics;
use crate::metrics::LATENCY_BUCKETS;

/// What came of a search that a model was to put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RerankingOutcome {
    /// Passages changed places.
    Reordered,
    /// The order was the model's already.
    Unchanged,
    /// It took too long; the order stands.
    Slow,
    /// Others were being put in order; the order stands.
    Busy,
    /// It failed or was slow a moment ago and was not asked; the order stands.
    Resting,
    /// It failed; the order stands.
    Failed,
}

impl RerankingOutcome {
    const ALL: [Self; 6] = [
        Self::Reordered,
        Self::Unchanged,
        Self::Slow,
        Self::Busy,
        Self::Resting,
        Self::Failed,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Reordered => "reordered",
            Self::Unchanged => "unchanged",
            Self::Slow => "slow",
            Self::Busy => "busy",
            Self::Resting => "resting",
            Self::Failed => "failed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    outcome: &'static str,
}

/// The reranking's metrics.
#[derive(Debug)]
pub struct RerankingMetrics {
    outcomes: Family<Labels, Counter>,
    latency: Histogram,
}

impl RerankingMetrics {
    pub(crate) fn registered(registry: &mut Registry) -> Self {
        let metrics = Self {
            outcomes: Family::default(),
            latency: Histogram::new(LATENCY_BUCKETS),
        };
        registry.register(
            "vostro_rerankings",
            "Searches that a model was to put in order",
            metrics.outcomes.clone(),
        );
        registry.register_with_unit(
            "vostro_reranking_duration",
            "Time that a search waited for the model's order",
            Unit::Seconds,
            metrics.latency.clone(),
        );
        for outcome in RerankingOutcome::ALL.map(RerankingOutcome::label) {
            drop(metrics.outcomes.get_or_create(&Labels { outcome }));
        }
        metrics
    }

    /// A search went on, after it waited so long.
    pub fn ended(&self, outcome: RerankingOutcome, waited: Duration) {
        let outcome = outcome.label();
        self.outcomes.get_or_create(&Labels { outcome }).inc();
        self.latency.observe(waited.as_secs_f64());
    }
}

impl Metrics {
    /// The metrics of a model that puts passages in order.
    pub const fn reranking(&self) -> &RerankingMetrics {
        &self.reranking
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Exposition;

    #[test]
    fn each_search_is_counted_with_what_came_of_it() {
        let metrics = Metrics::new("1.2.3");
        let ended = |outcome, ms| {
            let waited = Duration::from_millis(ms);
            metrics.reranking().ended(outcome, waited);
        };
        ended(RerankingOutcome::Slow, 40);
        ended(RerankingOutcome::Reordered, 20);
        ended(RerankingOutcome::Reordered, 300);
        let text = metrics.render(Exposition::Prometheus);
        for line in [
            r#"vostro_rerankings_total{outcome="slow"} 1"#,
            r#"vostro_rerankings_total{outcome="reordered"} 2"#,
            r#"vostro_rerankings_total{outcome="unchanged"} 0"#,
            r#"vostro_rerankings_total{outcome="busy"} 0"#,
            r#"vostro_rerankings_total{outcome="resting"} 0"#,
            r#"vostro_rerankings_total{outcome="failed"} 0"#,
            r#"vostro_reranking_duration_seconds_bucket{le="0.05"} 2"#,
            "vostro_reranking_duration_seconds_count 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
    }
}
