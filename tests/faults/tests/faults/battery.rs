//! The checks that a bank must pass: short forms of what the suites test at length. `seeded_bugs.rs` runs
//! them on a sound bank, which passes all, and on broken ones, each of which must fail one.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::SignedDuration;
use vostro_bank::{
    AuditRecord, CancelOutcome, HistoryQuery, Portfolio, PostOutcome, ProposeOutcome,
};
use vostro_faults::{
    Bank, bill, cents_out, checking, context, own, pay, portfolio, propose, savings, transfer, usd,
    yes,
};
use vostro_ledger::{AccountStatus, Decline, MoneyIntent, Proposal};

/// Cents for a transfer and for a day.
pub(crate) const LIMITS: (i64, i64) = (60_000, 100_000);

/// The checks by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    Transfer,
    OwnTransfer,
    Bill,
    Record,
    Refusals,
    Limits,
    Ends,
    Forged,
    AtOnce,
    Funds,
    DayAtOnce,
    Guards,
}

impl Check {
    pub(crate) const ALL: [Self; 12] = [
        Self::Transfer,
        Self::OwnTransfer,
        Self::Bill,
        Self::Record,
        Self::Refusals,
        Self::Limits,
        Self::Ends,
        Self::Forged,
        Self::Guards,
        Self::AtOnce,
        Self::Funds,
        Self::DayAtOnce,
    ];

    /// Runs it; a fault is a panic.
    pub(crate) async fn run(self, bank: Arc<Bank>) {
        // A customer of its own, so that checks do not share a day's limit.
        let name = format!("{self:?}");
        let ada = portfolio(bank.store().as_ref(), &name).await;
        match self {
            Self::Transfer => moves_once(&bank, &ada, cents_out(&ada, 1_200)).await,
            Self::OwnTransfer => own_transfer(&bank, &ada).await,
            Self::Bill => settles_a_bill(&bank, &ada).await,
            Self::Record => is_on_record(&bank, &ada).await,
            Self::Refusals => refuses(&bank, &ada).await,
            Self::Limits => keeps_limits(&bank, &ada).await,
            Self::Ends => ends(&bank, &ada).await,
            Self::Forged => refuses_the_forged(&bank, &ada).await,
            Self::AtOnce => one_effect(&bank, &ada).await,
            Self::Funds => exactly_the_funds(&bank, &ada).await,
            Self::DayAtOnce => exactly_the_day(&bank, &ada).await,
            Self::Guards => guards_hold(&bank, &ada).await,
        }
        bank.assert_balanced().await;
    }
}

async fn now(bank: &Bank, ada: &Portfolio) -> Portfolio {
    let found = bank.store().portfolio(&ada.customer.id).await.unwrap();
    found.unwrap()
}

async fn confirm(bank: &Bank, proposal: &Proposal) -> PostOutcome {
    let context = context(&proposal.intent.customer);
    let outcome = bank.store().confirm_and_post(yes(proposal), &context).await;
    outcome.unwrap()
}

async fn asked(bank: &Bank, intent: MoneyIntent) -> ProposeOutcome {
    let proposal = vostro_faults::proposal(bank.clock.as_ref(), intent);
    let context = context(&proposal.intent.customer);
    bank.store().propose(&proposal, &context).await.unwrap()
}

async fn proposed(bank: &Bank, intent: MoneyIntent) -> Proposal {
    propose(bank.store().as_ref(), bank.clock.as_ref(), intent).await
}

