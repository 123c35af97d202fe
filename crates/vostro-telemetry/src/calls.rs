//! The metrics of calls from one Vostro service to another. Labels come from closed sets.
//!
//! | metric | labels | meaning |
//! |---|---|---|
//! | `vostro_service_calls_total` | service, outcome | calls, by how they ended; a call that was made twice counts once |
//! | `vostro_service_call_duration_seconds` | service | how long the caller waited |
//! | `vostro_service_calls_again_total` | service, why | calls that were made a second time: `hedge` (the first was slow), `retry` (no connection) |
//! | `vostro_service_resting` | service | 1 while a service that was silent is left alone |

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Bounds in seconds.
const BUCKETS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1.0,
];

/// Why a call is made a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// The first one is slow.
    Hedge,
    /// The first one made no connection.
    Retry,
}

impl Again {
    const fn label(self) -> &'static str {
        match self {
            Self::Hedge => "hedge",
            Self::Retry => "retry",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByService {
    service: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByEnd {
    service: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByWhy {
    service: &'static str,
    why: &'static str,
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

/// The metrics; part of [`crate::Metrics`].
#[derive(Debug)]
pub struct CallMetrics {
    calls: Family<ByEnd, Counter>,
    seconds: Family<ByService, Histogram, fn() -> Histogram>,
    again: Family<ByWhy, Counter>,
    resting: Family<ByService, Gauge>,
}

impl CallMetrics {
    /// Metrics without a series, known to the registry.
    pub(crate) fn registered(registry: &mut Registry) -> Self {
        let metrics = Self {
            calls: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            again: Family::default(),
            resting: Family::default(),
        };
        registry.register(
            "vostro_service_calls",
            "Calls of other Vostro services",
            metrics.calls.clone(),
        );
        registry.register_with_unit(
            "vostro_service_call_duration",
            "Time of calls of other Vostro services",
            Unit::Seconds,
            metrics.seconds.clone(),
        );
        registry.register(
            "vostro_service_calls_again",
            "Calls of other Vostro services that were made a second time",
            metrics.again.clone(),
        );
        registry.register(
            "vostro_service_resting",
            "Whether a service that was silent is left alone",
            metrics.resting.clone(),
        );
        metrics
    }

    /// A call ended so; the outcome is a name from a closed set.
    pub fn ended(&self, service: &'static str, outcome: &'static str, took: Duration) {
        self.calls.get_or_create(&ByEnd { service, outcome }).inc();
        let seconds = took.as_secs_f64();
        let by = ByService { service };
        self.seconds.get_or_create(&by).observe(seconds);
    }

    /// A call is made a second time.
    pub fn again(&self, service: &'static str, why: Again) {
        let why = why.label();
        self.again.get_or_create(&ByWhy { service, why }).inc();
    }

    /// Whether the service is left alone.
    pub fn resting(&self, service: &'static str, resting: bool) {
        let by = ByService { service };
        self.resting.get_or_create(&by).set(i64::from(resting));
    }
}
