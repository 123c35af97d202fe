//! The operators' switch: who may turn it, and what it answers.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use serde_json::json;
use vostro_http::TwoPeople;
use vostro_types::Redacted;

use crate::store::Health;
use crate::world::{World, send, with, world, world_with};

const SECRET: &str = "an-operators-secret";
const PATH: &str = "/api/v1/admin/money";

fn guarded() -> World {
    world_with(|settings| settings.admin_token = Some(Redacted::new(SECRET.to_owned())))
}

/// One administrator stops money; letting it go on takes two.
fn with_one_to_stop() -> World {
    world_with(|settings| {
        settings.admin_token = Some(Redacted::new(SECRET.to_owned()));
        settings.two_people = TwoPeople::ToResume;
    })
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
    let (open, closed) = (with_one_to_stop(), world());
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
    let world = with_one_to_stop();
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

fn to(path: &str, body: &serde_json::Value) -> Request<Body> {
    let mut request = call("POST", "127.0.0.1:9", SECRET, &body.to_string());
    *request.uri_mut() = path.parse().unwrap();
    request
}

#[tokio::test]
async fn the_switch_takes_two_administrators() {
    let world = guarded();
    let order = |by: &str, stopped| json!({"stopped": stopped, "by": by, "reason": "a test"});
    let turn = |by: &str, stopped| {
        let body = order(by, stopped).to_string();
        send(&world.concierge, call("PUT", "127.0.0.1:9", SECRET, &body))
    };
    let asked = turn("anna", true).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    let body = asked.json();
    let waiting = &body["requests"][0];
    assert_eq!(
        (&body["stopped"], &waiting["by"]),
        (&json!(false), &json!("operator:anna"))
    );
    assert_eq!(waiting["expires_at"], "2026-11-22T13:00:00Z");
    let path = |what: &str| {
        let id = waiting["request_id"].as_str().unwrap();
        format!("{PATH}/requests/{id}/{what}")
    };
    let decide = |what: &str, by: &str| {
        let body = json!({"by": by, "reason": "seen it"});
        send(&world.concierge, to(&path(what), &body))
    };
    assert_eq!(decide("approve", "anna").await.status, 409, "nobody is two");
    let elsewhere = to(
        &format!("{PATH}/requests/apr_none/approve"),
        &json!({"by": "ben", "reason": "x"}),
    );
    assert_eq!(send(&world.concierge, elsewhere).await.status, 404);
    let missing = to(&path("approve"), &json!({"by": "ben"}));
    assert_eq!(send(&world.concierge, missing).await.status, 422);
    let turned = decide("approve", "ben").await;
    assert_eq!(
        (turned.status, &turned.json()["stopped"]),
        (200, &json!(true))
    );
    assert_eq!(turned.json()["requests"], json!([]));
    assert_eq!(decide("approve", "cleo").await.status, 404, "it is decided");
    assert_eq!(decide("withdraw", "anna").await.status, 404);

    let asked = turn("ben", false).await.json();
    let id = asked["requests"][0]["request_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let withdraw = to(
        &format!("{PATH}/requests/{id}/withdraw"),
        &json!({"by": "ben", "reason": "not yet"}),
    );
    let answer = send(&world.concierge, withdraw).await;
    assert_eq!(
        (answer.status, &answer.json()["stopped"]),
        (200, &json!(true))
    );
    world.store.set(Health::Unreachable);
    assert_eq!(turn("anna", false).await.status, 503);
}

#[tokio::test]
async fn one_may_stop_where_that_is_set_and_letting_go_on_takes_two() {
    let world = with_one_to_stop();
    let turn = |stopped: bool| {
        let body = json!({"stopped": stopped, "by": "anna", "reason": "a test"}).to_string();
        send(&world.concierge, call("PUT", "127.0.0.1:9", SECRET, &body))
    };
    assert_eq!(turn(true).await.status, 200);
    let asked = turn(false).await;
    assert_eq!(
        (asked.status, &asked.json()["stopped"]),
        (202, &json!(true))
    );
}
