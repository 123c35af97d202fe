//! Delivering the outbox: handing over, claims that lapse, verdicts, dead deliveries, pruning.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use vostro_bank::{
    AttemptRecord, Delivery, DeliveryKey, OutboxStatus, Retention, Subscription, Topic, Verdict,
};
use vostro_types::TransferId;

use super::Backend;
use super::bench::{Bench, asks, checking, outside};

const LEASE: SignedDuration = SignedDuration::from_secs(30);

fn to(endpoint: &str, topics: &[&str]) -> Subscription {
    Subscription {
        endpoint: endpoint.to_owned(),
        topics: topics.iter().map(|&it| it.to_owned()).collect(),
    }
}

fn key(endpoint: &str, sequence: i64) -> DeliveryKey {
    DeliveryKey {
        endpoint: endpoint.to_owned(),
        sequence,
    }
}

fn record(outcome: &str, status: Option<u16>) -> AttemptRecord {
    AttemptRecord {
        outcome: outcome.to_owned(),
        status,
    }
}

/// What was claimed, as (sequence, attempt).
fn places(claimed: &[Delivery]) -> Vec<(i64, u32)> {
    claimed
        .iter()
        .map(|it| (it.key.sequence, it.attempt))
        .collect()
}

/// Posts so many transfers; their ids.
async fn posted<B: Backend>(bench: &Bench<B>, count: i64) -> Vec<TransferId> {
    let ada = bench.opened("ada").await;
    let mut transfers = Vec::new();
    for minor in 1..=count {
        let intent = asks(checking(&ada), "ada", outside(), minor);
        transfers.push(bench.transfer(intent).await.unwrap().transfer);
    }
    transfers
}

/// Every published message is handed to each endpoint that asked for its topic, once, in order; an
/// endpoint that is named later gets what comes later.
pub async fn messages_are_handed_to_who_asked<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let all = [
        to("all", &["*"]),
        to("family", &["transfer.*", "transfer.posted"]),
        to("other", &["conversation.handed_off", "transfer.posted.x"]),
        to("odd", &["'; DROP TABLE outbox; --", "transfer*", ""]),
    ];
    assert_eq!(store.hand_over(&all, 10).await.unwrap(), 0);
    let transfers = posted(&bench, 3).await;
    let waiting = store.outbox_status().await.unwrap();
    assert_eq!((waiting.waiting, waiting.oldest()), (3, Some(bench.now())));
    assert_eq!(store.hand_over(&all, 0).await.unwrap(), 0);
    assert_eq!(store.hand_over(&all, 2).await.unwrap(), 2);
    assert_eq!(store.hand_over(&all, 9).await.unwrap(), 1);
    let late = [to("late", &["*"])];
    assert_eq!(store.hand_over(&late, 9).await.unwrap(), 0);
    for (endpoint, told) in [
        ("all", 3),
        ("family", 3),
        ("other", 0),
        ("odd", 0),
        ("late", 0),
        ("nobody", 0),
    ] {
        let claimed = store.claim_deliveries(endpoint, LEASE, 9).await.unwrap();
        let found: Vec<_> = claimed
            .iter()
            .map(|it| it.payload["transfer"].as_str().unwrap())
            .collect();
        let expected: Vec<_> = transfers
            .iter()
            .take(told)
            .map(TransferId::as_str)
            .collect();
        assert_eq!(found, expected, "{endpoint}");
        for delivery in claimed {
            assert_eq!(delivery.topic, Topic::TransferPosted.as_str());
            assert_eq!((delivery.attempt, delivery.published_at), (1, bench.now()));
            assert_eq!(delivery.payload["customer"], "ada");
            assert_eq!(delivery.payload["currency"], "USD");
        }
    }
    bench.assert_balanced().await;
}

/// A claim is nobody else's until it lapses; a lapsed one counts as tried and settles nothing any more,
/// except that what arrived has arrived.
pub async fn a_claim_lapses_and_is_taken_again<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    posted(&bench, 2).await;
    store.hand_over(&[to("e", &["*"])], 9).await.unwrap();
    let claimed = store.claim_deliveries("e", LEASE, 1).await.unwrap();
    let (one, two) = (claimed[0].key.sequence, claimed[0].key.sequence + 1);
    let rest = store.claim_deliveries("e", LEASE, 9).await.unwrap();
    assert_eq!(places(&rest), [(two, 1)]);
    assert_eq!(store.claim_deliveries("e", LEASE, 9).await.unwrap(), []);
    assert!(store.give_back(&rest[0].key, 1).await.unwrap());
    assert!(!store.give_back(&rest[0].key, 1).await.unwrap());
    let again = store.claim_deliveries("e", LEASE, 9).await.unwrap();
    assert_eq!(
        places(&again),
        [(two, 1)],
        "what was not attempted does not count"
    );
    bench.clock.advance(LEASE);
    let lapsed = store.claim_deliveries("e", LEASE, 9).await.unwrap();
    assert_eq!(places(&lapsed), [(one, 2), (two, 2)]);
    let failed = record("refused", Some(500));
    let later = Verdict::RetryAt(bench.now());
    for (attempt, verdict, changes) in [
        (1, Verdict::Dead, false),
        (1, later, false),
        (3, later, false),
        (1, Verdict::Delivered, true),
        (2, later, false),
        (2, Verdict::Delivered, false),
    ] {
        let changed = store
            .settle(&key("e", one), attempt, verdict, &failed)
            .await;
        assert_eq!(changed.unwrap(), changes, "{attempt} {verdict:?}");
    }
    let other = store
        .settle(&key("x", two), 2, Verdict::Delivered, &failed)
        .await;
    assert!(!other.unwrap());
    assert!(
        store
            .settle(&key("e", two), 2, later, &failed)
            .await
            .unwrap()
    );
    let last = store.claim_deliveries("e", LEASE, 9).await.unwrap();
    assert_eq!(places(&last), [(two, 3)]);
}

