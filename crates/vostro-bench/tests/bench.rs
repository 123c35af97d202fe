//! The load test against a small bank that can be told to be slow, wrong, overloaded or dishonest: whether it notices.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use vostro_bench::verdict::Verdict;
use vostro_bench::{Arrivals, MixKind, Run, Scenario, Settings, Target, run};

/// What is wrong with the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// Every answer waits for the one before, and takes 40 ms.
    Slow,
    /// Replies are not what was asked.
    Wrong,
    /// Every fourth message is refused.
    Overloaded,
    /// A confirmation takes the money twice.
    TakesTwice,
}

#[derive(Clone)]
struct Bank {
    fault: Fault,
    balances: Arc<Mutex<HashMap<String, i64>>>,
    asked: Arc<Mutex<u64>>,
    one_at_a_time: Arc<tokio::sync::Mutex<()>>,
}

async fn chat(State(bank): State<Bank>, Json(body): Json<Value>) -> Response {
    let (user, text) = (
        body["user_id"].as_str().unwrap(),
        body["message"].as_str().unwrap(),
    );
    let text = text.to_lowercase();
    let count = {
        let mut asked = bank.asked.lock().unwrap();
        *asked += 1;
        *asked
    };
    if bank.fault == Fault::Overloaded && count.is_multiple_of(4) {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", 1.into());
        return (StatusCode::SERVICE_UNAVAILABLE, headers, "{}").into_response();
    }
    if bank.fault == Fault::Slow {
        let _turn = bank.one_at_a_time.lock().await;
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    let movement = json!({"movement": {"amount": {"minor": 100}}});
    let mut reply = json!({
        "message": "Your balance is $10. Transactions and bills can be confirmed.",
        "session_id": "ses_1", "timestamp": 1.5, "guardrails_passed": true, "cards": [], "receipts": [],
    });
    let mut balances = bank.balances.lock().unwrap();
    let balance = balances.entry(user.to_owned()).or_insert(100_000);
    if text.contains("yes") || text.contains("confirm") {
        *balance -= if bank.fault == Fault::TakesTwice {
            200
        } else {
            100
        };
        reply["receipts"] = json!([movement]);
    } else if text.contains('1') && !text.contains("last") {
        let mut card = movement;
        card["type"] = json!("confirmation");
        reply["cards"] = json!([card]);
    } else {
        reply["cards"] =
            json!([{"type": "balances", "accounts": [{"balance": {"minor": *balance}}]}]);
    }
    if bank.fault == Fault::Wrong {
        reply["message"] = json!("Hello!");
    }
    Json(reply).into_response()
}

async fn measured(fault: Fault, users_think_ms: u64) -> Run {
    let bank = Bank {
        fault,
        balances: Arc::default(),
        asked: Arc::default(),
        one_at_a_time: Arc::default(),
    };
    let health = || async { Json(json!({"status": "healthy", "version": "9.9.9"})) };
    let router = Router::new()
        .route("/api/v1/chat", post(chat))
        .route("/health", get(health))
        .route(
            "/metrics",
            get(|| async { "process_cpu_seconds_total 1\nprocess_resident_memory_bytes 1e6\n" }),
        )
        .with_state(bank);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let target = Target::at(&url, None, None).await.unwrap();
    assert_eq!(target.version, "9.9.9");
    let settings = Settings {
        mix: MixKind::Customers,
        duration: Duration::from_secs(2),
        peak: 100.0,
        think: Duration::from_millis(users_think_ms),
        arrivals: Arrivals::Even,
        timeout: Duration::from_secs(5),
        customers: 5,
        most_users: 100.0,
        seed: 1,
        prefix: "bench".to_owned(),
    };
    let silent = Arc::new(|_| {});
    let run = run(Scenario::Baseline, &target, &settings, 2, || None, silent)
        .await
        .unwrap();
    server.abort();
    run
}

fn verdict(run: &Run, name: &str) -> Verdict {
    run.levels
        .iter()
        .find(|level| level.name == name)
        .unwrap()
        .verdict
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_honest_bank_passes() {
    // 10 users, one request every 200 ms each, for 2 s: 100 requests, and a yes for every proposal
    let run = measured(Fault::None, 200).await;
    assert!(
        run.passes(),
        "{:?} {:?} {:?}",
        run.levels,
        run.reasons,
        run.conservation
    );
    assert!(
        (99..=150).contains(&run.totals.requests),
        "{}",
        run.totals.requests
    );
    let money = run.conservation.unwrap();
    assert!(money.receipts > 0 && money.paid_minor == 100 * i64::try_from(money.receipts).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_bank_is_not_forgiven() {
    // 50 requests a second, of which 25 can be answered: the last waits about a second
    let run = measured(Fault::Slow, 200).await;
    assert!(run.totals.response.p99 > 500.0, "{:?}", run.totals.response);
    assert_eq!(
        verdict(&run, "P95 latency"),
        Verdict::Missed,
        "{:?}",
        run.levels
    );
    assert!(!run.passes());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_answers_refusals_and_missing_money_are_seen() {
    let wrong = measured(Fault::Wrong, 200).await;
    assert!(
        wrong.totals.wrong > 0 && !wrong.passes(),
        "{:?}",
        wrong.totals
    );
    assert!(
        wrong
            .reasons
            .keys()
            .any(|reason| reason.contains("contract")),
        "{:?}",
        wrong.reasons
    );

    let overloaded = measured(Fault::Overloaded, 200).await;
    assert!(overloaded.totals.shed > 0, "{:?}", overloaded.totals);
    assert_eq!(overloaded.totals.failed, 0, "{:?}", overloaded.reasons);
    assert_eq!(verdict(&overloaded, "Error rate"), Verdict::Met);
    assert_eq!(verdict(&overloaded, "Availability"), Verdict::Missed);

    let dishonest = measured(Fault::TakesTwice, 200).await;
    let money = dishonest.conservation.clone().unwrap();
    assert!(money.deviations > 0, "{money:?}");
    assert!(!dishonest.passes());
}

#[tokio::test]
async fn what_is_no_vostro_is_refused() {
    let nothing = Target::at("http://127.0.0.1:9", None, None).await;
    assert!(nothing.unwrap_err().to_string().contains("no connection"));
    assert!(Target::at("no address", None, None).await.is_err());
}
