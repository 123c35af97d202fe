//! Channels: a signed message from a linked address is a turn, once; everything else is refused with its reason.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use vostro_types::Redacted;
use vostro_webhooks::{Secrets, sign};

use crate::store::Health;
use crate::world::{Answer, CHANNEL_SECRET, Mood, NOW, World, post, send, with, world_with};

const MESSAGES: &str = "/api/v1/channels/sms/messages";
const LINKS: &str = "/api/v1/channels/sms/links";

fn open() -> World {
    world_with(|settings| settings.admin_token = Some(Redacted::new("s3cret".to_owned())))
}

fn said(from: &str, text: &str) -> String {
    json!({"type": "message.received", "data": {"from": from, "text": text}}).to_string()
}

fn signed(path: &str, id: &str, at: i64, body: &str) -> Request<Body> {
    let secrets = Secrets::parse(CHANNEL_SECRET).unwrap();
    let signature = sign(&secrets, id, at, body.as_bytes());
    let request = with(post(path, body.to_owned()), "webhook-id", id);
    let request = with(request, "webhook-timestamp", &at.to_string());
    with(request, "webhook-signature", &signature)
}

async fn bring(world: &World, id: &str, from: &str, text: &str) -> Answer {
    let request = signed(MESSAGES, id, NOW, &said(from, text));
    send(&world.concierge, request).await
}

async fn link(world: &World, order: Value) -> Answer {
    let mut request = post(LINKS, order.to_string());
    *request.method_mut() = Method::PUT;
    let here: SocketAddr = "127.0.0.1:9".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(here));
    let request = with(request, "authorization", "Bearer s3cret");
    send(&world.concierge, request).await
}

