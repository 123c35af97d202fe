//! Headers that every answer has: limits, and what a browser may do with it.

use axum::http::HeaderMap;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

use crate::limits::Decision;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
/// How many headers an answer gets in this layer, the request's id included: room is made for all at once.
const WRITTEN_HERE: usize = 11;
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The limit's figures. `X-RateLimit-Reset` is the Unix second from which all are left again.
pub(super) fn limits(headers: &mut HeaderMap, decision: Decision, timestamp: f64) {
    headers.reserve(WRITTEN_HERE);
    headers.insert(LIMIT, HeaderValue::from(decision.limit));
    headers.insert(REMAINING, HeaderValue::from(decision.remaining));
    let reset = (timestamp + decision.reset_after.as_secs_f64()).ceil();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and Unix seconds are far from both ends"
    )]
    headers.insert(RESET, HeaderValue::from(reset as u64));
}

/// What a browser may do: nothing, unless the endpoint said otherwise; and over TLS only from then on.
pub(super) fn security(headers: &mut HeaderMap, over_tls: bool) {
    if over_tls {
        // Two years, and every host below (RFC 6797).
        let strict = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, strict);
    }
    let defaults = [
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (RESOURCE_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in defaults {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}
