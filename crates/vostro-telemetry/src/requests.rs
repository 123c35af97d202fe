//! The metrics of HTTP requests. A latency keeps the request that was last seen in each of its buckets as
//! its exemplar (`OpenMetrics` only): from a slow bucket one gets to a request's log line and trace.

use std::time::{Duration, SystemTime};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::exemplar::HistogramWithExemplars;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use crate::metrics::LATENCY_BUCKETS;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    role: &'static str,
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    role: &'static str,
    route: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RoleLabels {
    role: &'static str,
}

/// What leads from a bucket to one of its requests.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestExemplar {
    request_id: String,
}

type LatencyHistogram = HistogramWithExemplars<RequestExemplar>;

fn histogram() -> LatencyHistogram {
    HistogramWithExemplars::new(LATENCY_BUCKETS.into_iter())
}

/// A request that was answered, or whose client hung up.
#[derive(Debug, Clone, Copy)]
pub struct AnsweredRequest<'a> {
    /// The role of the port that was asked.
    pub role: &'static str,
    /// The method, of the closed set.
    pub method: &'static str,
    /// The route's template.
    pub route: &'static str,
    /// The answer's status.
    pub status: u16,
    /// How long it took.
    pub latency: Duration,
    /// The request's id: for the exemplar, never a label.
    pub request_id: &'a str,
    /// When it was answered.
    pub at: SystemTime,
}

/// The metrics of HTTP requests.
#[derive(Debug)]
pub(crate) struct RequestMetrics {
    requests: Family<RequestLabels, Counter>,
    latency: Family<RouteLabels, LatencyHistogram, fn() -> LatencyHistogram>,
    in_flight: Family<RoleLabels, Gauge>,
}

impl RequestMetrics {
    pub(crate) fn registered(registry: &mut Registry) -> Self {
        let metrics = Self {
            requests: Family::default(),
            latency: Family::new_with_constructor(histogram),
            in_flight: Family::default(),
        };
        registry.register(
            "http_requests",
            "Requests answered",
            metrics.requests.clone(),
        );
        registry.register_with_unit(
            "http_request_duration",
            "Time to the answer's head",
            Unit::Seconds,
            metrics.latency.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests being answered",
            metrics.in_flight.clone(),
        );
        metrics
    }

    pub(crate) fn began(&self, role: &'static str) {
        self.in_flight.get_or_create(&RoleLabels { role }).inc();
    }

    pub(crate) fn ended(&self, request: &AnsweredRequest<'_>) {
        let AnsweredRequest {
            role,
            method,
            route,
            status,
            ..
        } = *request;
        self.in_flight.get_or_create(&RoleLabels { role }).dec();
        let labels = RequestLabels {
            role,
            method,
            route,
            status,
        };
        self.requests.get_or_create(&labels).inc();
        let exemplar = RequestExemplar {
            request_id: request.request_id.to_owned(),
        };
        self.latency
            .get_or_create(&RouteLabels { role, route })
            .observe(
                request.latency.as_secs_f64(),
                Some(exemplar),
                Some(request.at),
            );
    }
}