async fn linked(world: &World, address: &str, customer: &str) {
    let order = json!({"address": address, "user_id": customer, "by": "anna"});
    let answer = link(world, order).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn a_linked_address_speaks_as_its_customer_and_a_message_is_answered_once() {
    let world = open();
    linked(&world, "+15550100", "ada").await;
    let first = bring(&world, "m1", "+15550100", "What's my account balance?").await;
    assert_eq!(first.status, 202, "{}", first.text);
    let turn = first.json()["turn_id"].clone();
    let again = bring(&world, "m1", "+15550100", "What's my account balance?").await;
    assert_eq!((again.status, &again.json()["turn_id"]), (202, &turn));
    assert_eq!(again.header("idempotency-replayed"), "true");
    let other = bring(&world, "m1", "+15550100", "Send $5 to Anna").await;
    assert_eq!(other.status, 409);
    let next = bring(&world, "m2", "+15550100", "And my name?").await;
    assert_eq!(next.json()["session_id"], first.json()["session_id"]);
    // The reply is not in the answer: it goes to the channel.
    assert!(!first.text.contains("2,450.75"), "{}", first.text);
    let turns = world.store.turns();
    assert_eq!(turns.len(), 2);
    assert!(turns.iter().all(|turn| turn.customer.as_str() == "ada"));
    assert!(
        turns
            .iter()
            .any(|turn| turn.reply_masked.contains("2,450.75"))
    );
}

#[tokio::test]
async fn what_is_not_the_gateways_or_not_a_message_is_refused_with_its_reason() {
    let world = open();
    linked(&world, "+15550100", "ada").await;
    let good = said("+15550100", "hi");
    let unsigned = post(MESSAGES, good.clone());
    let changed =
        |name: &'static str, value: &str| with(signed(MESSAGES, "m1", NOW, &good), name, value);
    let long = said("+15550100", &"a".repeat(10_001));
    let huge = said("+15550100", &"a".repeat(2_000_000));
    let cases = [
        (unsigned, 403, "no signature"),
        (changed("webhook-signature", "v1,AAAA"), 403, "no signature"),
        (changed("webhook-id", "m2"), 403, "no signature"),
        (
            signed(MESSAGES, "m1", NOW - 301, &good),
            403,
            "five minutes",
        ),
        (
            signed(MESSAGES, "m1", NOW + 301, &good),
            403,
            "five minutes",
        ),
        (
            signed("/api/v1/channels/fax/messages", "m1", NOW, &good),
            404,
            "no such channel",
        ),
        (
            signed("/api/v1/channels/%FF/messages", "m1", NOW, &good),
            404,
            "no such channel",
        ),
        (signed(MESSAGES, "m1", NOW, "{"), 400, "not JSON"),
        (signed(MESSAGES, "m1", NOW, "[]"), 422, "`type`"),
        (
            signed(MESSAGES, "m1", NOW, &said("+15550100", " ")),
            422,
            "empty",
        ),
        (
            signed(MESSAGES, "m1", NOW, &said("+15550199", "hi")),
            404,
            "not linked",
        ),
        (signed(MESSAGES, "m1", NOW, &long), 422, "10000 characters"),
        (signed(MESSAGES, "m1", NOW, &huge), 413, "bytes"),
    ];
    for (request, status, detail) in cases {
        let answer = send(&world.concierge, request).await;
        assert_eq!(answer.status, status, "{detail}: {}", answer.text);
        let told = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(told.contains(detail), "{told}");
        assert!(!told.contains("5550"), "{told}");
    }
    assert!(world.store.turns().is_empty());
    let ping = send(
        &world.concierge,
        signed(MESSAGES, "p", NOW, r#"{"type":"ping"}"#),
    )
    .await;
    assert_eq!(
        (ping.status, ping.json()["turn_id"].clone()),
        (202, Value::Null)
    );
}

#[tokio::test]
async fn guessing_signatures_is_counted_and_customers_have_their_own_limits() {
    let world = world_with(|settings| {
        settings.admin_token = Some(Redacted::new("s3cret".to_owned()));
        settings.limits.failed_auth_per_minute = 3;
        settings.limits.per_minute = 5;
    });
    linked(&world, "+1", "ada").await;
    linked(&world, "+2", "eve").await;
    let guess = || async {
        let request = with(
            post(MESSAGES, said("+1", "hi")),
            "webhook-signature",
            "v1,AAAA",
        );
        send(&world.concierge, request).await.status
    };
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(guess().await);
    }
    assert_eq!(answers, [403, 403, 403, 429]);
    // One gateway brings everybody's messages: it is the customer who is counted.
    for id in 0..5 {
        assert_eq!(
            bring(&world, &format!("a{id}"), "+1", "hi").await.status,
            202
        );
    }
    assert_eq!(bring(&world, "a5", "+1", "hi").await.status, 429);
    assert_eq!(bring(&world, "e0", "+2", "hi").await.status, 202);
}

#[tokio::test]
async fn a_message_that_could_not_be_answered_is_answered_when_it_comes_again() {
    let world = open();
    linked(&world, "+1", "ada").await;
    world.guard.set(Mood::Stopped);
    assert_eq!(
        bring(&world, "m1", "+1", "What's my balance?").await.status,
        503
    );
    world.guard.set(Mood::Ready);
    world.store.set(Health::Unreachable);
    assert_eq!(
        bring(&world, "m1", "+1", "What's my balance?").await.status,
        503
    );
    world.store.set(Health::Well);
    let answer = bring(&world, "m1", "+1", "What's my balance?").await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    assert_eq!(answer.header("idempotency-replayed"), "");
    assert_eq!(world.store.turns().len(), 1);
}

#[tokio::test]
async fn an_address_is_one_customers_until_it_is_taken_from_them() {
    let world = open();
    let order =
        |address: &str, user: Value| json!({"address": address, "user_id": user, "by": "anna"});
    let first = link(&world, order("+1", json!("ada"))).await.json();
    assert_eq!(
        (&first["user_id"], &first["channel"]),
        (&json!("ada"), &json!("sms"))
    );
    let again = link(&world, order("+1", json!("ada"))).await.json();
    assert_eq!(again, first, "said again it changes nothing");
    assert_eq!(link(&world, order("+1", json!("eve"))).await.status, 409);
    let none = link(&world, order("+1", Value::Null)).await;
    assert_eq!((none.status, &none.json()["user_id"]), (200, &Value::Null));
    assert_eq!(link(&world, order("+1", Value::Null)).await.status, 200);
    assert_eq!(bring(&world, "m1", "+1", "hi").await.status, 404);
    let eves = link(&world, order("+1", json!("eve"))).await.json();
    assert_eq!(eves["user_id"], "eve");
    assert_ne!(eves["session_id"], first["session_id"]);
    for (wrong, status) in [
        (json!({"user_id": "ada", "by": "anna"}), 422),
        (json!({"address": "", "user_id": "ada", "by": "anna"}), 422),
        (
            json!({"address": "a\nb", "user_id": "ada", "by": "anna"}),
            422,
        ),
        (
            json!({"address": "1".repeat(129), "user_id": "ada", "by": "anna"}),
            422,
        ),
        (json!({"address": "+1", "user_id": "", "by": "anna"}), 422),
        (json!({"address": "+1", "user_id": 7, "by": "anna"}), 422),
        (json!({"address": "+1", "user_id": "ada"}), 422),
    ] {
        let answer = link(&world, wrong.clone()).await;
        assert_eq!(answer.status, status, "{wrong}: {}", answer.text);
    }
}
