//! The money switch under four eyes.

use jiff::SignedDuration;
use vostro_bank::{Approval, Order};
use vostro_types::ApprovalId;

use super::Backend;
use super::bench::Bench;

fn by(name: &str, reason: &str) -> Order {
    Order::operator(name, reason).unwrap()
}

fn id(text: &str) -> ApprovalId {
    ApprovalId::new(text).unwrap()
}

/// Nothing is turned until a second administrator approves, in time and once; who asked cannot. Each step is on the
/// trail with its name.
pub async fn turning_the_switch_takes_two<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let in_an_hour = bench.now() + SignedDuration::from_hours(1);
    let (stop, anna) = (id("apr_stop"), by("anna", "payments look wrong"));
    let asked = store
        .request_switch(&stop, true, in_an_hour, &anna)
        .await
        .unwrap();
    assert_eq!((asked.by.as_str(), asked.stopped), ("operator:anna", true));
    let row = bench.last_row().await;
    assert_eq!(row.kind, "money_switch_requested");
    assert_eq!(row.detail.unwrap()["request"], "apr_stop");
    let again = store
        .request_switch(&stop, false, in_an_hour, &by("eve", "other"))
        .await;
    assert_eq!(again.unwrap(), asked, "an id stays what it was");
    assert_eq!(store.switch_requests().await.unwrap(), [asked]);
    assert!(!store.money_switch().await.unwrap().stopped);
    bench.topics_told().await;

    let own = store
        .approve_switch(&stop, &by("anna", "it is me"))
        .await
        .unwrap();
    assert_eq!(own, Approval::SamePerson);
    let none = store
        .approve_switch(&id("apr_none"), &by("ben", "what?"))
        .await
        .unwrap();
    assert_eq!(none, Approval::NotOpen);
    assert!(!store.money_switch().await.unwrap().stopped);
    let turned = store
        .approve_switch(&stop, &by("ben", "seen it too"))
        .await
        .unwrap();
    let now = store.money_switch().await.unwrap();
    assert_eq!(turned, Approval::Turned(now.clone()));
    assert!(now.stopped);
    assert_eq!(now.by.as_deref(), Some("operator:anna"));
    assert_eq!(now.reason.as_deref(), Some("payments look wrong"));
    let row = bench.last_row().await;
    assert_eq!(
        (row.kind.as_str(), row.fits_commitment()),
        ("money_stopped", Some(true))
    );
    let detail = row.detail.unwrap();
    assert_eq!(detail["by"], "operator:ben");
    assert_eq!(detail["reason"], "seen it too");
    assert_eq!(detail["requested_by"], "operator:anna");
    assert_eq!(detail["requested_for"], "payments look wrong");
    assert_eq!(bench.topics_told().await, ["money.stopped"]);
    let twice = store
        .approve_switch(&stop, &by("cleo", "me too"))
        .await
        .unwrap();
    assert_eq!(twice, Approval::NotOpen);
    assert_eq!(store.switch_requests().await.unwrap(), []);
}

/// A request that was taken back, or whose time is over, turns nothing.
pub async fn a_request_ends_withdrawn_or_by_its_time<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let soon = bench.now() + SignedDuration::from_mins(10);
    let (back, late) = (id("apr_back"), id("apr_late"));
    for id in [&back, &late] {
        store
            .request_switch(id, true, soon, &by("anna", "a test"))
            .await
            .unwrap();
    }
    assert!(
        store
            .withdraw_switch(&back, &by("anna", "never mind"))
            .await
            .unwrap()
    );
    assert_eq!(bench.last_row().await.kind, "money_switch_withdrawn");
    assert!(
        !store
            .withdraw_switch(&back, &by("anna", "again"))
            .await
            .unwrap()
    );
    let withdrawn = store
        .approve_switch(&back, &by("ben", "yes"))
        .await
        .unwrap();
    assert_eq!(withdrawn, Approval::NotOpen);
    assert_eq!(store.switch_requests().await.unwrap().len(), 1);
    bench.clock.advance(SignedDuration::from_mins(10));
    let over = store
        .approve_switch(&late, &by("ben", "yes"))
        .await
        .unwrap();
    assert_eq!(over, Approval::NotOpen);
    assert!(
        !store
            .withdraw_switch(&late, &by("anna", "too late"))
            .await
            .unwrap()
    );
    assert_eq!(store.switch_requests().await.unwrap(), []);
    assert!(!store.money_switch().await.unwrap().stopped);
}

/// Of approvals at once one turns the switch.
pub async fn approvals_at_once_have_one_winner<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let soon = bench.now() + SignedDuration::from_mins(10);
    let stop = id("apr_stop");
    store
        .request_switch(&stop, true, soon, &by("anna", "a test"))
        .await
        .unwrap();
    let (ben, cleo) = (by("ben", "yes"), by("cleo", "yes"));
    let (one, two) = tokio::join!(
        store.approve_switch(&stop, &ben),
        store.approve_switch(&stop, &cleo)
    );
    let turned = [one.unwrap(), two.unwrap()];
    let count = turned
        .iter()
        .filter(|it| matches!(it, Approval::Turned(_)))
        .count();
    assert_eq!(count, 1, "{turned:?}");
}
