//! `GET /api/v1/chat/{turn_id}/events`.

use futures::poll;

use crate::chat::events;
use crate::store::Health;
use crate::world::{World, chat, get, send, with, world};

async fn turn(world: &World) -> String {
    let answer = send(&world.concierge, chat("ada", "s1", "What's my balance?")).await;
    answer.json()["turn_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_turn_is_resumed_after_what_was_seen_and_only_by_its_customer() {
    let world = world();
    let turn = turn(&world).await;
    let path = format!("/api/v1/chat/{turn}/events");
    let all = send(&world.concierge, get(&format!("{path}?user_id=ada"))).await;
    assert_eq!(
        (all.status, all.header("content-type")),
        (200, "text/event-stream")
    );
    let all = events(&all.text);
    let count = all.len();
    assert!(count >= 2, "{all:?}");
    let last = format!("{turn}.{count}");
    let cases = [
        (
            format!("?user_id=ada&last_event_id={turn}.1"),
            None,
            200,
            count - 1,
        ),
        (
            "?user_id=ada".into(),
            Some(format!("{turn}.1")),
            200,
            count - 1,
        ),
        ("?user_id=ada".into(), Some("1".to_owned()), 200, count - 1),
        (
            format!("?user_id=ada&last_event_id={last}"),
            Some("1".into()),
            200,
            count - 1,
        ),
        ("?user_id=ada".into(), Some(last.clone()), 204, 0),
        ("?user_id=ada".into(), Some("999999".into()), 204, 0),
        ("?user_id=ada".into(), Some("trn_other.1".into()), 404, 0),
        ("?user_id=ada".into(), Some("x".into()), 404, 0),
        ("?user_id=eve".into(), None, 404, 0),
        (String::new(), None, 422, 0),
        ("?user_id=".into(), None, 422, 0),
        ("?user_id=a%00b".into(), None, 422, 0),
        ("?user_id=%ff%fe&user_id=b".into(), None, 400, 0),
    ];
    for (query, header, status, expected) in cases {
        let mut request = get(&format!("{path}{query}"));
        if let Some(header) = &header {
            request = with(request, "last-event-id", header);
        }
        let answer = send(&world.concierge, request).await;
        assert_eq!(answer.status, status, "{query} {header:?}: {}", answer.text);
        if status == 200 {
            let found = events(&answer.text);
            assert_eq!(found, all[count - expected..], "{query} {header:?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_404_and_a_store_that_is_gone_503() {
    let world = world();
    for turn in ["trn_none", "%00", "..%2f..", "x"] {
        let answer = send(
            &world.concierge,
            get(&format!("/api/v1/chat/{turn}/events?user_id=ada")),
        )
        .await;
        assert_eq!(answer.status, 404, "{turn}");
    }
    world.store.set(Health::Unreachable);
    let answer = send(
        &world.concierge,
        get("/api/v1/chat/trn_none/events?user_id=ada"),
    )
    .await;
    assert_eq!(answer.status, 503);
}

#[tokio::test(start_paused = true)]
async fn a_turn_in_flight_is_waited_for_and_not_for_ever() {
    let world = world();
    let known = turn(&world).await;
    world.guard.hold();
    let mut asked = Box::pin(send(
        &world.concierge,
        chat("ada", "s1", "What's my balance?"),
    ));
    assert!(poll!(asked.as_mut()).is_pending());
    let path = "/api/v1/chat/trn_unknown/events?user_id=ada";
    let mut waiting = Box::pin(send(&world.concierge, get(path)));
    assert!(
        poll!(waiting.as_mut()).is_pending(),
        "a turn of this customer is in flight"
    );
    let other = send(
        &world.concierge,
        get("/api/v1/chat/trn_unknown/events?user_id=eve"),
    )
    .await;
    assert_eq!(other.status, 404, "nobody else waits for it");
    assert_eq!(waiting.await.status, 404, "after its deadline");
    let mut waiting = Box::pin(send(&world.concierge, get(path)));
    assert!(poll!(waiting.as_mut()).is_pending());
    world.guard.release();
    assert_eq!(asked.await.status, 200);
    assert_eq!(waiting.await.status, 404, "the turn that ended was another");
    assert!(
        world
            .store
            .turns()
            .iter()
            .any(|turn| turn.id.as_str() == known)
    );
}
