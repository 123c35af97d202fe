//! Two replicas over one `PostgreSQL` database: whichever a message reaches, it is the same bank.

use std::collections::BTreeSet;

use serde_json::json;
use vostro_journeys::{Conversation, Database, Deployment, Response, Role, Shape};

const CHECKING: &str = "Everyday Checking";

/// Two replicas that start, migrate and seed at once, with limits that one customer cannot reach.
async fn replicas(database: &Database) -> [Deployment; 2] {
    let url = database.url();
    let settings = [
        ("VOSTRO__DATABASE__URL", url.as_str()),
        ("VOSTRO__DEMO__CUSTOMERS", "4"),
        ("VOSTRO__LIMITS__REQUESTS_PER_MINUTE", "100000"),
        ("VOSTRO__LIMITS__CONCURRENT_TURNS", "100"),
    ];
    let (one, other) = tokio::join!(
        Deployment::start_with(Shape::OneProcess, &settings),
        Deployment::start_with(Shape::OneProcess, &settings),
    );
    [one, other]
}

/// The same conversation, gone on with at this replica.
fn moved(conversation: &Conversation, to: &Deployment) -> Conversation {
    let mut there = to.customer(&conversation.user);
    there.session.clone_from(&conversation.session);
    there
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_changes_replica_with_every_message() {
    let Some(database) = Database::create().await else {
        return;
    };
    let banks = replicas(&database).await;
    let mut ada = banks[0].customer("demo_001");
    let before = ada.balances().await;
    for (turn, minor) in (1_u8..).zip([2_500_i64, 1_000, 150]) {
        let there = usize::from(turn % 2);
        ada = moved(&ada, &banks[there]);
        ada.say(&format!("Send ${}.{:02} to Anna", minor / 100, minor % 100))
            .await
            .proposes();
        ada = moved(&ada, &banks[1 - there]);
        ada.say("yes").await.posts(minor);
    }
    for bank in &banks {
        let after = bank.customer("demo_001").balances().await;
        assert_eq!(after[CHECKING], before[CHECKING] - 3_650);
    }
}

/// A client that insists: what is being answered it asks for again.
async fn confirm(bank: &Deployment, ada: &Conversation, key: &str) -> Response {
    let body = json!({"message": "yes", "session_id": ada.session, "user_id": ada.user});
    let url = format!("{}/api/v1/chat", bank.url(Role::Concierge));
    loop {
        let request = reqwest::Client::new()
            .post(&url)
            .header("idempotency-key", key)
            .json(&body);
        let response = Response::of(request).await;
        if response.status != 409 || response.header("retry-after").is_empty() {
            return response;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_identical_confirmations_over_two_replicas_are_one() {
    let Some(database) = Database::create().await else {
        return;
    };
    let banks = replicas(&database).await;
    let mut ada = banks[0].customer("demo_002");
    let before = ada.balances().await;
    ada.say("Send $25 to Anna").await.proposes();
    let answers = (0..64).map(|number| confirm(&banks[number % 2], &ada, "one-yes"));
    let answers = futures::future::join_all(answers).await;
    let statuses: BTreeSet<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, BTreeSet::from([200]));
    let texts: BTreeSet<&str> = answers.iter().map(|answer| answer.text.as_str()).collect();
    assert_eq!(texts.len(), 1, "equal answers: {texts:?}");
    let first = answers
        .iter()
        .filter(|answer| answer.header("idempotency-replayed").is_empty());
    assert_eq!(first.count(), 1);
    assert_eq!(
        answers[0].json()["receipts"].as_array().unwrap().len(),
        1,
        "{}",
        answers[0].text
    );
    for bank in &banks {
        let after = bank.customer("demo_002").balances().await;
        assert_eq!(after[CHECKING], before[CHECKING] - 2_500);
    }
}

/// Without a key every message is a turn of its own; the money moves once all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn confirmations_without_a_key_pay_once() {
    let Some(database) = Database::create().await else {
        return;
    };
    let banks = replicas(&database).await;
    let mut ada = banks[0].customer("demo_003");
    let before = ada.balances().await;
    ada.say("Send $25 to Anna").await.proposes();
    let conversations = [moved(&ada, &banks[0]), moved(&ada, &banks[1])];
    let answers = (0..64).map(|number| conversations[number % 2].send("yes"));
    let answers = futures::future::join_all(answers).await;
    for answer in &answers {
        assert!([200, 409].contains(&answer.status), "{}", answer.text);
    }
    assert!(answers.iter().any(|answer| answer.status == 200));
    let after = moved(&ada, &banks[1]).balances().await;
    assert_eq!(after[CHECKING], before[CHECKING] - 2_500);
}
