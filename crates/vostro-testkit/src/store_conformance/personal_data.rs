//! Erasing customers, forgetting texts and ending conversations, with the books and the trail as they were.

use jiff::SignedDuration;
use jiff::civil::date;
use serde_json::json;
use vostro_bank::{
    AuditEvent, AuditKind, Change, ChangeOutcome, ContactKind, Contacts, CoreTransferStatus,
    CoreTransferStep, EraseOutcome, HandOffEnd, HistoryQuery, NewHandOff, Portfolio, ServiceOrder,
    SessionFound, TurnCommitted,
};
use vostro_ledger::{MoneyIntent, Proposal};
use vostro_types::{ConfirmationId, HandOffId, SessionId, TurnId};

use super::Backend;
use super::bench::{
    Bench, STANDS, asks, checking, context, customer, first_payee, number, outside,
};
use super::conversations::turn;
use super::core_transfers;

impl<B: Backend> Bench<B> {
    async fn erase(&self, who: &str) -> EraseOutcome {
        let event = AuditEvent {
            kind: AuditKind::CustomerErased,
            session: None,
            turn: None,
            detail: json!({ "by": "operator:anna" }),
            ..context(&customer(who))
        };
        let erased = self.store().erase_customer(&customer(who), &event).await;
        erased.unwrap()
    }

    async fn does(&self, who: &str, change: Change) {
        let order = ServiceOrder {
            customer: customer(who),
            change,
        };
        let id = ConfirmationId::new(self.name("cnf")).unwrap();
        let proposal = Proposal::new(id, order, self.now().checked_add(STANDS).unwrap());
        let confirmed = proposal.confirm(&customer(who), self.now()).unwrap();
        let context = context(&customer(who));
        let done = self.store().carry_out(confirmed, &context).await.unwrap();
        assert!(matches!(done, ChangeOutcome::Done(_)), "{done:?}");
    }

    /// A customer who has talked, paid, changed records and called a person.
    async fn lived(&self, who: &str) -> Portfolio {
        let portfolio = self.opened(who).await;
        let intent = asks(checking(&portfolio), who, first_payee(&portfolio), 8_200);
        self.transfer(intent).await.unwrap();
        self.does(
            who,
            Change::AddPayee {
                name: "Grandmother Secret".to_owned(),
                number: number("DE89370400440532013000"),
            },
        )
        .await;
        self.does(
            who,
            Change::SetContact {
                contact: ContactKind::Email,
                value: "secret@example.org".to_owned(),
            },
        )
        .await;
        self.does(
            who,
            Change::AddTravel {
                place: "Secretville".to_owned(),
                from: date(2026, 3, 12),
                until: date(2026, 3, 20),
            },
        )
        .await;
        let session = format!("ses_{who}");
        let commit = turn(self, who, &session, 1);
        let committed = self.store().commit_turn(commit).await.unwrap();
        assert_eq!(committed, TurnCommitted::Recorded);
        let hand_off = NewHandOff {
            id: HandOffId::new(format!("hnd_{who}")).unwrap(),
            session: SessionId::new(session).unwrap(),
            customer: customer(who),
            turn: TurnId::new("trn_1").unwrap(),
            reason: "asked".to_owned(),
            priority: 3,
            summary: json!({ "said": "a secret" }),
        };
        self.store().open_hand_off(&hand_off).await.unwrap();
        portfolio
    }
}

