//! What customers notice when there is too much to do, when the database is away, and when the bank is
//! restarted under their hands.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use vostro_journeys::{Conversation, Database, Deployment, OwnServer, Response, Role, Shape};

const CHECKING: &str = "Everyday Checking";
/// How long something that must come by itself may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// More messages than a process takes at once are refused at once, with the time to come again; what was let
/// in is answered, and afterwards everything is as before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overload_is_refused_early() {
    let settings = [("VOSTRO__LIMITS__TURNS_AT_ONCE", "2")];
    let bank = Deployment::start_with(Shape::OneProcess, &settings).await;
    let customers: Vec<Conversation> = (0..40)
        .map(|number| bank.customer(&format!("journey_crowd_{number}")))
        .collect();
    let answers = customers
        .iter()
        .map(|customer| customer.send("What's my balance?"));
    let answers: Vec<Response> = futures::future::join_all(answers).await;
    let (served, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert!(
        !served.is_empty() && !refused.is_empty(),
        "{} served",
        served.len()
    );
    for answer in &refused {
        answer.is_problem(503, "ServiceUnavailable");
        assert!(
            answer
                .header("retry-after")
                .parse::<u64>()
                .is_ok_and(|seconds| seconds > 0)
        );
    }
    let metrics = Response::get(format!("{}/metrics", bank.url(Role::Concierge)))
        .await
        .text;
    let counted = format!(
        "vostro_shed_total{{reason=\"turns_at_once\"}} {}",
        refused.len()
    );
    assert!(metrics.contains(&counted), "{counted}");
    // Operators are never refused, and the next customer is served.
    assert_eq!(
        Response::get(format!("{}/ready", bank.url(Role::Concierge)))
            .await
            .status,
        200
    );
    bank.customer("journey_crowd_0")
        .say("What's my balance?")
        .await
        .has_any(&["$"]);
}

/// Without its database the bank says so, and it comes back by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_told_and_comes_back() {
    let Some(server) = OwnServer::start("outage") else {
        return;
    };
    let settings = [("VOSTRO__DATABASE__URL", server.url.as_str())];
    let bank = Deployment::start_with(Shape::OneProcess, &settings).await;
    let ready = format!("{}/ready", bank.url(Role::Concierge));
    let mut ada = bank.customer("journey_outage");
    ada.say("Send $5 to Anna").await.proposes();
    let before = ada.balances().await;

    server.run("crash");
    let answer = ada.send("yes").await;
    answer.is_problem(503, "ServiceUnavailable");
    assert!(!answer.header("retry-after").is_empty());
    let told = Response::get(ready.clone()).await;
    told.is_problem(503, "ServiceUnavailable");
    assert_eq!(told.json()["ready"], false);
    assert_ne!(told.json()["checks"]["database"], "ready", "{}", told.text);
    let health = Response::get(format!("{}/health", bank.url(Role::Concierge))).await;
    assert_eq!(health.status, 200, "the process itself is well");

    server.run("resume");
    let began = Instant::now();
    while Response::get(ready.clone()).await.status != 200 {
        assert!(began.elapsed() < PATIENCE, "it did not come back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(
        ada.balances().await,
        before,
        "what was refused was not done"
    );
    ada.say("yes").await.posts(500);
    assert_eq!(ada.balances().await[CHECKING], before[CHECKING] - 500);
}

/// Three concierges over one database, and those of them that are in rotation.
struct Fleet {
    banks: Vec<tokio::sync::RwLock<Deployment>>,
    in_rotation: [AtomicBool; 3],
    next: AtomicU64,
}

impl Fleet {
    async fn start(database: &Database) -> Self {
        let url = database.url();
        let settings = [
            ("VOSTRO__DATABASE__URL", url.as_str()),
            ("VOSTRO__LIMITS__REQUESTS_PER_MINUTE", "100000"),
            ("VOSTRO__LIMITS__CONCURRENT_TURNS", "100"),
        ];
        let (one, two, three) = tokio::join!(
            Deployment::start_with(Shape::OneProcess, &settings),
            Deployment::start_with(Shape::OneProcess, &settings),
            Deployment::start_with(Shape::OneProcess, &settings),
        );
        Self {
            banks: [one, two, three].map(tokio::sync::RwLock::new).into(),
            in_rotation: [(); 3].map(|()| AtomicBool::new(true)),
            next: AtomicU64::new(0),
        }
    }

