//! Conversations and their memory: kept over turns and restarts, never shared, ended after their time.

use vostro_journeys::{Deployment, Shape, journeys_on_both_stores};

journeys_on_both_stores! {
    /// A session that the client makes up, an empty one and a missing one all begin a conversation.
    async fn beginnings(bank: &Deployment) {
        let mut ada = bank.customer("journey_beginnings");
        ada.say("What's my balance?").await;
        assert!(!ada.session.is_empty(), "an empty session opens one");
        "invalid-session-12345".clone_into(&mut ada.session);
        let response = ada.send("What's my balance?").await;
        assert!([200, 404].contains(&response.status), "{}", response.text);
    }

    /// Somebody else's session id opens nothing of theirs.
    async fn sessions_are_not_shared(bank: &Deployment) {
        let mut ada = bank.customer("journey_owner");
        ada.say("Send $25 to Anna").await.proposes();
        let before = ada.balances().await;
        let mut eve = bank.customer("journey_intruder");
        eve.session = ada.session.clone();
        let response = eve.send("yes").await;
        assert_ne!(response.status, 200, "{}", response.text);
        assert!(response.status < 500, "{}", response.text);
        assert_eq!(before, ada.balances().await);
        ada.say("yes").await.posts(2_500);
    }

    /// Two customers hold different money.
    async fn customers_are_apart(bank: &Deployment) {
        let mut ada = bank.customer("journey_apart_one");
        let eve = bank.customer("journey_apart_two");
        let before = eve.balances().await;
        ada.say("Send $25 to Anna").await.proposes();
        ada.say("yes").await.posts(2_500);
        assert_eq!(before, eve.balances().await);
    }
}

async fn survives_a_restart(shape: Shape) {
    let mut bank = Deployment::start(shape).await;
    let mut ada = bank.customer("journey_restart");
    ada.say("Send $25 to Anna").await.proposes();
    let before = ada.balances().await;
    bank.restart().await;

    let mut later = bank.customer("journey_restart");
    later.session = ada.session.clone();
    assert_eq!(before, later.balances().await);
    later.say("yes").await.posts(2_500);
    assert_eq!(later.session, ada.session);
    let after = later.balances().await;
    assert_eq!(
        after["Everyday Checking"],
        before["Everyday Checking"] - 2_500
    );
}

#[tokio::test]
async fn one_process_survives_a_restart() {
    survives_a_restart(Shape::OneProcess).await;
}

#[tokio::test]
async fn three_processes_survive_a_restart() {
    survives_a_restart(Shape::ThreeProcesses).await;
}

/// What was proposed survives a crash, too: an acknowledgement is durable.
#[tokio::test]
async fn a_crash_loses_nothing_that_was_acknowledged() {
    let mut bank = Deployment::start(Shape::OneProcess).await;
    let mut ada = bank.customer("journey_crash");
    let before = ada.balances().await;
    ada.say("Send $25 to Anna").await.proposes();
    ada.say("yes").await.posts(2_500);
    bank.process_mut(vostro_journeys::Role::Concierge).kill();
    bank.reopen().await;
    let after = bank.customer("journey_crash").balances().await;
    assert_eq!(
        after["Everyday Checking"],
        before["Everyday Checking"] - 2_500
    );
}

/// A conversation that was left for longer than the setting begins afresh: its proposal is not confirmed.
///
/// Nobody waits for half an hour: the server is stopped and the session's last message is dated back.
#[tokio::test]
async fn a_session_expires_after_the_setting() {
    for (setting, left_for_minutes, goes_on) in [("30", 31, false), ("60", 31, true)] {
        let settings = [
            ("VOSTRO__DIALOGUE__SESSION_IDLE_MINUTES", setting),
            ("VOSTRO__DIALOGUE__CONFIRMATION_MINUTES", "30"),
        ];
        let mut bank = Deployment::start_with(Shape::OneProcess, &settings).await;
        let mut ada = bank.customer("journey_expiry");
        ada.say("I want to send money").await;
        ada.say("to Anna").await;
        bank.stop().await;
        date_back(&bank, left_for_minutes);
        bank.reopen().await;

        let mut later = bank.customer("journey_expiry");
        later.session = ada.session.clone();
        let reply = later.say("$25").await;
        assert_eq!(
            !reply.cards("confirmation").is_empty(),
            goes_on,
            "{setting}: {}",
            reply.body
        );
    }
}

fn date_back(bank: &Deployment, minutes: i64) {
    let database = rusqlite::Connection::open(bank.folder().join("vostro.db")).unwrap();
    let micros = minutes * 60 * 1_000_000;
    let changed = database
        .execute(
            "UPDATE sessions SET last_seen_at = last_seen_at - ?1, opened_at = opened_at - ?1",
            [micros],
        )
        .unwrap();
    assert!(changed > 0, "there is a session");
}
