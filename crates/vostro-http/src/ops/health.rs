//! `GET /health`: the process answers, its version, and since when.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::docs::OperatorFailures;
use crate::edge::Edge;

/// How the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum HealthStatus {
    /// It serves.
    Healthy,
    /// It is about to end.
    Unhealthy,
}

/// The answer of `GET /health`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    status: HealthStatus,
    /// Unix seconds.
    #[schema(example = 1_703_347_200.25)]
    timestamp: f64,
    /// The program's version.
    #[schema(example = "0.1.0")]
    version: String,
    /// Seconds since the service began.
    #[schema(example = 86_400.5)]
    uptime: f64,
}

/// Whether the process answers
///
/// Says nothing of what it depends on; that is `/ready`.
#[utoipa::path(
    get, path = "/health", operation_id = "health", tag = "operations",
    responses((status = 200, description = "It answers", body = Health), OperatorFailures),
)]
pub(super) async fn health(State(edge): State<Edge>) -> Json<Health> {
    let status = if edge.is_draining() {
        HealthStatus::Unhealthy
    } else {
        HealthStatus::Healthy
    };
    Json(Health {
        status,
        timestamp: edge.timestamp(),
        version: edge.settings().version.clone(),
        uptime: edge.uptime_seconds(),
    })
}
