//! Requests that are sent again: one is carried out, the others learn what became of it.

use jiff::SignedDuration;
use vostro_bank::{
    RequestClaim, RequestClaimed, RequestGrant, RequestName, RequestRefusal, TurnCommitted,
};
use vostro_types::TurnId;

use super::Backend;
use super::bench::{Bench, customer};
use super::conversations::turn;

const LEASE: SignedDuration = SignedDuration::from_secs(60);

fn claim(owner: &str, key: u8, body: u8, turn: &str) -> RequestClaim {
    RequestClaim {
        name: RequestName {
            customer: customer(owner),
            operation: "chat".to_owned(),
            key_hash: [key; 32],
        },
        body_hash: [body; 32],
        turn: TurnId::new(turn).unwrap(),
        lease: LEASE,
    }
}

fn granted(turn: &str, attempt: u32) -> RequestClaimed {
    RequestClaimed::Granted(grant(turn, attempt))
}

fn grant(turn: &str, attempt: u32) -> RequestGrant {
    RequestGrant {
        turn: TurnId::new(turn).unwrap(),
        attempt,
    }
}

/// A request is its customer's, its operation's and its key's; another body is told.
pub async fn a_request_is_claimed_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let first = claim("ada", 1, 1, "trn_1");
    assert_eq!(
        store.claim_request(&first).await.unwrap(),
        granted("trn_1", 1)
    );
    let until = bench.now() + LEASE;
    let mut elsewhere = claim("ada", 1, 1, "trn_5");
    elsewhere.name.operation.push_str("_other");
    let cases = [
        (
            claim("ada", 1, 1, "trn_2"),
            RequestClaimed::InFlight { until },
        ),
        (claim("ada", 1, 2, "trn_2"), RequestClaimed::OtherBody),
        (claim("ada", 2, 1, "trn_3"), granted("trn_3", 1)),
        (claim("eve", 1, 1, "trn_4"), granted("trn_4", 1)),
        (elsewhere, granted("trn_5", 1)),
    ];
    for (claim, expected) in cases {
        let claimed = store.claim_request(&claim).await.unwrap();
        assert_eq!(claimed, expected, "{claim:?}");
    }
}

/// A recorded turn is the answer, also when the lease is over and whatever its holder says then.
pub async fn a_recorded_turn_answers_its_request<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let commit = turn(&bench, "ada", "ses_1", 1);
    let id = commit.turn.id.clone();
    let claim = claim("ada", 1, 1, id.as_str());
    assert_eq!(
        store.claim_request(&claim).await.unwrap(),
        granted(id.as_str(), 1)
    );
    let recorded = store.commit_turn(commit).await.unwrap();
    assert_eq!(recorded, TurnCommitted::Recorded);
    let released = store
        .release_request(&claim.name, &grant(id.as_str(), 1))
        .await;
    assert!(!released.unwrap(), "what was answered is kept");
    for _ in 0..2 {
        let claimed = store.claim_request(&claim).await.unwrap();
        assert_eq!(claimed, RequestClaimed::Answered(id.clone()));
        bench.clock.advance(LEASE + LEASE);
    }
    let other = RequestClaim {
        body_hash: [9; 32],
        ..claim
    };
    let claimed = store.claim_request(&other).await.unwrap();
    assert_eq!(claimed, RequestClaimed::OtherBody);
}

/// A holder that is gone blocks nobody for longer than its lease, and has no say afterwards.
pub async fn a_claim_is_taken_over_after_its_lease<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let first = claim("ada", 1, 1, "trn_1");
    assert_eq!(
        store.claim_request(&first).await.unwrap(),
        granted("trn_1", 1)
    );
    bench.clock.advance(LEASE - SignedDuration::from_secs(1));
    let again = claim("ada", 1, 1, "trn_2");
    let claimed = store.claim_request(&again).await.unwrap();
    assert!(
        matches!(claimed, RequestClaimed::InFlight { .. }),
        "{claimed:?}"
    );
    bench.clock.advance(SignedDuration::from_secs(1));
    let claimed = store.claim_request(&again).await.unwrap();
    assert_eq!(claimed, granted("trn_1", 2), "with the first one's turn");
    let refusal = RequestRefusal {
        status: 403,
        detail: "too late".to_owned(),
    };
    let late = grant("trn_1", 1);
    assert!(
        !store
            .refuse_request(&first.name, &late, &refusal)
            .await
            .unwrap()
    );
    assert!(!store.release_request(&first.name, &late).await.unwrap());
    let claimed = store.claim_request(&again).await.unwrap();
    assert!(
        matches!(claimed, RequestClaimed::InFlight { .. }),
        "{claimed:?}"
    );
}

/// A refusal stands; what was given up is carried out afresh; both are forgotten in time.
pub async fn a_request_ends_refused_given_up_or_forgotten<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let (refused, given_up) = (claim("ada", 1, 1, "trn_1"), claim("ada", 2, 1, "trn_2"));
    for claim in [&refused, &given_up] {
        store.claim_request(claim).await.unwrap();
    }
    let refusal = RequestRefusal {
        status: 403,
        detail: "this session belongs to another user — \"ü\"".to_owned(),
    };
    let grants = [grant("trn_1", 1), grant("trn_2", 1)];
    assert!(
        store
            .refuse_request(&refused.name, &grants[0], &refusal)
            .await
            .unwrap()
    );
    let claimed = store.claim_request(&refused).await.unwrap();
    assert_eq!(claimed, RequestClaimed::Refused(refusal));
    assert!(
        store
            .release_request(&given_up.name, &grants[1])
            .await
            .unwrap()
    );
    let afresh = claim("ada", 2, 7, "trn_3");
    let claimed = store.claim_request(&afresh).await.unwrap();
    assert_eq!(claimed, granted("trn_3", 1), "with a body of its own");

    assert_eq!(store.purge_requests(bench.now()).await.unwrap(), 0);
    bench.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(store.purge_requests(bench.now()).await.unwrap(), 2);
    let claimed = store.claim_request(&refused).await.unwrap();
    assert_eq!(claimed, granted("trn_1", 1));
}

/// Many claims at once: one is granted.
pub async fn claiming_at_once_grants_one<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let tasks: Vec<_> = (0..32)
        .map(|number| {
            let bench = std::sync::Arc::clone(&bench);
            tokio::spawn(async move {
                let claim = claim("ada", 1, 1, &format!("trn_{number}"));
                bench.store().claim_request(&claim).await.unwrap()
            })
        })
        .collect();
    let mut granted = 0;
    for task in tasks {
        match task.await.unwrap() {
            RequestClaimed::Granted(_) => granted += 1,
            RequestClaimed::InFlight { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(granted, 1);
}
