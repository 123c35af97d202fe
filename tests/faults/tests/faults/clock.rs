//! The clock jumps by up to a day in either direction between commands: the order of the books is that of
//! posting all the same, no day takes more than its limit, and what had expired stays so.

use std::collections::HashMap;

use jiff::SignedDuration;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vostro_bank::{HistoryQuery, PostOutcome, ProposeOutcome, TransactionView};
use vostro_faults::{Kind, cents_out, context, customer, portfolio, proposal, report, scaled, yes};
use vostro_ledger::Decline;
use vostro_types::{Clock, TransferId};

use crate::{on_both_stores, opened};

const STEPS: u32 = 400;
const PER_TRANSFER: i64 = 600;
const PER_DAY: i64 = 3_000;
const DAY: i64 = 24 * 3_600;

on_both_stores! { order_and_limits_hold_whatever_the_clock_does }

async fn order_and_limits_hold_whatever_the_clock_does(kind: Kind) {
    let Some(bank) = opened("clock", kind, PER_TRANSFER, PER_DAY).await else {
        return;
    };
    let (store, clock) = (bank.store(), bank.clock.as_ref());
    let ada = portfolio(store.as_ref(), "ada").await;
    // Away from the days on which the demo customer sent money already.
    clock.advance(SignedDuration::from_hours(400 * 24));
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    let steps = scaled(STEPS);
    let mut spent: HashMap<i64, i64> = HashMap::new();
    let (mut posted, mut declined, mut expired) = (Vec::<TransferId>::new(), 0, 0);
    for _ in 0..steps {
        clock.advance(SignedDuration::from_secs(rng.random_range(-DAY..=DAY)));
        let today = |at: jiff::Timestamp| at.as_second().div_euclid(DAY);
        let amount = rng.random_range(1..=PER_TRANSFER);
        let left = PER_DAY - spent.get(&today(clock.now())).unwrap_or(&0);
        let proposal = proposal(clock, cents_out(&ada, amount));
        let context = context(&ada.customer.id);
        let proposed = store.propose(&proposal, &context).await.unwrap();
        match proposed {
            ProposeOutcome::Proposed => assert!(amount <= left),
            ProposeOutcome::Declined(Decline::OverDailyLimit { left: said, .. }) => {
                assert_eq!(said.minor, left);
                assert!(amount > left);
                declined += 1;
                continue;
            }
            ProposeOutcome::Declined(other) => panic!("{other:?}"),
        }
        if rng.random_ratio(1, 3) {
            clock.advance(SignedDuration::from_secs(rng.random_range(-DAY..=DAY)));
        }
        let now = clock.now();
        let left = PER_DAY - spent.get(&today(now)).unwrap_or(&0);
        let outcome = store.confirm_and_post(yes(&proposal), &context).await;
        match outcome.unwrap() {
            PostOutcome::Posted(receipt) => {
                assert!(now < proposal.expires_at && amount <= left);
                *spent.entry(today(now)).or_insert(0) += amount;
                posted.push(receipt.transfer.clone());
            }
            PostOutcome::Expired => {
                assert!(now >= proposal.expires_at);
                expired += 1;
                // Time that goes back brings nothing back.
                clock.set(proposal.expires_at - SignedDuration::from_mins(5));
                let again = store.confirm_and_post(yes(&proposal), &context).await;
                assert_eq!(again.unwrap(), PostOutcome::Expired);
            }
            PostOutcome::Declined(Decline::OverDailyLimit { left: said, .. }) => {
                assert_eq!(said.minor, left);
                assert!(amount > left);
                declined += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(spent.values().all(|sum| *sum <= PER_DAY), "{spent:?}");
    let books = newest(store.as_ref(), posted.len()).await;
    let in_order = books.iter().rev().map(|it| &it.transfer);
    assert!(
        in_order.eq(&posted),
        "the books are in the order of posting"
    );
    let backwards = books
        .windows(2)
        .filter(|it| it[0].posted_at < it[1].posted_at);
    assert!(backwards.count() > 0, "the clock did go back");
    bank.assert_balanced().await;
    report(
        &format!("clock-{}", kind.name()),
        &[
            ("jumps", &steps),
            ("posted", &posted.len()),
            ("over_limit", &declined),
            ("expired", &expired),
            ("days", &spent.len()),
        ],
    );
}

/// So many of the newest transactions.
async fn newest(store: &dyn vostro_bank::Store, count: usize) -> Vec<TransactionView> {
    let mut query = HistoryQuery {
        limit: 200,
        ..HistoryQuery::default()
    };
    let mut all = Vec::new();
    while all.len() < count {
        let page = store.history(&customer("ada"), &query).await.unwrap();
        all.extend(page.items);
        query.before = page.next;
    }
    all.truncate(count);
    all
}
