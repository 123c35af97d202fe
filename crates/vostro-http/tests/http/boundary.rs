//! The edge of the edge: methods, paths, content types, sizes, slow and broken bodies, panics.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request};
use futures::stream::{self, StreamExt};
use serde_json::json;

use crate::world::{chat, get, post, send, with, world};

const API: [&str; 3] = [
    "/api/v1/chat",
    "/api/v1/rag/search",
    "/api/v1/guardrails/check",
];

#[tokio::test]
async fn paths_and_methods_that_are_not_there() {
    let world = world();
    let long = format!("/{}", "x".repeat(5_000));
    let cases = [
        ("GET", "/nothing", 404, ""),
        ("POST", "/api/v1/chat/", 404, ""),
        ("GET", "/api/v1/../v1/chat", 404, ""),
        ("GET", "//", 404, ""),
        ("BREW", "/nothing", 404, ""),
        ("GET", long.as_str(), 404, ""),
        ("GET", "/api/v1/chat", 405, "POST, OPTIONS"),
        ("DELETE", "/api/v1/chat", 405, "POST, OPTIONS"),
        ("BREW", "/api/v1/chat", 405, "POST, OPTIONS"),
        ("POST", "/health", 405, "GET, HEAD, OPTIONS"),
        ("PUT", "/", 405, "GET, HEAD, OPTIONS"),
        ("POST", "/api/v1/chat/x/events", 405, "GET, HEAD, OPTIONS"),
        ("POST", "/docs/index.html", 405, "GET, HEAD, OPTIONS"),
        ("OPTIONS", "/api/v1/chat", 204, "POST, OPTIONS"),
        ("OPTIONS", "/health", 204, "GET, HEAD, OPTIONS"),
        ("HEAD", "/health", 200, ""),
        ("HEAD", "/nothing", 404, ""),
    ];
    for (method, path, status, allow) in cases {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = Request::builder()
            .method(method.clone())
            .uri(path)
            .body(Body::empty());
        let answer = send(&world.concierge, request.unwrap()).await;
        assert_eq!(answer.status, status, "{method} {path:.40}");
        assert_eq!(answer.header("allow"), allow, "{method} {path:.40}");
    }
    let metrics = world
        .edge
        .metrics()
        .render(vostro_telemetry::Exposition::Prometheus);
    assert!(
        metrics.contains(r#"method="OTHER",route="unmatched",status="404"} 1"#),
        "{metrics}"
    );
    assert!(!metrics.contains("nothing") && !metrics.contains("BREW"));
}

#[tokio::test]
async fn only_json_is_taken_and_never_too_much_of_it() {
    let world = world();
    let body =
        json!({"message": "hi", "user_id": "ada", "query": "transfer", "text": "hi"}).to_string();
    let padded = |size: usize| format!("{}{}", body, " ".repeat(size - body.len()));
    for path in API {
        for (content_type, status) in [
            ("application/json", 200),
            ("text/plain", 415),
            ("application/x-www-form-urlencoded", 415),
        ] {
            let request = with(post(path, body.clone()), "content-type", content_type);
            assert_eq!(
                send(&world.concierge, request).await.status,
                status,
                "{path} {content_type}"
            );
        }
        let mut request = post(path, body.clone());
        request.headers_mut().remove("content-type");
        assert_eq!(
            send(&world.concierge, request).await.status,
            200,
            "{path} without a type"
        );
        for (size, status) in [(64 << 10, 200), ((64 << 10) + 1, 413), (3 << 20, 413)] {
            let announced = with(
                post(path, padded(size)),
                "content-length",
                &size.to_string(),
            );
            assert_eq!(
                send(&world.concierge, announced).await.status,
                status,
                "{path} {size} announced"
            );
            let chunks = padded(size)
                .into_bytes()
                .chunks(1_000)
                .map(Bytes::copy_from_slice)
                .collect::<Vec<_>>();
            let chunks = stream::iter(chunks).map(Ok::<_, Infallible>);
            let request = post(path, Body::from_stream(chunks));
            assert_eq!(
                send(&world.concierge, request).await.status,
                status,
                "{path} {size} in chunks"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn slow_and_broken_bodies() {
    let world = world();
    for path in API {
        let first = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"{\"mess"))]);
        let slow = first.chain(stream::pending());
        let answer = send(&world.concierge, post(path, Body::from_stream(slow))).await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (408, "RequestTimeout"),
            "{path}"
        );
        let torn = stream::iter([
            Ok(Bytes::from_static(b"{\"mess")),
            Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)),
        ]);
        let answer = send(&world.concierge, post(path, Body::from_stream(torn))).await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (400, "BadRequest"),
            "{path}"
        );
    }
    // A body that drips is still bounded as a whole.
    let drip = stream::unfold((), |()| async {
        tokio::time::advance(Duration::from_secs(1)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
    });
    let answer = send(&world.concierge, post(API[0], Body::from_stream(drip))).await;
    assert_eq!(answer.status, 408);
}

#[tokio::test]
async fn heads_are_bounded() {
    let world = world();
    for (size, status) in [(15_000, 200), (17_000, 431)] {
        let request = with(get("/health"), "x-anything", &"x".repeat(size));
        let answer = send(&world.concierge, request).await;
        assert_eq!(answer.status, status);
        if status == 431 {
            assert_eq!(answer.error(), "HeadersTooLarge");
        }
    }
    let request = get(&format!("/health?{}", "x".repeat(17_000)));
    assert_eq!(send(&world.concierge, request).await.status, 431);
}

#[tokio::test]
async fn hostile_texts_are_answered() {
    let world = world();
    let texts = [
        "\u{202e}\u{200b}\u{feff}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "'; DROP TABLE accounts; --",
        "<script>alert(1)</script>",
        "%s%n%x ${jndi:ldap://x} {{7*7}}",
        "\r\nX-Injected: yes\r\n\r\n",
        "\u{7f}\u{1}\u{1b}[31m",
    ];
    for text in texts {
        for (path, body) in [
            (API[0], json!({"message": text, "user_id": "ada"})),
            (API[1], json!({"query": text})),
            (API[2], json!({"text": text})),
        ] {
            let answer = send(&world.concierge, post(path, body.to_string())).await;
            assert_eq!(answer.status, 200, "{path} {text:?}: {}", answer.text);
            assert_eq!(answer.header("x-injected"), "");
        }
    }
}

#[tokio::test]
async fn ids_of_requests_are_taken_over_when_fit() {
    let world = world();
    let answer = send(
        &world.concierge,
        with(get("/health"), "x-request-id", "client-id-0001"),
    )
    .await;
    assert_eq!(answer.header("x-request-id"), "client-id-0001");
    let answer = send(
        &world.concierge,
        with(get("/health"), "x-request-id", "4000123498764321"),
    )
    .await;
    assert!(answer.header("x-request-id").starts_with("req_"));
    let first = send(&world.concierge, chat("ada", "", "hi")).await;
    let second = send(&world.concierge, chat("ada", "", "hi")).await;
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}
