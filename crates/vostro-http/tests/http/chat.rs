//! `POST /api/v1/chat`, as JSON and as server-sent events.

use futures::poll;
use serde_json::{Value, json};

use crate::store::Health;
use crate::world::{Mood, TIMESTAMP, chat, post, send, with, world, world_with};

#[tokio::test]
async fn a_reply_has_every_member_of_the_contract() {
    let world = world();
    let answer = send(
        &world.concierge,
        chat("test_user_12345", "", "What's my balance?"),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let reply = answer.json();
    let text = reply["message"].as_str().unwrap();
    assert!(
        text.to_lowercase().contains("balance") || text.contains('$'),
        "{text}"
    );
    assert!(reply["session_id"].as_str().unwrap().starts_with("ses_"));
    assert_eq!(reply["timestamp"], TIMESTAMP);
    assert_eq!(reply["guardrails_passed"], true);
    let members = [
        "intent",
        "commands",
        "slots",
        "out_of_scope",
        "cards",
        "citations",
        "receipts",
        "turn_id",
    ];
    for member in members {
        assert!(reply.get(member).is_some(), "{member}");
    }
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_session_is_opened_gone_on_with_and_nobody_elses() {
    let world = world();
    for absent in [
        json!({"message": "hi", "user_id": "ada"}),
        json!({"message": "hi", "user_id": "ada", "session_id": null}),
        json!({"message": "hi", "user_id": "ada", "session_id": ""}),
    ] {
        let answer = send(&world.concierge, post("/api/v1/chat", absent.to_string())).await;
        assert_eq!(answer.status, 200, "{absent}: {}", answer.text);
        assert!(!answer.json()["session_id"].as_str().unwrap().is_empty());
    }
    let first = send(&world.concierge, chat("ada", "my own id", "hi")).await;
    assert_eq!(
        (first.status, &first.json()["session_id"]),
        (200, &json!("my own id"))
    );
    let second = send(
        &world.concierge,
        chat("ada", "my own id", "What's my balance?"),
    )
    .await;
    assert_eq!(
        (second.status, &second.json()["session_id"]),
        (200, &json!("my own id"))
    );
    let foreign = send(&world.concierge, chat("eve", "my own id", "hi")).await;
    assert_eq!(
        (foreign.status, foreign.error().as_str()),
        (403, "Forbidden")
    );
}

#[tokio::test]
async fn what_is_unsafe_is_answered_and_not_passed() {
    let world = world();
    let answer = send(&world.concierge, chat("ada", "", "I want to harm someone")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["guardrails_passed"], false);
    let metrics = world
        .edge
        .metrics()
        .render(vostro_telemetry::Exposition::Prometheus);
    assert!(
        metrics.contains("vostro_turns_total{outcome=\"blocked\"} 1"),
        "{metrics}"
    );
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn bodies_have_the_statuses_of_the_contract() {
    let world = world();
    let long = "x".repeat(10_001);
    let many_wide = "\u{1f600}".repeat(10_000);
    let ok = json!({"message": "hi", "user_id": "ada"});
    let cases: Vec<(String, u16, &str)> = vec![
        (ok.to_string(), 200, ""),
        (
            json!({"message": "hi", "user_id": "ada", "unknown": {"deep": [1]}}).to_string(),
            200,
            "",
        ),
        (
            json!({"message": many_wide, "user_id": "ada"}).to_string(),
            200,
            "",
        ),
        (String::new(), 400, "BadRequest"),
        ("not json".into(), 400, "BadRequest"),
        (r#"{"message": 5, oops"#.into(), 400, "BadRequest"),
        ("[]".into(), 422, "ValidationError"),
        (
            r#"{"message":"hi","user_id":"ada","user_id":"eve"}"#.into(),
            422,
            "ValidationError",
        ),
        ("null".into(), 422, "ValidationError"),
        ("{}".into(), 422, "ValidationError"),
        (json!({"message": "hi"}).to_string(), 422, "ValidationError"),
        (
            json!({"user_id": "ada"}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": 5, "user_id": "ada"}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": ["hi"], "user_id": "ada"}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": "", "user_id": "ada"}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": " \n\u{3000}", "user_id": "ada"}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": "a\u{0}b", "user_id": "ada"}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": long, "user_id": "ada"}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": "hi", "user_id": ""}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": "hi", "user_id": 7}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": "hi", "user_id": "a\u{0}"}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": "hi", "user_id": "x".repeat(129)}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": "hi", "user_id": "ada", "session_id": 7}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": "hi", "user_id": "ada", "session_id": "a\u{0}"}).to_string(),
            422,
            "ValidationError",
        ),
        (
            json!({"message": "hi", "user_id": "ada", "session_id": "x".repeat(129)}).to_string(),
            422,
            "ValidationError",
        ),
    ];
    for (body, status, error) in cases {
        let answer = send(&world.concierge, post("/api/v1/chat", body.clone())).await;
        assert_eq!(answer.status, status, "{body:.80}: {}", answer.text);
        if !error.is_empty() {
            assert_eq!(answer.error(), error, "{body:.80}");
        }
    }
    assert!(
        world
            .store
            .turns()
            .iter()
            .all(|turn| turn.customer.as_str() != "ada" || !turn.message_masked.contains("no"))
    );
}

