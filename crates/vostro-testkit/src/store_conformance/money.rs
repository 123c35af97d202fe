//! Money commands, one after the other: what moves, once, and what is left behind.

use jiff::SignedDuration;
use vostro_bank::{AuditKind, CancelOutcome, HistoryQuery, PostOutcome};
use vostro_ledger::Target;

use super::Backend;
use super::bench::{
    Bench, STANDS, asks, billed, checking, context, customer, first_payee, outside, own, pay,
    savings, usd,
};

/// Propose, confirm, and the same again: one movement, one receipt.
pub async fn a_confirmed_transfer_moves_money_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let before = bench.opened("ada").await;
    let (from, to) = (checking(&before), savings(&before));
    let intent = asks(from, "ada", own(to), 8_200);
    let proposal = bench.propose(intent.clone()).await.unwrap();
    let ada = customer("ada");
    let kept = bench
        .store()
        .open_proposal(&ada, &proposal.id)
        .await
        .unwrap();
    assert_eq!(kept.as_ref(), Some(&proposal));
    assert_eq!(
        bench.portfolio("ada").await,
        before,
        "a proposal moves nothing"
    );

    let PostOutcome::Posted(receipt) = bench.confirm(&proposal).await else {
        panic!("not posted");
    };
    assert_eq!(receipt.intent, intent);
    assert_eq!(receipt.confirmation, proposal.id);
    assert_eq!(receipt.posted_at, bench.now());
    assert_eq!(receipt.value_date, Some(bench.today()));
    assert_eq!(receipt.source_balance.minor, from.balance.minor - 8_200);
    assert_eq!(receipt.source_available.minor, from.available.minor - 8_200);
    let after = bench.portfolio("ada").await;
    assert_eq!(checking(&after).balance, receipt.source_balance);
    assert_eq!(savings(&after).balance.minor, to.balance.minor + 8_200);

    for _ in 0..2 {
        let again = bench.confirm(&proposal).await;
        assert_eq!(again, PostOutcome::Replayed(receipt.clone()));
    }
    assert_eq!(
        bench.portfolio("ada").await,
        after,
        "a replay moves nothing"
    );
    let kept = bench.store().receipt(&ada, &proposal.id).await.unwrap();
    assert_eq!(kept.as_ref(), Some(&*receipt));
    let open = bench
        .store()
        .open_proposal(&ada, &proposal.id)
        .await
        .unwrap();
    assert_eq!(open, None);
    let cancelled = bench
        .store()
        .cancel(&ada, &proposal.id, &context(&ada))
        .await
        .unwrap();
    assert_eq!(cancelled, CancelOutcome::AlreadyPosted(receipt));
    bench.assert_balanced().await;
}

/// Own account, saved payee, an account at this bank by its number, one elsewhere, a biller.
pub async fn every_kind_of_target_is_credited<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let (ada, bob) = (bench.opened("ada").await, bench.opened("bob").await);
    let biller = billed(&ada);
    let targets = [
        own(savings(&ada)),
        first_payee(&ada),
        outside(),
        Target::NewPayee {
            number: checking(&bob).number.clone(),
        },
        pay(biller),
    ];
    for target in targets {
        let source = checking(&bench.portfolio("ada").await).clone();
        let intent = asks(&source, "ada", target.clone(), 1_000);
        let receipt = bench.transfer(intent).await.unwrap();
        assert_eq!(
            receipt.source_balance.minor,
            source.balance.minor - 1_000,
            "{target:?}"
        );
    }
    let after = bench.portfolio("bob").await;
    assert_eq!(
        checking(&after).balance.minor,
        checking(&bob).balance.minor + 1_000
    );
    let page = bench
        .store()
        .history(&customer("bob"), &HistoryQuery::default())
        .await
        .unwrap();
    let newest = page.items.first().unwrap();
    assert_eq!(newest.amount, usd(1_000));
    let full = checking(&ada).number.as_str();
    assert!(
        !newest.description.contains(full),
        "the sender's number is masked"
    );
    bench.assert_balanced().await;
}

