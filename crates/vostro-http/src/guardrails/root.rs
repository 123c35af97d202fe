//! `GET /` of the guardrails role: what the service is.

use axum::Json;
use axum::extract::State;

use crate::docs::Failures;
use crate::edge::Edge;
use crate::info::ServiceInfo;
use crate::role::Role;

/// What this service is
#[utoipa::path(
    get, path = "/", operation_id = "guardrails", tag = "guardrails",
    responses(
        (status = 200, description = "Name, version, capabilities, endpoints", body = ServiceInfo),
        Failures,
    ),
)]
pub(super) async fn root(State(edge): State<Edge>) -> Json<ServiceInfo> {
    Json(ServiceInfo::of(&edge, Role::Guardrails))
}
