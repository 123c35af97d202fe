//! Transfers in two phases: held, then posted, voided or expired, once.

use std::sync::Arc;

use jiff::SignedDuration;
use vostro_bank::{
    AuditKind, CancelOutcome, Order, PostOutcome, SettleOutcome, Settled, VoidOutcome,
};
use vostro_ledger::{AccountStatus, Decline, TransferStatus};
use vostro_types::TransferId;

use super::Backend;
use super::bench::{
    Bench, asks, billed, checking, context, customer, order, outside, own, pay, savings, usd,
};

/// Placed: available falls, the balance stays. When its hour has come it is posted, and its receipt stands.
pub async fn a_placed_transfer_holds_its_funds_and_settles_later<B: Backend>() {
    let bench = Bench::<B>::with_limits(500_000, 20_000).await;
    let (before, ada) = (bench.opened("ada").await, customer("ada"));
    let (store, source) = (bench.store(), checking(&before));
    let intent = asks(source, "ada", outside(), 8_200);
    let proposal = bench.propose(intent.clone()).await.unwrap();
    let PostOutcome::Placed(pending) = bench.place_confirmed(&proposal, 30).await else {
        panic!("not placed");
    };
    assert_eq!(pending.status, TransferStatus::Pending);
    assert_eq!(
        pending.settles_at,
        bench.now() + SignedDuration::from_mins(30)
    );
    assert_eq!(
        (&pending.intent, &pending.confirmation),
        (&intent, &proposal.id)
    );
    let during = bench.portfolio("ada").await;
    assert_eq!(checking(&during).balance, source.balance);
    assert_eq!(
        checking(&during).available.minor,
        source.available.minor - 8_200
    );
    assert_eq!(store.receipt(&ada, &proposal.id).await.unwrap(), None);
    let again = PostOutcome::Waiting(pending.clone());
    assert_eq!(bench.place_confirmed(&proposal, 60).await, again);
    assert_eq!(bench.confirm(&proposal).await, again, "a yes is used once");
    let cancelled = store
        .cancel(&ada, &proposal.id, &context(&ada))
        .await
        .unwrap();
    assert_eq!(cancelled, CancelOutcome::NotOpen);
    let listed = store.pending_transfers(Some(&ada)).await.unwrap();
    assert_eq!(listed, [(*pending).clone()]);
    assert_eq!(
        store
            .pending_transfers(Some(&customer("eve")))
            .await
            .unwrap(),
        []
    );
    let limit = usd(20_000);
    let over = bench.propose(asks(source, "ada", outside(), 12_000)).await;
    let left = usd(11_800);
    assert_eq!(
        over,
        Err(Decline::OverDailyLimit { limit, left }),
        "it counts today"
    );
    bench.assert_balanced().await;

    assert_eq!(
        store.settle_due(bench.now()).await.unwrap(),
        Settled::default()
    );
    bench.clock.advance(SignedDuration::from_mins(30));
    let settled = store.settle_due(bench.now()).await.unwrap();
    assert_eq!(
        settled,
        Settled {
            posted: 1,
            voided: 0
        }
    );
    let after = bench.portfolio("ada").await;
    let receipt = store.receipt(&ada, &proposal.id).await.unwrap().unwrap();
    assert_eq!(receipt.transfer, pending.transfer);
    assert_eq!(receipt.value_date, Some(bench.today()));
    assert_eq!((&receipt.intent, receipt.posted_at), (&intent, bench.now()));
    assert_eq!(receipt.source_balance, checking(&after).balance);
    assert_eq!(receipt.source_available, checking(&after).available);
    assert_eq!(receipt.source_balance.minor, source.balance.minor - 8_200);
    let replayed = PostOutcome::Replayed(Box::new(receipt.clone()));
    assert_eq!(bench.confirm(&proposal).await, replayed);
    let cancelled = store
        .cancel(&ada, &proposal.id, &context(&ada))
        .await
        .unwrap();
    assert_eq!(cancelled, CancelOutcome::AlreadyPosted(Box::new(receipt)));
    let placed = store.placed(&ada, &proposal.id).await.unwrap().unwrap();
    assert_eq!(placed.status, TransferStatus::Posted);
    let row = bench.last_row().await;
    let detail = row.detail.unwrap();
    assert_eq!(
        (row.kind.as_str(), &detail["by"]),
        ("posted", &"housekeeping".into())
    );
    assert_eq!(detail["transfer"], pending.transfer.as_str());
    assert_eq!(
        bench.topics_told().await,
        ["transfer.pending", "transfer.posted"]
    );
    bench.assert_balanced().await;
}

