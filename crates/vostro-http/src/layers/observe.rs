//! The outermost layer: gives a request its id, and its answer the body of a problem, its headers, a
//! log line and its place in the metrics.

use std::net::SocketAddr;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use vostro_telemetry::{AnsweredRequest, RequestLine};
use vostro_types::RequestId;

use super::headers;
use crate::auth::{Credential, UNMATCHED, operations};
use crate::edge::{Caller, Edge};
use crate::limits::Decision;
use crate::problem::{Occurrence, Problem};
use crate::role::Role;

/// The header of a request's id, taken from the request when it is fit, and always in the answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What is noted when the client hung up before the answer.
const CLIENT_CLOSED: u16 = 499;

pub(super) async fn observe(
    State((edge, role)): State<(Edge, Role)>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = caller(&edge, &request);
    let mut observed = Observed::begin(&edge, role, &request, caller.request_id.clone());
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(caller.clone());
    let span = tracing::info_span!("request", request_id = caller.request_id.as_str());
    let mut response = next.run(request).instrument(span).await;
    let timestamp = edge.timestamp();
    if response.status().is_client_error() || response.status().is_server_error() {
        let occurrence = Occurrence {
            timestamp,
            path: &path,
            request_id: caller.request_id.as_str(),
        };
        write_problem(&mut response, &occurrence);
    }
    let per_minute = edge.settings().limits.per_minute;
    let decision = caller.decision();
    let decision = decision.unwrap_or(Decision::untouched(per_minute));
    headers::limits(response.headers_mut(), decision, timestamp);
    headers::security(response.headers_mut(), edge.settings().tls.is_some());
    if let Ok(id) = HeaderValue::from_str(caller.request_id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    observed.status = response.status().as_u16();
    response
}

fn caller(edge: &Edge, request: &Request) -> Caller {
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let settings = edge.settings();
    let service_token = settings.service_token.as_ref();
    let admin_token = settings.admin_token.as_ref();
    Caller::new(
        given_id(request.headers()).unwrap_or_else(|| edge.new_request_id()),
        address.map(|ConnectInfo(address)| address.ip()),
        Credential::of(request.headers(), service_token, admin_token),
    )
}

/// The client's own id for the request, when it is one that can stand in a log: up to 64 letters,
/// digits, `-`, `_`, `.` with a letter among them; digits alone could be an account's number.
fn given_id(headers: &HeaderMap) -> Option<RequestId> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let fit = (1..=64).contains(&text.len())
        && text.bytes().all(plain)
        && text.bytes().any(|byte| byte.is_ascii_alphabetic());
    fit.then(|| RequestId::new(text).ok()).flatten()
}

fn write_problem(response: &mut Response, occurrence: &Occurrence<'_>) {
    let problem = response
        .extensions_mut()
        .remove::<Problem>()
        .unwrap_or_else(|| Problem::of_status(response.status()));
    problem.write_headers(response.headers_mut());
    response.headers_mut().remove(CONTENT_LENGTH);
    *response.body_mut() = Body::from(problem.body(occurrence));
}

/// A request under way. Dropping it writes its line, also when the client hung up.
struct Observed {
    edge: Edge,
    role: Role,
    method: &'static str,
    route: &'static str,
    request_id: RequestId,
    began: Instant,
    status: u16,
}

impl Observed {
    fn begin(edge: &Edge, role: Role, request: &Request, request_id: RequestId) -> Self {
        edge.metrics().request_began(role.name());
        let path = request.extensions().get::<MatchedPath>();
        let row = path.and_then(|path| operations().iter().find(|row| row.path == path.as_str()));
        Self {
            edge: edge.clone(),
            role,
            method: method_name(request.method()),
            route: row.map_or(UNMATCHED, |row| row.path),
            request_id,
            began: Instant::now(),
            status: CLIENT_CLOSED,
        }
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        let latency = self.began.elapsed();
        let role = self.role.name();
        let metrics = self.edge.metrics();
        metrics.request_ended(&AnsweredRequest {
            role,
            method: self.method,
            route: self.route,
            status: self.status,
            latency,
            request_id: self.request_id.as_str(),
            at: self.edge.now(),
        });
        RequestLine {
            request_id: self.request_id.as_str(),
            role,
            method: self.method,
            route: self.route,
            status: self.status,
            latency,
        }
        .log();
    }
}

/// Methods are a closed set in logs and metrics.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_harmless_id_is_taken_over() {
        let cases = [
            ("client-id-0001", true),
            ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", true),
            ("r1", true),
            ("", false),
            ("4000123498761234", false),
            ("123-45-6789", false),
            ("has space in it", false),
            ("line\tbreak-id", false),
            ("quote\"quote-id", false),
        ];
        for (text, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, text.parse().unwrap());
            assert_eq!(given_id(&headers).is_some(), expected, "{text:?}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, "x".repeat(65).parse().unwrap());
        assert!(given_id(&headers).is_none());
    }
}
