//! The suite passes on the reference adapter, and finds adapters that double, lie or lose.

use std::sync::Arc;

use axum::http::Method;
use futures::future::join_all;
use vostro_bank::Operations as _;
use vostro_core_banking::conformance::run;
use vostro_core_banking::{CoreBanking as _, HttpCore};
use vostro_testkit::SeededEntropy;

use crate::world::{Fault, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reference_adapter_is_conformant() {
    let world = World::new().await;
    let before = world.accounts().await;
    let report = run(world.subject(), Arc::new(SeededEntropy::new(3)))
        .await
        .unwrap();
    assert!(
        report.is_conformant(),
        "{:#?}",
        report.failures().collect::<Vec<_>>()
    );
    assert!(report.cases.len() >= 20);
    assert_eq!(
        world.accounts().await,
        before,
        "what was moved was moved back"
    );
    assert_eq!(
        world.store.trial_balance().await.unwrap(),
        Vec::<String>::new()
    );
}

/// One of them finds the key free and the id taken, again and again; with what the account has for one of them
/// only, it would also find the funds gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_at_once_are_told_the_same() {
    let world = World::new().await;
    let core = HttpCore::new(&world.subject().core).unwrap();
    for number in 0..40 {
        let (key, mut order) = world.order(number).await;
        order.intent.amount = world.accounts().await[0].available;
        let placed = join_all((0..16).map(|_| core.place(&key, &order))).await;
        for again in &placed {
            assert_eq!(again.as_ref().ok(), placed[0].as_ref().ok(), "{placed:?}");
        }
        let placed = placed.into_iter().next().unwrap().unwrap();
        assert!(placed.transfer.is_some(), "{placed:?}");
        core.void(&order.intent.customer, &key).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adapter_that_lies_is_found() {
    for (fault, method) in [
        (Fault::OtherAmount, Method::PUT),
        (Fault::OtherKey, Method::PUT),
        (Fault::ErrorAfter, Method::POST),
        (Fault::ClaimsPosted, Method::PUT),
        (Fault::Garbage, Method::POST),
    ] {
        let world = World::new().await;
        world.breaks(fault, method, usize::MAX);
        let report = run(world.subject(), Arc::new(SeededEntropy::new(3)))
            .await
            .unwrap();
        assert!(report.failures().count() >= 5, "{fault:?}: {report:#?}");
    }
}
