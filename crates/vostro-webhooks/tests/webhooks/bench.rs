//! A store with a customer, dispatchers over it, and waiting for what they do.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use vostro_bank::{AuditEvent, AuditKind, Backlog, Bank as _, Outbox, PostOutcome, ProposeOutcome};
use vostro_ledger::{AccountNumber, Calendar, Limits, MoneyIntent, Proposal, Target};
use vostro_store::{SqliteStore, StoreConfig};
use vostro_telemetry::{Exposition, Metrics};
use vostro_testkit::{ManualClock, SeededEntropy};
use vostro_types::{Clock, ConfirmationId, Currency, CustomerId, Money};
use vostro_webhooks::{
    Dispatcher, DispatcherSettings, Endpoint, PrivateAddresses, Secrets, Sender,
};

use crate::receiver::SECRET;

/// Longer than any test should wait for anything.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(3);
/// How long an attempt may take.
pub(crate) const TIMEOUT: Duration = Duration::from_millis(400);

pub(crate) struct Bench {
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) metrics: Arc<Metrics>,
    posted: std::sync::atomic::AtomicU64,
}

/// A dispatcher at work.
pub(crate) struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Tells it to stop and waits until it has.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        tokio::time::timeout(PATIENCE, self.task)
            .await
            .unwrap()
            .unwrap();
    }

    /// Ends it where it is, as a crash does.
    pub(crate) async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

pub(crate) fn endpoint(name: &str, url: &str) -> Endpoint {
    with_secrets(name, url, SECRET)
}

pub(crate) fn with_secrets(name: &str, url: &str, secrets: &str) -> Endpoint {
    let secrets = Secrets::parse(secrets).unwrap();
    let topics = ["*".to_owned()];
    Endpoint::new(
        name,
        url,
        &topics,
        secrets,
        TIMEOUT,
        PrivateAddresses::Allow,
    )
    .unwrap()
}

pub(crate) fn here(port: u16) -> Endpoint {
    endpoint("core", &format!("http://127.0.0.1:{port}/hooks"))
}

impl Bench {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-11T16:00:00Z"));
        let most = Money::new(i64::MAX, Currency::USD);
        let config = StoreConfig {
            limits: Limits {
                per_transfer: most,
                per_day: most,
            },
            calendar: Calendar::every_day(TimeZone::UTC),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(SeededEntropy::new(3)),
            demo_customers: true,
            money_stopped: false,
        };
        Self {
            store: Arc::new(SqliteStore::open(":memory:", config).unwrap()),
            clock,
            metrics: Arc::new(Metrics::new("test")),
            posted: std::sync::atomic::AtomicU64::new(0),
        }
    }

    /// Posts a transfer, which publishes a message.
    pub(crate) async fn post(&self) {
        let ada = CustomerId::new("ada").unwrap();
        self.store.open_demo_customer(&ada).await.unwrap();
        let portfolio = self.store.portfolio(&ada).await.unwrap().unwrap();
        let intent = MoneyIntent {
            customer: ada.clone(),
            source: portfolio.accounts[0].id.clone(),
            target: Target::NewPayee {
                number: AccountNumber::new("67890").unwrap(),
            },
            amount: Money::new(100, Currency::USD),
        };
        let context = AuditEvent {
            kind: AuditKind::Proposed,
            customer: ada.clone(),
            session: None,
            turn: None,
            detail: Value::Null,
        };
        let number = self
            .posted
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let id = ConfirmationId::new(format!("cnf_{number}")).unwrap();
        let ends = self.clock.now() + SignedDuration::from_mins(5);
        let proposal = Proposal::new(id, intent, ends);
        let proposed = self.store.propose(&proposal, &context).await.unwrap();
        assert!(matches!(proposed, ProposeOutcome::Proposed), "{proposed:?}");
        let confirmed = proposal.confirm(&ada, self.clock.now()).unwrap();
        let posted = self
            .store
            .confirm_and_post(confirmed, &context)
            .await
            .unwrap();
        assert!(matches!(posted, PostOutcome::Posted(_)), "{posted:?}");
    }

    pub(crate) fn run(&self, endpoints: Vec<Endpoint>) -> Running {
        self.run_over(Arc::clone(&self.store) as Arc<dyn Outbox>, endpoints)
    }

    pub(crate) fn run_over(&self, outbox: Arc<dyn Outbox>, endpoints: Vec<Endpoint>) -> Running {
        let dispatcher = Dispatcher {
            outbox,
            endpoints,
            sender: Sender::new(PrivateAddresses::Allow).unwrap(),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            entropy: Arc::new(SeededEntropy::new(4)),
            metrics: Arc::clone(&self.metrics),
            settings: DispatcherSettings {
                poll: POLL,
                ..DispatcherSettings::default()
            },
        };
        let (stop, told) = watch::channel(false);
        let task = tokio::spawn(dispatcher.run(told));
        Running { stop, task }
    }

    /// What `core` is owed: pending, of those tried, and dead.
    pub(crate) async fn owed(&self) -> (u64, u64, u64) {
        let status = self.store.outbox_status().await.unwrap();
        let of = |it: &Backlog| (it.pending, it.retrying, it.dead);
        let found = status.endpoints.iter().find(|it| it.endpoint == "core");
        let (pending, retrying, dead) = found.map_or((0, 0, 0), of);
        (pending + status.waiting, retrying, dead)
    }

    /// Waits until `core` is owed this.
    pub(crate) async fn until_owed(&self, expected: (u64, u64, u64)) {
        let reached = async {
            while self.owed().await != expected {
                tokio::time::sleep(POLL).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, reached).await.is_ok();
        assert!(in_time, "owed {:?}, not {expected:?}", self.owed().await);
    }

    /// The value of a metric's line; 0 for one that is not there.
    pub(crate) fn metric(&self, line: &str) -> u64 {
        let text = self.metrics.render(Exposition::Prometheus);
        let value = text.lines().find_map(|it| it.strip_prefix(line));
        value.map_or(0, |value| value.trim().parse().unwrap())
    }
}

/// Waits until something is so.
pub(crate) async fn until(mut is_so: impl FnMut() -> bool) {
    let reached = async {
        while !is_so() {
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(PATIENCE, reached)
        .await
        .expect("it never was");
}
