//! The `Idempotency-Key` of `POST /api/v1/chat`: each rule of its table.

use axum::body::Body;
use axum::http::Request;
use futures::poll;
use serde_json::json;

use crate::chat::events;
use crate::store::Health;
use crate::world::{Answer, Mood, World, chat, post, send, with, world, world_with};

const KEY: &str = "idempotency-key";
const REPLAYED: &str = "idempotency-replayed";

fn keyed(key: &str, message: &str) -> Request<Body> {
    with(chat("ada", "s1", message), KEY, key)
}

async fn say(world: &World, key: &str, message: &str) -> Answer {
    send(&world.concierge, keyed(key, message)).await
}

#[tokio::test]
async fn the_same_body_gets_the_same_answer_and_another_a_conflict() {
    let world = world();
    let first = say(&world, "\"key-1\"", "What's my balance?").await;
    assert_eq!((first.status, first.header(REPLAYED)), (200, ""));
    for key in ["\"key-1\"", "key-1"] {
        let again = say(&world, key, "What's my balance?").await;
        assert_eq!((again.status, again.header(REPLAYED)), (200, "true"));
        assert_eq!(again.text, first.text);
        assert_eq!(again.header("content-type"), first.header("content-type"));
    }
    assert_eq!(world.store.turns().len(), 1);
    let other = say(&world, "key-1", "What's my balance").await;
    assert_eq!((other.status, other.error().as_str()), (409, "Conflict"));
    assert_eq!(other.header("retry-after"), "");
    // Of another customer, under another key, or without one it is another request.
    let others = [
        with(chat("eve", "", "hi"), KEY, "key-1"),
        keyed("key-2", "What's my balance?"),
        chat("ada", "s1", "What's my balance?"),
    ];
    for request in others {
        let answer = send(&world.concierge, request).await;
        assert_eq!((answer.status, answer.header(REPLAYED)), (200, ""));
    }
    assert_eq!(world.store.turns().len(), 4);
}

#[tokio::test]
async fn a_stream_replays_as_the_same_events_and_as_the_same_reply() {
    let world = world();
    let ask = |as_stream: bool| {
        let request = keyed("k", "What's my balance?");
        if as_stream {
            with(request, "accept", "text/event-stream")
        } else {
            request
        }
    };
    let first = send(&world.concierge, ask(true)).await;
    let again = send(&world.concierge, ask(true)).await;
    assert_eq!(again.header("content-type"), "text/event-stream");
    assert_eq!(again.header(REPLAYED), "true");
    assert_eq!(again.text, first.text);
    let whole = send(&world.concierge, ask(false)).await;
    assert_eq!(whole.header(REPLAYED), "true");
    let (name, _, data) = events(&first.text).pop().unwrap();
    assert_eq!((name.as_str(), data), ("done", whole.json()));
    assert_eq!(world.store.turns().len(), 1);
}

#[tokio::test]
async fn a_malformed_key_is_400_and_nothing_is_done() {
    let world = world();
    let long = "k".repeat(256);
    for key in ["", "\"\"", "\"open", "a b", "a,b", "\"a\";q=1", &long] {
        let answer = say(&world, key, "hi").await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (400, "BadRequest"),
            "{key}"
        );
    }
    let mut twice = keyed("a", "hi");
    twice.headers_mut().append(KEY, "b".parse().unwrap());
    assert_eq!(send(&world.concierge, twice).await.status, 400);
    assert!(world.store.turns().is_empty());
    assert_eq!(world.store.requests(), 0);
}

