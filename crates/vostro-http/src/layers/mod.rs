//! What every request passes on its way in and out, outermost first: observation (id, log line,
//! metrics, problem bodies, headers), the net under panics, admission (size, limits, the table).

mod admit;
mod cors;
mod headers;
mod observe;

use std::any::Any;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

use crate::edge::Edge;
use crate::problem::Problem;
use crate::role::Role;

/// Puts the layers around a role's router.
pub(crate) fn wrap(router: Router, edge: &Edge, role: Role) -> Router {
    let router = router
        .layer(from_fn_with_state(edge.clone(), admit::admit))
        .layer(CatchPanicLayer::custom(panicked));
    let router = match role {
        Role::Concierge => cors::allow(router, &edge.settings().allowed_origins),
        Role::Rag | Role::Guardrails => router,
    };
    router.layer(from_fn_with_state((edge.clone(), role), observe::observe))
}

/// The panic's own words are not repeated: they may hold anything.
fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request panicked");
    Problem::internal().into_response()
}
