//! Sessions and turns: whose they are, in which order, and how a reply resumes.

use std::time::Duration;

use jiff::SignedDuration;
use serde::Serialize;
use serde_json::json;
use vostro_bank::{
    AuditEvent, AuditKind, Disposition, JsonText, ReplyEvent, SessionFound, SessionRecord,
    TurnCommit, TurnCommitted, TurnEvidence, TurnMeasures, TurnRecord,
};
use vostro_types::{SessionId, TurnId};

use super::Backend;
use super::bench::{Bench, customer};

/// What was serialized once is kept to the byte: its keys stay where they are.
fn in_no_order(text: &str, n: u32) -> JsonText {
    #[derive(Serialize)]
    struct Data<'a> {
        text: &'a str,
        n: u32,
    }
    JsonText::of(&Data { text, n })
}

/// A turn that brings the session to `version`, with an audit row of its own.
pub(super) fn turn<B: Backend>(
    bench: &Bench<B>,
    owner: &str,
    session: &str,
    version: u64,
) -> TurnCommit {
    let (owner, session) = (customer(owner), SessionId::new(session).unwrap());
    let id = TurnId::new(bench.name("trn")).unwrap();
    let event = |number, event: &str| ReplyEvent {
        number,
        event: event.to_owned(),
        data: in_no_order("Größe \u{1F600} \"quoted\" \u{7f}", number),
    };
    TurnCommit {
        session: SessionRecord {
            id: session.clone(),
            customer: owner.clone(),
            version,
            state: json!({"slots": {"amount": version}, "list": [1, null, "ü"]}),
            opened_at: bench.now(),
            last_seen_at: bench.now(),
        },
        turn: TurnRecord {
            id: id.clone(),
            session: session.clone(),
            customer: owner.clone(),
            at: bench.now(),
            message_masked: "pay ***-**-****'; DROP TABLE turns; --".to_owned(),
            reply_masked: String::new(),
            guardrails_passed: false,
            intent: None,
            commands: json!([]),
            evidence: Some(TurnEvidence {
                facts: JsonText::of(&json!({"zone": "UTC", "n": [version, null]})),
                state_hash: "ab".repeat(32),
            }),
            measures: TurnMeasures {
                disposition: Disposition::Blocked,
                verdict: "prompt_leak".to_owned(),
                by_model: false,
                took: Duration::from_micros(1_500),
                model_tokens: 0,
                model_cost_micro_dollars: 0,
            },
            events: vec![event(1, "progress"), event(2, "sentence"), event(3, "done")],
        },
        audit: vec![AuditEvent {
            kind: AuditKind::Blocked,
            customer: owner,
            session: Some(session),
            turn: Some(id),
            detail: json!({"category": "injection"}),
        }],
    }
}

/// What was kept is found by its customer, and only hinted at to anybody else.
pub async fn a_conversation_is_kept_for_its_customer<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let (ada, eve) = (customer("ada"), customer("eve"));
    let commit = turn(&bench, "ada", "ses_1", 1);
    let id = commit.session.id.clone();
    assert_eq!(
        store.session(&ada, &id).await.unwrap(),
        SessionFound::Absent
    );
    let recorded = store.commit_turn(commit.clone()).await.unwrap();
    assert_eq!(recorded, TurnCommitted::Recorded);
    let found = store.session(&ada, &id).await.unwrap();
    assert_eq!(found, SessionFound::Found(commit.session.clone()));
    assert_eq!(
        store.session(&eve, &id).await.unwrap(),
        SessionFound::OtherCustomers
    );
    let stolen = turn(&bench, "eve", "ses_1", 2);
    for attempt in [turn(&bench, "eve", "ses_1", 1), stolen] {
        let outcome = store.commit_turn(attempt).await.unwrap();
        assert_eq!(outcome, TurnCommitted::Conflict);
    }
    let mut mixed = turn(&bench, "ada", "ses_1", 2);
    mixed.turn.customer = eve.clone();
    assert_eq!(
        store.commit_turn(mixed).await.unwrap(),
        TurnCommitted::Conflict
    );
    assert_eq!(store.session(&ada, &id).await.unwrap(), found);
    assert_eq!(bench.count(AuditKind::Blocked).await, 1);
}

