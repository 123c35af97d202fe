//! Second factors: bound to one content, counted, given once, and needed by the books themselves.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;
use vostro_bank::{
    AuditEvent, AuditKind, Challenge, FactorDemand, FactorMethod, FactorOutcome, FactorRules,
    FactorStatus, PostOutcome,
};
use vostro_ledger::{FactorPass, IntentHash, Proposal, Settlement};
use vostro_types::{ChallengeId, ConfirmationId};

use super::Backend;
use super::bench::{Bench, STANDS, asks, checking, context, customer, outside, usd, yes};
use super::races::all_at_once;

const RULES: FactorRules = FactorRules {
    most_failures: 3,
    block: SignedDuration::from_mins(5),
};

fn event(kind: AuditKind) -> AuditEvent {
    AuditEvent {
        kind,
        detail: json!({ "confirmation": "cnf" }),
        ..context(&customer("ada"))
    }
}

fn demanded(proposal: &Proposal, challenge: Option<&str>) -> FactorDemand {
    let challenge = challenge.map(|id| {
        let (id, ada) = (ChallengeId::new(id).unwrap(), customer("ada"));
        Challenge::new(id, &ada, proposal.hash, &json!({}), proposal.expires_at)
    });
    FactorDemand {
        customer: customer("ada"),
        confirmation: proposal.id.clone(),
        hash: proposal.hash,
        method: match challenge {
            Some(_) => FactorMethod::Approval,
            None => FactorMethod::Code,
        },
        challenge,
        expires_at: proposal.expires_at,
    }
}

impl<B: Backend> Bench<B> {
    async fn ask(&self, demand: &FactorDemand) -> bool {
        let event = event(AuditKind::FactorAsked);
        self.store().demand_factor(demand, &event).await.unwrap()
    }

    async fn attempt(&self, id: &ConfirmationId, step: Option<i64>) -> FactorOutcome {
        let event = event(AuditKind::FactorFailed);
        let tried = self
            .store()
            .try_factor(&customer("ada"), id, step, RULES, &event)
            .await;
        tried.unwrap()
    }

    async fn status(&self, id: &ConfirmationId) -> Option<FactorStatus> {
        let state = self.store().factor_state(&customer("ada"), id).await;
        state.unwrap().map(|state| state.status)
    }

    /// A proposal of `ada` that needs a factor.
    async fn waiting(&self, minor: i64, challenge: Option<&str>) -> Proposal {
        let portfolio = self.portfolio("ada").await;
        let intent = asks(checking(&portfolio), "ada", outside(), minor);
        let proposal = self.propose(intent).await.unwrap();
        assert!(self.ask(&demanded(&proposal, challenge)).await);
        proposal
    }

    /// Whether the books refuse a yes.
    async fn is_refused(&self, proposal: &Proposal) -> bool {
        let ada = context(&customer("ada"));
        let posted = self.store().confirm_and_post(yes(proposal), &ada).await;
        posted.is_err()
    }
}

