//! What an operator does for one customer while the server runs.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use serde_json::{Value, json};
use vostro_bank::AuditKind;
use vostro_types::Redacted;

use crate::store::Health;
use crate::world::{Answer, World, chat, send, with, world_with};

const SECRET: &str = "an-operators-secret";

fn guarded() -> World {
    world_with(|settings| settings.admin_token = Some(Redacted::new(SECRET.to_owned())))
}

async fn order(world: &World, what: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method("POST")
        .uri(format!("/api/v1/admin/customers/{what}"))
        .header("content-type", "application/json");
    let mut request = request.body(Body::from(body.to_string())).unwrap();
    let here: SocketAddr = "127.0.0.1:9".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(here));
    let request = with(request, "authorization", &format!("Bearer {SECRET}"));
    send(&world.concierge, request).await
}

async fn says(world: &World, session: &str) -> u16 {
    let answer = send(&world.concierge, chat("ada", session, "hi")).await;
    answer.status
}

fn for_ada(reason: &str) -> Value {
    json!({"user_id": "ada", "by": "anna", "reason": reason})
}

#[tokio::test]
async fn a_customer_is_erased_while_the_server_runs() {
    let world = guarded();
    assert_eq!(says(&world, "ses_1").await, 200);
    let done = order(&world, "erase", &for_ada("request of 3 March")).await;
    assert_eq!((done.status, done.json()), (200, json!({"erased": true})));
    assert!(world.store.turns().is_empty());
    let event = world.store.audited.lock().unwrap().pop().unwrap();
    assert_eq!(
        (event.kind, event.customer.as_str()),
        (AuditKind::CustomerErased, "ada")
    );
    let detail = event.detail.to_string();
    assert!(
        detail.contains("operator:anna") && detail.contains("request of 3 March"),
        "{detail}"
    );

    let again = order(&world, "erase", &for_ada("again")).await;
    assert_eq!(again.status, 404);
    let other = json!({"user_id": "unsettled", "by": "anna", "reason": "a test"});
    let refused = order(&world, "erase", &other).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.text.contains("nothing was erased"),
        "{}",
        refused.text
    );
    world.store.set(Health::Unreachable);
    assert_eq!(order(&world, "erase", &for_ada("a test")).await.status, 503);
}

#[tokio::test]
async fn conversations_are_ended_while_the_server_runs() {
    let world = guarded();
    for session in ["ses_1", "ses_2"] {
        assert_eq!(says(&world, session).await, 200);
    }
    let mut one = for_ada("telephone stolen");
    one["session_id"] = json!("ses_1");
    let done = order(&world, "end-sessions", &one).await;
    assert_eq!((done.status, done.json()), (200, json!({"ended": 1})));
    assert_eq!(
        says(&world, "ses_1").await,
        403,
        "no message is taken in it"
    );
    assert_eq!(says(&world, "ses_2").await, 200);
    let done = order(&world, "end-sessions", &for_ada("all of them")).await;
    assert_eq!(
        done.json(),
        json!({"ended": 1}),
        "the first has ended before"
    );
    let nobody = json!({"user_id": "nobody", "by": "anna", "reason": "a test"});
    assert_eq!(
        order(&world, "end-sessions", &nobody).await.json(),
        json!({"ended": 0})
    );
    let kinds: Vec<AuditKind> = world
        .store
        .audited
        .lock()
        .unwrap()
        .iter()
        .map(|it| it.kind)
        .collect();
    assert_eq!(kinds, [AuditKind::SessionEnded, AuditKind::SessionEnded]);
}

#[tokio::test]
async fn an_order_for_a_customer_names_them_and_has_a_reason() {
    let world = guarded();
    for (what, body, why) in [
        ("erase", json!({"by": "anna", "reason": "x"}), "user_id"),
        (
            "erase",
            json!({"user_id": "", "by": "anna", "reason": "x"}),
            "user_id",
        ),
        (
            "erase",
            json!({"user_id": "a\nb", "by": "anna", "reason": "x"}),
            "user_id",
        ),
        (
            "erase",
            json!({"user_id": 7, "by": "anna", "reason": "x"}),
            "user_id",
        ),
        ("erase", json!({"user_id": "ada", "by": "anna"}), "reason"),
        ("erase", json!({"user_id": "ada", "reason": "x"}), "by"),
        (
            "end-sessions",
            json!({"user_id": "ada", "session_id": "", "by": "a", "reason": "x"}),
            "session_id",
        ),
        (
            "end-sessions",
            json!({"user_id": "x".repeat(129), "by": "a", "reason": "x"}),
            "user_id",
        ),
    ] {
        let answer = order(&world, what, &body).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.text);
        assert!(
            answer.json()["detail"].as_str().unwrap().contains(why),
            "{body}: {}",
            answer.text
        );
    }
}
