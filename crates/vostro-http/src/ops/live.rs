//! `GET /live`: the process's own figures, measured.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::docs::OperatorFailures;
use crate::edge::Edge;

/// The answer of `GET /live`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Live {
    /// Always true: a process that is not alive does not answer.
    alive: bool,
    /// Unix seconds.
    #[schema(example = 1_703_347_200.25)]
    timestamp: f64,
    /// Resident memory in MB (1,000,000 bytes), measured; null where the system does not tell.
    #[schema(example = 42.5)]
    memory_usage_mb: Option<f64>,
    /// Processor time in percent of one core (two busy cores are 200), over the time since it was
    /// last asked, at least a second; the first time since the process began.
    #[schema(example = 3.25)]
    cpu_percent: f64,
}

/// What the process uses
#[utoipa::path(
    get, path = "/live", operation_id = "live", tag = "operations",
    responses((status = 200, description = "It is alive", body = Live), OperatorFailures),
)]
pub(super) async fn live(State(edge): State<Edge>) -> Json<Live> {
    let (figures, cpu_percent) = edge.process();
    #[expect(clippy::cast_precision_loss, reason = "megabytes need no more")]
    let memory_usage_mb = figures
        .resident_bytes
        .map(|bytes| two_decimals(bytes as f64 / 1e6));
    Json(Live {
        alive: true,
        timestamp: edge.timestamp(),
        memory_usage_mb,
        cpu_percent: two_decimals(cpu_percent),
    })
}

fn two_decimals(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}