/// Names, texts, contacts and conversations go; entries, balances and the trail's commitments stay, and nobody
/// else loses anything.
pub async fn an_erased_customer_leaves_the_books_as_they_were<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    bench.lived("ada").await;
    let eves = bench.lived("eve").await;
    let entries = store.trial_balance().await.unwrap();
    assert_eq!(entries, Vec::<String>::new());
    let trail = bench.audit().await;
    let open = asks(
        checking(&bench.portfolio("ada").await),
        "ada",
        outside(),
        100,
    );
    let open = bench.propose(open).await.unwrap();

    assert_eq!(bench.erase("nobody").await, EraseOutcome::Unknown);
    assert_eq!(bench.erase("ada").await, EraseOutcome::Erased);
    let ada = customer("ada");
    assert_eq!(store.portfolio(&ada).await.unwrap(), None);
    assert_eq!(store.contacts(&ada).await.unwrap(), Contacts::default());
    let trips = store.travel_notices(&ada, date(2026, 3, 12)).await;
    assert!(trips.unwrap().is_empty());
    let session = SessionId::new("ses_ada").unwrap();
    assert_eq!(
        store.session(&ada, &session).await.unwrap(),
        SessionFound::Absent
    );
    assert!(store.hand_off_of(&ada, &session).await.unwrap().is_none());
    assert!(
        store
            .recorded_turns(&session, 0, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.open_proposal(&ada, &open.id).await.unwrap(), None);
    let opened_again = store.open_demo_customer(&ada).await.unwrap();
    assert_eq!(opened_again, vostro_bank::CustomerOpened::AlreadyThere);
    assert_eq!(store.portfolio(&ada).await.unwrap(), None);

    let page = HistoryQuery {
        limit: 1_000,
        ..HistoryQuery::default()
    };
    let history = store.history(&ada, &page).await.unwrap();
    assert!(history.items.len() > 10, "what was booked stays");
    let told = format!("{:?}", history.items);
    for name in eves.payees.iter().map(|payee| &payee.name) {
        assert!(!told.contains(name.as_str()), "{name}");
    }

    bench.assert_balanced().await;
    let after = bench.audit().await;
    let kinds: Vec<_> = after[trail.len()..]
        .iter()
        .map(|row| row.kind.as_str())
        .collect();
    assert_eq!(kinds, ["proposed", "customer_erased"]);
    for (was, is) in trail.iter().zip(&after) {
        assert_eq!(
            (was.sequence, &was.commitment),
            (is.sequence, &is.commitment)
        );
        let adas = was.customer.as_ref() == Some(&ada);
        assert_eq!(is.detail.is_none(), adas, "{was:?}");
        assert_eq!(is.fits_commitment(), (!adas).then_some(true));
    }

    // Eve has lost nothing.
    let eve = bench.portfolio("eve").await;
    assert_eq!(eve.payees.len(), eves.payees.len() + 1);
    let contacts = store.contacts(&customer("eve")).await.unwrap();
    assert_eq!(contacts.email.as_deref(), Some("secret@example.org"));
    let session = SessionId::new("ses_eve").unwrap();
    assert_eq!(
        store.recorded_turns(&session, 0, 10).await.unwrap().len(),
        1
    );
    // Again is no fault, and erases nothing more.
    assert_eq!(bench.erase("ada").await, EraseOutcome::Erased);
}

/// Who has a transfer that is not final is not erased.
pub async fn an_unsettled_customer_is_not_erased<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let portfolio = bench.opened("ada").await;
    let intent = asks(checking(&portfolio), "ada", outside(), 8_200);
    bench.place(intent, 30).await;
    assert_eq!(bench.erase("ada").await, EraseOutcome::Unsettled);
    assert_eq!(bench.portfolio("ada").await.payees, portfolio.payees);
    bench.clock.advance(SignedDuration::from_mins(30));
    bench.store().settle_due(bench.now()).await.unwrap();
    assert_eq!(bench.erase("ada").await, EraseOutcome::Erased);
    bench.assert_balanced().await;
}

/// Customers of a core banking system have no accounts here: their conversations, addresses and the particulars of the trail
/// go, what they were shown and did not confirm ends, and what was sent keeps them until it has ended.
pub async fn a_customer_of_a_core_is_erased_by_their_id<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let (ada, session) = (customer("ada"), SessionId::new("ses_ada").unwrap());
    for (who, session) in [("ada", "ses_ada"), ("eve", "ses_eve")] {
        let committed = store.commit_turn(turn(&bench, who, session, 1)).await;
        assert_eq!(committed.unwrap(), TurnCommitted::Recorded);
    }
    let event = core_transfers::context("ada");
    let [open, sent] = [(); 2].map(|()| core_transfers::proposal(&bench, "ada"));
    for proposal in [&open, &sent] {
        store.propose_core_transfer(proposal, &event).await.unwrap();
    }
    let kept = async |proposal: &Proposal<MoneyIntent>| {
        let kept = store.core_transfer(&ada, &proposal.id).await;
        kept.unwrap().unwrap()
    };
    let step = async |proposal, step| {
        let kept = kept(proposal).await;
        let stepped = store.step_core_transfer(&kept, &step, &event).await;
        assert!(stepped.unwrap(), "{step:?}");
    };
    step(&sent, CoreTransferStep::Send).await;
    assert_eq!(bench.erase("ada").await, EraseOutcome::Unsettled);
    let found = store.session(&ada, &session).await.unwrap();
    assert!(
        matches!(found, SessionFound::Found(_)),
        "nothing is half done"
    );
    step(&sent, CoreTransferStep::GiveUp).await;
    assert_eq!(bench.erase("ada").await, EraseOutcome::Erased);

    let found = store.session(&ada, &session).await.unwrap();
    assert_eq!(found, SessionFound::Absent);
    let turns = store.recorded_turns(&session, 0, 10).await.unwrap();
    assert!(turns.is_empty());
    assert_eq!(kept(&open).await.status, CoreTransferStatus::Cancelled);
    assert_eq!(kept(&sent).await.status, CoreTransferStatus::GivenUp);
    let rows = bench.audit().await;
    let adas = rows
        .iter()
        .filter(|row| row.customer.as_ref() == Some(&ada));
    let told: Vec<_> = adas
        .map(|row| (row.kind.as_str(), row.detail.is_some()))
        .collect();
    assert_eq!(told.last(), Some(&("customer_erased", true)));
    let (_, before) = told.split_last().unwrap();
    assert!(before.iter().all(|(_, has_detail)| !has_detail), "{told:?}");
    // Eve has lost nothing, and whom nobody ever heard of is told apart.
    let eves = SessionId::new("ses_eve").unwrap();
    let turns = store.recorded_turns(&eves, 0, 10).await.unwrap();
    assert_eq!(turns.len(), 1);
    assert_eq!(bench.erase("nobody").await, EraseOutcome::Unknown);
}

