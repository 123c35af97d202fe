//! The request line: the one log line that every HTTP request leaves, an interface for operators.
//!
//! | field | type | meaning |
//! |---|---|---|
//! | `request_id` | string | the `X-Request-Id` of the answer |
//! | `role` | string | the port's role: `concierge`, `rag` or `guardrails` |
//! | `method` | string | the HTTP method, `OTHER` for one outside RFC 9110 |
//! | `route` | string | the route's template (`/api/v1/chat/{turn_id}/events`), `unmatched` for any other path |
//! | `status` | number | the HTTP status of the answer |
//! | `latency_ms` | number | from the request's head being read to the answer's head being ready |
//!
//! The target is `vostro::request`, the level `INFO` (`WARN` for a status of 500 and more). There is no
//! field for a path, a query, a header, a body, a user or a session: what has no field cannot leak.

use std::time::Duration;

/// The fields of the request line.
#[derive(Debug, Clone, Copy)]
pub struct RequestLine<'a> {
    /// The request's id.
    pub request_id: &'a str,
    /// The role of the port that was asked.
    pub role: &'static str,
    /// The method.
    pub method: &'static str,
    /// The route's template, or `unmatched`.
    pub route: &'a str,
    /// The answer's status.
    pub status: u16,
    /// How long it took.
    pub latency: Duration,
}

impl RequestLine<'_> {
    /// Writes the line.
    pub fn log(&self) {
        let Self {
            request_id,
            role,
            method,
            route,
            status,
            latency,
        } = *self;
        let latency_ms = (latency.as_secs_f64() * 1e6).round() / 1e3;
        if status >= 500 {
            tracing::warn!(target: "vostro::request", request_id, role, method, route, status, latency_ms, "request");
        } else {
            tracing::info!(target: "vostro::request", request_id, role, method, route, status, latency_ms, "request");
        }
    }
}