/// A bill paid in part: the part is posted and counted against bill and limit, the rest is free again.
pub async fn a_smaller_amount_releases_the_rest<B: Backend>() {
    let bench = Bench::<B>::with_limits(500_000, 500_000).await;
    let before = bench.opened("ada").await;
    let (store, source, biller) = (bench.store(), checking(&before), billed(&before));
    let due = biller.amount_due.unwrap().minor;
    let pending = bench.place(asks(source, "ada", pay(biller), due), 30).await;
    let post = |amount| {
        let transfer = pending.transfer.clone();
        async move {
            store
                .post_pending(&transfer, amount, &order("less was due"))
                .await
                .unwrap()
        }
    };
    let refusals = [
        (usd(0), Decline::AmountNotPositive),
        (usd(i64::MIN), Decline::AmountNotPositive),
        (usd(due + 1), Decline::OverHeldAmount { held: usd(due) }),
        (usd(i64::MAX), Decline::OverHeldAmount { held: usd(due) }),
    ];
    for (amount, decline) in refusals {
        assert_eq!(
            post(Some(amount)).await,
            SettleOutcome::Declined(decline),
            "{amount}"
        );
    }
    let SettleOutcome::Posted(receipt) = post(Some(usd(due - 1))).await else {
        panic!("not posted");
    };
    assert_eq!(receipt.intent.amount, usd(due - 1));
    let after = bench.portfolio("ada").await;
    assert_eq!(checking(&after).available, receipt.source_available);
    assert_eq!(
        checking(&after).balance.minor,
        source.balance.minor - due + 1
    );
    assert_eq!(
        checking(&after).available.minor,
        source.available.minor - due + 1
    );
    let still_due = after.billers.iter().find(|it| it.id == biller.id).unwrap();
    assert_eq!(still_due.amount_due, Some(usd(1)));
    assert_eq!(
        post(None).await,
        SettleOutcome::NotPending(Some(TransferStatus::Posted))
    );
    let row = bench.last_row().await.detail.unwrap();
    assert_eq!(
        (&row["amount_minor"], &row["reason"]),
        (&(due - 1).into(), &"less was due".into())
    );
    let view = store.transfer(&pending.transfer).await.unwrap().unwrap();
    assert_eq!((view.amount, view.posted), (usd(due), Some(usd(due - 1))));
    bench.assert_balanced().await;
}

/// Its customer recalls it, nobody else does; the day's limit is free again, and a recall is final.
pub async fn a_recalled_transfer_gives_its_funds_back<B: Backend>() {
    let bench = Bench::<B>::with_limits(10_000, 10_000).await;
    let (before, store) = (bench.opened("ada").await, bench.store());
    bench.opened("eve").await;
    let intent = asks(checking(&before), "ada", outside(), 10_000);
    let pending = bench.place(intent.clone(), 30).await;
    let recall =
        |name: &str| Order::customer(&context(&customer(name)), "recalled by its customer");
    let void = |order: Order| {
        let transfer = pending.transfer.clone();
        async move { store.void_pending(&transfer, &order).await.unwrap() }
    };
    assert_eq!(void(recall("eve")).await, VoidOutcome::NotPending(None));
    let nothing = TransferId::new("trf_nothing").unwrap();
    let unknown = store.void_pending(&nothing, &recall("ada")).await.unwrap();
    assert_eq!(unknown, VoidOutcome::NotPending(None));
    let VoidOutcome::Voided(voided) = void(recall("ada")).await else {
        panic!("not voided");
    };
    assert_eq!(
        (voided.status, &voided.transfer),
        (TransferStatus::Voided, &pending.transfer)
    );
    let row = bench.last_row().await;
    assert_eq!(
        (row.kind.as_str(), row.turn),
        ("voided", context(&customer("ada")).turn)
    );
    assert_eq!(bench.portfolio("ada").await, before);
    let again = VoidOutcome::NotPending(Some(TransferStatus::Voided));
    assert_eq!(void(recall("ada")).await, again);
    let proposal = bench.propose(intent).await.unwrap();
    assert!(matches!(
        bench.confirm(&proposal).await,
        PostOutcome::Posted(_)
    ));
    let expected = ["transfer.pending", "transfer.voided", "transfer.posted"];
    assert_eq!(bench.topics_told().await, expected);
    bench.assert_balanced().await;
}

