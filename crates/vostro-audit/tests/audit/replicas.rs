//! Late commits, rolled-back rows, and several replicas that seal at once.

use std::time::Duration;

use vostro_audit::{Pins, Sealed, seal_next, verify};

use crate::bench::{customer, decide, key, now, server_or_skip};

const LATE: &str = "SELECT record_decision('blocked', ROW(7, 'ses', 'trn')::command_context, 'ada',
    decode(repeat('ab', 32), 'hex'), '{}')";

/// A row whose transaction is still open has a smaller sequence than rows that are there already: nothing
/// is sealed past it, nobody waits for it, and it gets its place when it comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_commit_is_sealed_in_its_place() {
    let place = server_or_skip!();
    let store = place.open().await;
    let (ada, own) = (customer(&*store).await, key(1));
    let sealed = seal_next(&*store, &own, now(), 100).await.unwrap();
    assert_eq!(sealed, Sealed::Rows(1));
    for outcome in ["COMMIT", "ROLLBACK"] {
        let late = place.client().await;
        late.batch_execute("BEGIN").await.unwrap();
        late.batch_execute(LATE).await.unwrap();
        let meanwhile = Duration::from_millis(900);
        let decided = tokio::time::timeout(meanwhile, decide(&*store, &ada));
        // While the sealer waits for the late one, others write on.
        let (sealed, decided) = tokio::join!(seal_next(&*store, &own, now(), 100), decided);
        assert_eq!(sealed.unwrap(), Sealed::UpToDate);
        decided.expect("who writes was held up");
        let sealed = seal_next(&*store, &key(1), now(), 100).await.unwrap();
        assert_eq!(
            sealed,
            Sealed::UpToDate,
            "nothing is sealed past an open row"
        );
        late.batch_execute(outcome).await.unwrap();
        let sealed = seal_next(&*store, &key(1), now(), 100).await.unwrap();
        let rows = if outcome == "COMMIT" { 2 } else { 1 };
        assert_eq!(sealed, Sealed::Rows(rows), "{outcome}");
    }
    let report = verify(&*store, &Pins::default()).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
    assert_eq!((report.rows, report.sealed), (4, 4));
    let places = store.audit_rows(0, 10).await.unwrap();
    let places: Vec<_> = places.iter().map(|row| row.sequence).collect();
    assert_eq!(
        places,
        [1, 2, 3, 5],
        "the rolled-back row leaves a gap, and no damage"
    );
}

/// Two replicas seal while customers act: every row has one seal, and the chain is whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_seal_at_once_make_one_chain() {
    let place = server_or_skip!();
    let (one, other) = (place.open().await, place.open().await);
    let ada = customer(&*one).await;
    let sealing = |store: std::sync::Arc<dyn vostro_bank::Store>| async move {
        let mut won = 0;
        while won < 30 {
            match seal_next(&*store, &key(1), now(), 2).await.unwrap() {
                Sealed::Rows(_) => won += 1,
                Sealed::UpToDate if store.sealing_lag().await.unwrap().rows == 0 => break,
                Sealed::Outrun | Sealed::UpToDate => {}
            }
        }
    };
    let acting = async {
        for _ in 0..60 {
            decide(&*one, &ada).await;
        }
    };
    let (first, second) = (
        tokio::spawn(sealing(one.clone())),
        tokio::spawn(sealing(other.clone())),
    );
    acting.await;
    first.await.unwrap();
    second.await.unwrap();
    while seal_next(&*other, &key(1), now(), 7).await.unwrap() != Sealed::UpToDate {}
    let report = verify(&*one, &Pins::default()).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
    assert_eq!((report.rows, report.sealed, report.unsealed), (61, 61, 0));
}
