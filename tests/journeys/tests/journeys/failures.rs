//! Bad input of every kind is answered as the contract says, never with a 500, and leaves the server well.

use serde_json::{Value, json};
use vostro_journeys::{Deployment, Response, Role, Shape, journeys};

const CHAT: &str = "/api/v1/chat";
const CHECK: &str = "/api/v1/guardrails/check";
const SEARCH: &str = "/api/v1/rag/search";

async fn post_text(url: String, content_type: &str, body: impl Into<reqwest::Body>) -> Response {
    let request = reqwest::Client::new()
        .post(url)
        .header("content-type", content_type);
    Response::of(request.body(body)).await
}

journeys! {
    /// Not JSON: 400. JSON of another shape: 422. Another media type: 415.
    async fn malformed_bodies(bank: &Deployment) {
        let places = [
            (Role::Concierge, CHAT),
            (Role::Rag, SEARCH),
            (Role::Guardrails, CHECK),
        ];
        for (role, path) in places {
            let url = format!("{}{path}", bank.url(role));
            for body in ["{", "", "not json", "{\"message\": \"x\",}"] {
                let response = post_text(url.clone(), "application/json", body).await;
                response.is_problem(400, "BadRequest");
            }
            for body in ["[]", "null", "42", "{}", "\"text\""] {
                let response = post_text(url.clone(), "application/json", body).await;
                response.is_problem(422, "ValidationError");
            }
            let response = post_text(url.clone(), "text/plain", "{}").await;
            response.is_problem(415, "UnsupportedMediaType");
            let not_utf8 = post_text(url, "application/json", vec![b'"', 0xff, b'"']).await;
            not_utf8.is_problem(400, "BadRequest");
        }
    }

    /// Missing members, wrong types and U+0000 in a chat request.
    async fn wrong_shapes_of_chat(bank: &Deployment) {
        let url = format!("{}{CHAT}", bank.url(Role::Concierge));
        let refused: [Value; 9] = [
            json!({"user_id": "u", "session_id": ""}),
            json!({"message": "hi", "session_id": ""}),
            json!({"message": 5, "session_id": "", "user_id": "u"}),
            json!({"message": "hi", "session_id": "", "user_id": 5}),
            json!({"message": "hi", "session_id": [], "user_id": "u"}),
            json!({"message": null, "session_id": "", "user_id": "u"}),
            json!({"message": "a\u{0}b", "session_id": "", "user_id": "u"}),
            json!({"message": "hi", "session_id": "", "user_id": "u\u{0}"}),
            json!({"message": "hi", "session_id": "", "user_id": ""}),
        ];
        for body in refused {
            Response::post(url.clone(), &body).await.is_problem(422, "ValidationError");
        }
        let tolerated = [
            json!({"message": "What's my balance?", "user_id": "journey_shapes"}),
            json!({"message": "What's my balance?", "user_id": "journey_shapes", "session_id": "", "more": {"a": [1]}}),
        ];
        for body in tolerated {
            let response = Response::post(url.clone(), &body).await;
            assert_eq!(response.status, 200, "{}", response.text);
            assert!(!response.json()["session_id"].as_str().unwrap().is_empty());
        }
    }

    /// Unknown paths and methods, on every port.
    async fn unknown_paths_and_methods(bank: &Deployment) {
        for role in Role::ALL {
            let url = bank.url(role);
            Response::get(format!("{url}/nothing/here")).await.is_problem(404, "NotFound");
            let client = reqwest::Client::new();
            let deleted = Response::of(client.delete(format!("{url}/health"))).await;
            deleted.is_problem(405, "MethodNotAllowed");
            assert!(deleted.header("allow").contains("GET"), "{:?}", deleted.headers);
        }
        let got = Response::get(format!("{}{CHAT}", bank.url(Role::Concierge))).await;
        got.is_problem(405, "MethodNotAllowed");
    }

    /// More than is read: 413 with a body, 431 with headers; deep nesting is only a wrong shape.
    async fn oversized(bank: &Deployment) {
        for (role, path) in [(Role::Concierge, CHAT), (Role::Rag, SEARCH), (Role::Guardrails, CHECK)] {
            let url = bank.url(role);
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
            );
            let announced = Response::raw(url, &format!("{head}Content-Length: 8388608\r\n\r\n")).await;
            announced.is_problem(413, "PayloadTooLarge");
            let filler = "x".repeat(300_000);
            let sent = format!("{head}Content-Length: 300013\r\n\r\n{{\"message\": \"{filler}\"}}");
            Response::raw(url, &sent).await.is_problem(413, "PayloadTooLarge");
            let headers = format!("{head}X-Filler: {}\r\n\r\n", "x".repeat(20_000));
            Response::raw(url, &headers).await.is_problem(431, "HeadersTooLarge");

            let nested = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
            let deep = post_text(format!("{url}{path}"), "application/json", nested).await;
            assert!([400, 422].contains(&deep.status), "{}", deep.text);
        }
        assert_eq!(bank.customer("journey_oversized").balances().await.len(), 3);
    }

    /// Hostile text is only text.
    async fn hostile_text(bank: &Deployment) {
        let ada = bank.customer("journey_hostile");
        let long = "balance ".repeat(400);
        for text in [
            "'; DROP TABLE accounts; --",
            "<script>alert(1)</script>",
            "\u{202e}ecnalab ym s'tahW",
            "👨‍👩‍👧‍👦".repeat(50).as_str(),
            "{{7*7}} ${jndi:ldap://x} %s%n",
            "   ",
            long.as_str(),
        ] {
            let response = ada.send(text).await;
            assert!([200, 422].contains(&response.status), "{text:?}: {}", response.text);
        }
        assert_eq!(ada.balances().await.len(), 3, "the bank is still there");
    }
}
