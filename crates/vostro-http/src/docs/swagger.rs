//! `/docs`: Swagger UI, from files that are part of the program, under a policy of its own.

use std::sync::{Arc, LazyLock};

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use utoipa_swagger_ui::Config;

use crate::problem::Problem;

/// Swagger UI writes style attributes and draws with data images; scripts come from here only.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::from("/openapi.json")
        .try_it_out_enabled(true)
        .validator_url("none");
    Arc::new(config)
});

/// Pages name their files relative to `/docs/`.
pub(super) async fn index() -> Redirect {
    Redirect::permanent("/docs/index.html")
}

pub(super) async fn asset(Path(asset): Path<String>) -> Result<Response, Problem> {
    let found = utoipa_swagger_ui::serve(&asset, CONFIG.clone());
    let file = found.map_err(|error| {
        tracing::error!(%error, "a page of the API's description failed");
        Problem::internal()
    })?;
    let file = file.ok_or(Problem::not_found("there is no such page"))?;
    let headers = [
        (CONTENT_TYPE, file.content_type.as_str()),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "max-age=3600"),
    ];
    Ok((headers, file.bytes.into_owned()).into_response())
}
