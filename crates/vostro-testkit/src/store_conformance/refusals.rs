//! What does not move, and what the customer is told: declines, limits, and what is another's.

use jiff::SignedDuration;
use vostro_bank::{AuditKind, CancelOutcome, Portfolio, PostOutcome, ProposeOutcome};
use vostro_ledger::{AccountStatus, Decline, MoneyIntent, Proposal, Target};
use vostro_types::{AccountId, Currency, Money, PayeeId};

use super::Backend;
use super::bench::{
    Bench, asks, billed, checking, context, customer, first_payee, number, outside, own, own_id,
    pay, savings, usd, yes,
};

/// Targets that ada cannot pay: what each is called, and the target.
fn unknown_targets(ada: &Portfolio, bob: &Portfolio) -> [(&'static str, Target); 6] {
    let payee = ada.payees.first().unwrap().id.clone();
    let biller = billed(ada).id.clone();
    [
        ("another's payee", first_payee(bob)),
        ("another's own account", own(checking(bob))),
        ("no account", own_id(&AccountId::new("acc_none").unwrap())),
        (
            "no payee",
            Target::Payee {
                payee: PayeeId::new("pay_none").unwrap(),
                number: number("67890"),
            },
        ),
        (
            "a payee's old number",
            Target::Payee {
                payee,
                number: number("1000000000"),
            },
        ),
        (
            "a biller's old reference",
            Target::Biller {
                biller,
                reference: "X-1".to_owned(),
            },
        ),
    ]
}

/// Intents of ada's that are refused, and why. Bob's savings are frozen; a transfer's limit is 5,000.00.
fn refused(ada: &Portfolio, bob: &Portfolio) -> Vec<(&'static str, MoneyIntent, Decline)> {
    let source = checking(ada);
    let available = source.available;
    let over_limit = Decline::OverTransferLimit {
        limit: usd(500_000),
    };
    let too_much = Decline::InsufficientFunds { available };
    let ask = |target, minor| asks(source, "ada", target, minor);
    let strangers = asks(checking(bob), "ada", outside(), 100);
    let frozen = Target::NewPayee {
        number: savings(bob).number.clone(),
    };
    let euros = MoneyIntent {
        amount: Money::new(100, Currency::EUR),
        ..ask(outside(), 100)
    };
    let mut cases = vec![
        ("nothing", ask(outside(), 0), Decline::AmountNotPositive),
        (
            "less than nothing",
            ask(outside(), i64::MIN),
            Decline::AmountNotPositive,
        ),
        ("another's account", strangers, Decline::SourceUnknown),
        ("a frozen target", ask(frozen, 100), Decline::TargetNotOpen),
        ("itself", ask(own(source), 100), Decline::SameAccount),
        ("euros", euros, Decline::CurrencyMismatch),
        ("over the limit", ask(outside(), 500_001), over_limit),
        ("absurd", ask(outside(), i64::MAX), over_limit),
        (
            "more than there is",
            ask(own(savings(ada)), available.minor + 1),
            too_much,
        ),
        (
            "absurd, to an own account",
            ask(own(savings(ada)), i64::MAX),
            too_much,
        ),
    ];
    let unknown = unknown_targets(ada, bob)
        .map(|(what, target)| (what, ask(target, 100), Decline::TargetUnknown));
    cases.extend(unknown);
    cases
}

/// Each reason, at the proposal: nothing is on record as open, nothing moves, the decline is audited.
pub async fn every_reason_declines_and_posts_nothing<B: Backend>() {
    let bench = Bench::<B>::with_limits(500_000, 600_000).await;
    let (ada, bob) = (bench.opened("ada").await, bench.opened("bob").await);
    let (backend, source) = (&bench.backend, checking(&ada));
    backend
        .set_account_status(&savings(&bob).id, AccountStatus::Frozen)
        .await;
    let cases = refused(&ada, &bob);
    let count = cases.len();
    for (what, intent, expected) in cases {
        let proposal = bench.proposal(intent);
        let context = context(&proposal.intent.customer);
        let outcome = bench.store().propose(&proposal, &context).await.unwrap();
        assert_eq!(outcome, ProposeOutcome::Declined(expected), "{what}");
        let confirmed = bench.confirm(&proposal).await;
        assert_eq!(confirmed, PostOutcome::NotOpen, "{what}");
    }
    assert_eq!(bench.count(AuditKind::Declined).await, count);
    let status = AccountStatus::Closed;
    backend.set_account_status(&source.id, status).await;
    let declined = bench.propose(asks(source, "ada", outside(), 100)).await;
    assert_eq!(declined, Err(Decline::SourceNotOpen { status }));
    backend
        .set_account_status(&source.id, AccountStatus::Open)
        .await;
    assert_eq!(bench.portfolio("ada").await, ada);
    bench.assert_balanced().await;
}

/// What was fine when proposed and is not when confirmed is refused for good.
pub async fn a_decline_at_posting_spends_the_confirmation<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let source = checking(&ada);
    let proposal = bench
        .propose(asks(source, "ada", outside(), 100))
        .await
        .unwrap();
    bench
        .backend
        .set_account_status(&source.id, AccountStatus::Frozen)
        .await;
    let status = AccountStatus::Frozen;
    let declined = PostOutcome::Declined(Decline::SourceNotOpen { status });
    assert_eq!(bench.confirm(&proposal).await, declined);
    bench
        .backend
        .set_account_status(&source.id, AccountStatus::Open)
        .await;
    assert_eq!(bench.confirm(&proposal).await, PostOutcome::NotOpen);
    assert_eq!(bench.portfolio("ada").await, ada);

    let all = source.available.minor;
    let drain = own(savings(&ada));
    let first = bench
        .propose(asks(source, "ada", drain.clone(), all))
        .await
        .unwrap();
    let second = bench
        .propose(asks(source, "ada", drain, all))
        .await
        .unwrap();
    assert!(matches!(
        bench.confirm(&first).await,
        PostOutcome::Posted(_)
    ));
    let available = usd(0);
    let declined = PostOutcome::Declined(Decline::InsufficientFunds { available });
    assert_eq!(bench.confirm(&second).await, declined);
    bench.assert_balanced().await;
}