/// Nothing is posted without the factor that was demanded, and what was given for another content is none.
pub async fn a_confirmation_needs_the_factor_demanded_of_it<B: Backend>() {
    let bench = Bench::<B>::new().await;
    bench.opened("ada").await;
    bench.opened("eve").await;
    let proposal = bench.waiting(8_200, None).await;
    assert_eq!(bench.status(&proposal.id).await, Some(FactorStatus::Open));
    let (ada, eve) = (customer("ada"), customer("eve"));
    let state = bench.store().factor_state(&ada, &proposal.id);
    let state = state.await.unwrap().unwrap();
    assert_eq!(
        (state.hash, state.method),
        (proposal.hash, FactorMethod::Code)
    );
    let eves = bench.store().factor_state(&eve, &proposal.id);
    assert_eq!(eves.await.unwrap(), None);

    assert!(bench.is_refused(&proposal).await, "no factor");
    let waits = bench.store().open_proposal(&ada, &proposal.id);
    assert!(waits.await.unwrap().is_some(), "nothing was spent");
    assert_eq!(
        bench.attempt(&proposal.id, Some(10)).await,
        FactorOutcome::Passed
    );
    assert!(matches!(
        bench.confirm(&proposal).await,
        PostOutcome::Posted(_)
    ));
    assert_eq!(bench.status(&proposal.id).await, Some(FactorStatus::Passed));

    // The same again is harmless, another content under the same confirmation is not taken.
    let second = bench.waiting(100, None).await;
    let demand = demanded(&second, None);
    assert!(bench.ask(&demand).await);
    let other = FactorDemand {
        hash: IntentHash([7; 32]),
        ..demand.clone()
    };
    assert!(!bench.ask(&other).await);
    let nobodys = FactorDemand {
        customer: customer("nobody"),
        confirmation: ConfirmationId::new("cnf_other").unwrap(),
        ..demand
    };
    assert!(!bench.ask(&nobodys).await);

    // A factor that was given for $1.00 does not move what was proposed as $820.00.
    let portfolio = bench.portfolio("ada").await;
    let intent = asks(checking(&portfolio), "ada", outside(), 82_000);
    let large = bench.propose(intent).await.unwrap();
    let bound = FactorDemand {
        hash: second.hash,
        ..demanded(&large, None)
    };
    assert!(bench.ask(&bound).await);
    assert_eq!(
        bench.attempt(&large.id, Some(11)).await,
        FactorOutcome::Passed
    );
    assert!(bench.is_refused(&large).await, "given for another content");
    assert_eq!(bench.count(AuditKind::FactorAsked).await, 3);
    assert_eq!(bench.count(AuditKind::FactorPassed).await, 2);
    bench.assert_balanced().await;
}

/// A code's step counts once and none before it does; so many failures in a row block for a while.
pub async fn wrong_factors_block_for_a_while<B: Backend>() {
    use FactorOutcome::{Blocked, Failed, Passed};
    let bench = Bench::<B>::new().await;
    bench.opened("ada").await;
    let first = bench.waiting(100, None).await;
    assert_eq!(bench.attempt(&first.id, Some(10)).await, Passed);
    assert_eq!(
        bench.attempt(&first.id, Some(11)).await,
        Failed,
        "given already"
    );
    let second = bench.waiting(200, None).await;
    assert_eq!(bench.attempt(&second.id, Some(10)).await, Failed, "used");
    assert_eq!(
        bench.attempt(&second.id, Some(12)).await,
        Passed,
        "counts anew"
    );
    let third = bench.waiting(300, None).await;
    assert_eq!(bench.attempt(&third.id, None).await, Failed);
    assert_eq!(bench.attempt(&third.id, Some(9)).await, Failed, "older");
    assert_eq!(bench.attempt(&third.id, None).await, Blocked);
    assert_eq!(bench.attempt(&third.id, Some(20)).await, Failed, "blocked");
    bench.clock.advance(RULES.block);
    assert_eq!(bench.attempt(&third.id, Some(20)).await, Passed);
    let late = bench.waiting(400, None).await;
    bench.clock.advance(STANDS);
    assert_eq!(bench.attempt(&late.id, Some(60)).await, Failed, "too late");
    let nothing = ConfirmationId::new("cnf_none").unwrap();
    assert_eq!(bench.attempt(&nothing, Some(61)).await, Failed);
    let row = bench.last_row().await;
    assert_eq!(row.kind, "factor_failed");
    assert_eq!(row.detail, Some(json!({ "confirmation": "cnf" })));
    assert_eq!(bench.count(AuditKind::FactorPassed).await, 3);
    assert_eq!(bench.count(AuditKind::FactorBlocked).await, 1);
}

