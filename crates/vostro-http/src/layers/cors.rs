//! Which other origins' pages may call the concierge from a browser (Fetch standard, CORS protocol): those that
//! are configured, for the widget on a bank's own site. None by default.

use std::time::Duration;

use axum::Router;
use axum::http::Method;
use axum::http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER,
};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember the answer to its question.
const REMEMBERED: Duration = Duration::from_hours(1);

/// Lets pages of these origins call; what a browser sends of cookies is not asked for and not believed.
pub(super) fn allow(router: Router, origins: &[String]) -> Router {
    let origins: Vec<HeaderValue> = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok())
        .collect();
    if origins.is_empty() {
        return router;
    }
    router.layer(
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([
                ACCEPT,
                AUTHORIZATION,
                CONTENT_TYPE,
                HeaderName::from_static("idempotency-key"),
                HeaderName::from_static("last-event-id"),
            ])
            .expose_headers([
                RETRY_AFTER,
                HeaderName::from_static("idempotency-replayed"),
                HeaderName::from_static("x-request-id"),
            ])
            .max_age(REMEMBERED),
    )
}