/// A part leaves the rest due, the rest clears the bill, and more than is due is still a payment.
pub async fn a_payment_settles_the_oldest_bill<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let before = bench.opened("ada").await;
    let biller = billed(&before).clone();
    let due = biller.amount_due.unwrap().minor;
    let due_after = [(1, Some(due - 1)), (due - 1, None), (500, None)];
    for (paid, left) in due_after {
        let intent = asks(checking(&before), "ada", pay(&biller), paid);
        bench.transfer(intent).await.unwrap();
        let now = bench.portfolio("ada").await;
        let kept = now.billers.iter().find(|it| it.id == biller.id).unwrap();
        assert_eq!(kept.amount_due, left.map(usd), "after paying {paid}");
        assert_eq!(kept.due_on.is_some(), left.is_some());
    }
    bench.assert_balanced().await;
}

/// No means no, also when yes follows.
pub async fn a_cancelled_proposal_is_not_posted<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let before = bench.opened("ada").await;
    let intent = asks(checking(&before), "ada", outside(), 100);
    let proposal = bench.propose(intent).await.unwrap();
    let ada = customer("ada");
    let cancel = || async {
        bench
            .store()
            .cancel(&ada, &proposal.id, &context(&ada))
            .await
    };
    assert_eq!(cancel().await.unwrap(), CancelOutcome::Cancelled);
    assert_eq!(cancel().await.unwrap(), CancelOutcome::NotOpen);
    assert_eq!(bench.confirm(&proposal).await, PostOutcome::NotOpen);
    let open = bench
        .store()
        .open_proposal(&ada, &proposal.id)
        .await
        .unwrap();
    assert_eq!(open, None);
    assert_eq!(bench.portfolio("ada").await, before);
    assert_eq!(bench.count(AuditKind::Cancelled).await, 1);
}

/// The store's own clock decides, to the microsecond, however the yes was made.
pub async fn an_expired_proposal_is_not_posted<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let before = bench.opened("ada").await;
    let intent = || asks(checking(&before), "ada", outside(), 100);
    let in_time = bench.propose(intent()).await.unwrap();
    let late = bench.propose(intent()).await.unwrap();
    let swept = bench.propose(intent()).await.unwrap();
    bench.clock.advance(STANDS - SignedDuration::from_micros(1));
    assert!(matches!(
        bench.confirm(&in_time).await,
        PostOutcome::Posted(_)
    ));
    assert_eq!(
        bench.store().expire_proposals(bench.now()).await.unwrap(),
        0
    );
    bench.clock.advance(SignedDuration::from_micros(1));
    assert_eq!(bench.confirm(&late).await, PostOutcome::Expired);
    assert_eq!(bench.confirm(&late).await, PostOutcome::Expired);
    assert_eq!(
        bench.store().expire_proposals(bench.now()).await.unwrap(),
        1
    );
    assert_eq!(
        bench.store().expire_proposals(bench.now()).await.unwrap(),
        0
    );
    assert_eq!(bench.confirm(&swept).await, PostOutcome::Expired);
    assert_eq!(bench.count(AuditKind::Expired).await, 2, "each ends once");
    assert_eq!(bench.count(AuditKind::Posted).await, 1);
    bench.assert_balanced().await;
}

/// The same proposal twice is one proposal, with one row in the trail.
pub async fn proposing_again_is_harmless<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let intent = asks(checking(&ada), "ada", outside(), 100);
    let proposal = bench.propose(intent).await.unwrap();
    let context = context(&customer("ada"));
    let again = bench.store().propose(&proposal, &context).await.unwrap();
    assert_eq!(again, vostro_bank::ProposeOutcome::Proposed);
    assert_eq!(bench.count(AuditKind::Proposed).await, 1);
    assert!(matches!(
        bench.confirm(&proposal).await,
        PostOutcome::Posted(_)
    ));
}
