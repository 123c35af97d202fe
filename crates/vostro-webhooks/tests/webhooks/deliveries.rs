//! What arrives: signed, once acknowledged, by as many dispatchers as there are.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use jiff::SignedDuration;
use vostro_bank::{
    AttemptRecord, DeadDelivery, Delivery, DeliveryKey, Outbox, OutboxStatus, Retention,
    StoreError, Subscription, Verdict,
};
use vostro_store::SqliteStore;

use crate::bench::{Bench, here, until, with_secrets};
use crate::receiver::{Receiver, Reply, SECRET};

const OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

#[tokio::test]
async fn a_posting_arrives_signed_by_every_active_secret() {
    let (bench, receiver) = (Bench::new(), Receiver::start(&[]).await);
    let url = format!("http://127.0.0.1:{}/hooks", receiver.port);
    let running = bench.run(vec![with_secrets(
        "core",
        &url,
        &format!("{OTHER}\n{SECRET}"),
    )]);
    bench.post().await;
    until(|| receiver.requests().len() == 1).await;
    bench.until_owed((0, 0, 0)).await;
    running.stop().await;
    let request = &receiver.requests()[0];
    assert!(request.is_signed_by(SECRET) && request.is_signed_by(OTHER));
    assert!(!request.is_signed_by("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    assert_eq!(request.head["webhook-timestamp"], "1773244800");
    assert_eq!(request.head["content-type"], "application/json");
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["type"], "transfer.posted");
    assert_eq!(body["version"], 1);
    assert_eq!(body["timestamp"], "2026-03-11T16:00:00Z");
    assert_eq!(body["data"]["amount_minor"], 100);
    assert_eq!(body["data"]["target"]["number"], "…7890");
    assert_eq!(request.id(), format!("msg_core_{}", body["sequence"]));
    assert!(!String::from_utf8_lossy(&request.body).contains("67890"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dispatchers_share_the_work_and_lose_nothing() {
    let (bench, receiver) = (Bench::new(), Receiver::start(&[]).await);
    let both = [
        bench.run(vec![here(receiver.port)]),
        bench.run(vec![here(receiver.port)]),
    ];
    for _ in 0..60 {
        bench.post().await;
    }
    until(|| receiver.requests().len() >= 60).await;
    bench.until_owed((0, 0, 0)).await;
    for running in both {
        running.stop().await;
    }
    let requests = receiver.requests();
    let ids: BTreeSet<_> = requests.iter().map(|it| it.id().to_owned()).collect();
    assert_eq!((requests.len(), ids.len()), (60, 60));
    assert!(requests.iter().all(|it| it.is_signed_by(SECRET)));
}

#[tokio::test]
async fn a_slow_endpoint_holds_up_nobody_else() {
    let silent = Receiver::start(&[Reply::Silence; 20]).await;
    let (bench, receiver) = (Bench::new(), Receiver::start(&[]).await);
    let url = format!("http://127.0.0.1:{}/hooks", silent.port);
    let slow = with_secrets("slow", &url, SECRET);
    let running = bench.run(vec![slow, here(receiver.port)]);
    for _ in 0..10 {
        bench.post().await;
    }
    until(|| receiver.requests().len() == 10).await;
    bench.until_owed((0, 0, 0)).await;
    running.stop().await;
    assert!(
        silent
            .requests()
            .iter()
            .all(|it| it.id().starts_with("msg_slow_"))
    );
}

/// A store that stops answering where an outcome is to be recorded.
struct Forgetful {
    store: Arc<SqliteStore>,
    is_reached: AtomicBool,
}

#[async_trait]
impl Outbox for Forgetful {
    async fn hand_over(&self, to: &[Subscription], limit: u32) -> Result<u64, StoreError> {
        self.store.hand_over(to, limit).await
    }
    async fn claim_deliveries(
        &self,
        endpoint: &str,
        lease: SignedDuration,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.store.claim_deliveries(endpoint, lease, limit).await
    }
    async fn settle(
        &self,
        _: &DeliveryKey,
        _: u32,
        _: Verdict,
        _: &AttemptRecord,
    ) -> Result<bool, StoreError> {
        self.is_reached.store(true, Ordering::SeqCst);
        std::future::pending().await
    }
    async fn give_back(&self, key: &DeliveryKey, attempt: u32) -> Result<bool, StoreError> {
        self.store.give_back(key, attempt).await
    }
    async fn outbox_status(&self) -> Result<OutboxStatus, StoreError> {
        self.store.outbox_status().await
    }
    async fn dead_deliveries(
        &self,
        after: Option<&DeliveryKey>,
        limit: u32,
    ) -> Result<Vec<DeadDelivery>, StoreError> {
        self.store.dead_deliveries(after, limit).await
    }
    async fn redeliver(&self, which: Option<&DeliveryKey>) -> Result<u64, StoreError> {
        self.store.redeliver(which).await
    }
    async fn prune_outbox(&self, retention: Retention, limit: u32) -> Result<u64, StoreError> {
        self.store.prune_outbox(retention, limit).await
    }
}

#[tokio::test]
async fn what_was_sent_and_not_recorded_is_sent_again_under_the_same_id() {
    let (bench, receiver) = (Bench::new(), Receiver::start(&[]).await);
    bench.post().await;
    let forgetful = Arc::new(Forgetful {
        store: Arc::clone(&bench.store),
        is_reached: AtomicBool::new(false),
    });
    let outbox = Arc::clone(&forgetful) as Arc<dyn Outbox>;
    let first = bench.run_over(outbox, vec![here(receiver.port)]);
    until(|| forgetful.is_reached.load(Ordering::SeqCst)).await;
    first.kill().await;
    assert_eq!(bench.owed().await, (1, 0, 0));
    let second = bench.run(vec![here(receiver.port)]);
    bench.clock.advance(SignedDuration::from_mins(2));
    bench.until_owed((0, 0, 0)).await;
    second.stop().await;
    let requests = receiver.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].id(), requests[1].id());
    assert_eq!(requests[0].body, requests[1].body);
    assert!(requests[1].is_signed_by(SECRET), "with a time of its own");
    let time = |index: usize| requests[index].head["webhook-timestamp"].clone();
    assert_ne!(time(0), time(1));
}

#[tokio::test]
async fn stopping_finishes_the_attempt_under_way() {
    let (bench, receiver) = (Bench::new(), Receiver::start(&[Reply::Silence]).await);
    bench.post().await;
    let running = bench.run(vec![here(receiver.port)]);
    until(|| receiver.requests().len() == 1).await;
    running.stop().await;
    assert_eq!(bench.owed().await, (1, 1, 0), "how it ended is on record");
}
