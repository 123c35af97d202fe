//! What operators ask every role: is it up, can it work, what does it use. These are never limited, so
//! that a flood of customers does not blind those who watch.

mod health;
mod live;
mod metrics;
mod ready;

use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::edge::Edge;
use crate::readiness::Readiness;

fn api() -> OpenApiRouter<(Edge, Readiness)> {
    OpenApiRouter::new()
        .routes(routes!(health::health))
        .routes(routes!(ready::ready))
        .routes(routes!(live::live))
        .routes(routes!(metrics::metrics))
}

/// The four operations, for the document.
pub(crate) fn described() -> OpenApi {
    api().into_openapi()
}

/// The four operational endpoints.
pub(crate) fn router(edge: &Edge, readiness: Readiness) -> OpenApiRouter {
    api().with_state((edge.clone(), readiness))
}
