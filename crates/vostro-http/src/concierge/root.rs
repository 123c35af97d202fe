//! `GET /` of the concierge: what the service is, as JSON; for browsers the customer's page. A program that was
//! compiled without it shows a plain page that says where things are.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, HOST, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::docs::Failures;
use crate::edge::Edge;
use crate::info::ServiceInfo;
use crate::problem::Problem;
use crate::role::Role;
use crate::web;

/// The customer's page: files and answers of this origin only, and no text that becomes script. `lit-html` is the
/// one Trusted Types policy, of the library that makes templates from the page's own constants.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types lit-html";

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
    let mut page = match built("index.html", &headers) {
        Some(mut page) => {
            let vary = HeaderValue::from_static("accept");
            page.headers_mut().append(VARY, vary);
            page
        }
        None => plain(&edge, &headers),
    };
    let framed = framed(page.headers(), &edge.settings().frame_ancestors);
    if let Some(policy) = framed {
        page.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    page
}

/// The page's policy with the origins whose pages may show it in a frame; where there are none, it stays. Browsers go by
/// it before `X-Frame-Options` (Content Security Policy Level 3, 6.4.2.2), which stays a refusal for those that do not know it.
fn framed(headers: &HeaderMap, ancestors: &[String]) -> Option<HeaderValue> {
    let policy = headers.get(CONTENT_SECURITY_POLICY)?.to_str().ok()?;
    if ancestors.is_empty() {
        return None;
    }
    let listed = format!("frame-ancestors {}", ancestors.join(" "));
    HeaderValue::try_from(policy.replace("frame-ancestors 'none'", &listed)).ok()
}

/// `GET /desk`: the page of the bank's colleagues. What it shows is behind the operators' secret; the page is not.
pub(super) async fn desk(headers: HeaderMap) -> Result<Response, Problem> {
    built("desk.html", &headers).ok_or(Problem::not_found("the desk is not part of this build"))
}

/// A page of the build, under its policy.
fn built(name: &str, headers: &HeaderMap) -> Option<Response> {
    let mut page = web::file(name)?.respond(headers);
    let policy = HeaderValue::from_static(PAGE_POLICY);
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Some(page)
}

/// The page of a program that was compiled before the page was built.
fn plain(edge: &Edge, headers: &HeaderMap) -> Response {
    let page = PAGE
        .replace("{style}", STYLE)
        .replace("{address}", address(headers))
        .replace("{version}", &escaped(&edge.settings().version));
    let headers = [(VARY, "accept"), (CONTENT_SECURITY_POLICY, POLICY.as_str())];
    (headers, Html(page)).into_response()
}

/// Where the browser found this page, so that the command on it can be pasted as it is.
fn address(headers: &HeaderMap) -> &str {
    let plain = |host: &&str| {
        host.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte))
    };
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    host.filter(plain).unwrap_or("localhost:8000")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_for_those_who_are_listed() {
        let bank = ["https://www.example.com", "https://app.example.com"].map(str::to_owned);
        for policy in [PAGE_POLICY, POLICY.as_str()] {
            let headers: HeaderMap = [(
                CONTENT_SECURITY_POLICY,
                HeaderValue::try_from(policy).unwrap(),
            )]
            .into_iter()
            .collect();
            assert_eq!(framed(&headers, &[]), None);
            let told = framed(&headers, &bank).unwrap();
            let told = told.to_str().unwrap();
            let listed = "frame-ancestors https://www.example.com https://app.example.com";
            assert!(
                told.contains(listed) && !told.contains("frame-ancestors 'none'"),
                "{told}"
            );
            assert!(told.contains("base-uri 'none'"), "{told}");
        }
    }

    #[test]
    fn the_command_names_the_host_that_was_asked_and_nothing_strange() {
        let cases = [
            (Some("127.0.0.1:9100"), "127.0.0.1:9100"),
            (Some("[::1]:8000"), "[::1]:8000"),
            (Some("x<script>"), "localhost:8000"),
            (Some("a b"), "localhost:8000"),
            (None, "localhost:8000"),
        ];
        for (host, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(host) = host {
                headers.insert(HOST, HeaderValue::from_str(host).unwrap());
            }
            assert_eq!(address(&headers), expected, "{host:?}");
        }
    }
}
