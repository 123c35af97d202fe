//! The ports over HTTP: a service that answers, one that is not there, and ones that misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::net::TcpListener;
use vostro_dialogue::ports::{Guard, GuardRequest, Knowledge};
use vostro_guardrails::Direction;
use vostro_http::client::{
    ClientSettings, FallbackPolicy, InProcessGuard, RemoteGuard, RemoteKnowledge,
};
use vostro_http::{CheckState, ReadinessCheck};
use vostro_telemetry::{Exposition, Metrics};

use crate::world::{ENGINE, world};

const HARM: GuardRequest<'static> = GuardRequest {
    text: "I want to harm someone, my SSN is 123-45-6789",
    direction: Direction::Input,
};

/// Serves a router on a port of its own, until the test ends.
async fn served(router: Router) -> ClientSettings {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let edge = world().edge;
    tokio::spawn(async move {
        vostro_http::serve(
            listener,
            router,
            &edge,
            std::future::pending(),
            Duration::ZERO,
        )
        .await
    });
    patient(ClientSettings::new(format!("http://{address}/")))
}

fn patient(settings: ClientSettings) -> ClientSettings {
    ClientSettings {
        timeout: Duration::from_secs(20),
        connect_timeout: Duration::from_secs(5),
        hedge_after: None,
        ..settings
    }
}

/// An address where nobody listens.
async fn nobody() -> ClientSettings {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    patient(ClientSettings::new(format!("http://{address}")))
}

fn answering(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Router {
    let answer = move || {
        let answer = answer.clone();
        async move { answer() }
    };
    Router::new()
        .route("/api/v1/guardrails/check", post(answer.clone()))
        .route("/api/v1/rag/search", post(answer))
}

fn unread() -> Arc<Metrics> {
    Arc::new(Metrics::new("1"))
}

fn remote(settings: &ClientSettings, in_process: bool) -> (RemoteGuard, Arc<Metrics>) {
    let metrics = unread();
    let fallback = if in_process {
        let guard = InProcessGuard::new(ENGINE.clone(), metrics.clone());
        FallbackPolicy::InProcess(Arc::new(guard))
    } else {
        FallbackPolicy::Closed
    };
    (
        RemoteGuard::new(settings, fallback, metrics.clone()).unwrap(),
        metrics,
    )
}

#[tokio::test]
async fn the_service_and_the_engine_of_this_process_agree() {
    let world = world();
    let settings = served(world.guardrails.clone()).await;
    let (guard, metrics) = remote(&settings, false);
    let far = Guard::check(&guard, HARM).await.unwrap();
    let near = Guard::check(world.guard.as_ref(), HARM).await.unwrap();
    assert_eq!(far, near);
    assert!(far.has_pii && !far.is_safe);
    assert_eq!(ReadinessCheck::check(&guard).await, CheckState::Ready);
    let text = metrics.render(Exposition::Prometheus);
    let mut fallbacks = text
        .lines()
        .filter(|line| line.starts_with("vostro_guard_fallbacks_total{"));
    assert!(fallbacks.all(|line| line.ends_with(" 0")), "{text}");
    let settings = served(world.rag.clone()).await;
    let knowledge = RemoteKnowledge::new(&settings, unread()).unwrap();
    let passages = knowledge
        .search("How do I transfer money?", 3)
        .await
        .unwrap();
    assert_eq!(passages.first().unwrap().document_id, "transfers");
}

#[tokio::test]
async fn whatever_is_no_verdict_is_never_taken_for_safe() {
    let mut cases = vec![nobody().await];
    let safe = r#"{"is_safe":true,"has_pii":false,"is_injection":false,"masked_text":"","safety_violations":[],"pii_matches":[],"injections":[],"handoff":null,"topics":[],"blocked":false}"#;
    for status in [302, 400, 404, 422, 429, 500, 503] {
        let status = StatusCode::from_u16(status).unwrap();
        cases.push(served(answering(move || (status, safe).into_response())).await);
    }
    for body in ["", "{}", "null", "safe", r#"{"is_safe":true}"#, "<html>"] {
        cases.push(served(answering(move || body.into_response())).await);
    }
    for settings in cases {
        let (guard, metrics) = remote(&settings, true);
        let verdict = Guard::check(&guard, HARM).await.unwrap();
        assert!(!verdict.is_safe && verdict.has_pii, "{}", settings.base_url);
        let text = metrics.render(Exposition::Prometheus);
        assert!(
            text.contains("vostro_guard_fallbacks_total{outcome=\"in_process\"} 1"),
            "{text}"
        );
        assert_eq!(ReadinessCheck::check(&guard).await, CheckState::Degraded);
        let (guard, _) = remote(&settings, false);
        assert!(Guard::check(&guard, HARM).await.is_err());
        assert_eq!(ReadinessCheck::check(&guard).await, CheckState::Unavailable);
        let knowledge = RemoteKnowledge::new(&settings, unread()).unwrap();
        assert!(knowledge.search("transfer", 3).await.is_err());
    }
}

/// The first request is never answered; the second one, made while the first is slow, is.
#[tokio::test]
async fn a_slow_call_is_made_again_beside_the_first() {
    let world = world();
    let requests = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&requests);
    let slow =
        world
            .guardrails
            .clone()
            .layer(axum::middleware::from_fn(move |request, next: Next| {
                let seen = Arc::clone(&seen);
                async move {
                    if seen.fetch_add(1, Ordering::SeqCst) == 0 {
                        std::future::pending::<()>().await;
                    }
                    next.run(request).await
                }
            }));
    let settings = ClientSettings {
        hedge_after: Some(Duration::from_millis(20)),
        ..served(slow).await
    };
    let (guard, metrics) = remote(&settings, false);
    assert!(!Guard::check(&guard, HARM).await.unwrap().is_safe);
    assert_eq!(requests.load(Ordering::SeqCst), 2);
    let text = metrics.render(Exposition::Prometheus);
    for line in [
        r#"vostro_service_calls_total{service="guardrails",outcome="answered"} 1"#,
        r#"vostro_service_calls_again_total{service="guardrails",why="hedge"} 1"#,
        r#"vostro_service_resting{service="guardrails"} 0"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
}

#[tokio::test]
async fn a_service_that_hangs_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let settings = ClientSettings {
        timeout: Duration::from_millis(50),
        ..ClientSettings::new(format!("http://{address}"))
    };
    let (guard, _) = remote(&settings, true);
    assert!(!Guard::check(&guard, HARM).await.unwrap().is_safe);
    let knowledge = RemoteKnowledge::new(&settings, unread()).unwrap();
    assert!(knowledge.search("transfer", 3).await.is_err());
}

#[test]
fn addresses_are_checked_at_the_start() {
    for wrong in ["", "rag:8001", "ftp://rag", "/rag", "http://"] {
        assert!(
            RemoteKnowledge::new(&ClientSettings::new(wrong), unread()).is_err(),
            "{wrong:?}"
        );
    }
    for right in ["http://rag:8001/", "https://rag:8001"] {
        assert!(RemoteKnowledge::new(&ClientSettings::new(right), unread()).is_ok());
    }
}
