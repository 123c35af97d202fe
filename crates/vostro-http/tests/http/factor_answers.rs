//! The identity provider's answers: only signed ones, only to what waits, and no word on what was wrong.

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::store::Health;
use crate::world::{NOW, PROVIDER, send, world};

fn call(body: &str) -> Request<Body> {
    let request =
        Request::post("/api/v1/factor-answers").header("content-type", "application/json");
    request.body(Body::from(body.to_owned())).unwrap()
}

fn signed(challenge: &str, word: &str, at: i64) -> String {
    let hash = "01".repeat(32);
    let message = format!("vostro.factor-answer.v1\n{challenge}\n{hash}\n{word}\n{at}");
    let secret: Vec<u8> = PROVIDER
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
    mac.update(message.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn answer(challenge: &str, approved: bool, at: i64) -> Value {
    let word = if approved { "approved" } else { "denied" };
    let signature = signed(challenge, word, at);
    json!({ "challenge": challenge, "approved": approved, "at": at, "signature": signature })
}

#[tokio::test]
async fn only_the_providers_answers_are_taken() {
    let world = world();
    let with = |name: &str, value: Value| {
        let mut body = answer("chl_open", true, NOW);
        body[name] = value;
        body
    };
    let other = signed("chl_open", "denied", NOW);
    let cases = [
        (
            "approved",
            answer("chl_open", true, NOW),
            200,
            "\"accepted\":true",
        ),
        (
            "denied",
            answer("chl_open", false, NOW),
            200,
            "\"accepted\":false",
        ),
        (
            "unknown",
            answer("chl_none", true, NOW),
            403,
            "not accepted",
        ),
        (
            "old",
            answer("chl_open", true, NOW - 121),
            403,
            "not accepted",
        ),
        (
            "early",
            answer("chl_open", true, NOW + 121),
            403,
            "not accepted",
        ),
        (
            "another word",
            with("signature", json!(other)),
            403,
            "not accepted",
        ),
        (
            "another time",
            with("at", json!(NOW + 1)),
            403,
            "not accepted",
        ),
        (
            "no base64",
            with("signature", json!("%")),
            403,
            "not accepted",
        ),
        (
            "no signature",
            with("signature", json!(null)),
            422,
            "`signature`",
        ),
        (
            "a long one",
            with("signature", json!("A".repeat(513))),
            422,
            "`signature`",
        ),
        ("no word", with("approved", json!(null)), 422, "`approved`"),
        ("a word", with("approved", json!("yes")), 422, "`approved`"),
        (
            "a time past all",
            with("at", json!(1e30)),
            403,
            "not accepted",
        ),
        ("half a second", with("at", json!(0.5)), 422, "`at`"),
        ("no time", with("at", json!(null)), 422, "`at`"),
        ("a negative time", with("at", json!(-1)), 422, "`at`"),
        (
            "no challenge",
            with("challenge", json!("")),
            422,
            "`challenge`",
        ),
        ("a list", json!([]), 422, ""),
    ];
    for (what, body, status, part) in cases {
        let found = send(&world.concierge, call(&body.to_string())).await;
        assert_eq!(found.status, status, "{what}: {}", found.text);
        assert!(found.text.contains(part), "{what}: {}", found.text);
    }
    assert_eq!(send(&world.concierge, call("{")).await.status, 400);
    world.store.set(Health::Unreachable);
    let body = answer("chl_open", true, NOW).to_string();
    assert_eq!(send(&world.concierge, call(&body)).await.status, 503);
}