/// Texts are forgotten by age, in steps; what is younger stays, and so does that there was a turn.
pub async fn old_texts_are_forgotten<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    bench.lived("ada").await;
    for version in 2..=4 {
        let commit = turn(&bench, "ada", "ses_ada", version);
        store.commit_turn(commit).await.unwrap();
    }
    let hand_off = HandOffId::new("hnd_ada").unwrap();
    store.claim_hand_off(&hand_off, "anna").await.unwrap();
    store
        .reply_hand_off(&hand_off, "anna", "hello")
        .await
        .unwrap();
    store
        .close_hand_off(&hand_off, "anna", HandOffEnd::Resolved)
        .await
        .unwrap();
    bench.clock.advance(SignedDuration::from_hours(24));
    let before = bench.now();
    let young = turn(&bench, "ada", "ses_young", 1);
    store.commit_turn(young).await.unwrap();

    let mut forgotten = 0;
    for _ in 0..3 {
        let done = store.forget_texts(before, 2).await.unwrap();
        forgotten += done.turns;
    }
    assert_eq!(forgotten, 4);
    let done = store.forget_texts(before, 2).await.unwrap();
    assert_eq!(done, vostro_bank::Forgotten::default());
    let (ada, old) = (customer("ada"), SessionId::new("ses_ada").unwrap());
    assert!(store.hand_off_of(&ada, &old).await.unwrap().is_none());
    let SessionFound::Found(session) = store.session(&ada, &old).await.unwrap() else {
        panic!("the session is gone");
    };
    assert_eq!((session.version, session.state), (4, json!({})));
    let spoken = store
        .conversation(&ada, &old, 0, 10)
        .await
        .unwrap()
        .unwrap();
    assert!(spoken.is_empty(), "nothing is left to show");
    let recorded = store.recorded_turns(&old, 0, 10).await.unwrap();
    assert_eq!(recorded.len(), 4, "that there were turns stays");
    assert!(recorded.iter().all(|turn| turn.evidence.is_none()));
    let young = SessionId::new("ses_young").unwrap();
    let spoken = store
        .conversation(&ada, &young, 0, 10)
        .await
        .unwrap()
        .unwrap();
    assert!(spoken[0].message_masked.contains("DROP TABLE"));
}

/// An ended session is ended once, at the version that was read, and a turn under way is not recorded over it.
pub async fn a_session_is_ended_at_the_version_that_was_read<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let first = turn(&bench, "ada", "ses_1", 1);
    store.commit_turn(first).await.unwrap();
    bench.clock.advance(SignedDuration::from_mins(1));
    let second = turn(&bench, "ada", "ses_2", 1);
    store.commit_turn(second).await.unwrap();
    let ada = customer("ada");
    let found = store.sessions(&ada, 10).await.unwrap();
    let names: Vec<_> = found.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(names, ["ses_2", "ses_1"]);
    assert!(
        store
            .sessions(&customer("eve"), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let mut ended = found[1].clone();
    ended.state = json!({ "ended": true });
    let event = AuditEvent {
        kind: AuditKind::SessionEnded,
        ..context(&ada)
    };
    assert!(store.end_session(&ended, &event).await.unwrap());
    assert!(!store.end_session(&ended, &event).await.unwrap(), "stale");
    let under_way = turn(&bench, "ada", "ses_1", 2);
    let committed = store.commit_turn(under_way).await.unwrap();
    assert_eq!(committed, TurnCommitted::Conflict);
    let SessionFound::Found(session) = store.session(&ada, &ended.id).await.unwrap() else {
        panic!("the session is gone");
    };
    assert_eq!(session.state, json!({ "ended": true }));
    assert_eq!(bench.count(AuditKind::SessionEnded).await, 1);
}
