//! `GET /assets/{asset}`: scripts and styles of the built pages and the widget; `GET /desk`.

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use crate::problem::Problem;
use crate::web;

pub(super) fn router() -> Router {
    Router::new()
        .route("/assets/{asset}", get(asset))
        .route("/desk", get(super::root::desk))
}

async fn asset(Path(asset): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let file = web::file(&format!("assets/{asset}"));
    let file = file.ok_or(Problem::not_found("there is no such file"))?;
    Ok(file.respond(&headers))
}