#[tokio::test]
async fn what_does_not_answer_is_503_and_what_breaks_500_without_words_of_ours() {
    let world = world();
    world.store.set(Health::Unreachable);
    let answer = send(&world.concierge, chat("ada", "", "hi")).await;
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (503, "ServiceUnavailable")
    );
    world.store.set(Health::Broken);
    let broken = send(&world.concierge, chat("ada", "", "hi")).await;
    assert_eq!(
        (broken.status, broken.error().as_str()),
        (500, "InternalError")
    );
    world.store.set(Health::Well);
    world.guard.set(Mood::Stopped);
    let unguarded = send(&world.concierge, chat("ada", "", "hi")).await;
    assert_eq!(unguarded.status, 503);
    world.guard.set(Mood::Panicking);
    let panicked = send(&world.concierge, chat("ada", "", "hi")).await;
    assert_eq!(
        (panicked.status, panicked.error().as_str()),
        (500, "InternalError")
    );
    for answer in [answer, broken, unguarded, panicked] {
        for inside in ["10.0.0", "column", "4000", "ada", "gone"] {
            assert!(!answer.text.contains(inside), "{}", answer.text);
        }
    }
    world.guard.set(Mood::Ready);
    assert_eq!(
        send(&world.concierge, chat("ada", "", "hi")).await.status,
        200
    );
    let metrics = world
        .edge
        .metrics()
        .render(vostro_telemetry::Exposition::Prometheus);
    assert!(metrics.contains("vostro_turns_in_flight 0"), "{metrics}");
    assert!(
        metrics.contains("vostro_turns_total{outcome=\"unavailable\"} 2"),
        "{metrics}"
    );
    assert!(
        metrics.contains("vostro_turns_total{outcome=\"failed\"} 2"),
        "{metrics}"
    );
}

/// The `data` of each event, by name and id.
pub(crate) fn events(text: &str) -> Vec<(String, String, Value)> {
    let field = |block: &str, name: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default().trim_start().to_owned()
    };
    text.split("\n\n")
        .filter(|block| block.contains("data:"))
        .map(|block| {
            let data = serde_json::from_str(&field(block, "data:")).unwrap();
            (field(block, "event:"), field(block, "id:"), data)
        })
        .collect()
}

#[tokio::test]
async fn the_same_turn_as_a_stream() {
    let world = world();
    let request = with(
        chat("ada", "", "What's my balance?"),
        "accept",
        "text/event-stream",
    );
    let answer = send(&world.concierge, request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/event-stream");
    let events = events(&answer.text);
    let (name, _, reply) = events.last().unwrap();
    assert_eq!(name, "done");
    let turn = reply["turn_id"].as_str().unwrap();
    for (i, (_, id, _)) in events.iter().enumerate() {
        assert_eq!(*id, format!("{turn}.{}", i + 1));
    }
    assert!(reply["message"].as_str().unwrap().contains('$'));
    let refused = with(chat("", "", "hi"), "accept", "text/event-stream");
    assert_eq!(send(&world.concierge, refused).await.status, 422);
    world.store.set(Health::Unreachable);
    let failed = with(chat("ada", "", "hi"), "accept", "text/event-stream");
    assert_eq!(send(&world.concierge, failed).await.status, 503);
}

#[tokio::test(start_paused = true)]
async fn a_slow_turn_keeps_its_stream_alive_and_tells_how_it_ended() {
    let world = world();
    world.guard.hold();
    let request = with(
        chat("ada", "", "What's my balance?"),
        "accept",
        "text/event-stream",
    );
    let mut slow = Box::pin(send(&world.concierge, request));
    assert!(poll!(slow.as_mut()).is_pending());
    let answer = slow.await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.contains(": working"), "{}", answer.text);
    let events = events(&answer.text);
    let (name, _, data) = events.last().unwrap();
    assert_eq!(
        (name.as_str(), &data["error"]),
        ("error", &json!("RequestTimeout"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_turn_over_its_deadline_is_408_and_recorded_all_the_same() {
    let world = world();
    world.guard.hold();
    let answer = send(&world.concierge, chat("ada", "s1", "What's my balance?")).await;
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (408, "RequestTimeout")
    );
    assert!(world.store.turns().is_empty());
    world.guard.release();
    // The next message of the session waits for the first.
    let next = send(&world.concierge, chat("ada", "s1", "hi")).await;
    assert_eq!(next.status, 200, "{}", next.text);
    assert_eq!(world.store.turns().len(), 2);
}

#[tokio::test]
async fn a_turn_goes_on_when_its_client_hangs_up() {
    let world = world();
    world.guard.hold();
    let mut asked = Box::pin(send(
        &world.concierge,
        chat("ada", "s1", "What's my balance?"),
    ));
    while world
        .edge
        .metrics()
        .render(vostro_telemetry::Exposition::Prometheus)
        .contains("vostro_turns_in_flight 0")
    {
        assert!(poll!(asked.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    drop(asked);
    world.guard.release();
    while world.store.turns().is_empty() {
        tokio::task::yield_now().await;
    }
    let metrics = world
        .edge
        .metrics()
        .render(vostro_telemetry::Exposition::Prometheus);
    assert!(metrics.contains("status=\"499\"} 1"), "{metrics}");
    assert!(
        metrics.contains("http_requests_in_flight{role=\"concierge\"} 0"),
        "{metrics}"
    );
}

#[tokio::test]
async fn messages_of_one_session_sent_at_once_are_all_answered() {
    let world = world_with(|settings| settings.limits.concurrent = 20);
    let sends = (0..20).map(|_| send(&world.concierge, chat("ada", "s1", "What's my balance?")));
    let answers = futures::future::join_all(sends).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, vec![200; 20]);
    assert_eq!(world.store.turns().len(), 20);
}
