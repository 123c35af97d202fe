//! What HTTP, the conversation and the guardrails add to a confirmed transfer: the median time of a "yes" over HTTP
//! at 64 customers, against the median of the bare store's `confirm_and_post` at as many, on both stores. Each
//! customer proposes and confirms by turns; only confirming is timed. Alternating rounds, median of the ratios.
//!
//! `cargo build --release -p vostro && VOSTRO_BIN=target/release/vostro scripts/test-postgres.sh run cargo bench
//! -p vostro --bench http_transfer`
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::Value;
use vostro_bank::{AuditEvent, AuditKind, PostOutcome, ProposeOutcome, Store};
use vostro_journeys::{Database, Deployment, Shape};
use vostro_ledger::{AccountNumber, Calendar, Limits, MoneyIntent, Proposal, Target};
use vostro_store::{PostgresStore, SqliteStore, StoreConfig};
use vostro_types::{
    Clock as _, ConfirmationId, Currency, CustomerId, Money, SystemClock, SystemEntropy,
};

const ROUNDS: usize = 5;
const CLIENTS: usize = 64;
const TRANSFERS_EACH: usize = 8;
/// Where the money goes: a number that no account of the demo bank has.
const NUMBER: &str = "67890";

fn config() -> StoreConfig {
    let no_limit = Money::new(i64::MAX, Currency::USD);
    StoreConfig {
        limits: Limits {
            per_transfer: no_limit,
            per_day: no_limit,
        },
        calendar: Calendar::every_day(TimeZone::UTC),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        demo_customers: true,
        money_stopped: false,
    }
}

/// The times of one customer's confirmations in the store.
async fn in_the_store(store: Arc<dyn Store>, id: String) -> Vec<Duration> {
    let customer = CustomerId::new(id).unwrap();
    store.open_demo_customer(&customer).await.unwrap();
    let portfolio = store.portfolio(&customer).await.unwrap().unwrap();
    let context = AuditEvent {
        kind: AuditKind::Proposed,
        customer: customer.clone(),
        session: None,
        turn: None,
        detail: Value::Null,
    };
    let mut times = Vec::new();
    for _ in 0..TRANSFERS_EACH {
        let intent = MoneyIntent {
            customer: customer.clone(),
            source: portfolio.accounts[0].id.clone(),
            target: Target::NewPayee {
                number: AccountNumber::new(NUMBER).unwrap(),
            },
            amount: Money::new(100, Currency::USD),
        };
        let now = SystemClock.now();
        let id = ConfirmationId::generate(&SystemEntropy);
        let proposal = Proposal::new(id, intent, now + SignedDuration::from_mins(10));
        let proposed = store.propose(&proposal, &context).await.unwrap();
        assert_eq!(proposed, ProposeOutcome::Proposed);
        let confirmed = proposal.confirm(&customer, now).unwrap();
        let began = Instant::now();
        let posted = store.confirm_and_post(confirmed, &context).await.unwrap();
        times.push(began.elapsed());
        assert!(matches!(posted, PostOutcome::Posted(_)));
    }
    times
}

/// The times of one customer's confirmations over HTTP.
async fn over_http(mut customer: vostro_journeys::Conversation) -> Vec<Duration> {
    let mut times = Vec::new();
    for _ in 0..TRANSFERS_EACH {
        let order = format!("Transfer $1 to account {NUMBER}");
        customer.say(&order).await.proposes();
        let began = Instant::now();
        let reply = customer.say("yes").await;
        times.push(began.elapsed());
        reply.posts(100);
    }
    times
}

/// The median over all customers, each in a task of their own.
async fn median_of<F>(customers: impl Iterator<Item = F>) -> Duration
where
    F: Future<Output = Vec<Duration>> + Send + 'static,
{
    let tasks: Vec<_> = customers.map(tokio::spawn).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    times.sort();
    times[times.len() / 2]
}

/// Alternating rounds on one kind of store.
async fn compare(name: &str, store: Arc<dyn Store>, database_url: &str) {
    let settings = [
        ("VOSTRO__DATABASE__URL", database_url),
        ("VOSTRO__LIMITS__REQUESTS_PER_MINUTE", "10000000"),
        ("VOSTRO__LIMITS__CONCURRENT_TURNS", "1000"),
        ("VOSTRO__LIMITS__FLOOD_PER_MINUTE", "10000000"),
        ("VOSTRO__LOG__FILTER", "warn"),
    ];
    let settings = if database_url.is_empty() {
        &settings[1..]
    } else {
        &settings[..]
    };
    let deployment = Deployment::start_with(Shape::OneProcess, settings).await;
    let (mut bare, mut http, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let names = (0..CLIENTS).map(|client| format!("bench_{round}_{client}"));
        let of_store =
            median_of(names.clone().map(|id| in_the_store(Arc::clone(&store), id))).await;
        let of_http = median_of(names.map(|id| over_http(deployment.customer(&id)))).await;
        bare.push(of_store);
        http.push(of_http);
        ratios.push(of_http.as_secs_f64() / of_store.as_secs_f64());
    }
    store.close().await;
    bare.sort();
    http.sort();
    ratios.sort_by(f64::total_cmp);
    println!(
        "{name}, {CLIENTS} customers, median of {ROUNDS} rounds: confirming takes {:?} in the store, {:?} over HTTP, ratio {:.2}",
        bare[ROUNDS / 2],
        http[ROUNDS / 2],
        ratios[ROUNDS / 2]
    );
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let embedded = SqliteStore::open(folder.path().join("bank.db"), config()).unwrap();
        compare("SQLite", Arc::new(embedded), "").await;
        let (Some(of_store), Some(of_http)) = (Database::create().await, Database::create().await)
        else {
            return;
        };
        let server = PostgresStore::connect(&of_store.url(), config())
            .await
            .unwrap();
        compare("PostgreSQL", Arc::new(server), &of_http.url()).await;
    });
}
