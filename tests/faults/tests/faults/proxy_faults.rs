//! The line to `PostgreSQL` is slow, resets, or falls silent: who asks is answered or told "not available"
//! within a deadline; what was acknowledged is there; the same yes again is posted once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vostro_bank::{Bank as _, PostOutcome, StoreError};
use vostro_faults::{
    Bank, Fault, Kind, Proxy, cents_out, checking, context, portfolio, proposal, propose, report,
    scaled, usd, warm_up, yes,
};
use vostro_ledger::{Calendar, Limits};
use vostro_store::{PostgresStore, PostgresTuning, StoreConfig};
use vostro_types::SystemEntropy;

use crate::opened;

/// How long the store waits for an answer in these tests.
const ANSWER: Duration = Duration::from_millis(800);
/// The longest that a caller may be kept: the wait for an answer, and making a connection.
const DEADLINE: Duration = Duration::from_secs(5);

/// A store that reaches the bank's database by way of the proxy.
async fn by_proxy(bank: &Bank, proxy: &Proxy) -> Arc<PostgresStore> {
    let config = StoreConfig {
        limits: Limits {
            per_transfer: usd(i64::MAX),
            per_day: usd(i64::MAX),
        },
        calendar: Calendar::every_day(TimeZone::UTC),
        clock: Arc::clone(&bank.clock) as _,
        entropy: Arc::new(SystemEntropy),
        demo_customers: true,
        money_stopped: false,
    };
    let tuning = PostgresTuning {
        connections: 8,
        answer: ANSWER,
        ..PostgresTuning::default()
    };
    let url = bank.database().unwrap().url_by(proxy.port());
    let store = PostgresStore::connect_tuned(&url, config, tuning).await;
    Arc::new(store.unwrap())
}

/// The fault, whether the transfer is there afterwards, and whether the caller was told so.
const CASES: [(Fault, bool, bool); 6] = [
    (Fault::Delay(Duration::from_millis(100)), true, true),
    (Fault::ResetBeforeSending, false, false),
    (Fault::ResetBeforeAnswer, true, false),
    (Fault::ResetAfterAnswer, true, true),
    (Fault::HalfOpenBeforeSending, false, false),
    (Fault::HalfOpenBeforeAnswer, true, false),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_is_told_in_time_and_the_same_yes_pays_once() {
    let Some(bank) = opened("proxy", Kind::Postgres, i64::MAX, i64::MAX).await else {
        return;
    };
    let proxy = Proxy::start().await.unwrap();
    let (direct, store) = (bank.store(), by_proxy(&bank, &proxy).await);
    let before = portfolio(direct.as_ref(), "ada").await;
    let ada = &before.customer.id;
    let mut slowest = Duration::ZERO;
    for (fault, is_there, is_told) in CASES {
        proxy.set(Fault::None);
        let clock = bank.clock.as_ref();
        warm_up(store.as_ref(), clock, cents_out(&before, 100)).await;
        let proposal = propose(store.as_ref(), clock, cents_out(&before, 100)).await;
        proxy.set(fault);
        let began = Instant::now();
        let outcome = store.confirm_and_post(yes(&proposal), &context(ada)).await;
        let took = began.elapsed();
        assert!(took < DEADLINE, "{fault:?}: {took:?}");
        slowest = slowest.max(took);
        match &outcome {
            Ok(PostOutcome::Posted(_)) => assert!(is_told, "{fault:?}"),
            Err(StoreError::Unavailable(_)) => assert!(!is_told, "{fault:?}"),
            other => panic!("{fault:?}: {other:?}"),
        }
        let receipt = direct.receipt(ada, &proposal.id).await.unwrap();
        assert_eq!(receipt.is_some(), is_there, "{fault:?}");
        proxy.set(Fault::None);
        // The store mends itself: at most one try for each connection that broke unnoticed.
        let again = again(&store, &proposal).await;
        let is_replay = matches!(again, PostOutcome::Replayed(_));
        assert_eq!(is_replay, is_there, "{fault:?}: {again:?}");
    }
    let after = portfolio(direct.as_ref(), "ada").await;
    let moved = checking(&before).balance.minor - checking(&after).balance.minor;
    assert_eq!(moved, 100 * i64::try_from(CASES.len()).unwrap());
    bank.assert_balanced().await;
    report(
        "proxy",
        &[
            ("faults", &CASES.len()),
            ("slowest_answer_ms", &slowest.as_millis()),
            ("lost", &0),
            ("doubled", &0),
        ],
    );
}

/// The same yes, until it is answered.
async fn again(store: &PostgresStore, proposal: &vostro_ledger::Proposal) -> PostOutcome {
    let context = context(&proposal.intent.customer);
    let asking = async {
        loop {
            match store.confirm_and_post(yes(proposal), &context).await {
                Ok(outcome) => return outcome,
                Err(StoreError::Unavailable(_)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    };
    tokio::time::timeout(DEADLINE, asking).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_over_a_bad_line_what_is_acknowledged_is_what_is_there() {
    const CLIENTS: usize = 8;
    const EACH: usize = 25;
    let Some(bank) = opened("proxy-load", Kind::Postgres, i64::MAX, i64::MAX).await else {
        return;
    };
    let proxy = Proxy::start().await.unwrap();
    let (direct, store) = (bank.store(), by_proxy(&bank, &proxy).await);
    let before = portfolio(direct.as_ref(), "ada").await;
    let each = EACH * scaled(1) as usize;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (store, ada, clock) = (Arc::clone(&store), before.clone(), Arc::clone(&bank.clock));
            tokio::spawn(async move {
                for _ in 0..each {
                    let proposal = proposal(clock.as_ref(), cents_out(&ada, 1));
                    let context = context(&ada.customer.id);
                    // Proposing twice is harmless; so is the same yes.
                    while store.propose(&proposal, &context).await.is_err() {}
                    while store
                        .confirm_and_post(yes(&proposal), &context)
                        .await
                        .is_err()
                    {}
                }
            })
        })
        .collect();
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let weather = async {
        loop {
            let (fault, _, _) = CASES[rng.random_range(0..CASES.len())];
            proxy.set(fault);
            let struck = proxy.struck();
            // Until it came over two connections, or nobody asks any more.
            let enough = async {
                while proxy.struck() < struck + 2 && fault != Fault::ResetAfterAnswer {
                    tokio::task::yield_now().await;
                }
            };
            let _ = tokio::time::timeout(ANSWER, enough).await;
            proxy.set(Fault::None);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let working = async {
        for client in clients {
            client.await.unwrap();
        }
    };
    tokio::select! {
        () = working => {}
        () = weather => {}
    }
    let after = portfolio(direct.as_ref(), "ada").await;
    let rows = checking(&before).balance.minor - checking(&after).balance.minor;
    let acknowledged = i64::try_from(CLIENTS * each).unwrap();
    report(
        "proxy-load",
        &[
            ("faults", &proxy.struck()),
            ("acknowledged", &acknowledged),
            ("rows", &rows),
            ("lost", &(acknowledged - rows).max(0)),
            ("doubled", &(rows - acknowledged).max(0)),
        ],
    );
    assert_eq!(rows, acknowledged);
    bank.assert_balanced().await;
}
