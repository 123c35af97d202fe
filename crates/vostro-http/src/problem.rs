//! Every answer that is not a success: RFC 9457 problem details with the contract's three members.
//!
//! A handler returns a [`Problem`]; the outermost layer writes its body, since only there the time, the
//! request's id and its path are known, and since that way no error can leave in another form.
//! `detail` is for the client's developer: it says what to change, and never what went on inside.

use std::borrow::Cow;
use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The media type of problem details.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// The body of an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "error": "ValidationError",
    "detail": "`message` is missing",
    "timestamp": 1_703_347_200.0,
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "instance": "/api/v1/chat",
    "request_id": "req_00041061050r3gg28a1c60t3gf"
}))]
pub struct ErrorBody {
    /// The kind of error, stable: `BadRequest`, `ValidationError`, `RateLimitExceeded`, ….
    pub error: String,
    /// What is wrong with this request, in words.
    pub detail: String,
    /// When it was answered, in Unix seconds.
    pub timestamp: f64,
    /// `about:blank`: the status says all that there is to know about the kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The path that was asked for.
    pub instance: String,
    /// The request's id, as in `X-Request-Id`.
    pub request_id: String,
}

/// An answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    detail: Cow<'static, str>,
    retry_after: Option<Duration>,
    members: Vec<(&'static str, Value)>,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            detail: detail.into(),
            retry_after: None,
            members: Vec::new(),
        }
    }

    /// 400: not what the protocol or the format allows.
    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 401: who calls is not known.
    pub fn unauthorized(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    /// 403: not for this caller.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// 404: nothing there, or nothing that the caller may know of.
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// 408: the request or its turn took too long.
    pub fn timeout(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, detail)
    }

    /// 409: another request came in between.
    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    /// 409: the same request is being answered; come back for its answer.
    pub(crate) fn still_under_way(detail: impl Into<Cow<'static, str>>) -> Self {
        let mut problem = Self::conflict(detail);
        problem.retry_after = Some(Duration::from_secs(1));
        problem
    }

    /// A refusal that was given before.
    pub(crate) fn repeated(status: StatusCode, detail: String) -> Self {
        Self::new(status, detail)
    }

    /// 413: too much.
    pub fn too_large(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    /// 415: not a format that is read here.
    pub fn unsupported_media_type(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    }

    /// 422: well formed, and wrong.
    pub fn invalid(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// 429: too often.
    pub fn rate_limited(detail: impl Into<Cow<'static, str>>, retry_after: Duration) -> Self {
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, detail);
        problem.retry_after = Some(retry_after);
        problem
    }

    /// 431: too many or too long headers.
    pub fn headers_too_large(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, detail)
    }

    /// 500: our fault. What went wrong is logged where it happened and told to nobody else.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, default_detail(500))
    }

    /// 503: something that is needed does not answer.
    pub fn unavailable(detail: impl Into<Cow<'static, str>>) -> Self {
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, detail);
        problem.retry_after = Some(Duration::from_secs(2));
        problem
    }

    /// For an error status that came without details, from a library below us.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        Self::new(status, default_detail(status.as_u16()))
    }

    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// What is wrong with the request.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The contract's name for this kind of error.
    pub(crate) fn error_name(&self) -> &'static str {
        error_name(self.status)
    }

    /// Adds a member of its own to the body (RFC 9457, section 3.2).
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: Value) -> Self {
        self.members.push((name, value));
        self
    }

    /// The body, as bytes of JSON.
    pub(crate) fn body(&self, occurrence: &Occurrence<'_>) -> Vec<u8> {
        let body = ErrorBody {
            error: error_name(self.status).to_owned(),
            detail: self.detail.clone().into_owned(),
            timestamp: occurrence.timestamp,
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            instance: occurrence.path.chars().take(200).collect(),
            request_id: occurrence.request_id.to_owned(),
        };
        let mut body = serde_json::to_value(body).unwrap_or_default();
        if let Value::Object(all) = &mut body {
            all.extend(
                self.members
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone())),
            );
        }
        body.to_string().into_bytes()
    }

    /// The headers that belong to the body.
    pub(crate) fn write_headers(&self, headers: &mut HeaderMap<HeaderValue>) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
        }
    }
}

/// What only the outermost layer knows of a problem.
pub(crate) struct Occurrence<'a> {
    pub(crate) timestamp: f64,
    pub(crate) path: &'a str,
    pub(crate) request_id: &'a str,
}

/// Seconds for `Retry-After`: rounded up, at least one.
fn whole_seconds(wait: Duration) -> u64 {
    let up = u64::from(wait.subsec_nanos() > 0);
    (wait.as_secs() + up).max(1)
}

/// The contract's names.
fn error_name(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        408 => "RequestTimeout",
        409 => "Conflict",
        413 => "PayloadTooLarge",
        415 => "UnsupportedMediaType",
        422 => "ValidationError",
        429 => "RateLimitExceeded",
        431 => "HeadersTooLarge",
        503 => "ServiceUnavailable",
        500.. => "InternalError",
        _ => "BadRequest",
    }
}

fn default_detail(status: u16) -> &'static str {
    match status {
        404 => "there is nothing under this path",
        405 => "this path does not take this method; `Allow` lists those it takes",
        500.. => "the request could not be answered; it is logged under its request id",
        _ => "the request could not be read",
    }
}

impl IntoResponse for Problem {
    /// The status, with the problem beside it; its body is written by the outermost layer.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        self.write_headers(response.headers_mut());
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_the_contract_has_its_name() {
        let cases = [
            (400, "BadRequest"),
            (401, "Unauthorized"),
            (403, "Forbidden"),
            (404, "NotFound"),
            (405, "MethodNotAllowed"),
            (408, "RequestTimeout"),
            (409, "Conflict"),
            (413, "PayloadTooLarge"),
            (415, "UnsupportedMediaType"),
            (422, "ValidationError"),
            (429, "RateLimitExceeded"),
            (431, "HeadersTooLarge"),
            (500, "InternalError"),
            (503, "ServiceUnavailable"),
        ];
        for (status, name) in cases {
            assert_eq!(error_name(StatusCode::from_u16(status).unwrap()), name);
        }
    }

    #[test]
    fn retry_after_is_never_zero() {
        let cases = [
            (0, 1),
            (1, 1),
            (999, 1),
            (1_000, 1),
            (1_001, 2),
            (60_000, 60),
        ];
        for (ms, seconds) in cases {
            assert_eq!(whole_seconds(Duration::from_millis(ms)), seconds, "{ms}");
        }
    }
}
