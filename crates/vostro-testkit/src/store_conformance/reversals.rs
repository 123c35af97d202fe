//! Transfers taken back.

use std::sync::Arc;

use vostro_bank::{AuditKind, HistoryQuery, ReverseOutcome};
use vostro_ledger::{Decline, ReversalRefusal, Target, TransferStatus};
use vostro_types::TransferId;

use super::Backend;
use super::bench::{
    Bench, asks, billed, checking, customer, order, outside, own, pay, savings, usd,
};

/// By many at once: one reversal. Balances and bill are as before, the day's limit stays used.
pub async fn a_reversal_is_the_exact_opposite_once<B: Backend>() {
    let bench = Bench::<B>::with_limits(500_000, 50_000).await;
    let before = bench.opened("ada").await;
    let (store, biller) = (bench.store(), billed(&before));
    let due = biller.amount_due.unwrap().minor;
    let intent = asks(checking(&before), "ada", pay(biller), due);
    let receipt = bench.transfer(intent).await.unwrap();
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let (bench, transfer) = (Arc::clone(&bench), receipt.transfer.clone());
        tasks.push(tokio::spawn(async move {
            bench
                .store()
                .reverse(&transfer, &order("paid twice"))
                .await
                .unwrap()
        }));
    }
    let mut reversals = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            ReverseOutcome::Reversed(id) => reversals.push(id),
            ReverseOutcome::Refused(refusal) => {
                assert_eq!(refusal, ReversalRefusal::AlreadyReversed);
            }
        }
    }
    let [reversal] = reversals.as_slice() else {
        panic!("{reversals:?}");
    };
    assert_eq!(
        bench.portfolio("ada").await,
        before,
        "money and bill are back"
    );
    let view = store.transfer(&receipt.transfer).await.unwrap().unwrap();
    let back = store.transfer(reversal).await.unwrap().unwrap();
    assert_eq!(
        (view.reversed_by.as_ref(), back.reverses.as_ref()),
        (Some(reversal), Some(&view.id))
    );
    let lines = |view: &vostro_bank::TransferView| {
        let mut lines: Vec<_> = view
            .entries
            .iter()
            .map(|it| (it.account.clone(), it.amount.minor))
            .collect();
        lines.sort();
        lines
    };
    let negated: Vec<_> = lines(&view)
        .into_iter()
        .map(|(id, minor)| (id, -minor))
        .collect();
    assert_eq!(lines(&back), negated);
    let ada = customer("ada");
    let page = store.history(&ada, &HistoryQuery::default()).await.unwrap();
    assert!(
        page.items[0]
            .description
            .starts_with("Reversal: Bill payment to ")
    );
    let again = store.reverse(reversal, &order("a mistake")).await.unwrap();
    assert_eq!(again, ReverseOutcome::Refused(ReversalRefusal::IsReversal));
    assert_eq!(bench.count(AuditKind::Reversed).await, 1);
    assert_eq!(bench.count(AuditKind::ReversalRefused).await, 8);
    let over = bench
        .propose(asks(checking(&before), "ada", outside(), 50_000 - due + 1))
        .await;
    assert!(matches!(over, Err(Decline::OverDailyLimit { left, .. }) if left == usd(50_000 - due)));
    assert_eq!(
        bench.topics_told().await,
        ["transfer.posted", "transfer.reversed"]
    );
    bench.assert_balanced().await;
}

/// The payee spent it: typed, on record, nothing moves. So with what is not there or not posted.
pub async fn a_reversal_never_overdraws_a_customer<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let (ada, bob) = (bench.opened("ada").await, bench.opened("bob").await);
    let store = bench.store();
    let number = savings(&bob).number.clone();
    let to_bob = Target::NewPayee { number };
    let receipt = bench
        .transfer(asks(checking(&ada), "ada", to_bob, 5_000))
        .await
        .unwrap();
    let bobs = bench.portfolio("bob").await;
    let all = savings(&bobs).available.minor;
    let spend = asks(savings(&bobs), "bob", own(checking(&bob)), all - 4_999);
    bench.transfer(spend).await.unwrap();
    let refused = |outcome| ReverseOutcome::Refused(outcome);
    let reverse =
        |id: TransferId| async move { store.reverse(&id, &order("sent in error")).await.unwrap() };
    let available = usd(4_999);
    let overdraws = refused(ReversalRefusal::WouldOverdraw { available });
    assert_eq!(reverse(receipt.transfer.clone()).await, overdraws);
    let row = bench.last_row().await;
    let detail = row.detail.unwrap();
    assert_eq!(
        (row.kind.as_str(), &detail["refusal"]["reason"]),
        ("reversal_refused", &"would_overdraw".into())
    );
    assert_eq!(detail["refusal"]["available"]["minor"], 4_999);
    let nothing = TransferId::new("trf_nothing").unwrap();
    assert_eq!(reverse(nothing).await, refused(ReversalRefusal::NotFound));
    let pending = bench
        .place(asks(checking(&ada), "ada", outside(), 100), 10)
        .await;
    let status = TransferStatus::Pending;
    assert_eq!(
        reverse(pending.transfer).await,
        refused(ReversalRefusal::NotPosted { status })
    );
    assert_eq!(bench.last_row().await.kind, "reversal_refused");
    let page = store
        .history(&customer("ada"), &HistoryQuery::default())
        .await
        .unwrap();
    assert_eq!(
        page.items[0].transfer, receipt.transfer,
        "nothing was posted since"
    );
    bench.assert_balanced().await;
}
