//! `GET /api/v1/conversations` and `GET /api/v1/conversations/{session_id}`.

use crate::store::Health;
use crate::world::{chat, get, send, world};

const LIST: &str = "/api/v1/conversations";

#[tokio::test]
async fn a_customer_reads_their_conversations_and_nobody_elses() {
    let world = world();
    for (user, session, message) in [
        ("ada", "s1", "What's my balance?"),
        ("ada", "s1", "My SSN is 123-45-6789"),
        ("ada", "s2", "Hello"),
        ("eve", "s3", "Hello"),
    ] {
        send(&world.concierge, chat(user, session, message)).await;
    }
    let list = send(&world.concierge, get(&format!("{LIST}?user_id=ada"))).await;
    let list = list.json();
    let mut ids: Vec<_> = list["conversations"].as_array().unwrap().iter().collect();
    ids.sort_by_key(|it| it["session_id"].as_str());
    let ids: Vec<_> = ids
        .iter()
        .map(|it| it["session_id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["s1", "s2"]);

    let page = send(&world.concierge, get(&format!("{LIST}/s1?user_id=ada"))).await;
    let page = page.json();
    let turns = page["turns"].as_array().unwrap();
    assert_eq!((turns.len(), page["next"].is_null()), (2, true));
    assert_eq!(turns[0]["message"], "What's my balance?");
    assert!(turns[0]["reply"]["message"].as_str().unwrap().contains('$'));
    assert_eq!(turns[0]["reply"]["turn_id"], turns[0]["turn_id"]);
    let masked = turns[1]["message"].as_str().unwrap();
    assert!(masked.contains("***-**-****") && !masked.contains("6789"));
    let rest = send(
        &world.concierge,
        get(&format!("{LIST}/s1?user_id=ada&after=1")),
    )
    .await;
    assert_eq!(rest.json()["turns"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn bad_requests_and_other_peoples_conversations_are_refused() {
    let world = world();
    send(&world.concierge, chat("ada", "s1", "Hello")).await;
    for (path, status) in [
        (format!("{LIST}/s1?user_id=eve"), 404),
        (format!("{LIST}/s9?user_id=ada"), 404),
        (format!("{LIST}/%ff?user_id=ada"), 404),
        (format!("{LIST}/s1"), 422),
        (format!("{LIST}/s1?user_id=ada&after=-1"), 400),
        (
            format!("{LIST}/s1?user_id=ada&after=99999999999999999999"),
            400,
        ),
        (LIST.to_owned(), 422),
        (format!("{LIST}?user_id=a%00b"), 422),
        (format!("{LIST}?user_id=ada&limit=0"), 422),
        (format!("{LIST}?user_id=ada&limit=101"), 422),
        (format!("{LIST}?user_id=ada&limit=x"), 400),
        (format!("{LIST}?user_id=nobody"), 200),
    ] {
        let answer = send(&world.concierge, get(&path)).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
    }
    world.store.set(Health::Unreachable);
    for path in [
        format!("{LIST}?user_id=ada"),
        format!("{LIST}/s1?user_id=ada"),
    ] {
        let answer = send(&world.concierge, get(&path)).await;
        assert_eq!(answer.status, 503, "{path}");
        assert!(!answer.text.contains("10.0.0.7"));
    }
}