    /// As a load balancer does it: the next replica that is in rotation, and another where the connection
    /// was refused or broke. The key makes the repetition harmless.
    async fn send(&self, user: &str, session: &str, text: &str, key: &str) -> Response {
        let body = json!({"message": text, "session_id": session, "user_id": user});
        let began = Instant::now();
        loop {
            assert!(began.elapsed() < PATIENCE, "no replica answers");
            let place = self.next.fetch_add(1, Ordering::Relaxed) % 3;
            let place = usize::try_from(place).unwrap();
            if !self.in_rotation[place].load(Ordering::Relaxed) {
                continue;
            }
            let url = {
                let Ok(bank) = self.banks[place].try_read() else {
                    continue;
                };
                format!("{}/api/v1/chat", bank.url(Role::Concierge))
            };
            let request = reqwest::Client::new()
                .post(url)
                .header("idempotency-key", key);
            match request.json(&body).send().await {
                Ok(answer)
                    if answer.status() == 409 && answer.headers().contains_key("retry-after") =>
                {
                    // The repetition came before the first was answered.
                }
                Ok(answer) => {
                    return Response {
                        status: answer.status().as_u16(),
                        headers: [].into(),
                        text: answer.text().await.unwrap(),
                    };
                }
                Err(_) => tokio::task::yield_now().await,
            }
        }
    }

    /// Out of rotation, stopped, started again on another port, and back.
    async fn restart(&self, place: usize) {
        self.in_rotation[place].store(false, Ordering::Relaxed);
        let mut bank = self.banks[place].write().await;
        bank.restart().await;
        drop(bank);
        self.in_rotation[place].store(true, Ordering::Relaxed);
    }
}

/// A customer who pays a dollar again and again, each message at the next replica; gives what was paid.
async fn pay(fleet: &Fleet, number: usize, stop: &AtomicBool) -> (u64, i64) {
    let (user, mut session, mut messages, mut paid) = (
        format!("journey_fleet_{number}"),
        String::new(),
        0_u64,
        0_i64,
    );
    while !stop.load(Ordering::Relaxed) {
        for text in ["Send $1 to Anna", "yes"] {
            let key = format!("{user}-{messages}");
            let answer = fleet.send(&user, &session, text, &key).await;
            assert_eq!(answer.status, 200, "{text}: {}", answer.text);
            let body = answer.json();
            body["session_id"]
                .as_str()
                .unwrap()
                .clone_into(&mut session);
            let receipts = body["receipts"].as_array().unwrap();
            paid += receipts
                .iter()
                .map(|receipt| receipt["movement"]["amount"]["minor"].as_i64().unwrap())
                .sum::<i64>();
            messages += 1;
        }
    }
    (messages, paid)
}

/// Every replica is restarted in turn while customers go on: no message fails, and every cent is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_fails_no_message() {
    const CUSTOMERS: usize = 4;
    let Some(database) = Database::create().await else {
        return;
    };
    let fleet = Arc::new(Fleet::start(&database).await);
    let mut before = Vec::new();
    for number in 0..CUSTOMERS {
        let bank = fleet.banks[0].read().await;
        before.push(
            bank.customer(&format!("journey_fleet_{number}"))
                .balances()
                .await[CHECKING],
        );
    }
    let stop = Arc::new(AtomicBool::new(false));
    let customers: Vec<_> = (0..CUSTOMERS)
        .map(|number| {
            let (fleet, stop) = (Arc::clone(&fleet), Arc::clone(&stop));
            tokio::spawn(async move { pay(&fleet, number, &stop).await })
        })
        .collect();
    for place in 0..3 {
        fleet.restart(place).await;
    }
    stop.store(true, Ordering::Relaxed);
    for (number, customer) in customers.into_iter().enumerate() {
        let (messages, paid) = customer.await.unwrap();
        assert!(
            messages >= 6,
            "customer {number} was served all along: {messages} messages"
        );
        assert_eq!(
            paid,
            i64::try_from(messages).unwrap() / 2 * 100,
            "a receipt for every yes"
        );
        let bank = fleet.banks[number % 3].read().await;
        let after = bank
            .customer(&format!("journey_fleet_{number}"))
            .balances()
            .await;
        assert_eq!(after[CHECKING], before[number] - paid);
    }
}
