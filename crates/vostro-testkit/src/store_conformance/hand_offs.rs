//! Conversations for people: one entry a session, one colleague an entry, and a thread.

use serde_json::json;
use vostro_bank::{
    AuditKind, HandOff, HandOffChange, HandOffEnd, HandOffStatus, NewHandOff, Sender,
};
use vostro_types::{HandOffId, SessionId, TurnId};

use super::Backend;
use super::bench::{Bench, customer};
use super::conversations::turn;

fn new(id: &str, session: &str, reason: &str, priority: u8) -> NewHandOff {
    NewHandOff {
        id: HandOffId::new(id).unwrap(),
        session: SessionId::new(session).unwrap(),
        customer: customer("ada"),
        turn: TurnId::new("trn_1").unwrap(),
        reason: reason.to_owned(),
        priority,
        summary: json!({ "said": reason }),
    }
}

fn changed(change: HandOffChange) -> HandOff {
    match change {
        HandOffChange::Changed(it) => *it,
        other => panic!("{other:?}"),
    }
}

fn ids(hand_offs: &[HandOff]) -> Vec<&str> {
    hand_offs.iter().map(|it| it.id.as_str()).collect()
}

/// A session has one open entry; a more urgent call raises it; the queue is in order of urgency.
pub async fn a_session_is_in_the_queue_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let first = store
        .open_hand_off(&new("hnd_1", "ses_1", "asked", 3))
        .await;
    assert_eq!(first.unwrap().status, HandOffStatus::Waiting);
    store
        .open_hand_off(&new("hnd_2", "ses_2", "dispute", 2))
        .await
        .unwrap();
    let raised = store
        .open_hand_off(&new("hnd_3", "ses_1", "fraud", 0))
        .await
        .unwrap();
    assert_eq!(
        (raised.id.as_str(), raised.reason.as_str()),
        ("hnd_1", "fraud")
    );
    let lower = store
        .open_hand_off(&new("hnd_4", "ses_1", "asked", 3))
        .await
        .unwrap();
    assert_eq!((lower.priority, lower.reason.as_str()), (0, "fraud"));
    assert_eq!(lower.summary, json!({ "said": "asked" }));
    let waiting = store.hand_offs(HandOffStatus::Waiting, 10).await.unwrap();
    assert_eq!(ids(&waiting), ["hnd_1", "hnd_2"]);
    let one = store.hand_offs(HandOffStatus::Waiting, 1).await.unwrap();
    assert_eq!(ids(&one), ["hnd_1"]);
    let session = SessionId::new("ses_1").unwrap();
    let eves = store.hand_off_of(&customer("eve"), &session).await.unwrap();
    assert_eq!(eves, None);
    assert_eq!(bench.count(AuditKind::HandedOff).await, 4);
    let trail = store.audit_trail(0, 10).await.unwrap();
    let named: Vec<_> = trail
        .iter()
        .filter(|row| row.kind == "handed_off")
        .map(|row| row.detail.as_ref().unwrap()["hand_off"].clone())
        .collect();
    assert_eq!(named, ["hnd_1", "hnd_2", "hnd_1", "hnd_1"]);
}

