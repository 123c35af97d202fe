//! Calls from pages of other origins.

use axum::body::Body;
use axum::http::Request;

use crate::world::{chat, get, send, with, world, world_with};

const BANK: &str = "https://www.example-bank.test";

fn preflight(origin: &str) -> Request<Body> {
    Request::options("/api/v1/chat")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "content-type,idempotency-key",
        )
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn no_other_origin_may_call_unless_it_is_named() {
    let world = world();
    for request in [preflight(BANK), with(get("/v1/models"), "origin", BANK)] {
        let answer = send(&world.concierge, request).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn a_named_origin_may_call_and_others_still_not() {
    let world = world_with(|settings| settings.allowed_origins = vec![BANK.to_owned()]);
    let asked = send(&world.concierge, preflight(BANK)).await;
    assert_eq!(asked.status, 200);
    assert_eq!(asked.header("access-control-allow-origin"), BANK);
    assert!(
        asked
            .header("access-control-allow-headers")
            .contains("idempotency-key")
    );
    assert!(
        !asked
            .headers
            .contains_key("access-control-allow-credentials")
    );
    let called = with(chat("ada", "s1", "Hello"), "origin", BANK);
    let called = send(&world.concierge, called).await;
    assert_eq!(
        (called.status, called.header("access-control-allow-origin")),
        (200, BANK)
    );
    for origin in [
        "https://evil.test",
        "null",
        "https://www.example-bank.test.evil.test",
    ] {
        for request in [
            preflight(origin),
            with(chat("ada", "s1", "Hello"), "origin", origin),
        ] {
            let answer = send(&world.concierge, request).await;
            assert!(
                !answer.headers.contains_key("access-control-allow-origin"),
                "{origin}"
            );
        }
    }
}