async fn moves_once(bank: &Bank, ada: &Portfolio, intent: MoneyIntent) {
    let minor = intent.amount.minor;
    let proposal = proposed(bank, intent).await;
    let PostOutcome::Posted(receipt) = confirm(bank, &proposal).await else {
        panic!("not posted");
    };
    let PostOutcome::Replayed(again) = confirm(bank, &proposal).await else {
        panic!("not replayed");
    };
    assert_eq!(receipt, again);
    let after = now(bank, ada).await;
    let left = checking(ada).balance.minor - minor;
    assert_eq!(checking(&after).balance, usd(left));
    assert_eq!(receipt.source_balance, usd(left));
    assert_eq!(receipt.source_available, checking(&after).available);
    let newest = HistoryQuery {
        account: Some(checking(ada).id.clone()),
        limit: 2,
        ..HistoryQuery::default()
    };
    let page = bank
        .store()
        .history(&ada.customer.id, &newest)
        .await
        .unwrap();
    let [entry, before] = &page.items[..] else {
        panic!("two entries");
    };
    assert_eq!(
        (entry.amount, entry.balance_after),
        (usd(-minor), usd(left))
    );
    assert_eq!(entry.transfer, receipt.transfer);
    assert_ne!(before.transfer, receipt.transfer);
}

async fn own_transfer(bank: &Bank, ada: &Portfolio) {
    moves_once(bank, ada, pay(ada, own(savings(ada)), 700)).await;
    let after = now(bank, ada).await;
    let gained = savings(&after).balance.minor - savings(ada).balance.minor;
    assert_eq!(gained, 700);
}

async fn settles_a_bill(bank: &Bank, ada: &Portfolio) {
    let due = ada
        .billers
        .iter()
        .find(|it| it.amount_due.is_some())
        .unwrap();
    moves_once(bank, ada, pay(ada, bill(due), 100)).await;
    let after = now(bank, ada).await;
    let now_due = after.billers.iter().find(|it| it.id == due.id).unwrap();
    let paid = due.amount_due.unwrap().minor - now_due.amount_due.unwrap().minor;
    assert_eq!(paid, 100);
}

/// Each decision has its row, whose detail fits its commitment; the outside is told of the posting once.
async fn is_on_record(bank: &Bank, ada: &Portfolio) {
    let intent = cents_out(ada, 300);
    let receipt = transfer(bank.store().as_ref(), bank.clock.as_ref(), intent).await;
    let cancelled = proposed(bank, cents_out(ada, 5)).await;
    let context = context(&ada.customer.id);
    let store = bank.store();
    let no = store.cancel(&ada.customer.id, &cancelled.id, &context);
    assert_eq!(no.await.unwrap(), CancelOutcome::Cancelled);
    let trail = bank.store().audit_trail(0, u32::MAX).await.unwrap();
    let of_ada = trail
        .iter()
        .filter(|row| row.customer.as_ref() == Some(&ada.customer.id));
    let kinds: Vec<&str> = of_ada.map(|row| row.kind.as_str()).collect();
    let expected = [
        "customer_opened",
        "proposed",
        "confirmed",
        "posted",
        "proposed",
        "cancelled",
    ];
    assert_eq!(kinds, expected);
    let unfit = trail
        .iter()
        .filter(|row| row.fits_commitment() != Some(true));
    assert_eq!(unfit.count(), 0);
    let commitments: HashSet<&str> = trail.iter().map(commitment).collect();
    assert_eq!(commitments.len(), trail.len(), "each is salted");
    assert_eq!(published(bank, receipt.transfer.as_str()).await, 1);
}

fn commitment(row: &AuditRecord) -> &str {
    &row.commitment
}

/// Messages to the outside about a transfer.
async fn published(bank: &Bank, transfer: &str) -> i64 {
    let count = "SELECT count(*) FROM outbox WHERE payload ->> 'transfer' = ";
    if let Some(database) = bank.database() {
        let client = database.client().await;
        let row = client.query_one(&format!("{count}$1"), &[&transfer]).await;
        return row.unwrap().get(0);
    }
    let file = rusqlite::Connection::open(bank.path().unwrap()).unwrap();
    file.query_row(&format!("{count}?1"), [transfer], |row| row.get(0))
        .unwrap()
}

