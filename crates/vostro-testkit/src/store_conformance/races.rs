//! Many at once: one effect, one winner, never more than there is.

use std::future::Future;
use std::sync::Arc;

use vostro_bank::{AuditKind, CancelOutcome, CustomerOpened, PostOutcome, Receipt, TurnCommitted};
use vostro_ledger::Decline;

use super::Backend;
use super::bench::{Bench, STANDS, asks, checking, context, customer, outside, own, savings, yes};
use super::conversations::turn;

const AT_ONCE: usize = 64;

/// Starts all of them, then waits for all.
pub(super) async fn all_at_once<T, F>(tasks: impl IntoIterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let started: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut outcomes = Vec::new();
    for task in started {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

/// 64 times the same yes: one posting, 64 times the same receipt.
pub async fn confirming_at_once_has_one_effect<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let before = bench.opened("ada").await;
    let intent = asks(checking(&before), "ada", outside(), 8_200);
    let proposal = bench.propose(intent).await.unwrap();
    let outcomes = all_at_once((0..AT_ONCE).map(|_| {
        let (bench, confirmed) = (Arc::clone(&bench), yes(&proposal));
        async move { bench.post(confirmed).await }
    }))
    .await;
    let mut posted = 0;
    let mut receipts: Vec<Receipt> = Vec::new();
    for outcome in outcomes {
        match outcome {
            PostOutcome::Posted(receipt) => {
                posted += 1;
                receipts.push(*receipt);
            }
            PostOutcome::Replayed(receipt) => receipts.push(*receipt),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((posted, receipts.len()), (1, AT_ONCE));
    receipts.dedup();
    assert_eq!(receipts.len(), 1);
    let after = bench.portfolio("ada").await;
    let moved = checking(&before).balance.minor - checking(&after).balance.minor;
    assert_eq!(moved, 8_200);
    assert_eq!(bench.count(AuditKind::Posted).await, 1);
    bench.assert_balanced().await;
}

/// 64 payments from an account that holds enough for exactly 10.
pub async fn an_account_pays_out_exactly_what_it_holds<B: Backend>() {
    const ENOUGH_FOR: i64 = 10;
    let bench = Bench::<B>::with_limits(i64::MAX, i64::MAX).await;
    let before = bench.opened("ada").await;
    let (source, aside) = (checking(&before), savings(&before));
    let rest = source.available.minor % ENOUGH_FOR;
    if rest > 0 {
        let intent = asks(source, "ada", own(aside), rest);
        bench.transfer(intent).await.unwrap();
    }
    let each = source.available.minor / ENOUGH_FOR;
    let mut proposals = Vec::new();
    for _ in 0..AT_ONCE {
        let intent = asks(source, "ada", outside(), each);
        proposals.push(bench.propose(intent).await.unwrap());
    }
    let outcomes = all_at_once(proposals.into_iter().map(|proposal| {
        let bench = Arc::clone(&bench);
        async move { bench.confirm(&proposal).await }
    }))
    .await;
    let mut posted = 0;
    for outcome in outcomes {
        match outcome {
            PostOutcome::Posted(_) => posted += 1,
            PostOutcome::Declined(Decline::InsufficientFunds { available }) => {
                assert_eq!(available.minor, 0);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(posted, ENOUGH_FOR);
    let after = bench.portfolio("ada").await;
    assert_eq!(checking(&after).available.minor, 0);
    bench.assert_balanced().await;
}

/// Yes, no and the end of time, all at once: whoever comes first decides for all.
pub async fn confirm_cancel_and_expire_have_one_winner<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    for _ in 0..20 {
        let intent = asks(checking(&ada), "ada", outside(), 1);
        let proposal = bench.propose(intent).await.unwrap();
        let later = bench.now().checked_add(STANDS).unwrap();
        let (for_yes, for_no, for_end) =
            (Arc::clone(&bench), Arc::clone(&bench), Arc::clone(&bench));
        let (confirmed, id) = (yes(&proposal), proposal.id.clone());
        let yes = tokio::spawn(async move { for_yes.post(confirmed).await });
        let no = tokio::spawn(async move {
            let ada = customer("ada");
            for_no
                .store()
                .cancel(&ada, &id, &context(&ada))
                .await
                .unwrap()
        });
        let end =
            tokio::spawn(async move { for_end.store().expire_proposals(later).await.unwrap() });
        let (yes, no, end) = (yes.await.unwrap(), no.await.unwrap(), end.await.unwrap());
        match (&yes, &no, end) {
            (PostOutcome::Posted(posted), CancelOutcome::AlreadyPosted(told), 0) => {
                assert_eq!(posted, told);
            }
            (PostOutcome::NotOpen, CancelOutcome::Cancelled, 0)
            | (PostOutcome::Expired, CancelOutcome::NotOpen, 1) => {}
            other => panic!("{other:?}"),
        }
    }
    let ended = [AuditKind::Posted, AuditKind::Cancelled, AuditKind::Expired];
    let mut sum = 0;
    for kind in ended {
        sum += bench.count(kind).await;
    }
    assert_eq!(sum, 20);
    bench.assert_balanced().await;
}

/// 16 turns that all follow the same one: one is recorded, and the others leave nothing.
pub async fn turns_at_once_have_one_winner<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let commits: Vec<_> = (0..16).map(|_| turn(&bench, "ada", "ses_1", 1)).collect();
    let outcomes = all_at_once(commits.clone().into_iter().map(|commit| {
        let bench = Arc::clone(&bench);
        async move { bench.store().commit_turn(commit).await.unwrap() }
    }))
    .await;
    let recorded = |outcome: &&TurnCommitted| **outcome == TurnCommitted::Recorded;
    assert_eq!(outcomes.iter().filter(recorded).count(), 1);
    let ada = customer("ada");
    for (commit, outcome) in commits.iter().zip(outcomes) {
        let found = bench
            .store()
            .turn_events(&ada, &commit.turn.id, 0)
            .await
            .unwrap();
        assert_eq!(found.is_some(), outcome == TurnCommitted::Recorded);
    }
    assert_eq!(
        bench.count(AuditKind::Blocked).await,
        1,
        "the losers' audit rows are not kept"
    );
}

/// A customer's first messages, all at once: one portfolio.
pub async fn opening_a_customer_at_once_opens_one<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let outcomes = all_at_once((0..8).map(|_| {
        let bench = Arc::clone(&bench);
        async move {
            bench
                .store()
                .open_demo_customer(&customer("ada"))
                .await
                .unwrap()
        }
    }))
    .await;
    let created = outcomes.iter().filter(|it| **it == CustomerOpened::Created);
    assert_eq!(created.count(), 1);
    assert_eq!(bench.portfolio("ada").await.accounts.len(), 3);
    assert_eq!(bench.count(AuditKind::CustomerOpened).await, 1);
    bench.assert_balanced().await;
}