#[tokio::test]
async fn what_may_pass_is_not_kept_and_what_would_be_the_same_is() {
    let world = world();
    world.guard.set(Mood::Stopped);
    assert_eq!(say(&world, "k", "hi").await.status, 503);
    world.guard.set(Mood::Panicking);
    assert_eq!(say(&world, "k", "hi").await.status, 500);
    world.guard.set(Mood::Ready);
    assert_eq!(world.store.requests(), 0);
    let answered = say(&world, "k", "hi").await;
    assert_eq!((answered.status, answered.header(REPLAYED)), (200, ""));

    let foreign = || with(chat("eve", "s1", "hi"), KEY, "k");
    let first = send(&world.concierge, foreign()).await;
    assert_eq!((first.status, first.header(REPLAYED)), (403, ""));
    let again = send(&world.concierge, foreign()).await;
    assert_eq!((again.status, again.header(REPLAYED)), (403, "true"));
    assert_eq!(again.json()["detail"], first.json()["detail"]);

    // A body that cannot be read never gets as far as a claim.
    let before = world.store.requests();
    let body = json!({"message": 5, "user_id": "ada"}).to_string();
    let unread = with(post("/api/v1/chat", body), KEY, "new");
    assert_eq!(send(&world.concierge, unread).await.status, 422);
    assert_eq!(world.store.requests(), before);
    world.store.set(Health::Unreachable);
    assert_eq!(say(&world, "k", "hi").await.status, 503);
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_in_flight_waits_two_seconds_and_then_is_a_conflict() {
    let world = world();
    world.guard.hold();
    let mut first = Box::pin(say(&world, "k", "What's my balance?"));
    while world.store.requests() == 0 {
        assert!(poll!(first.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    let began = tokio::time::Instant::now();
    let duplicate = say(&world, "k", "What's my balance?").await;
    assert_eq!(duplicate.status, 409);
    assert_eq!(duplicate.header("retry-after"), "1");
    assert_eq!(began.elapsed().as_secs(), 2);
    // One that waits while the first is answered gets that answer.
    let mut waiting = Box::pin(say(&world, "k", "What's my balance?"));
    assert!(poll!(waiting.as_mut()).is_pending());
    world.guard.release();
    let (first, second) = futures::join!(first, waiting);
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(second.header(REPLAYED), "true");
    assert_eq!(first.text, second.text);
    assert_eq!(world.store.turns().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_took_too_long_is_answered_when_it_is_sent_again() {
    let world = world();
    world.guard.hold();
    assert_eq!(say(&world, "k", "What's my balance?").await.status, 408);
    world.guard.release();
    while world.store.turns().is_empty() {
        tokio::task::yield_now().await;
    }
    let again = say(&world, "k", "What's my balance?").await;
    assert_eq!((again.status, again.header(REPLAYED)), (200, "true"));
    assert_eq!(world.store.turns().len(), 1);
}

/// The holder that was taken for gone is not: both end with the one turn that was recorded.
#[tokio::test]
async fn a_claim_that_was_taken_over_still_has_one_answer() {
    let world = world();
    world.guard.hold();
    let ask = || say(&world, "k", "What's my balance?");
    let mut slow = Box::pin(ask());
    while world.store.requests() == 0 {
        assert!(poll!(slow.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    world.store.end_leases(true);
    let mut taking_over = Box::pin(ask());
    for _ in 0..100 {
        assert!(poll!(taking_over.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    world.store.end_leases(false);
    world.guard.release();
    let (slow, taking_over) = futures::join!(slow, taking_over);
    assert_eq!(world.store.turns().len(), 1);
    assert!([slow.status, taking_over.status].contains(&200));
    let again = ask().await;
    assert_eq!(again.header(REPLAYED), "true");
    for answer in [slow, taking_over] {
        assert!(
            answer.status == 409 || answer.text == again.text,
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn sixty_four_at_once_are_one_turn_and_one_answer() {
    let world = world_with(|settings| {
        settings.limits.concurrent = 1;
        settings.limits.per_minute = 1_000;
    });
    let sends = (0..64).map(|_| say(&world, "k", "What's my balance?"));
    let answers = futures::future::join_all(sends).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert!(answers.iter().all(|answer| answer.text == answers[0].text));
    let replayed = answers
        .iter()
        .filter(|answer| answer.header(REPLAYED) == "true");
    assert_eq!(replayed.count(), 63);
    assert_eq!(world.store.turns().len(), 1);
}