/// Each version follows the one before; anything else, or a turn's id again, changes nothing.
pub async fn a_session_takes_turns_in_order<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let ada = customer("ada");
    let first = turn(&bench, "ada", "ses_1", 1);
    let mut repeated = turn(&bench, "ada", "ses_1", 2);
    repeated.turn.id = first.turn.id.clone();
    let steps = [
        (
            "a session begins with 1",
            turn(&bench, "ada", "ses_1", 2),
            TurnCommitted::Conflict,
        ),
        ("1", first.clone(), TurnCommitted::Recorded),
        (
            "1 again",
            turn(&bench, "ada", "ses_1", 1),
            TurnCommitted::Conflict,
        ),
        ("a turn's id again", repeated, TurnCommitted::Conflict),
        (
            "3 before 2",
            turn(&bench, "ada", "ses_1", 3),
            TurnCommitted::Conflict,
        ),
        (
            "2",
            turn(&bench, "ada", "ses_1", 2),
            TurnCommitted::Recorded,
        ),
        (
            "3",
            turn(&bench, "ada", "ses_1", 3),
            TurnCommitted::Recorded,
        ),
        (
            "2 again",
            turn(&bench, "ada", "ses_1", 2),
            TurnCommitted::Conflict,
        ),
        (
            "far ahead",
            turn(&bench, "ada", "ses_1", u64::MAX),
            TurnCommitted::Conflict,
        ),
        (
            "another session",
            turn(&bench, "ada", "ses_2", 1),
            TurnCommitted::Recorded,
        ),
    ];
    for (what, commit, expected) in steps {
        assert_eq!(store.commit_turn(commit).await.unwrap(), expected, "{what}");
    }
    let SessionFound::Found(session) = store.session(&ada, &first.session.id).await.unwrap() else {
        panic!("no session");
    };
    assert_eq!(session.version, 3);
    assert_eq!(
        session.state,
        json!({"slots": {"amount": 3}, "list": [1, null, "ü"]})
    );
    assert_eq!(bench.count(AuditKind::Blocked).await, 4);
}

/// A client that saw the first n events gets the rest, and nobody else gets any.
pub async fn a_turns_events_resume_where_they_stopped<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let (ada, eve) = (customer("ada"), customer("eve"));
    let commit = turn(&bench, "ada", "ses_1", 1);
    let (id, events) = (commit.turn.id.clone(), commit.turn.events.clone());
    assert_eq!(store.turn_events(&ada, &id, 0).await.unwrap(), None);
    store.commit_turn(commit).await.unwrap();
    for after in [0, 1, 2, 3, u32::MAX] {
        let rest: Vec<_> = events
            .iter()
            .filter(|it| it.number > after)
            .cloned()
            .collect();
        assert_eq!(
            store.turn_events(&ada, &id, after).await.unwrap(),
            Some(rest)
        );
    }
    assert_eq!(store.turn_events(&eve, &id, 0).await.unwrap(), None);
}

/// What was said and replied is read back in order by the customer it belongs to, and by nobody else.
pub async fn a_customers_conversations_are_theirs_to_read<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let (ada, eve) = (customer("ada"), customer("eve"));
    assert_eq!(store.conversations(&ada, 10).await.unwrap(), []);
    let turns = [("ses_1", 1), ("ses_2", 1), ("ses_1", 2)];
    let mut commits = Vec::new();
    for (session, version) in turns {
        bench.clock.advance(SignedDuration::from_secs(60));
        let commit = turn(&bench, "ada", session, version);
        commits.push(commit.turn.clone());
        assert_eq!(
            store.commit_turn(commit).await.unwrap(),
            TurnCommitted::Recorded
        );
    }
    let listed = store.conversations(&ada, 10).await.unwrap();
    let sessions: Vec<_> = listed.iter().map(|it| it.session.as_str()).collect();
    assert_eq!(sessions, ["ses_1", "ses_2"], "the latest message first");
    assert_eq!(listed[0].first_message_masked, commits[0].message_masked);
    assert!(listed[0].last_seen_at > listed[1].last_seen_at);
    assert_eq!(store.conversations(&ada, 1).await.unwrap().len(), 1);

    let first = &commits[0].session;
    let read = async |who, after, limit| {
        let turns = store.conversation(who, first, after, limit).await.unwrap();
        turns.map(|turns| turns.into_iter().map(|it| it.version).collect::<Vec<_>>())
    };
    for (after, limit, expected) in [
        (0, 10, vec![1, 2]),
        (0, 1, vec![1]),
        (1, 10, vec![2]),
        (2, 10, vec![]),
        (u64::MAX, 10, vec![]),
    ] {
        assert_eq!(read(&ada, after, limit).await, Some(expected), "{after}");
    }
    let whole = store
        .conversation(&ada, first, 0, 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (&whole[0].id, &whole[0].message_masked, &whole[0].reply),
        (
            &commits[0].id,
            &commits[0].message_masked,
            &commits[0].events[2].data.to_value()
        )
    );
    assert_eq!(store.conversations(&eve, 10).await.unwrap(), []);
    assert_eq!(read(&eve, 0, 10).await, None);
    let nowhere = SessionId::new("ses_9").unwrap();
    let found = store.conversation(&ada, &nowhere, 0, 10).await.unwrap();
    assert_eq!(found, None);
}
