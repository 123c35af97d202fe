//! The operators' switch: who may turn it, and what it answers.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use serde_json::json;
use vostro_types::Redacted;

use crate::store::Health;
use crate::world::{World, send, with, world, world_with};

const SECRET: &str = "an-operators-secret";
const PATH: &str = "/api/v1/admin/money";

fn guarded() -> World {
    world_with(|settings| settings.admin_token = Some(Redacted::new(SECRET.to_owned())))
}

fn call(method: &str, from: &str, token: &str, body: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(PATH);
    let request = request.header("content-type", "application/json");
    let mut request = request.body(Body::from(body.to_owned())).unwrap();
    let address: SocketAddr = from.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(address));
    with(request, "authorization", &format!("Bearer {token}"))
}

#[tokio::test]
async fn only_operators_on_this_machine_get_in() {
    let (open, closed) = (guarded(), world());
    let body = json!({"stopped": true, "by": "anna", "reason": "a test"}).to_string();
    let cases = [
        ("127.0.0.1:9", SECRET, 200),
        ("[::1]:9", SECRET, 200),
        ("[::ffff:127.0.0.1]:9", SECRET, 200),
        ("10.0.0.7:9", SECRET, 403),
        ("127.0.0.1:9", "an-operators-secreT", 401),
        ("127.0.0.1:9", "", 401),
        ("10.0.0.7:9", "guess", 401),
    ];
    for (from, token, status) in cases {
        for method in ["GET", "PUT"] {
            let answer = send(&open.concierge, call(method, from, token, &body)).await;
            assert_eq!(
                answer.status, status,
                "{method} {from} {token:?}: {}",
                answer.text
            );
            let challenge = if status == 401 { "Bearer" } else { "" };
            assert_eq!(answer.header("www-authenticate"), challenge);
        }
    }
    let answer = send(&closed.concierge, call("PUT", "127.0.0.1:9", "", &body)).await;
    assert_eq!(answer.status, 403, "without a secret nobody gets in");
    let forwarded = with(
        call("PUT", "10.0.0.7:9", SECRET, &body),
        "x-forwarded-for",
        "127.0.0.1",
    );
    assert_eq!(
        send(&open.concierge, forwarded).await.status,
        403,
        "what a proxy says is not believed"
    );
}

#[tokio::test]
async fn the_switch_is_turned_with_a_name_and_a_reason() {
    let world = guarded();
    let ask =
        |method, body: &str| send(&world.concierge, call(method, "127.0.0.1:9", SECRET, body));
    let before = ask("GET", "").await.json();
    assert_eq!(
        (&before["stopped"], &before["by"]),
        (&json!(false), &json!(null))
    );
    let order = json!({"stopped": true, "by": "anna", "reason": "payments look wrong"});
    let after = ask("PUT", &order.to_string()).await.json();
    assert_eq!(
        (&after["stopped"], &after["by"]),
        (&json!(true), &json!("operator:anna"))
    );
    assert_eq!(ask("GET", "").await.json(), after);
    let metrics = world
        .edge
        .metrics()
        .render(vostro_telemetry::Exposition::Prometheus);
    assert!(metrics.contains("vostro_money_stopped 1"), "{metrics}");
    let long = "x".repeat(201);
    let refused = [
        ("", 400),
        ("{}", 422),
        (
            r#"{"stopped": "yes", "by": "anna", "reason": "a test"}"#,
            422,
        ),
        (r#"{"by": "anna", "reason": "a test"}"#, 422),
        (r#"{"stopped": false, "by": "", "reason": "a test"}"#, 422),
        (r#"{"stopped": false, "by": "anna"}"#, 422),
        (
            r#"{"stopped": false, "by": "anna", "reason": "a\u0000b"}"#,
            422,
        ),
        (
            &format!(r#"{{"stopped": false, "by": "anna", "reason": "{long}"}}"#),
            422,
        ),
    ];
    for (body, status) in refused {
        let answer = ask("PUT", body).await;
        assert_eq!(answer.status, status, "{body:.60}: {}", answer.text);
    }
    assert_eq!(
        ask("GET", "").await.json(),
        after,
        "what was refused changed nothing"
    );
    world.store.set(Health::Unreachable);
    assert_eq!(ask("GET", "").await.status, 503);
}
