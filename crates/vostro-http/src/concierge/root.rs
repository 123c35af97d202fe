//! `GET /` of the concierge: what the service is, as JSON; for browsers a page. The page here only says
//! where things are; the customer's page takes its place.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, VARY};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::docs::Failures;
use crate::edge::Edge;
use crate::info::ServiceInfo;
use crate::role::Role;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// Only this very style sheet, and nothing else at all.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
});

/// What this service is
///
/// JSON; a page for those who accept `text/html`.
#[utoipa::path(
    get, path = "/", operation_id = "concierge", tag = "concierge",
    responses(
        (status = 200, description = "Name, version, capabilities, endpoints", content(
            (ServiceInfo = "application/json"),
            (String = "text/html"),
        )),
        Failures,
    ),
)]
pub(super) async fn root(State(edge): State<Edge>, headers: HeaderMap) -> Response {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    if !accept.is_some_and(|accept| accept.contains("text/html")) {
        return (
            [(VARY, "accept")],
            Json(ServiceInfo::of(&edge, Role::Concierge)),
        )
            .into_response();
    }
    let page = PAGE
        .replace("{style}", STYLE)
        .replace("{version}", &escaped(&edge.settings().version));
    let headers = [(VARY, "accept"), (CONTENT_SECURITY_POLICY, POLICY.as_str())];
    (headers, Html(page)).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