/// Guesses at once are all counted: after the most that may be wrong, none passes.
pub async fn guesses_at_once_are_all_counted<B: Backend>() {
    let bench = Bench::<B>::new().await;
    bench.opened("ada").await;
    let proposal = bench.waiting(100, None).await;
    let mut tries = Vec::new();
    for _ in 0..16 {
        let (bench, id) = (Arc::clone(&bench), proposal.id.clone());
        tries.push(tokio::spawn(async move { bench.attempt(&id, None).await }));
    }
    let mut blocked = 0;
    for attempt in tries {
        match attempt.await.unwrap() {
            FactorOutcome::Passed => panic!("nothing fits"),
            FactorOutcome::Blocked => blocked += 1,
            FactorOutcome::Failed => {}
        }
    }
    assert_eq!(blocked, 1);
    assert_eq!(
        bench.attempt(&proposal.id, Some(1)).await,
        FactorOutcome::Failed
    );
}

/// The identity provider's answer counts once and in time; a refusal ends what waits.
pub async fn a_challenge_is_answered_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    bench.opened("ada").await;
    let challenge = |id: &str| ChallengeId::new(id).unwrap();
    let answer = async |id: &str, approved| {
        let id = challenge(id);
        bench
            .store()
            .answer_challenge(&id, approved, RULES)
            .await
            .unwrap()
    };
    let proposal = bench.waiting(8_200, Some("chl_1")).await;
    let open = bench
        .store()
        .open_challenge(&challenge("chl_1"))
        .await
        .unwrap();
    let open = open.unwrap();
    let demand = demanded(&proposal, Some("chl_1"));
    assert_eq!(open.customer, customer("ada"));
    assert_eq!(Some(open.hash), demand.challenge.map(|it| it.hash));
    assert_eq!(
        bench.attempt(&proposal.id, Some(1)).await,
        FactorOutcome::Failed,
        "no code"
    );
    assert!(bench.is_refused(&proposal).await);
    assert_eq!(answer("chl_none", true).await, None);
    assert_eq!(answer("chl_1", true).await, Some(FactorOutcome::Passed));
    assert_eq!(answer("chl_1", true).await, None, "once");
    assert_eq!(
        bench
            .store()
            .open_challenge(&challenge("chl_1"))
            .await
            .unwrap(),
        None
    );
    assert!(matches!(
        bench.confirm(&proposal).await,
        PostOutcome::Posted(_)
    ));

    let refused = bench.waiting(100, Some("chl_2")).await;
    assert_eq!(answer("chl_2", false).await, Some(FactorOutcome::Failed));
    assert_eq!(bench.status(&refused.id).await, Some(FactorStatus::Denied));
    assert_eq!(answer("chl_2", true).await, None, "no second thought");
    assert!(bench.is_refused(&refused).await);
    let row = bench.last_row().await;
    assert_eq!(row.kind, "factor_failed");
    assert_eq!(
        row.detail,
        Some(json!({ "confirmation": refused.id, "method": "approval" }))
    );

    bench.waiting(200, Some("chl_3")).await;
    bench.clock.advance(STANDS);
    assert_eq!(answer("chl_3", true).await, None, "too late");
}