/// A yes to one set of parameters is no yes to another under the same id.
pub async fn changed_parameters_do_not_fit_a_confirmation<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let intent = asks(checking(&ada), "ada", outside(), 8_200);
    let proposal = bench.propose(intent.clone()).await.unwrap();
    let mut dearer = intent.clone();
    dearer.amount.minor = 82_000;
    let mut elsewhere = intent.clone();
    elsewhere.target = Target::NewPayee {
        number: number("67891"),
    };
    for changed in [dearer, elsewhere] {
        let forged = Proposal::new(proposal.id.clone(), changed, proposal.expires_at);
        assert_eq!(bench.post(yes(&forged)).await, PostOutcome::NotOpen);
    }
    assert_eq!(bench.portfolio("ada").await, ada);
    assert!(matches!(
        bench.confirm(&proposal).await,
        PostOutcome::Posted(_)
    ));
}

/// Neither reading nor posting nor cancelling what is another's, and no hint that it exists.
pub async fn another_customer_gets_nothing<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let (before, eves) = (bench.opened("ada").await, bench.opened("eve").await);
    let intent = asks(checking(&before), "ada", outside(), 100);
    let proposal = bench.propose(intent).await.unwrap();
    let eve = customer("eve");
    let (store, id) = (bench.store(), &proposal.id);
    assert_eq!(store.open_proposal(&eve, id).await.unwrap(), None);
    assert_eq!(store.receipt(&eve, id).await.unwrap(), None);
    let cancelled = store.cancel(&eve, id, &context(&eve)).await.unwrap();
    assert_eq!(cancelled, CancelOutcome::NotOpen);
    let forged = asks(checking(&eves), "eve", outside(), 100);
    let forged = Proposal::new(id.clone(), forged, proposal.expires_at);
    assert_eq!(bench.post(yes(&forged)).await, PostOutcome::NotOpen);
    assert_eq!(bench.portfolio("ada").await, before);
    assert_eq!(bench.portfolio("eve").await, eves);
    assert!(matches!(
        bench.confirm(&proposal).await,
        PostOutcome::Posted(_)
    ));
    assert_eq!(store.receipt(&eve, id).await.unwrap(), None);
}

/// Payees and bills count together from the bank's midnight to its next; own transfers do not count.
pub async fn the_daily_limit_follows_the_banks_calendar<B: Backend>() {
    let bench = Bench::<B>::with_limits(50_000, 60_000).await;
    let ada = bench.opened("ada").await;
    let source = checking(&ada);
    let pay_out = |minor| bench.transfer(asks(source, "ada", outside(), minor));
    let over = |left| {
        let (limit, left) = (usd(60_000), usd(left));
        Some(Decline::OverDailyLimit { limit, left })
    };
    let bill = asks(source, "ada", pay(billed(&ada)), 10_000);
    bench.transfer(bill).await.unwrap();
    let own = asks(source, "ada", own(savings(&ada)), 1_000);
    bench.transfer(own).await.unwrap();
    assert_eq!(
        pay_out(50_001).await.err(),
        Some(Decline::OverTransferLimit { limit: usd(50_000) })
    );
    pay_out(49_999).await.unwrap();
    assert_eq!(pay_out(2).await.err(), over(1));
    pay_out(1).await.unwrap();
    assert_eq!(pay_out(1).await.err(), over(0));
    // It is noon in New York: 23:59:59 there is still today, and the next second is not.
    bench
        .clock
        .advance(SignedDuration::from_secs(12 * 3_600 - 1));
    assert_eq!(pay_out(1).await.err(), over(0));
    bench.clock.advance(SignedDuration::from_secs(1));
    pay_out(10).await.unwrap();
    // A clock that is set back to yesterday finds yesterday's limit used up, not tomorrow's.
    bench.clock.advance(-SignedDuration::from_hours(1));
    assert_eq!(pay_out(1).await.err(), over(0));
    bench.clock.advance(-SignedDuration::from_hours(24));
    pay_out(20).await.unwrap();
    bench.clock.advance(SignedDuration::from_hours(48));
    pay_out(30).await.unwrap();
    bench.assert_balanced().await;
}

/// Two payments near the end of what an amount can be, in one day: a decline, not an overflow.
pub async fn a_days_sum_does_not_overflow<B: Backend>() {
    let bench = Bench::<B>::with_limits(i64::MAX, i64::MAX).await;
    let (ada, bob) = (bench.opened("ada").await, bench.opened("bob").await);
    let source = checking(&ada);
    let to_bob = || Target::NewPayee {
        number: checking(&bob).number.clone(),
    };
    bench
        .transfer(asks(source, "ada", to_bob(), 1))
        .await
        .unwrap();
    let left = usd(i64::MAX - 1);
    let limit = usd(i64::MAX);
    let declined = bench.propose(asks(source, "ada", to_bob(), i64::MAX)).await;
    assert_eq!(declined, Err(Decline::OverDailyLimit { limit, left }));
    let declined = bench
        .propose(asks(source, "ada", own(savings(&ada)), i64::MAX))
        .await;
    let available = usd(source.available.minor - 1);
    assert_eq!(declined, Err(Decline::InsufficientFunds { available }));
    bench.assert_balanced().await;
}
