//! The rag role's port: its operations, and what every role answers.

mod context;
mod documents;
mod question;
mod root;
mod search;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::docs;
use crate::edge::Edge;
use crate::layers;
use crate::ops;
use crate::role::Role;
use crate::services::RagService;

/// This role's own operations, which the concierge's port may answer too.
pub(crate) fn api() -> OpenApiRouter<(Edge, RagService)> {
    OpenApiRouter::new()
        .routes(routes!(search::search))
        .routes(routes!(context::context))
        .routes(routes!(documents::add, documents::list))
        .routes(routes!(documents::one, documents::remove))
}

/// The operations of this role, for the document.
pub(crate) fn described() -> OpenApi {
    let root: OpenApiRouter<Edge> = OpenApiRouter::new().routes(routes!(root::root));
    let mut document = api().into_openapi();
    document.merge(root.into_openapi());
    document
}

/// The rag role's port.
pub fn rag_router(edge: &Edge, service: RagService) -> Router {
    let root = OpenApiRouter::new()
        .routes(routes!(root::root))
        .with_state(edge.clone());
    let router: OpenApiRouter = ops::router(edge, service.readiness.clone())
        .merge(root)
        .merge(api().with_state((edge.clone(), service)));
    let (router, _) = router.split_for_parts();
    layers::wrap(router.merge(docs::router(&[Role::Rag])), edge, Role::Rag)
}
