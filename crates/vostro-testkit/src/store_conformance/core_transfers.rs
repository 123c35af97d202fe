//! Movements that a core banking system carries out: recorded once, taken on step by step, ended once.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;
use vostro_bank::{
    AuditEvent, AuditKind, CoreTransferStatus, CoreTransferStep, Receipt, Subscription,
};
use vostro_ledger::{AccountNumber, Decline, MoneyIntent, Proposal, Target};
use vostro_types::{AccountId, TransferId};

use CoreTransferStep::{Cancel, Decline as Declines, Expire, GiveUp, Post, Send};

use super::Backend;
use super::bench::{Bench, customer, usd};
use super::races::all_at_once;

pub(super) fn proposal<B: Backend>(bench: &Bench<B>, owner: &str) -> Proposal {
    bench.proposal(MoneyIntent {
        customer: customer(owner),
        source: AccountId::new("core_acc_1").unwrap(),
        target: Target::NewPayee {
            number: AccountNumber::new("67890").unwrap(),
        },
        amount: usd(2_500),
    })
}

pub(super) fn context(owner: &str) -> AuditEvent {
    AuditEvent {
        kind: AuditKind::Proposed,
        customer: customer(owner),
        session: None,
        turn: None,
        detail: json!({}),
    }
}

fn receipt<B: Backend>(bench: &Bench<B>, of: &Proposal) -> Box<Receipt> {
    Box::new(Receipt {
        transfer: TransferId::new("core_trf_1").unwrap(),
        confirmation: of.id.clone(),
        intent: of.intent.clone(),
        posted_at: bench.now(),
        source_balance: usd(7_500),
        source_available: usd(7_500),
        value_date: Some(jiff::civil::date(2026, 3, 2)),
    })
}

/// A movement goes from open to sent to its end, each step once and on record; steps that do not fit change nothing.
pub async fn a_core_transfer_ends_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let (ada, eve) = (customer("ada"), customer("eve"));
    let proposal = proposal(&bench, "ada");
    let context = context("ada");
    for _ in 0..2 {
        store
            .propose_core_transfer(&proposal, &context)
            .await
            .unwrap();
    }
    let mut other = proposal.clone();
    other.intent.amount = usd(99);
    store.propose_core_transfer(&other, &context).await.unwrap();
    let read = async || {
        store
            .core_transfer(&ada, &proposal.id)
            .await
            .unwrap()
            .unwrap()
    };
    let kept = read().await;
    assert_eq!(
        (&kept.proposal, kept.status),
        (&proposal, CoreTransferStatus::Open)
    );
    assert_eq!(store.core_transfer(&eve, &proposal.id).await.unwrap(), None);

    let post = Post(receipt(&bench, &proposal));
    let declines = Declines(Decline::AmountTooLarge);
    let step = async |step: &CoreTransferStep| {
        let stepped = store.step_core_transfer(&kept, step, &context).await;
        stepped.unwrap()
    };
    for wrong in [&post, &declines, &GiveUp] {
        assert!(!step(wrong).await, "{wrong:?} on an open one");
    }
    assert_eq!(
        store.sent_core_transfers(bench.now(), 10).await.unwrap(),
        []
    );
    bench.clock.advance(SignedDuration::from_secs(1));
    assert!(step(&Send).await);
    for wrong in [&Send, &Cancel, &Expire] {
        assert!(!step(wrong).await, "{wrong:?} on a sent one");
    }
    assert_eq!(
        store.sent_core_transfers(bench.now(), 10).await.unwrap(),
        []
    );
    bench.clock.advance(SignedDuration::from_secs(1));
    let sent = store.sent_core_transfers(bench.now(), 10).await.unwrap();
    assert_eq!(sent, [read().await]);
    assert!(step(&post).await);
    for wrong in [&post, &declines, &GiveUp, &Send, &Cancel] {
        assert!(!step(wrong).await, "{wrong:?} on a posted one");
    }
    let ended = read().await;
    assert_eq!(ended.status, CoreTransferStatus::Posted);
    assert_eq!(
        ended.receipt,
        Some(*receipt(&bench, &proposal)).map(|mut it| {
            it.posted_at = ended.receipt.as_ref().unwrap().posted_at;
            it
        })
    );
    bench.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(
        store.sent_core_transfers(bench.now(), 10).await.unwrap(),
        []
    );
    for (kind, count) in [
        (AuditKind::Proposed, 1),
        (AuditKind::Confirmed, 1),
        (AuditKind::Posted, 1),
        (AuditKind::Declined, 0),
    ] {
        assert_eq!(bench.count(kind).await, count, "{kind:?}");
    }
    let wanted = Subscription {
        endpoint: "core".to_owned(),
        topics: vec!["transfer.posted".to_owned()],
    };
    assert_eq!(
        store.hand_over(&[wanted], 10).await.unwrap(),
        1,
        "the outside is told"
    );
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
}

/// Of many that send, cancel and expire at once, one wins.
pub async fn core_steps_at_once_have_one_winner<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let proposal = proposal(&bench, "ada");
    let context = context("ada");
    store
        .propose_core_transfer(&proposal, &context)
        .await
        .unwrap();
    let kept = store.core_transfer(&customer("ada"), &proposal.id).await;
    let kept = kept.unwrap().unwrap();
    let steps = [Send, Cancel, Expire].into_iter().cycle().take(12);
    let stepped = all_at_once(steps.map(|step| {
        let (bench, kept, context) = (Arc::clone(&bench), kept.clone(), context.clone());
        async move {
            let stepped = bench.store().step_core_transfer(&kept, &step, &context);
            stepped.await.unwrap()
        }
    }));
    assert_eq!(stepped.await.into_iter().filter(|won| *won).count(), 1);
}
