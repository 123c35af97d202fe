//! `GET /ready`: whether the role can do its work now.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::docs::OperatorFailures;
use crate::edge::Edge;
use crate::problem::{ErrorBody, Problem};
use crate::readiness::{CheckState, Readiness};

/// The answer of `GET /ready`.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the contract's name")]
#[schema(example = json!({
    "ready": true,
    "checks": {"database": "ready", "ai_service": "disabled", "rag": "ready", "guardrails": "ready"},
    "timestamp": 1_703_347_200.25
}))]
pub(crate) struct Ready {
    /// Whether the role can do its work.
    ready: bool,
    /// What it depends on, by name: `database`, `ai_service`, `rag`, `guardrails`, as far as they
    /// apply. `disabled` and `degraded` do not stop it.
    checks: BTreeMap<&'static str, CheckState>,
    /// Unix seconds.
    timestamp: f64,
}

/// Not ready: the members of an error, and those of `Ready`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotReady {
    #[serde(flatten)]
    error: ErrorBody,
    /// Always false here.
    ready: bool,
    /// What the role depends on, by name.
    checks: BTreeMap<&'static str, CheckState>,
}

/// Whether the role can do its work
///
/// Asks everything that it depends on. While the process ends it is not ready.
#[utoipa::path(
    get, path = "/ready", operation_id = "ready", tag = "operations",
    responses(
        (status = 200, description = "It can work", body = Ready),
        (status = 503, description = "It cannot work now", body = NotReady, content_type = "application/problem+json",
            headers(("Retry-After" = u64, description = "Seconds to wait"))),
        OperatorFailures,
    ),
)]
pub(super) async fn ready(State((edge, readiness)): State<(Edge, Readiness)>) -> Response {
    let checks = readiness.ask(edge.settings().deadlines.readiness).await;
    let ready = !edge.is_draining() && checks.iter().all(|(_, state)| state.allows_work());
    let checks: BTreeMap<_, _> = checks.into_iter().collect();
    if !ready {
        return Problem::unavailable("not ready; `checks` says what is missing")
            .with("ready", json!(false))
            .with("checks", json!(checks))
            .into_response();
    }
    Json(Ready {
        ready,
        checks,
        timestamp: edge.timestamp(),
    })
    .into_response()
}