/// A failed delivery waits until it is due, dies by verdict, is listed, and comes back when an operator says so.
pub async fn a_dead_delivery_comes_back_when_told<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    posted(&bench, 3).await;
    store
        .hand_over(&[to("e", &["*"]), to("f", &["*"])], 9)
        .await
        .unwrap();
    let published_at = bench.now();
    let claimed = store.claim_deliveries("e", LEASE, 9).await.unwrap();
    let keys: Vec<_> = claimed.iter().map(|it| it.key.clone()).collect();
    let (slow, gone) = (record("timed_out", None), record("refused", Some(503)));
    let later = bench.now() + SignedDuration::from_hours(1);
    store
        .settle(&keys[0], 1, Verdict::RetryAt(later), &slow)
        .await
        .unwrap();
    store
        .settle(&keys[1], 1, Verdict::Dead, &gone)
        .await
        .unwrap();
    store
        .settle(&keys[2], 1, Verdict::Dead, &slow)
        .await
        .unwrap();
    assert_eq!(store.claim_deliveries("e", LEASE, 9).await.unwrap(), []);
    let status = store.outbox_status().await.unwrap();
    let owed: Vec<_> = status
        .endpoints
        .iter()
        .map(|it| (it.endpoint.as_str(), it.pending, it.retrying, it.dead))
        .collect();
    assert_eq!(owed, [("e", 1, 1, 2), ("f", 3, 0, 0)]);
    assert_eq!((status.waiting, status.oldest()), (0, Some(published_at)));
    let dead = store.dead_deliveries(None, 1).await.unwrap();
    assert_eq!(dead[0].key, keys[1]);
    assert_eq!((dead[0].attempts, &dead[0].last), (1, &Some(gone)));
    assert_eq!(
        (dead[0].published_at, dead[0].died_at),
        (published_at, bench.now())
    );
    let next = store.dead_deliveries(Some(&keys[1]), 9).await.unwrap();
    assert_eq!(
        next.iter().map(|it| &it.key).collect::<Vec<_>>(),
        [&keys[2]]
    );
    assert_eq!(next[0].topic, Topic::TransferPosted.as_str());
    for (which, expected) in [
        (Some(&keys[0]), 0),
        (Some(&key("nobody", 1)), 0),
        (Some(&keys[2]), 1),
        (None, 1),
        (None, 0),
    ] {
        assert_eq!(store.redeliver(which).await.unwrap(), expected, "{which:?}");
    }
    let again = store.claim_deliveries("e", LEASE, 9).await.unwrap();
    let expected = [(keys[1].sequence, 1), (keys[2].sequence, 1)];
    assert_eq!(places(&again), expected);
    bench.clock.advance(SignedDuration::from_hours(1));
    let due = store.claim_deliveries("e", LEASE, 1).await.unwrap();
    assert_eq!(due.len(), 1);
}

/// Two replicas share the work: every delivery is claimed once.
pub async fn claims_at_once_share_the_work<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let count = 40;
    posted(&bench, count).await;
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let bench = Arc::clone(&bench);
            tokio::spawn(async move {
                let (store, mut mine) = (bench.store(), Vec::new());
                loop {
                    let handed = store.hand_over(&[to("e", &["*"])], 3).await.unwrap();
                    let claimed = store.claim_deliveries("e", LEASE, 3).await.unwrap();
                    let owed = store.outbox_status().await.unwrap();
                    if handed == 0 && claimed.is_empty() && owed == OutboxStatus::default() {
                        return mine;
                    }
                    for delivery in &claimed {
                        let settled = store
                            .settle(
                                &delivery.key,
                                1,
                                Verdict::Delivered,
                                &record("ok", Some(204)),
                            )
                            .await;
                        assert!(settled.unwrap());
                    }
                    mine.extend(places(&claimed));
                }
            })
        })
        .collect();
    let mut times = BTreeMap::new();
    for worker in workers {
        for (sequence, attempt) in worker.await.unwrap() {
            assert_eq!(attempt, 1);
            *times.entry(sequence).or_insert(0) += 1;
        }
    }
    assert_eq!(times.len(), usize::try_from(count).unwrap());
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

/// What was delivered goes after its time, what is dead or owed stays longer, and messages go last.
pub async fn what_is_settled_is_pruned<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    posted(&bench, 3).await;
    let begun = bench.now();
    store.hand_over(&[to("e", &["*"])], 9).await.unwrap();
    let claimed = store.claim_deliveries("e", LEASE, 9).await.unwrap();
    let fine = record("acknowledged", Some(200));
    store
        .settle(&claimed[0].key, 1, Verdict::Delivered, &fine)
        .await
        .unwrap();
    store
        .settle(&claimed[1].key, 1, Verdict::Dead, &fine)
        .await
        .unwrap();
    let (before, after) = (begun, begun + SignedDuration::from_secs(1));
    for (delivered_before, dead_before, gone) in [
        (before, before, 0),
        (after, before, 2),
        (after, before, 0),
        (after, after, 4),
        (after, after, 0),
    ] {
        let retention = Retention {
            delivered_before,
            dead_before,
        };
        let pruned = store.prune_outbox(retention, 100).await.unwrap();
        assert_eq!(pruned, gone, "{retention:?}");
    }
    assert_eq!(
        store.outbox_status().await.unwrap(),
        OutboxStatus::default()
    );
    bench.clock.advance(LEASE);
    assert_eq!(store.claim_deliveries("e", LEASE, 9).await.unwrap(), []);
}