/// One colleague has a claimed entry; only they reply and end it; then the session can be handed off anew.
pub async fn a_hand_off_has_one_colleague<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let id = store
        .open_hand_off(&new("hnd_1", "ses_1", "asked", 3))
        .await
        .unwrap()
        .id;
    let nobodys = store.reply_hand_off(&id, "anna", "Hello").await.unwrap();
    assert!(matches!(nobodys, HandOffChange::Conflict(_)));
    assert_eq!(store.tell_colleague(&id, "hello?").await.unwrap(), None);
    let claimed = changed(store.claim_hand_off(&id, "anna").await.unwrap());
    assert_eq!(claimed.colleague.as_deref(), Some("anna"));
    assert_eq!(claimed.claimed_at, Some(bench.now()));
    changed(store.claim_hand_off(&id, "anna").await.unwrap());
    let others = [
        store.claim_hand_off(&id, "ben").await.unwrap(),
        store.reply_hand_off(&id, "ben", "Hello").await.unwrap(),
        store
            .close_hand_off(&id, "ben", HandOffEnd::Resolved)
            .await
            .unwrap(),
    ];
    for other in others {
        assert!(matches!(other, HandOffChange::Conflict(_)), "{other:?}");
    }
    assert_eq!(store.tell_colleague(&id, "hello?").await.unwrap(), Some(1));
    let replied = changed(
        store
            .reply_hand_off(&id, "anna", "Hello\u{1F44B}")
            .await
            .unwrap(),
    );
    assert_eq!(replied.messages, 2);
    let thread = store.hand_off_messages(&id, 0, 10).await.unwrap();
    let said: Vec<_> = thread
        .iter()
        .map(|it| (it.sender, it.text.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (Sender::Customer, "hello?"),
            (Sender::Colleague, "Hello\u{1F44B}")
        ]
    );
    assert_eq!(store.hand_off_messages(&id, 1, 10).await.unwrap().len(), 1);
    let closed = changed(
        store
            .close_hand_off(&id, "anna", HandOffEnd::GivenBack)
            .await
            .unwrap(),
    );
    assert_eq!(closed.ended.as_deref(), Some("given_back"));
    let again = store
        .close_hand_off(&id, "anna", HandOffEnd::Resolved)
        .await
        .unwrap();
    assert!(matches!(again, HandOffChange::Conflict(_)));
    assert_eq!(store.tell_colleague(&id, "thanks").await.unwrap(), None);
    let absent = HandOffId::new("hnd_none").unwrap();
    let none = store.claim_hand_off(&absent, "anna").await.unwrap();
    assert_eq!(none, HandOffChange::Absent);
    let anew = store
        .open_hand_off(&new("hnd_2", "ses_1", "asked", 3))
        .await
        .unwrap();
    assert_eq!(anew.id.as_str(), "hnd_2");
    let closed = store.hand_offs(HandOffStatus::Closed, 10).await.unwrap();
    assert_eq!(ids(&closed), ["hnd_1"]);
    for (kind, count) in [
        (AuditKind::HandOffClaimed, 1),
        (AuditKind::HandOffReplied, 1),
        (AuditKind::HandOffClosed, 1),
    ] {
        assert_eq!(bench.count(kind).await, count, "{kind:?}");
    }
}

/// Claims at once have one winner.
pub async fn claims_of_a_hand_off_have_one_winner<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let id = bench
        .store()
        .open_hand_off(&new("hnd_1", "ses_1", "asked", 3))
        .await
        .unwrap()
        .id;
    let claims: Vec<_> = (0..6)
        .map(|number| {
            let (bench, id) = (bench.clone(), id.clone());
            tokio::spawn(async move {
                let name = format!("colleague {number}");
                let change = bench.store().claim_hand_off(&id, &name).await.unwrap();
                matches!(change, HandOffChange::Changed(_))
            })
        })
        .collect();
    let mut winners = 0;
    for claim in claims {
        winners += u32::from(claim.await.unwrap());
    }
    assert_eq!(winners, 1);
}

/// A colleague reads what was said, in order.
pub async fn spoken_turns_are_read_in_order<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    for version in 1..=3 {
        store
            .commit_turn(turn(&bench, "ada", "ses_1", version))
            .await
            .unwrap();
    }
    let session = SessionId::new("ses_1").unwrap();
    let spoken = store.spoken_turns(&session, 2).await.unwrap();
    let versions: Vec<_> = spoken.iter().map(|turn| turn.version).collect();
    assert_eq!(versions, [2, 3]);
    assert!(
        spoken
            .iter()
            .all(|turn| turn.message.starts_with("pay") && turn.reply.is_empty())
    );
}
