//! The colleagues' queue: from a customer's wish for a person to the conversation's return.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use serde_json::{Value, json};
use vostro_types::Redacted;

use crate::store::Health;
use crate::world::{Answer, World, get, post, send, with, world_with};

const SECRET: &str = "an-operators-secret";
const QUEUE: &str = "/api/v1/desk/handoffs";

pub(crate) fn guarded() -> World {
    world_with(|settings| settings.admin_token = Some(Redacted::new(SECRET.to_owned())))
}

pub(crate) fn call(method: &str, path: &str, from: &str, body: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("content-type", "application/json");
    let mut request = request.body(Body::from(body.to_owned())).unwrap();
    let address: SocketAddr = from.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(address));
    with(request, "authorization", &format!("Bearer {SECRET}"))
}

pub(crate) async fn desk(world: &World, method: &str, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    send(&world.concierge, call(method, path, "127.0.0.1:9", &body)).await
}

pub(crate) async fn say(world: &World, text: &str) -> Value {
    let body = json!({"message": text, "session_id": "ses_desk", "user_id": "ada"});
    let answer = send(&world.concierge, post("/api/v1/chat", body.to_string())).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn a_conversation_goes_to_a_person_and_back() {
    let world = guarded();
    let seen = || get("/api/v1/chat/handoff?user_id=ada&session_id=ses_desk");
    assert_eq!(send(&world.concierge, seen()).await.status, 404);
    let reply = say(&world, "I want to talk to a human").await;
    assert_eq!(reply["handled_by"], "assistant");
    let queue = desk(&world, "GET", QUEUE, &Value::Null).await.json();
    let entry = &queue["handoffs"][0];
    assert_eq!(
        (&entry["reason"], &entry["status"]),
        (&json!("asked"), &json!("waiting"))
    );
    assert_eq!(entry["summary"]["said"], "I want to talk to a human");
    let id = entry["id"].as_str().unwrap();
    assert!(reply["message"].as_str().unwrap().contains(id));
    let path = format!("{QUEUE}/{id}");

    let unclaimed = json!({"by": "anna", "message": "Hello"});
    let answer = desk(&world, "POST", &format!("{path}/reply"), &unclaimed).await;
    assert_eq!(answer.status, 409);
    for (by, status) in [("anna", 200), ("anna", 200), ("ben", 409)] {
        let answer = desk(&world, "POST", &format!("{path}/claim"), &json!({"by": by})).await;
        assert_eq!(answer.status, status, "{by}: {}", answer.text);
    }
    let reply = say(&world, "what's my balance?").await;
    assert_eq!(reply["handled_by"], "person");
    assert!(!reply["message"].as_str().unwrap().contains('$'), "{reply}");
    let words = json!({"by": "anna", "message": "Hello, this is Anna. My SSN is 123-45-6789."});
    let answer = desk(&world, "POST", &format!("{path}/reply"), &words).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let thread = send(&world.concierge, seen()).await.json();
    assert_eq!(thread["status"], "claimed");
    let said: Vec<_> = thread["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["sender"].clone(), it["text"].clone()))
        .collect();
    assert_eq!(said[0], (json!("customer"), json!("what's my balance?")));
    assert!(said[1].1.as_str().unwrap().contains("***-**-****"));
    let detail = desk(&world, "GET", &path, &Value::Null).await.json();
    assert_eq!(detail["conversation"].as_array().unwrap().len(), 2);
    assert_eq!(detail["thread"].as_array().unwrap().len(), 2);

    let end = json!({"by": "ben", "give_back": true});
    let answer = desk(&world, "POST", &format!("{path}/close"), &end).await;
    assert_eq!(answer.status, 409, "only who has it");
    let end = json!({"by": "anna", "give_back": true});
    let answer = desk(&world, "POST", &format!("{path}/close"), &end).await;
    assert_eq!(answer.json()["ended"], "given_back");
    let reply = say(&world, "what's my balance?").await;
    assert_eq!(reply["handled_by"], "assistant");
    assert!(reply["message"].as_str().unwrap().contains('$'), "{reply}");
}

#[tokio::test]
async fn what_is_no_order_is_refused() {
    let world = guarded();
    say(&world, "I want to talk to a human").await;
    let queue = desk(&world, "GET", QUEUE, &Value::Null).await.json();
    let id = queue["handoffs"][0]["id"].as_str().unwrap();
    let claim = format!("{QUEUE}/{id}/claim");
    let reply = format!("{QUEUE}/{id}/reply");
    let absent = format!("{QUEUE}/hnd_none/claim");
    let long = "x".repeat(65);
    let cases = [
        (claim.as_str(), json!({}), 422),
        (&claim, json!({"by": ""}), 422),
        (&claim, json!({"by": long}), 422),
        (&claim, json!({"by": "a\nb"}), 422),
        (&claim, json!({"by": 7}), 422),
        (&reply, json!({"by": "anna"}), 422),
        (&reply, json!({"by": "anna", "message": " "}), 422),
        (
            &reply,
            json!({"by": "anna", "message": "x".repeat(4_001)}),
            422,
        ),
        (&absent, json!({"by": "anna"}), 404),
    ];
    for (path, body, status) in cases {
        let answer = desk(&world, "POST", path, &body).await;
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text);
    }
    let odd = desk(&world, "GET", &format!("{QUEUE}?status=lost"), &Value::Null).await;
    assert_eq!(odd.status, 422);
    let far = call("GET", QUEUE, "10.0.0.7:9", "");
    assert_eq!(send(&world.concierge, far).await.status, 403);
    let bare = send(&world.concierge, get(QUEUE)).await;
    assert_eq!(bare.status, 401);
    world.store.set(Health::Unreachable);
    let down = desk(&world, "GET", QUEUE, &Value::Null).await;
    assert_eq!(down.status, 503);
}