async fn refuses(bank: &Bank, ada: &Portfolio) {
    let store = bank.store();
    let eve = portfolio(store.as_ref(), "Eve").await;
    let mut stolen = cents_out(&eve, 100);
    stolen.customer = ada.customer.id.clone();
    let declined = ProposeOutcome::Declined(Decline::SourceUnknown);
    assert_eq!(asked(bank, stolen).await, declined);
    let to_eves = asked(bank, pay(ada, own(savings(&eve)), 100)).await;
    assert_eq!(to_eves, ProposeOutcome::Declined(Decline::TargetUnknown));
    let to_itself = asked(bank, pay(ada, own(checking(ada)), 100)).await;
    assert_eq!(to_itself, ProposeOutcome::Declined(Decline::SameAccount));
    let nothing = asked(bank, cents_out(ada, 0)).await;
    assert_eq!(
        nothing,
        ProposeOutcome::Declined(Decline::AmountNotPositive)
    );
    let available = checking(ada).available;
    let too_much = asked(bank, pay(ada, own(savings(ada)), available.minor + 1)).await;
    let declined = ProposeOutcome::Declined(Decline::InsufficientFunds { available });
    assert_eq!(too_much, declined);
    // What was fine when proposed and is not any more.
    let status = AccountStatus::Frozen;
    let before = proposed(bank, cents_out(ada, 100)).await;
    bank.set_account_status(&checking(ada).id, status).await;
    let declined = PostOutcome::Declined(Decline::SourceNotOpen { status });
    assert_eq!(confirm(bank, &before).await, declined);
    bank.set_account_status(&checking(ada).id, AccountStatus::Open)
        .await;
    bank.set_account_status(&savings(ada).id, status).await;
    let to_frozen = asked(bank, pay(ada, own(savings(ada)), 100)).await;
    assert_eq!(to_frozen, ProposeOutcome::Declined(Decline::TargetNotOpen));
    assert_eq!(confirm(bank, &before).await, PostOutcome::NotOpen);
    assert_eq!(
        checking(&now(bank, ada).await).balance,
        checking(ada).balance
    );
}

async fn keeps_limits(bank: &Bank, ada: &Portfolio) {
    let (per_transfer, per_day) = (usd(LIMITS.0), usd(LIMITS.1));
    let over = asked(bank, cents_out(ada, LIMITS.0 + 1)).await;
    let limit = per_transfer;
    let declined = ProposeOutcome::Declined(Decline::OverTransferLimit { limit });
    assert_eq!(over, declined);
    for minor in [LIMITS.0, LIMITS.1 - LIMITS.0 - 1] {
        let intent = cents_out(ada, minor);
        transfer(bank.store().as_ref(), bank.clock.as_ref(), intent).await;
    }
    let over = asked(bank, cents_out(ada, 2)).await;
    let (limit, left) = (per_day, usd(1));
    let declined = ProposeOutcome::Declined(Decline::OverDailyLimit { limit, left });
    assert_eq!(over, declined);
}

/// Cancelled is over, expired is over.
async fn ends(bank: &Bank, ada: &Portfolio) {
    let (store, context) = (bank.store(), context(&ada.customer.id));
    let first = proposed(bank, cents_out(ada, 100)).await;
    let no = store.cancel(&ada.customer.id, &first.id, &context).await;
    assert_eq!(no.unwrap(), CancelOutcome::Cancelled);
    assert_eq!(confirm(bank, &first).await, PostOutcome::NotOpen);
    let [late, swept] = [
        proposed(bank, cents_out(ada, 100)).await,
        proposed(bank, cents_out(ada, 100)).await,
    ];
    bank.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(confirm(bank, &late).await, PostOutcome::Expired);
    assert_eq!(store.expire_proposals(swept.expires_at).await.unwrap(), 1);
    assert_eq!(confirm(bank, &swept).await, PostOutcome::Expired);
    assert_eq!(
        checking(&now(bank, ada).await).balance,
        checking(ada).balance
    );
}

async fn refuses_the_forged(bank: &Bank, ada: &Portfolio) {
    let proposal = proposed(bank, cents_out(ada, 100)).await;
    let dearer = cents_out(ada, 1_000);
    let forged = Proposal::new(proposal.id.clone(), dearer, proposal.expires_at);
    assert_eq!(confirm(bank, &forged).await, PostOutcome::NotOpen);
    assert_eq!(
        checking(&now(bank, ada).await).balance,
        checking(ada).balance
    );
}

