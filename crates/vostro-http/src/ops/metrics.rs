//! `GET /metrics`: the metrics, for a Prometheus server.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use vostro_telemetry::Exposition;

use crate::docs::OperatorFailures;
use crate::edge::Edge;

/// Metrics
///
/// Prometheus text, or `OpenMetrics` for who accepts `application/openmetrics-text`.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "operations",
    responses(
        (status = 200, description = "All metrics of the process", body = String, content_type = "text/plain; version=0.0.4",
            example = json!("# TYPE http_requests_total counter\nhttp_requests_total{role=\"concierge\",method=\"POST\",route=\"/api/v1/chat\",status=\"200\"} 1\n")),
        OperatorFailures,
    ),
)]
pub(super) async fn metrics(State(edge): State<Edge>, headers: HeaderMap) -> Response {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    let exposition = Exposition::accepted(accept);
    let text = edge.metrics().render(exposition);
    ([(CONTENT_TYPE, exposition.content_type())], text).into_response()
}
