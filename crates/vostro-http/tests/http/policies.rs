//! Policies of a running bank: one asks, another approves; what is no policy is refused with its line.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use vostro_types::Redacted;

use crate::store::Health;
use crate::world::{World, get, post, send, with, world_with};

const SECRET: &str = "an-operators-secret";
const PATH: &str = "/api/v1/admin/policies";

fn guarded() -> World {
    world_with(|settings| settings.admin_token = Some(Redacted::new(SECRET.to_owned())))
}

fn signed(request: Request<Body>) -> Request<Body> {
    let mut request = with(request, "authorization", &format!("Bearer {SECRET}"));
    let here: std::net::SocketAddr = "127.0.0.1:9".parse().unwrap();
    request
        .extensions_mut()
        .insert(axum::extract::ConnectInfo(here));
    request
}

fn change(policy: &str, body: &Value) -> Request<Body> {
    let mut request = post(&format!("{PATH}/{policy}"), body.to_string());
    *request.method_mut() = Method::PUT;
    signed(request)
}

#[tokio::test]
async fn a_policy_takes_two_administrators() {
    let world = guarded();
    let router = &world.concierge;
    let text = "above = \"500.00\"\n";
    let body = json!({"content": text, "by": "anna", "reason": "a wave of fraud"});
    let asked = send(router, change("step_up", &body)).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    let state = asked.json();
    assert_eq!(
        (&state["version"], &state["policies"]),
        (&json!(0), &json!([]))
    );
    let waiting = &state["requests"][0];
    assert_eq!(
        (&waiting["policy"], &waiting["content"], &waiting["by"]),
        (&json!("step_up"), &json!(text), &json!("operator:anna"))
    );
    assert_eq!(waiting["expires_at"], "2026-11-22T13:00:00Z");
    let id = waiting["request_id"].as_str().unwrap();
    let decide = |what: &str, by: &str| {
        let body = json!({"by": by, "reason": "read it"});
        send(
            router,
            signed(post(
                &format!("{PATH}/requests/{id}/{what}"),
                body.to_string(),
            )),
        )
    };
    assert_eq!(decide("approve", "anna").await.status, 409, "nobody is two");
    let approved = decide("approve", "ben").await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    let now = approved.json();
    assert_eq!(
        (&now["version"], &now["applied_version"]),
        (&json!(1), &json!(1))
    );
    let policy = &now["policies"][0];
    assert_eq!(
        (&policy["content"], &policy["by"], &policy["approved_by"]),
        (
            &json!(text),
            &json!("operator:anna"),
            &json!("operator:ben")
        )
    );
    assert_eq!(now["requests"], json!([]));
    assert_eq!(decide("approve", "cleo").await.status, 404, "it is decided");
    assert_eq!(decide("withdraw", "anna").await.status, 404);
    assert_eq!(send(router, signed(get(PATH))).await.json(), now);

    let back = json!({"content": "", "by": "ben", "reason": "over"});
    let asked = send(router, change("step_up", &back)).await.json();
    let id = asked["requests"][0]["request_id"].as_str().unwrap();
    let path = format!("{PATH}/requests/{id}/withdraw");
    let withdraw = signed(post(
        &path,
        json!({"by": "ben", "reason": "not yet"}).to_string(),
    ));
    let answer = send(router, withdraw).await;
    assert_eq!((answer.status, answer.json()), (200, now));
}

#[tokio::test]
async fn what_is_no_policy_is_refused_and_asks_nobody() {
    let world = guarded();
    let router = &world.concierge;
    let good = |content: Value| json!({"content": content, "by": "anna", "reason": "a test"});
    for (policy, body, status, detail) in [
        ("step_up", good(json!("bad")), 422, "`content`: line 1: bad"),
        ("money", good(json!("")), 404, "no such policy"),
        ("step_up", good(json!(7)), 422, "`content`"),
        ("step_up", good(json!("a\u{0}b")), 422, "`content`"),
        (
            "guardrails",
            json!({"by": "anna", "reason": "a test"}),
            422,
            "`content`",
        ),
        (
            "guardrails",
            json!({"content": "", "by": "anna"}),
            422,
            "`reason`",
        ),
        ("guardrails", good(json!("x".repeat(70_000))), 413, ""),
    ] {
        let answer = send(router, change(policy, &body)).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert!(answer.text.contains(detail), "{}", answer.text);
    }
    let state = send(router, signed(get(PATH))).await.json();
    assert_eq!(
        (&state["requests"], &state["version"]),
        (&json!([]), &json!(0))
    );
    let nobody = send(
        router,
        signed(post(
            &format!("{PATH}/requests/apr_none/approve"),
            r#"{"by":"ben","reason":"x"}"#,
        )),
    )
    .await;
    assert_eq!(nobody.status, 404);
    world.store.set(Health::Unreachable);
    assert_eq!(
        send(router, change("step_up", &good(json!(""))))
            .await
            .status,
        503
    );
    assert_eq!(send(router, signed(get(PATH))).await.status, 503);
}