/// A sealed secret is a customer's own, replaced and taken away on record; today's sum is told.
pub async fn a_secret_is_kept_for_its_customer<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let portfolio = bench.opened("ada").await;
    bench.opened("eve").await;
    let (ada, store) = (customer("ada"), bench.store());
    let enrol = async |who: &str, secret: &[u8]| {
        let event = AuditEvent {
            kind: AuditKind::FactorEnrolled,
            ..context(&customer(who))
        };
        store
            .enrol_factor(&customer(who), secret, &event)
            .await
            .unwrap()
    };
    assert_eq!(store.factor_secret(&ada).await.unwrap(), None);
    assert!(enrol("ada", b"one").await);
    assert!(enrol("ada", b"two").await);
    assert!(!enrol("nobody", b"one").await);
    assert_eq!(
        store.factor_secret(&ada).await.unwrap(),
        Some(b"two".to_vec())
    );
    assert_eq!(store.factor_secret(&customer("eve")).await.unwrap(), None);
    let remove = async || {
        let event = AuditEvent {
            kind: AuditKind::FactorRemoved,
            ..context(&ada)
        };
        store.remove_factor(&ada, &event).await.unwrap()
    };
    assert!(remove().await);
    assert!(!remove().await);
    assert_eq!(store.factor_secret(&ada).await.unwrap(), None);
    assert_eq!(bench.count(AuditKind::FactorEnrolled).await, 2);
    assert_eq!(bench.count(AuditKind::FactorRemoved).await, 1);

    assert_eq!(store.sent_today(&ada).await.unwrap(), usd(0));
    let intent = asks(checking(&portfolio), "ada", outside(), 8_200);
    bench.transfer(intent.clone()).await.unwrap();
    bench.place(intent, 30).await;
    assert_eq!(store.sent_today(&ada).await.unwrap(), usd(16_400));
    assert_eq!(store.sent_today(&customer("eve")).await.unwrap(), usd(0));
    bench.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(store.sent_today(&ada).await.unwrap(), usd(0));
}

/// Of movements that are confirmed at once without a factor, no more are posted than the day may hold without one; the
/// others wait for it, and are posted with it.
pub async fn a_day_without_a_factor_holds_for_confirmations_at_once<B: Backend>() {
    const MOST: i64 = 10_000;
    const EACH: i64 = 4_000;
    let bench = Bench::<B>::new().await;
    let portfolio = bench.opened("ada").await;
    for round in 0..5_i64 {
        let mut proposals = Vec::new();
        for _ in 0..4 {
            let intent = asks(checking(&portfolio), "ada", outside(), EACH);
            proposals.push(bench.propose(intent).await.unwrap());
        }
        let confirmed = proposals.iter().cloned().map(|proposal| {
            let bench = Arc::clone(&bench);
            let most = Some(usd(MOST));
            async move { bench.post(yes(&proposal).within_a_day(most)).await }
        });
        let outcomes = all_at_once(confirmed).await;
        let posted = |it: &&PostOutcome| matches!(it, PostOutcome::Posted(_));
        let needed = |it: &&PostOutcome| **it == PostOutcome::FactorNeeded;
        let counts = (
            outcomes.iter().filter(posted).count(),
            outcomes.iter().filter(needed).count(),
        );
        assert_eq!(counts, (2, 2), "round {round}: {outcomes:?}");
        let sent = bench.store().sent_today(&customer("ada")).await.unwrap();
        assert_eq!(sent, usd(2 * EACH));

        // What waits is open still, for one that settles later as well; an own account's is not counted.
        let at = outcomes.iter().position(|it| needed(&it)).unwrap();
        let (waiting, ada) = (&proposals[at], context(&customer("ada")));
        let settlement = Settlement::at(bench.now() + SignedDuration::from_mins(5));
        let again = yes(waiting).within_a_day(Some(usd(MOST)));
        let placed = bench.store().place_pending(again, settlement, &ada).await;
        assert_eq!(placed.unwrap(), PostOutcome::FactorNeeded);
        assert!(bench.ask(&demanded(waiting, None)).await);
        let step = Some(100 + round);
        assert_eq!(
            bench.attempt(&waiting.id, step).await,
            FactorOutcome::Passed
        );
        let pass = FactorPass {
            confirmation: waiting.id.clone(),
            hash: waiting.hash,
        };
        let in_time = bench.now();
        let with = waiting
            .clone()
            .confirm_with_factor(&customer("ada"), in_time, &pass);
        let with = with.unwrap().within_a_day(Some(usd(MOST)));
        assert!(matches!(bench.post(with).await, PostOutcome::Posted(_)));
        bench.assert_balanced().await;
        bench.clock.advance(SignedDuration::from_hours(24));
    }
}
