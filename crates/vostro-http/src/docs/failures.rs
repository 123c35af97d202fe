//! The errors that many operations share, described once.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::json;
use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use crate::problem::{PROBLEM_JSON, Problem};

type Responses = BTreeMap<String, RefOr<Response>>;

/// What can happen to any request that is limited.
pub(crate) struct Failures;

/// What can happen to a request of an operator, which is never limited.
pub(crate) struct OperatorFailures;

/// What can be wrong with a body.
pub(crate) struct BodyFailures;

/// What can be wrong with a credential; the table of operations says where one is asked for.
pub(crate) struct AccessFailures;

impl IntoResponses for Failures {
    fn responses() -> Responses {
        let mut all = OperatorFailures::responses();
        all.extend(described(&[(
            429,
            "Too often, or too many at once; wait for `Retry-After` seconds",
            "at most 100 requests a minute",
        )]));
        all
    }
}

impl IntoResponses for OperatorFailures {
    fn responses() -> Responses {
        described(&[
            (
                431,
                "The request line and headers are too long",
                "the request line and its headers have at most 16384 bytes",
            ),
            (
                500,
                "Our fault; it is logged under the request's id",
                "the request could not be answered; it is logged under its request id",
            ),
        ])
    }
}

impl IntoResponses for AccessFailures {
    fn responses() -> Responses {
        described(&[
            (
                401,
                "No credential, or one that is not accepted",
                "this takes a bearer token or key that is accepted here",
            ),
            (
                403,
                "The credential lacks the scope, or is another customer's or colleague's; in the sandbox an \
                 administrator's call that is not from this machine",
                "this takes a credential with the scope `chat`",
            ),
            (
                503,
                "Tokens cannot be checked at the moment",
                "tokens cannot be checked at the moment, so none are accepted",
            ),
        ])
    }
}

impl IntoResponses for BodyFailures {
    fn responses() -> Responses {
        described(&[
            (
                400,
                "The body is not JSON",
                "the body is not JSON: it breaks at line 1, column 12",
            ),
            (
                408,
                "The body, or the answer, took too long",
                "the body did not arrive in time",
            ),
            (
                413,
                "The body is too large",
                "a body has at most 65536 bytes",
            ),
            (
                415,
                "The body is said to be something else than JSON",
                "send the body as JSON, with `Content-Type: application/json`",
            ),
            (
                422,
                "JSON of the wrong shape: a member is missing, of another type, out of bounds, or has a U+0000",
                "`message` is missing",
            ),
        ])
    }
}

fn described(all: &[(u16, &str, &str)]) -> Responses {
    all.iter()
        .map(|(status, description, detail)| {
            let code = StatusCode::from_u16(*status).unwrap_or_default();
            let example = json!({
                "error": Problem::of_status(code).error_name(),
                "detail": detail,
                "timestamp": 1_703_347_200.0,
                "type": "about:blank",
                "title": code.canonical_reason(),
                "status": status,
                "instance": "/api/v1/chat",
                "request_id": "req_00041061050r3gg28a1c60t3gf",
            });
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("ErrorBody")))
                .example(Some(example))
                .build();
            let response = ResponseBuilder::new()
                .description(*description)
                .content(PROBLEM_JSON, content)
                .build();
            (status.to_string(), response.into())
        })
        .collect()
}
