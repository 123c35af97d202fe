//! Short words for what the tests ask of a bank. All of them work on any store.

use jiff::SignedDuration;
use serde_json::Value;
use vostro_bank::{
    AccountView, AuditEvent, AuditKind, Biller, Portfolio, PostOutcome, ProposeOutcome, Receipt,
    Store,
};
use vostro_ledger::{AccountKind, AccountNumber, Confirmed, MoneyIntent, Proposal, Target};
use vostro_types::{Clock, ConfirmationId, Currency, CustomerId, Money, SystemEntropy};

/// How long a proposal of [`proposal`] stands.
const STANDS: SignedDuration = SignedDuration::from_mins(10);

/// Dollars, in cents.
pub const fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// A customer's id.
pub fn customer(id: &str) -> CustomerId {
    CustomerId::new(id).unwrap()
}

/// Opens a demo customer where there is none of this id; the portfolio.
pub async fn portfolio(store: &dyn Store, id: &str) -> Portfolio {
    let id = customer(id);
    store.open_demo_customer(&id).await.unwrap();
    store.portfolio(&id).await.unwrap().unwrap()
}

fn account(portfolio: &Portfolio, kind: AccountKind) -> &AccountView {
    let of_kind = |account: &&AccountView| account.kind == kind;
    portfolio.accounts.iter().find(of_kind).unwrap()
}

/// The customer's checking account.
pub fn checking(portfolio: &Portfolio) -> &AccountView {
    account(portfolio, AccountKind::Checking)
}

/// The customer's savings account.
pub fn savings(portfolio: &Portfolio) -> &AccountView {
    account(portfolio, AccountKind::Savings)
}

/// An account at another bank.
pub fn outside() -> Target {
    Target::NewPayee {
        number: AccountNumber::new("67890").unwrap(),
    }
}

/// An account of the same customer.
pub fn own(account: &AccountView) -> Target {
    Target::Own {
        account: account.id.clone(),
    }
}

/// The first saved payee.
pub fn payee(portfolio: &Portfolio) -> Target {
    let payee = portfolio.payees.first().unwrap();
    Target::Payee {
        payee: payee.id.clone(),
        number: payee.number.clone(),
    }
}

/// A biller.
pub fn bill(biller: &Biller) -> Target {
    Target::Biller {
        biller: biller.id.clone(),
        reference: biller.reference.clone(),
    }
}

/// So many cents from the checking account to a target.
pub fn pay(portfolio: &Portfolio, target: Target, cents: i64) -> MoneyIntent {
    MoneyIntent {
        customer: portfolio.customer.id.clone(),
        source: checking(portfolio).id.clone(),
        target,
        amount: usd(cents),
    }
}

/// So many cents from the checking account out of the bank.
pub fn cents_out(portfolio: &Portfolio, cents: i64) -> MoneyIntent {
    pay(portfolio, outside(), cents)
}

/// Where a command came from: nowhere in particular.
pub fn context(customer: &CustomerId) -> AuditEvent {
    AuditEvent {
        kind: AuditKind::Proposed,
        customer: customer.clone(),
        session: None,
        turn: None,
        detail: Value::Null,
    }
}

/// A proposal of this intent, under a fresh id, that stands for ten minutes.
pub fn proposal(clock: &dyn Clock, intent: MoneyIntent) -> Proposal {
    let id = ConfirmationId::generate(&SystemEntropy);
    Proposal::new(id, intent, clock.now().checked_add(STANDS).unwrap())
}

/// Puts an intent on record as proposed.
pub async fn propose(store: &dyn Store, clock: &dyn Clock, intent: MoneyIntent) -> Proposal {
    let proposal = proposal(clock, intent);
    let context = context(&proposal.intent.customer);
    let outcome = store.propose(&proposal, &context).await.unwrap();
    assert_eq!(outcome, ProposeOutcome::Proposed);
    proposal
}

/// Says yes to what was never proposed, so that the connection knows the statement: what breaks afterwards
/// breaks the statement's run and not its preparation.
pub async fn warm_up(store: &dyn Store, clock: &dyn Clock, intent: MoneyIntent) {
    let unknown = proposal(clock, intent);
    let context = context(&unknown.intent.customer);
    let outcome = store.confirm_and_post(yes(&unknown), &context).await;
    assert_eq!(outcome.unwrap(), PostOutcome::NotOpen);
}

/// The yes of a proposal's own customer, in time.
pub fn yes(proposal: &Proposal) -> Confirmed<MoneyIntent> {
    let customer = proposal.intent.customer.clone();
    let in_time = proposal.expires_at - SignedDuration::from_secs(1);
    proposal.clone().confirm(&customer, in_time).unwrap()
}

/// Proposes, confirms, and gives the receipt.
pub async fn transfer(store: &dyn Store, clock: &dyn Clock, intent: MoneyIntent) -> Receipt {
    let proposal = propose(store, clock, intent).await;
    let context = context(&proposal.intent.customer);
    let outcome = store.confirm_and_post(yes(&proposal), &context).await;
    match outcome.unwrap() {
        PostOutcome::Posted(receipt) => *receipt,
        other => panic!("{other:?}"),
    }
}
