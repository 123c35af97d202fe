//! Money: two phases, one effect a key, and nothing that doubles.

use std::time::Duration;

use futures::future::join_all;
use vostro_bank::{AccountView, HistoryQuery};
use vostro_ledger::TransferStatus;
use vostro_types::{AccountId, Currency, Money};

use super::{Bench, Verdict, expect, told};
use crate::contract::{TransferKey, TransferState};
use crate::port::{CoreBanking as _, CoreError};

/// How much both amounts of an account differ from before.
fn moved(before: &AccountView, after: &AccountView) -> (i64, i64) {
    let balance = after.balance.minor - before.balance.minor;
    (balance, after.available.minor - before.available.minor)
}

fn stands(state: &TransferState, status: TransferStatus) -> Verdict {
    expect(state.status == Some(status), || {
        format!("the status is {:?}, not {status:?}", state.status)
    })?;
    let is_posted = status == TransferStatus::Posted;
    expect(state.posted.is_some() == is_posted, || {
        "`posted` is there when, and only when, the status is posted".to_owned()
    })
}

async fn has_moved(bench: &Bench, before: &AccountView, expected: (i64, i64)) -> Verdict {
    let found = moved(before, &bench.account(before).await?);
    expect(found == expected, || {
        format!(
            "balance and available of {} changed by {found:?}, not by {expected:?}",
            before.id.as_str()
        )
    })
}

/// Moves back what a case moved.
async fn back(bench: &Bench, from: &AccountView, to: &AccountView) -> Verdict {
    let key = bench.key();
    let order = bench.order(to, from, bench.subject.amount_minor);
    bench.place(&key, &order).await?;
    stands(&bench.post(&key).await?, TransferStatus::Posted)
}

pub(super) async fn placing_holds(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let amount = bench.subject.amount_minor;
    let key = bench.key();
    let state = bench
        .place(&key, &bench.order(&source, &target, amount))
        .await?;
    stands(&state, TransferStatus::Pending)?;
    has_moved(bench, &source, (0, -amount)).await?;
    has_moved(bench, &target, (0, 0)).await?;
    bench.void(&key).await.map(|_| ())
}

pub(super) async fn posting_moves_once(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let amount = bench.subject.amount_minor;
    let key = bench.key();
    bench
        .place(&key, &bench.order(&source, &target, amount))
        .await?;
    let state = bench.post(&key).await?;
    stands(&state, TransferStatus::Posted)?;
    has_moved(bench, &source, (-amount, -amount)).await?;
    has_moved(bench, &target, (amount, amount)).await?;
    let balance = state.posted.map(|posted| posted.source_balance.minor);
    expect(balance == Some(source.balance.minor - amount), || {
        format!("the receipt says a balance of {balance:?}")
    })?;
    back(bench, &source, &target).await
}

pub(super) async fn voiding_gives_back(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let key = bench.key();
    let order = bench.order(&source, &target, bench.subject.amount_minor);
    bench.place(&key, &order).await?;
    for _ in 0..2 {
        stands(&bench.void(&key).await?, TransferStatus::Voided)?;
    }
    has_moved(bench, &source, (0, 0)).await?;
    stands(&bench.post(&key).await?, TransferStatus::Voided)?;
    stands(&bench.place(&key, &order).await?, TransferStatus::Voided)?;
    has_moved(bench, &source, (0, 0)).await
}

pub(super) async fn posted_stays_posted(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let amount = bench.subject.amount_minor;
    let key = bench.key();
    bench
        .place(&key, &bench.order(&source, &target, amount))
        .await?;
    let first = bench.post(&key).await?;
    let voided = bench.void(&key).await?;
    expect(voided == first, || {
        "voiding answers otherwise than posting did".to_owned()
    })?;
    has_moved(bench, &source, (-amount, -amount)).await?;
    back(bench, &source, &target).await
}

pub(super) async fn repeats_have_one_effect(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let amount = bench.subject.amount_minor;
    let key = bench.key();
    let order = bench.order(&source, &target, amount);
    let placed = bench.place(&key, &order).await?;
    expect(bench.place(&key, &order).await? == placed, || {
        "placing again answers otherwise".to_owned()
    })?;
    has_moved(bench, &source, (0, -amount)).await?;
    let posted = bench.post(&key).await?;
    expect(bench.post(&key).await? == posted, || {
        "posting again answers otherwise".to_owned()
    })?;
    expect(bench.place(&key, &order).await? == posted, || {
        "placing what was posted does not say that it was posted".to_owned()
    })?;
    has_moved(bench, &source, (-amount, -amount)).await?;
    back(bench, &source, &target).await
}

