//! How often and how many at once, and what is told of it.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use futures::poll;
use vostro_types::Redacted;

use crate::world::{NOW, chat, get, post, send, with, world, world_with};

fn from(mut request: Request<Body>, address: &str) -> Request<Body> {
    let address: SocketAddr = address.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(address));
    request
}

#[tokio::test]
async fn a_user_has_so_many_a_minute_and_is_told() {
    let world = world_with(|settings| settings.limits.per_minute = 5);
    for left in (0..5).rev() {
        let answer = send(&world.concierge, chat("ada", "", "hi")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("x-ratelimit-limit"), "5");
        assert_eq!(answer.header("x-ratelimit-remaining"), left.to_string());
        let reset: i64 = answer.header("x-ratelimit-reset").parse().unwrap();
        assert!((NOW..=NOW + 60).contains(&reset), "{reset}");
    }
    let refused = send(&world.concierge, chat("ada", "", "hi")).await;
    assert_eq!(
        (refused.status, refused.error().as_str()),
        (429, "RateLimitExceeded")
    );
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=12).contains(&wait), "{wait}");
    assert_eq!(
        send(&world.concierge, chat("eve", "", "hi")).await.status,
        200
    );
    assert_eq!(world.store.turns().len(), 6);
}

#[tokio::test]
async fn requests_without_a_user_are_counted_by_address() {
    let world = world_with(|settings| settings.limits.per_minute = 3);
    let check = || post("/api/v1/guardrails/check", r#"{"text":"hi"}"#);
    let malformed = || post("/api/v1/chat", "not json");
    for request in [check(), malformed(), check()] {
        assert_ne!(
            send(&world.concierge, from(request, "192.0.2.1:1000"))
                .await
                .status,
            429
        );
    }
    // Another port of the same address is the same caller; another address is not.
    for request in [
        check(),
        malformed(),
        post("/api/v1/rag/search", "{}"),
        get("/api/v1/chat/x/events"),
    ] {
        assert_eq!(
            send(&world.concierge, from(request, "192.0.2.1:2000"))
                .await
                .status,
            429
        );
    }
    assert_eq!(
        send(&world.concierge, from(check(), "192.0.2.2:1000"))
            .await
            .status,
        200
    );
    // A customer behind that address is not punished for it.
    assert_eq!(
        send(
            &world.concierge,
            from(chat("ada", "", "hi"), "192.0.2.1:1000")
        )
        .await
        .status,
        200
    );
}

#[tokio::test]
async fn a_flood_is_stopped_before_anything_is_read_and_operators_still_see() {
    let world = world_with(|settings| settings.limits.flood_per_minute = 4);
    for path in ["/", "/nothing", "/docs", "/openapi.json"] {
        assert_ne!(
            send(&world.concierge, get(path)).await.status,
            429,
            "{path}"
        );
    }
    for request in [get("/"), get("/nothing"), chat("ada", "", "hi")] {
        assert_eq!(send(&world.concierge, request).await.status, 429);
    }
    for path in ["/health", "/ready", "/live", "/metrics"] {
        let answer = send(&world.concierge, get(path)).await;
        assert_eq!(
            (answer.status, answer.header("x-ratelimit-remaining")),
            (200, "100"),
            "{path}"
        );
    }
    let metrics = world
        .edge
        .metrics()
        .render(vostro_telemetry::Exposition::Prometheus);
    assert!(
        metrics.contains("vostro_rate_limited_total{limit=\"flood\"} 3"),
        "{metrics}"
    );
}

#[tokio::test]
async fn the_services_of_one_bank_do_not_limit_each_other() {
    let world = world_with(|settings| {
        settings.limits.per_minute = 1;
        settings.service_token = Some(Redacted::new("s3cret".to_owned()));
    });
    let check = |token| {
        with(
            post("/api/v1/guardrails/check", r#"{"text":"hi"}"#),
            "authorization",
            token,
        )
    };
    for _ in 0..10 {
        assert_eq!(
            send(&world.guardrails, check("Bearer s3cret")).await.status,
            200
        );
    }
    assert_eq!(
        send(&world.guardrails, check("Bearer other")).await.status,
        200
    );
    assert_eq!(
        send(&world.guardrails, check("Bearer other")).await.status,
        429
    );
}

#[tokio::test]
async fn a_user_has_so_many_turns_at_once_also_after_hanging_up() {
    let world = world_with(|settings| settings.limits.concurrent = 2);
    world.guard.hold();
    let mut first = Box::pin(send(&world.concierge, chat("ada", "s1", "hi")));
    let mut second = Box::pin(send(&world.concierge, chat("ada", "s2", "hi")));
    assert!(poll!(first.as_mut()).is_pending() && poll!(second.as_mut()).is_pending());
    drop(first);
    let third = send(&world.concierge, chat("ada", "s3", "hi")).await;
    assert_eq!(
        (third.status, third.error().as_str()),
        (429, "RateLimitExceeded")
    );
    assert_eq!(third.header("retry-after"), "1");
    world.guard.release();
    assert_eq!(
        send(&world.concierge, chat("eve", "s4", "hi")).await.status,
        200
    );
    assert_eq!(second.await.status, 200);
    while world.store.turns().len() < 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        send(&world.concierge, chat("ada", "s3", "hi")).await.status,
        200
    );
}

#[tokio::test]
async fn the_contracts_limits_are_the_defaults() {
    let world = world();
    let answer = send(&world.concierge, chat("ada", "", "hi")).await;
    assert_eq!(answer.header("x-ratelimit-limit"), "100");
    assert_eq!(answer.header("x-ratelimit-remaining"), "99");
    assert_eq!(world.edge.settings().limits.concurrent, 20);
}

#[tokio::test]
async fn payments_that_come_too_fast_are_not_proposed() {
    let world = world_with(|settings| settings.limits.money_per_minute = 2);
    let pay = |user: &'static str, session: &str| {
        let request = chat(user, session, "Transfer $50 to account 67890");
        send(&world.concierge, request)
    };
    let proposes = |answer: &crate::world::Answer| {
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text.contains("\"type\":\"confirmation\"")
    };
    for session in ["s1", "s2"] {
        assert!(proposes(&pay("ada", session).await), "{session}");
    }
    let third = pay("ada", "s3").await;
    assert!(!proposes(&third), "{}", third.text);
    assert!(third.text.contains("Nothing was done"), "{}", third.text);
    let yes = send(&world.concierge, chat("ada", "s3", "yes")).await;
    assert!(
        yes.json()["receipts"].as_array().unwrap().is_empty(),
        "{}",
        yes.text
    );
    let balance = send(&world.concierge, chat("ada", "s4", "What's my balance?")).await;
    assert!(
        balance.text.contains("2,450.75"),
        "questions go on: {}",
        balance.text
    );
    assert!(proposes(&pay("eve", "s5").await), "customers are apart");
    let metrics = world
        .edge
        .metrics()
        .render(vostro_telemetry::Exposition::Prometheus);
    assert!(
        metrics.contains("vostro_rate_limited_total{limit=\"money\"} 1"),
        "{metrics}"
    );
}
