//! Holds that no transfer stands behind, and accounts' states.

use jiff::SignedDuration;
use vostro_bank::{AuditKind, CaptureOutcome, Hold, HoldOutcome};
use vostro_ledger::{AccountStatus, Decline};
use vostro_types::{AccountId, Currency, Money};

use super::Backend;
use super::bench::{Bench, asks, checking, order, outside, own, savings, usd};

async fn hold<B: Backend>(bench: &Bench<B>, account: &AccountId, minor: i64) -> Hold {
    let expires_at = Some(bench.now() + SignedDuration::from_hours(1));
    let order = order("card authorisation 4711");
    let outcome = bench
        .store()
        .place_hold(account, usd(minor), expires_at, &order)
        .await;
    match outcome.unwrap() {
        HoldOutcome::Held(hold) => *hold,
        other @ HoldOutcome::Declined(_) => panic!("{other:?}"),
    }
}

/// Placed, refused, paid out in part, released, expired; a hold of a transfer is the transfer's.
#[expect(clippy::too_many_lines, reason = "one story, in order")]
pub async fn a_hold_lowers_what_is_available_and_resolves_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let (store, source) = (bench.store(), checking(&ada));
    let available = source.available;
    let nothing = AccountId::new("acc_nothing").unwrap();
    let refusals = [
        (&source.id, usd(0), Decline::AmountNotPositive),
        (&nothing, usd(1), Decline::SourceUnknown),
        (
            &source.id,
            Money::new(1, Currency::EUR),
            Decline::CurrencyMismatch,
        ),
        (
            &source.id,
            usd(available.minor + 1),
            Decline::InsufficientFunds { available },
        ),
        (
            &source.id,
            usd(i64::MAX),
            Decline::InsufficientFunds { available },
        ),
    ];
    for (account, amount, decline) in refusals {
        let outcome = store
            .place_hold(account, amount, None, &order("a test"))
            .await
            .unwrap();
        assert_eq!(outcome, HoldOutcome::Declined(decline), "{amount:?}");
        assert_eq!(bench.last_row().await.kind, "hold_declined");
    }
    assert_eq!(bench.portfolio("ada").await, ada);

    let all = hold(&bench, &source.id, available.minor).await;
    assert_eq!(
        store.holds(&source.id).await.unwrap(),
        std::slice::from_ref(&all)
    );
    let during = bench.portfolio("ada").await;
    assert_eq!(
        (checking(&during).balance, checking(&during).available),
        (source.balance, usd(0))
    );
    let declined = bench
        .propose(asks(source, "ada", own(savings(&ada)), 1))
        .await;
    assert_eq!(
        declined,
        Err(Decline::InsufficientFunds { available: usd(0) })
    );
    assert!(
        store
            .release_hold(&all.id, &order("not needed"))
            .await
            .unwrap()
    );
    assert!(
        !store
            .release_hold(&all.id, &order("not needed"))
            .await
            .unwrap()
    );
    assert_eq!(bench.portfolio("ada").await, ada);

    let card = hold(&bench, &source.id, 500).await;
    let capture = |amount| {
        let id = card.id.clone();
        async move {
            store
                .capture_hold(&id, amount, &order("settled"))
                .await
                .unwrap()
        }
    };
    let held = usd(500);
    let over = CaptureOutcome::Declined(Decline::OverHeldAmount { held });
    assert_eq!(capture(Some(usd(501))).await, over);
    let CaptureOutcome::Captured(transfer) = capture(Some(usd(300))).await else {
        panic!("not captured");
    };
    assert_eq!(capture(None).await, CaptureOutcome::NotHeld);
    let view = store.transfer(&transfer).await.unwrap().unwrap();
    let line = view.entries.first().unwrap();
    assert_eq!(
        (line.amount, line.description.as_str()),
        (usd(-300), "card authorisation 4711")
    );
    let after = bench.portfolio("ada").await;
    assert_eq!(checking(&after).available.minor, available.minor - 300);
    assert_eq!(checking(&after).balance.minor, source.balance.minor - 300);
    bench.assert_balanced().await;

    hold(&bench, &source.id, 100).await;
    let pending = bench.place(asks(source, "ada", outside(), 200), 180).await;
    bench.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(store.expire_holds(bench.now()).await.unwrap(), 1);
    assert_eq!(store.expire_holds(bench.now()).await.unwrap(), 0);
    let waiting = store.pending_transfers(None).await.unwrap();
    assert_eq!(
        waiting,
        [pending],
        "a transfer's hold ends with its transfer"
    );
    assert_eq!(store.holds(&source.id).await.unwrap(), []);
    bench.assert_balanced().await;
}

/// Who froze an account, and why, is on the trail; a frozen account may be held, a closed one not.
pub async fn account_states_are_on_record<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let (store, id) = (bench.store(), &checking(&ada).id);
    let set = |status| {
        let order = order("court order 12");
        async move { store.set_account_status(id, status, &order).await.unwrap() }
    };
    assert!(set(AccountStatus::Frozen).await);
    let row = bench.last_row().await;
    let detail = row.detail.unwrap();
    assert_eq!(row.kind, AuditKind::AccountStatusChanged.as_str());
    assert_eq!(row.customer, Some(ada.customer.id.clone()));
    assert_eq!(
        (&detail["status"], &detail["account"]),
        (&"frozen".into(), &id.as_str().into())
    );
    assert_eq!(
        (&detail["by"], &detail["reason"]),
        (&"operator:anna".into(), &"court order 12".into())
    );
    hold(&bench, id, 100).await;
    assert!(set(AccountStatus::Closed).await);
    let outcome = store
        .place_hold(id, usd(100), None, &order("late"))
        .await
        .unwrap();
    let status = AccountStatus::Closed;
    assert_eq!(
        outcome,
        HoldOutcome::Declined(Decline::SourceNotOpen { status })
    );
    let rows = bench.audit().await.len();
    let unknown = AccountId::new("acc_nothing").unwrap();
    let found = store
        .set_account_status(&unknown, status, &order("a test"))
        .await
        .unwrap();
    assert!(!found && bench.audit().await.len() == rows);
    bench.assert_balanced().await;
}