/// Due is posted, refused is voided, too late is expired; each once.
pub async fn housekeeping_settles_what_is_due_and_expires_the_rest<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let (ada, bob) = (bench.opened("ada").await, bench.opened("bob").await);
    let store = bench.store();
    let source = checking(&ada);
    bench
        .place(asks(source, "ada", own(savings(&ada)), 100), 10)
        .await;
    let refused = bench
        .place(asks(checking(&bob), "bob", outside(), 200), 10)
        .await;
    let late = bench.place(asks(source, "ada", outside(), 300), 60).await;
    bench
        .backend
        .set_account_status(&checking(&bob).id, AccountStatus::Frozen)
        .await;
    bench.clock.advance(SignedDuration::from_mins(20));
    let settled = store.settle_due(bench.now()).await.unwrap();
    assert_eq!(
        settled,
        Settled {
            posted: 1,
            voided: 1
        }
    );
    let view = store.transfer(&refused.transfer).await.unwrap().unwrap();
    assert_eq!(
        (view.status, view.entries.len()),
        (TransferStatus::Voided, 0)
    );
    assert_eq!(bench.count(AuditKind::Declined).await, 1);
    assert_eq!(store.expire_pending(bench.now()).await.unwrap(), 0);
    bench.clock.advance(SignedDuration::from_hours(73));
    assert_eq!(
        store.settle_due(bench.now()).await.unwrap(),
        Settled::default()
    );
    assert_eq!(store.expire_pending(bench.now()).await.unwrap(), 1);
    assert_eq!(store.expire_pending(bench.now()).await.unwrap(), 0);
    assert_eq!(bench.last_row().await.kind, "lapsed");
    let view = store.transfer(&late.transfer).await.unwrap().unwrap();
    assert_eq!(view.status, TransferStatus::Expired);
    let (after, bobs) = (bench.portfolio("ada").await, bench.portfolio("bob").await);
    assert_eq!(
        checking(&after).available.minor,
        source.available.minor - 100
    );
    assert_eq!(checking(&bobs).available, checking(&bob).available);
    assert_eq!(store.pending_transfers(None).await.unwrap(), []);
    bench.assert_balanced().await;
}

/// Posting, recalling and expiring at once, by many: one of them does it.
pub async fn a_pending_transfer_resolves_once<B: Backend>() {
    const ROUNDS: i64 = 5;
    let bench = Bench::<B>::new().await;
    let before = bench.opened("ada").await;
    let mut posted = 0;
    for _ in 0..ROUNDS {
        let pending = bench
            .place(asks(checking(&before), "ada", outside(), 100), 0)
            .await;
        let mut tasks = Vec::new();
        for turn in 0..12 {
            let (bench, transfer) = (Arc::clone(&bench), pending.transfer.clone());
            tasks.push(tokio::spawn(async move {
                let (store, order) = (bench.store(), order("a race"));
                if turn % 2 == 0 {
                    let outcome = store.post_pending(&transfer, None, &order).await.unwrap();
                    (i64::from(matches!(outcome, SettleOutcome::Posted(_))), 0)
                } else {
                    let outcome = store.void_pending(&transfer, &order).await.unwrap();
                    (0, i64::from(matches!(outcome, VoidOutcome::Voided(_))))
                }
            }));
        }
        let mut done = (0, 0);
        for task in tasks {
            let (one_posted, one_voided) = task.await.unwrap();
            done = (done.0 + one_posted, done.1 + one_voided);
        }
        assert_eq!(done.0 + done.1, 1, "{done:?}");
        posted += done.0;
    }
    let after = bench.portfolio("ada").await;
    assert_eq!(
        checking(&after).balance.minor,
        checking(&before).balance.minor - 100 * posted
    );
    assert_eq!(
        checking(&after).available.minor,
        checking(&before).available.minor - 100 * posted
    );
    bench.assert_balanced().await;
}
