//! Movements over a line that loses, doubles and falsifies answers: money moves once, or not at all and the error
//! says so.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::Method;
use vostro_core_banking::{Breach, CoreBanking as _, CoreError, Ended, Patience, carry_out};
use vostro_ledger::TransferStatus;
use vostro_types::CustomerId;

use crate::world::{Fault, World, ada};

const PATIENCE: Patience = Patience {
    deadline: Duration::from_secs(5),
    pause: Duration::from_millis(20),
};

impl World {
    /// How much left the first account and came to the second, and what is held.
    async fn moved(&self, before: &[vostro_bank::AccountView]) -> (i64, i64, i64) {
        let after = self.accounts().await;
        let held = |it: &vostro_bank::AccountView| it.balance.minor - it.available.minor;
        (
            before[0].balance.minor - after[0].balance.minor,
            after[1].balance.minor - before[1].balance.minor,
            held(&after[0]) - held(&before[0]),
        )
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_asked_for_again_and_money_moves_once() {
    for fault in [
        Fault::None,
        Fault::LateAnswer,
        Fault::ErrorAfter,
        Fault::BrokenAfter,
        Fault::Overload,
        Fault::Twice,
    ] {
        for method in [Method::PUT, Method::POST] {
            let world = World::new().await;
            let before = world.accounts().await;
            let (key, order) = world.order(1).await;
            world.breaks(fault, method.clone(), 2);
            let ended = carry_out(&world.core, &key, &order, PATIENCE).await;
            assert!(
                matches!(ended, Ok(Ended::Posted(..))),
                "{fault:?} {method}: {ended:?}"
            );
            assert_eq!(
                world.moved(&before).await,
                (2_500, 2_500, 0),
                "{fault:?} {method}"
            );
            // And once more, as a process does that was restarted: the same end, nothing moved.
            let again = carry_out(&world.core, &key, &order, PATIENCE).await;
            assert_eq!(again.unwrap(), ended.unwrap(), "{fault:?} {method}");
            assert_eq!(
                world.moved(&before).await,
                (2_500, 2_500, 0),
                "{fault:?} {method}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_stays_lost_is_no_claim_and_is_found_later() {
    for (fault, method, moved) in [
        (Fault::ErrorAfter, Method::PUT, (0, 0, 2_500)),
        (Fault::ErrorAfter, Method::POST, (2_500, 2_500, 0)),
        (Fault::Overload, Method::PUT, (0, 0, 0)),
    ] {
        let world = World::new().await;
        let before = world.accounts().await;
        let (key, order) = world.order(1).await;
        world.breaks(fault, method, usize::MAX);
        let short = Patience {
            deadline: Duration::from_millis(200),
            ..PATIENCE
        };
        let lost = carry_out(&world.core, &key, &order, short).await;
        assert!(
            matches!(lost, Err(CoreError::Unknown)),
            "{fault:?}: {lost:?}"
        );
        assert_eq!(world.moved(&before).await, moved, "{fault:?}");
        world.breaks(Fault::None, Method::GET, 0);
        let found = carry_out(&world.core, &key, &order, PATIENCE).await;
        assert!(
            matches!(found, Ok(Ended::Posted(..))),
            "{fault:?}: {found:?}"
        );
        assert_eq!(world.moved(&before).await, (2_500, 2_500, 0), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_false_answer_to_placing_is_voided_and_nothing_is_posted() {
    for (fault, breach) in [
        (Fault::OtherAmount, Breach::Intent),
        (Fault::OtherSource, Breach::Intent),
        (Fault::OtherKey, Breach::Key),
        (Fault::ClaimsPosted, Breach::Status),
    ] {
        let world = World::new().await;
        let before = world.accounts().await;
        let (key, order) = world.order(1).await;
        world.breaks(fault, Method::PUT, 1);
        let ended = carry_out(&world.core, &key, &order, PATIENCE).await;
        let Err(CoreError::Breach(found)) = ended else {
            panic!("{fault:?}: {ended:?}");
        };
        assert_eq!(found, breach, "{fault:?}");
        assert_eq!(world.moved(&before).await, (0, 0, 0), "{fault:?}");
        let standing = world.core.transfer(&ada(), &key).await.unwrap().unwrap();
        assert_eq!(standing.status, Some(TransferStatus::Voided), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreadable_or_false_answer_to_posting_is_never_a_receipt() {
    for fault in [
        Fault::Garbage,
        Fault::Huge,
        Fault::OtherAmount,
        Fault::OtherTransfer,
    ] {
        let world = World::new().await;
        let before = world.accounts().await;
        let (key, order) = world.order(1).await;
        world.breaks(fault, Method::POST, 1);
        let ended = carry_out(&world.core, &key, &order, PATIENCE).await;
        assert!(
            matches!(ended, Err(CoreError::Breach(_))),
            "{fault:?}: {ended:?}"
        );
        // It had been posted; asked again, the truth is told, and it was once.
        let found = carry_out(&world.core, &key, &order, PATIENCE).await;
        assert!(
            matches!(found, Ok(Ended::Posted(..))),
            "{fault:?}: {found:?}"
        );
        assert_eq!(world.moved(&before).await, (2_500, 2_500, 0), "{fault:?}");
    }
}

#[tokio::test]
async fn what_nobody_answers_moves_nothing() {
    let world = World::new().await;
    let (key, order) = world.order(1).await;
    let gone = vostro_core_banking::CoreSettings {
        url: "http://127.0.0.1:9".to_owned(),
        ..world.settings.clone()
    };
    let gone = vostro_core_banking::HttpCore::new(&gone).unwrap();
    let short = Patience {
        deadline: Duration::from_millis(100),
        ..PATIENCE
    };
    let ended = carry_out(&gone, &key, &order, short).await;
    assert!(matches!(ended, Err(CoreError::Unreachable(_))), "{ended:?}");
    assert!(!gone.is_ready().await && world.core.is_ready().await);
    assert_eq!(world.line.orders.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_decline_is_an_answer_and_holds_nothing() {
    let world = World::new().await;
    let before = world.accounts().await;
    let (key, mut order) = world.order(1).await;
    order.intent.amount.minor = before[0].available.minor + 1;
    let ended = carry_out(&world.core, &key, &order, PATIENCE)
        .await
        .unwrap();
    let Ended::Declined(decline) = ended else {
        panic!("{ended:?}");
    };
    assert!(["insufficient_funds", "over_transfer_limit"].contains(&decline.code()));
    assert_eq!(world.moved(&before).await, (0, 0, 0));
    let stranger = CustomerId::new("eve").unwrap();
    assert!(world.core.portfolio(&stranger).await.unwrap().is_none());
}