/// All of them at once; which were posted.
async fn at_once(bank: &Bank, proposals: Vec<Proposal>) -> usize {
    let tasks: Vec<_> = proposals
        .into_iter()
        .enumerate()
        .map(|(number, proposal)| {
            let store = bank.replica(number);
            tokio::spawn(async move {
                let context = context(&proposal.intent.customer);
                store
                    .confirm_and_post(yes(&proposal), &context)
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut posted = 0;
    for task in tasks {
        match task.await.unwrap() {
            PostOutcome::Posted(_) => posted += 1,
            PostOutcome::Replayed(_) | PostOutcome::Declined(_) => {}
            other => panic!("{other:?}"),
        }
    }
    posted
}

async fn one_effect(bank: &Bank, ada: &Portfolio) {
    for _ in 0..4 {
        let proposal = proposed(bank, cents_out(ada, 10)).await;
        assert_eq!(at_once(bank, vec![proposal; 16]).await, 1);
    }
    let moved = checking(ada).balance.minor - checking(&now(bank, ada).await).balance.minor;
    assert_eq!(moved, 40);
}

/// Own transfers, which no limit bounds, of a third of the funds each.
async fn exactly_the_funds(bank: &Bank, ada: &Portfolio) {
    let each = checking(ada).available.minor / 3;
    let mut proposals = Vec::new();
    for _ in 0..16 {
        proposals.push(proposed(bank, pay(ada, own(savings(ada)), each)).await);
    }
    assert_eq!(at_once(bank, proposals).await, 3);
}

/// From two accounts, so that only the customer's own lock keeps the day's limit.
async fn exactly_the_day(bank: &Bank, ada: &Portfolio) {
    let each = LIMITS.1 / 4;
    for _ in 0..3 {
        bank.clock.advance(SignedDuration::from_hours(24));
        let mut proposals = Vec::new();
        for number in 0..16 {
            let mut intent = cents_out(ada, each);
            if number % 2 == 0 {
                intent.source = savings(ada).id.clone();
            }
            proposals.push(proposed(bank, intent).await);
        }
        // What the accounts hold may be less than what the day allows; never more is posted.
        let posted = at_once(bank, proposals).await;
        assert!(posted <= 4, "{posted} of 4");
    }
}

/// What was written cannot be changed, whoever asks.
async fn guards_hold(bank: &Bank, ada: &Portfolio) {
    let intent = cents_out(ada, 100);
    transfer(bank.store().as_ref(), bank.clock.as_ref(), intent).await;
    let forbidden = [
        "UPDATE entries SET amount_minor = amount_minor + 1",
        "DELETE FROM entries",
        "UPDATE transfers SET amount_minor = 1",
        "UPDATE transfers SET status = 'voided'",
        "DELETE FROM transfers",
        "UPDATE confirmations SET expires_at = expires_at + 1",
        "DELETE FROM confirmations",
        "UPDATE audit_events SET kind = 'blocked'",
        "DELETE FROM audit_events",
        "UPDATE audit_details SET detail = '{}'",
        "UPDATE accounts SET balance_minor = floor_minor - 1 WHERE customer_pk IS NOT NULL",
        "INSERT INTO transfers (id, idempotency_key, kind, status, source_pk, destination_pk, currency,
            amount_minor, created_at, resolved_at)
         SELECT 'again', max(idempotency_key), 'payee_transfer', 'posted', min(source_pk),
            min(destination_pk), 'USD', 1, 0, 0
         FROM transfers WHERE idempotency_key IS NOT NULL",
    ];
    for statement in forbidden {
        let done = match (bank.database(), bank.path()) {
            (Some(database), _) => {
                // Rolled back if it is let through, for the next statement's sake.
                let mut client = database.client().await;
                let transaction = client.transaction().await.unwrap();
                transaction.execute(statement, &[]).await.is_ok()
            }
            (None, path) => {
                let mut file = rusqlite::Connection::open(path.unwrap()).unwrap();
                let transaction = file.transaction().unwrap();
                transaction.execute(statement, []).is_ok()
            }
        };
        assert!(!done, "{statement}");
    }
}