pub(super) async fn repeats_at_once_have_one_effect(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let amount = bench.subject.amount_minor;
    let key = bench.key();
    let order = bench.order(&source, &target, amount);
    let placed = join_all((0..16).map(|_| bench.place(&key, &order))).await;
    let placed = placed.into_iter().collect::<Result<Vec<_>, _>>()?;
    let transfer = |state: &TransferState| state.transfer.clone();
    let first = placed.first().and_then(transfer);
    expect(
        first.is_some() && placed.iter().all(|it| transfer(it) == first),
        || "there is more than one transfer".to_owned(),
    )?;
    has_moved(bench, &source, (0, -amount)).await?;
    for posted in join_all((0..16).map(|_| bench.post(&key))).await {
        stands(&posted?, TransferStatus::Posted)?;
    }
    has_moved(bench, &source, (-amount, -amount)).await?;
    back(bench, &source, &target).await
}

pub(super) async fn other_content_is_refused(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let amount = bench.subject.amount_minor;
    let key = bench.key();
    bench
        .place(&key, &bench.order(&source, &target, amount))
        .await?;
    let other = bench
        .core
        .place(&key, &bench.order(&source, &target, 2 * amount))
        .await;
    expect(
        matches!(other, Err(CoreError::Refused { status: 409 })),
        || format!("it is {other:?}, not 409"),
    )?;
    has_moved(bench, &source, (0, -amount)).await?;
    bench.void(&key).await.map(|_| ())
}

async fn declines(bench: &Bench, key: &TransferKey, order: &crate::TransferOrder) -> Verdict {
    match bench.core.place(key, order).await {
        Ok(state) => expect(
            state.decline.is_some() && state.transfer.is_none() && state.status.is_none(),
            || format!("it is placed as {:?}", state.status),
        ),
        Err(CoreError::Refused { status: 400 | 422 }) => Ok(()),
        Err(error) => Err(told("placing", &error)),
    }
}

pub(super) async fn an_overdraft_is_declined(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let order = bench.order(&source, &target, source.available.minor.saturating_add(1));
    declines(bench, &bench.key(), &order).await?;
    has_moved(bench, &source, (0, 0)).await
}

pub(super) async fn foreign_accounts_are_declined(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let mut order = bench.order(&source, &target, bench.subject.amount_minor);
    order.intent.source = AccountId::new("acc_of_somebody_else").map_err(|it| it.to_string())?;
    declines(bench, &bench.key(), &order).await?;
    let same = bench.order(&source, &source, bench.subject.amount_minor);
    declines(bench, &bench.key(), &same).await?;
    has_moved(bench, &source, (0, 0)).await
}

pub(super) async fn odd_amounts_are_declined(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    for minor in [0, -1, i64::MIN, i64::MAX] {
        let order = bench.order(&source, &target, minor);
        declines(bench, &bench.key(), &order)
            .await
            .map_err(|why| format!("{minor}: {why}"))?;
    }
    let foreign = match source.balance.currency {
        Currency::EUR => Currency::USD,
        _ => Currency::EUR,
    };
    let mut order = bench.order(&source, &target, bench.subject.amount_minor);
    order.intent.amount = Money::new(order.intent.amount.minor, foreign);
    declines(bench, &bench.key(), &order).await?;
    has_moved(bench, &source, (0, 0)).await
}

/// Hangs up right after sending, as a broken line does, and then asks.
pub(super) async fn a_lost_answer_is_found_again(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let amount = bench.subject.amount_minor;
    let key = bench.key();
    let order = bench.order(&source, &target, amount);
    for wait in [1, 5, 20] {
        let lost = bench.core.place(&key, &order);
        let _ = tokio::time::timeout(Duration::from_millis(wait), lost).await;
    }
    bench.place(&key, &order).await?;
    has_moved(bench, &source, (0, -amount)).await?;
    for wait in [1, 5, 20] {
        let lost = bench.core.post(bench.customer(), &key);
        let _ = tokio::time::timeout(Duration::from_millis(wait), lost).await;
    }
    bench.post(&key).await?;
    let found = bench.core.transfer(bench.customer(), &key).await;
    let found = found.map_err(|error| told("asking by the key", &error))?;
    stands(
        &found.ok_or("nothing is found under the key")?,
        TransferStatus::Posted,
    )?;
    has_moved(bench, &source, (-amount, -amount)).await?;
    back(bench, &source, &target).await
}

pub(super) async fn history_shows_what_was_posted(bench: &Bench) -> Verdict {
    let [source, target] = bench.accounts().await?;
    let amount = bench.subject.amount_minor;
    let key = bench.key();
    bench
        .place(&key, &bench.order(&source, &target, amount))
        .await?;
    let state = bench.post(&key).await?;
    let query = HistoryQuery {
        account: Some(source.id.clone()),
        limit: 5,
        ..HistoryQuery::default()
    };
    let page = bench.core.history(bench.customer(), &query).await;
    let page = page.map_err(|error| told("history", &error))?;
    let entry = page
        .items
        .iter()
        .find(|item| Some(&item.transfer) == state.transfer.as_ref());
    let entry = entry.ok_or("the transfer is not among the latest five")?;
    expect(entry.amount.minor == -amount, || {
        format!("its entry is of {} minor units", entry.amount.minor)
    })?;
    back(bench, &source, &target).await
}
