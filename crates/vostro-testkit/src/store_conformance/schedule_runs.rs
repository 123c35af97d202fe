//! Carrying standing orders out: while money is stopped, after an outage, and by several at once.

use std::sync::Arc;

use jiff::SignedDuration;
use vostro_bank::{AuditKind, HistoryQuery, Order};
use vostro_ledger::{End, Frequency, Schedule};

use super::Backend;
use super::bench::{Bench, asks, checking, customer, outside, own, savings};
use super::schedules::{ENOUGH, day, runs};

/// While all money is stopped an occurrence waits, past its evening too, and is paid once money goes on.
pub async fn an_occurrence_waits_while_money_is_stopped<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let before = checking(&ada).balance.minor;
    let once = Schedule::new(day(3, 12), Frequency::Once, End::Never).unwrap();
    bench
        .ordered(asks(checking(&ada), "ada", outside(), 700), once)
        .await;
    let order = Order::operator("anna", "payments look wrong").unwrap();
    bench.store().switch_money(true, &order).await.unwrap();
    for at in ["2026-03-12T12:00:00Z", "2026-03-14T12:00:00Z"] {
        bench.at(at);
        assert_eq!(bench.run(ENOUGH).await, runs(0, 0, 1), "{at}");
    }
    assert_eq!(bench.money("ada").await, before);
    bench.store().switch_money(false, &order).await.unwrap();
    bench.clock.advance(SignedDuration::from_mins(30));
    assert_eq!(bench.run(ENOUGH).await, runs(1, 0, 0));
    assert_eq!(bench.money("ada").await, before - 700);
    bench.assert_balanced().await;
}

/// Ten days down: what is at most a week late is paid, each occurrence once, the oldest first, so many steps a
/// run; what is later is missed.
pub async fn an_outage_is_caught_up_within_bounds<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    for (start, minor) in [(12, 101), (13, 102), (20, 103), (14, 104)] {
        let once = Schedule::new(day(3, start), Frequency::Once, End::Never).unwrap();
        bench
            .ordered(asks(checking(&ada), "ada", own(savings(&ada)), minor), once)
            .await;
    }
    bench.at("2026-03-21T12:00:00Z");
    assert_eq!(bench.run(3).await, runs(1, 2, 0));
    assert_eq!(bench.run(ENOUGH).await, runs(1, 0, 0));
    assert_eq!(bench.run(ENOUGH).await, runs(0, 0, 0));
    let query = HistoryQuery {
        account: Some(savings(&ada).id.clone()),
        limit: 2,
        ..HistoryQuery::default()
    };
    let page = bench
        .store()
        .history(&customer("ada"), &query)
        .await
        .unwrap();
    let paid: Vec<i64> = page.items.iter().map(|item| item.amount.minor).collect();
    assert_eq!(paid, [103, 104], "newest first");
    assert_eq!(bench.count(AuditKind::OccurrenceFailed).await, 2);
    bench.assert_balanced().await;
}

/// Eight executors over twenty orders: each occurrence once.
pub async fn runs_at_once_pay_each_occurrence_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let before = checking(&ada).balance.minor;
    let weekly = Schedule::new(day(3, 12), Frequency::Weekly, End::Never).unwrap();
    for _ in 0..20 {
        bench
            .ordered(asks(checking(&ada), "ada", outside(), 100), weekly)
            .await;
    }
    bench.at("2026-03-19T12:00:00Z");
    let executors: Vec<_> = (0..8)
        .map(|_| {
            let bench = Arc::clone(&bench);
            tokio::spawn(async move { bench.run(ENOUGH).await.posted })
        })
        .collect();
    let mut posted = 0;
    for executor in executors {
        posted += executor.await.unwrap();
    }
    // What one executor was at, another passed over; nothing is left behind all the same.
    posted += bench.run(ENOUGH).await.posted;
    assert_eq!(posted, 40, "two weeks of twenty orders");
    assert_eq!(bench.money("ada").await, before - 4_000);
    bench.assert_balanced().await;
}
