//! Many at once, over two replicas where the store has replicas: one effect, exactly as many as there is
//! money for, one winner.

use std::future::Future;
use std::sync::Arc;

use vostro_bank::{CancelOutcome, PostOutcome, Receipt};
use vostro_faults::{
    Kind, cents_out, checking, context, own, pay, portfolio, propose, report, savings, scaled,
    transfer, yes,
};
use vostro_ledger::Decline;

use crate::{on_both_stores, opened};

const CLIENTS: usize = 64;

on_both_stores! {
    identical_confirmations_have_one_effect
    a_hot_account_pays_out_exactly_what_it_holds
    confirm_cancel_and_expire_have_one_winner
}

/// Starts all of them, then waits for all.
async fn all_at_once<T, F>(tasks: impl IntoIterator<Item = F>) -> Vec<T>
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

async fn identical_confirmations_have_one_effect(kind: Kind) {
    let Some(bank) = opened("identical", kind, i64::MAX, i64::MAX).await else {
        return;
    };
    let bank = Arc::new(bank);
    let before = portfolio(bank.store().as_ref(), "ada").await;
    let rounds = scaled(5);
    let mut effects = 0;
    for _ in 0..rounds {
        let intent = cents_out(&before, 82);
        let proposal = propose(bank.store().as_ref(), bank.clock.as_ref(), intent).await;
        let outcomes = all_at_once((0..CLIENTS).map(|client| {
            let (store, confirmed) = (bank.replica(client), yes(&proposal));
            async move {
                let context = context(&confirmed.get().customer);
                store.confirm_and_post(confirmed, &context).await.unwrap()
            }
        }))
        .await;
        let mut receipts: Vec<Receipt> = Vec::new();
        for outcome in outcomes {
            match outcome {
                PostOutcome::Posted(receipt) => {
                    effects += 1;
                    receipts.push(*receipt);
                }
                PostOutcome::Replayed(receipt) => receipts.push(*receipt),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(receipts.len(), CLIENTS);
        receipts.dedup();
        assert_eq!(receipts.len(), 1, "all answers are equal");
    }
    let after = portfolio(bank.store().as_ref(), "ada").await;
    let moved = checking(&before).balance.minor - checking(&after).balance.minor;
    assert_eq!((effects, moved), (rounds, i64::from(rounds) * 82));
    bank.assert_balanced().await;
    report(
        &format!("identical-{}", kind.name()),
        &[
            ("rounds", &rounds),
            ("at_once", &CLIENTS),
            ("effects", &effects),
        ],
    );
}

async fn a_hot_account_pays_out_exactly_what_it_holds(kind: Kind) {
    const ENOUGH_FOR: i64 = 100;
    const EACH: usize = 4;
    let Some(bank) = opened("hot-account", kind, i64::MAX, i64::MAX).await else {
        return;
    };
    let bank = Arc::new(bank);
    let (store, clock) = (bank.store(), Arc::clone(&bank.clock));
    let before = portfolio(store.as_ref(), "ada").await;
    let rest = checking(&before).available.minor % ENOUGH_FOR;
    if rest > 0 {
        let aside = pay(&before, own(savings(&before)), rest);
        transfer(store.as_ref(), clock.as_ref(), aside).await;
    }
    let each = checking(&before).available.minor / ENOUGH_FOR;
    let mut shares = Vec::new();
    for _ in 0..CLIENTS {
        let mut proposals = Vec::new();
        for _ in 0..EACH {
            let intent = cents_out(&before, each);
            proposals.push(propose(store.as_ref(), clock.as_ref(), intent).await);
        }
        shares.push(proposals);
    }
    let outcomes = all_at_once(shares.into_iter().enumerate().map(|(client, share)| {
        let store = bank.replica(client);
        async move {
            let mut outcomes = Vec::new();
            for proposal in share {
                let context = context(&proposal.intent.customer);
                outcomes.push(
                    store
                        .confirm_and_post(yes(&proposal), &context)
                        .await
                        .unwrap(),
                );
            }
            outcomes
        }
    }))
    .await;
    let mut posted = 0;
    for outcome in outcomes.into_iter().flatten() {
        match outcome {
            PostOutcome::Posted(_) => posted += 1,
            PostOutcome::Declined(Decline::InsufficientFunds { available }) => {
                assert_eq!(available.minor, 0);
            }
            other => panic!("{other:?}"),
        }
    }
    let after = portfolio(store.as_ref(), "ada").await;
    assert_eq!(checking(&after).available.minor, 0);
    bank.assert_balanced().await;
    report(
        &format!("hot-account-{}", kind.name()),
        &[
            ("clients", &CLIENTS),
            ("asked", &(CLIENTS * EACH)),
            ("funds_for", &ENOUGH_FOR),
            ("posted", &posted),
        ],
    );
    assert_eq!(posted, ENOUGH_FOR);
}

async fn confirm_cancel_and_expire_have_one_winner(kind: Kind) {
    const YES: usize = 50;
    const NO: usize = 5;
    let Some(bank) = opened("winner", kind, i64::MAX, i64::MAX).await else {
        return;
    };
    let (store, rounds) = (bank.store(), scaled(30));
    let before = portfolio(store.as_ref(), "ada").await;
    let (mut yeses, mut noes, mut ends) = (0, 0, 0);
    for round in 0..rounds {
        let intent = cents_out(&before, 1);
        let proposal = propose(store.as_ref(), bank.clock.as_ref(), intent).await;
        let (id, later) = (proposal.id.clone(), proposal.expires_at);
        let confirming = (0..YES).map(|client| {
            let (store, confirmed) = (bank.replica(client), yes(&proposal));
            tokio::spawn(async move {
                let context = context(&confirmed.get().customer);
                store.confirm_and_post(confirmed, &context).await.unwrap()
            })
        });
        let (for_no, ada) = (bank.replica(1), before.customer.id.clone());
        let cancelling = (0..NO).map(|_| {
            let (store, id, ada) = (Arc::clone(&for_no), id.clone(), ada.clone());
            tokio::spawn(async move { store.cancel(&ada, &id, &context(&ada)).await.unwrap() })
        });
        // Who is first to start changes from round to round.
        let for_end = bank.replica(0);
        let (confirming, cancelling, ending) = if round % 3 == 0 {
            let ending = tokio::spawn(async move { for_end.expire_proposals(later).await });
            (
                confirming.collect::<Vec<_>>(),
                cancelling.collect::<Vec<_>>(),
                ending,
            )
        } else if round % 3 == 1 {
            let cancelling = cancelling.collect::<Vec<_>>();
            let confirming = confirming.collect::<Vec<_>>();
            let ending = tokio::spawn(async move { for_end.expire_proposals(later).await });
            (confirming, cancelling, ending)
        } else {
            let confirming = confirming.collect::<Vec<_>>();
            let ending = tokio::spawn(async move { for_end.expire_proposals(later).await });
            (confirming, cancelling.collect::<Vec<_>>(), ending)
        };
        let (mut posted, mut replayed, mut refused) = (0, 0, 0);
        for task in confirming {
            match task.await.unwrap() {
                PostOutcome::Posted(_) => posted += 1,
                PostOutcome::Replayed(_) => replayed += 1,
                PostOutcome::NotOpen | PostOutcome::Expired => refused += 1,
                other => panic!("{other:?}"),
            }
        }
        let mut cancelled = 0;
        for task in cancelling {
            match task.await.unwrap() {
                CancelOutcome::Cancelled => cancelled += 1,
                CancelOutcome::AlreadyPosted(_) => assert_eq!(posted, 1),
                CancelOutcome::NotOpen => assert_eq!(posted, 0),
            }
        }
        let ended = ending.await.unwrap().unwrap();
        assert_eq!(posted + cancelled + ended, 1, "one winner");
        let lost = if posted == 1 { replayed } else { refused };
        assert_eq!(
            lost + usize::from(posted == 1),
            YES,
            "the others hear of it"
        );
        yeses += posted;
        noes += cancelled;
        ends += ended;
    }
    let after = portfolio(store.as_ref(), "ada").await;
    let moved = checking(&before).balance.minor - checking(&after).balance.minor;
    assert_eq!(u64::try_from(moved).unwrap(), yeses);
    bank.assert_balanced().await;
    report(
        &format!("one-winner-{}", kind.name()),
        &[
            ("rounds", &rounds),
            ("confirms", &YES),
            ("posted", &yeses),
            ("cancelled", &noes),
            ("expired", &ends),
        ],
    );
}
