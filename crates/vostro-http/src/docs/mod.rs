//! The API's description: `/openapi.json` (`OpenAPI` 3.1) and `/docs`, a browsable form of it that loads
//! nothing from anywhere else.

mod failures;
mod openapi;
mod swagger;
mod v3_0;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use failures::{BodyFailures, Failures, OperatorFailures};
pub use openapi::{openapi_json, openapi_yaml_3_0};

use crate::role::Role;

type Document = Arc<str>;

fn api() -> OpenApiRouter<Document> {
    OpenApiRouter::new().routes(routes!(document))
}

fn described() -> OpenApi {
    api().into_openapi()
}

/// The description of these roles' operations, and its pages.
pub(crate) fn router(roles: &[Role]) -> Router {
    let document: Document = openapi::document(roles, "/").to_string().into();
    let (described, _) = api().with_state(document).split_for_parts();
    described
        .route("/docs", get(swagger::index))
        .route("/docs/", get(swagger::index))
        .route("/docs/{asset}", get(swagger::asset))
}

/// This description
///
/// `OpenAPI` 3.1 of the operations that this port answers. `/docs` shows it.
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "operations",
    responses((status = 200, description = "The document", body = Object), Failures),
)]
async fn document(State(document): State<Document>) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, document.to_string()).into_response()
}
