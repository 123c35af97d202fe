//! The stop of all money.

use jiff::SignedDuration;
use vostro_bank::{
    AuditKind, CaptureOutcome, HistoryQuery, HoldOutcome, PostOutcome, ReverseOutcome,
    SettleOutcome, Settled, VoidOutcome,
};
use vostro_ledger::{Decline, ReversalRefusal};

use super::Backend;
use super::bench::{Bench, asks, checking, context, customer, order, outside, usd};

/// While it holds, nothing is proposed, posted, placed, paid out or taken back; funds are given free and
/// looked at as ever. Who ordered it is on record, and afterwards everything goes on.
#[expect(clippy::too_many_lines, reason = "one story, in order")]
pub async fn a_stop_stops_every_money_command<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let before = bench.opened("ada").await;
    let (store, ada) = (bench.store(), customer("ada"));
    let ask = |minor| asks(checking(&before), "ada", outside(), minor);
    let posted = bench.transfer(ask(1)).await.unwrap();
    let proposals = [
        bench.propose(ask(2)).await.unwrap(),
        bench.propose(ask(3)).await.unwrap(),
    ];
    let (due, voided) = (bench.place(ask(4), 0).await, bench.place(ask(5), 0).await);
    let id = &checking(&before).id;
    let outcome = store
        .place_hold(id, usd(6), None, &order("card"))
        .await
        .unwrap();
    let HoldOutcome::Held(hold) = outcome else {
        panic!("{outcome:?}");
    };
    let was = store.money_switch().await.unwrap();
    assert!(!was.stopped && was.by.is_none() && !was.by_configuration);
    bench.topics_told().await;

    let now = store
        .switch_money(true, &order("payments look wrong"))
        .await
        .unwrap();
    assert_eq!(
        (now.stopped, now.by.as_deref()),
        (true, Some("operator:anna"))
    );
    assert_eq!(
        (now.reason.as_deref(), now.at),
        (Some("payments look wrong"), Some(bench.now()))
    );
    assert_eq!(store.money_switch().await.unwrap(), now);
    assert_eq!(bench.last_row().await.kind, "money_stopped");
    assert_eq!(bench.topics_told().await, ["money.stopped"]);
    let during = bench.portfolio("ada").await;
    let stopped = Decline::MoneyStopped;
    assert_eq!(bench.propose(ask(7)).await, Err(stopped));
    assert_eq!(
        bench.confirm(&proposals[0]).await,
        PostOutcome::Declined(stopped)
    );
    assert_eq!(
        bench.place_confirmed(&proposals[1], 0).await,
        PostOutcome::Declined(stopped)
    );
    let order_it = order("by hand");
    let outcome = store
        .post_pending(&due.transfer, None, &order_it)
        .await
        .unwrap();
    assert_eq!(outcome, SettleOutcome::Declined(stopped));
    let outcome = store.capture_hold(&hold.id, None, &order_it).await.unwrap();
    assert_eq!(outcome, CaptureOutcome::Declined(stopped));
    let outcome = store.reverse(&posted.transfer, &order_it).await.unwrap();
    assert_eq!(
        outcome,
        ReverseOutcome::Refused(ReversalRefusal::MoneyStopped)
    );
    assert_eq!(
        bench.count(AuditKind::Declined).await,
        4,
        "each is on record"
    );
    assert_eq!(
        store.settle_due(bench.now()).await.unwrap(),
        Settled::default()
    );
    assert_eq!(bench.portfolio("ada").await, during);
    let page = store.history(&ada, &HistoryQuery::default()).await.unwrap();
    assert_eq!(
        page.items[0].transfer, posted.transfer,
        "nothing was posted, and it can be read"
    );
    let outcome = store
        .void_pending(&voided.transfer, &order_it)
        .await
        .unwrap();
    assert!(
        matches!(outcome, VoidOutcome::Voided(_)),
        "funds are given free"
    );
    bench.assert_balanced().await;

    store.erase_audit_detail(&customer("(bank)")).await.unwrap();
    let now = store.switch_money(false, &order("checked")).await.unwrap();
    assert!(!now.stopped);
    let row = bench.last_row().await;
    assert_eq!(
        (row.kind.as_str(), &row.detail.unwrap()["reason"]),
        ("money_resumed", &"checked".into())
    );
    let stops: Vec<_> = bench.audit().await;
    let kept = stops
        .iter()
        .find(|row| row.kind == "money_stopped")
        .unwrap();
    assert_eq!(
        kept.fits_commitment(),
        Some(true),
        "the bank's own rows are not erased"
    );
    assert_eq!(
        bench.confirm(&proposals[0]).await,
        PostOutcome::NotOpen,
        "it was declined for good"
    );
    bench.transfer(ask(8)).await.unwrap();
    bench.clock.advance(SignedDuration::from_mins(1));
    let settled = store.settle_due(bench.now()).await.unwrap();
    assert_eq!(
        settled,
        Settled {
            posted: 1,
            voided: 0
        }
    );
    let outcome = store
        .cancel(&ada, &proposals[1].id, &context(&ada))
        .await
        .unwrap();
    assert_eq!(outcome, vostro_bank::CancelOutcome::NotOpen);
    bench.assert_balanced().await;
}
