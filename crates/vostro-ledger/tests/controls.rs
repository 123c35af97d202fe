//! The cases of `cases/controls.txt`: holds, paying out what is held, and reversals.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use vostro_ledger::{
    Account, AccountKind, AccountStatus, CaptureFacts, Decline, ReversalFacts, ReversalRefusal,
    TransferStatus, authorise_capture, authorise_hold, authorise_reversal,
};
use vostro_types::{AccountId, Currency, CustomerId, Money};

const CASES: &str = include_str!("cases/controls.txt");

/// The rows of the table of this name, each as its cells, without the heading.
fn rows(name: &str) -> Vec<Vec<&'static str>> {
    let lines = CASES.lines().map(str::trim);
    let table = lines.skip_while(|line| !line.starts_with(name)).skip(2);
    table
        .take_while(|line| !line.is_empty())
        .map(|line| line.split('|').map(str::trim).collect())
        .collect()
}

fn money(text: &str) -> Money {
    let (amount, code) = text.split_once(' ').expect(text);
    Money::parse_decimal(amount, Currency::from_code(code).expect(code)).expect(text)
}

fn usd(text: &str) -> i64 {
    Money::parse_decimal(text, Currency::USD).unwrap().minor
}

fn accounts() -> BTreeMap<&'static str, Account> {
    let read = |cells: Vec<&'static str>| {
        let [name, owner, kind, status, currency, balance, held, floor] = cells[..] else {
            panic!("eight cells: {cells:?}");
        };
        let account = Account {
            id: AccountId::new(name).unwrap(),
            owner: (owner != "bank").then(|| CustomerId::new(owner).unwrap()),
            kind: AccountKind::parse(kind).expect(kind),
            status: AccountStatus::parse(status).expect(status),
            balance_minor: usd(balance),
            held_minor: usd(held),
            floor_minor: (floor != "none").then(|| usd(floor)),
            currency: Currency::from_code(currency).expect(currency),
        };
        (name, account)
    };
    rows("ACCOUNTS").into_iter().map(read).collect()
}

/// An answer as the table writes it.
fn words<T>(done: &str, outcome: &Result<T, Decline>) -> String {
    let Err(decline) = outcome else {
        return done.to_owned();
    };
    let mut words = vec![decline.code().to_owned()];
    if let Decline::SourceNotOpen { status } = decline {
        words.push(status.as_str().to_owned());
    }
    words.extend(decline.amounts().iter().map(|amount| amount.to_decimal()));
    words.join(" ")
}

#[test]
fn holds_are_answered_as_the_table_says() {
    let (accounts, cases) = (accounts(), rows("HOLD"));
    assert!(cases.len() >= 12, "{}", cases.len());
    for case in cases {
        let [account, amount, expected] = case[..] else {
            panic!("three cells: {case:?}");
        };
        let outcome = authorise_hold(money(amount), accounts.get(account));
        assert_eq!(words("held", &outcome), expected, "{case:?}");
    }
}

#[test]
fn captures_are_answered_as_the_table_says() {
    let (accounts, cases) = (accounts(), rows("CAPTURE"));
    let mut seen = BTreeSet::new();
    for case in cases {
        let [from, to, held, state, amount, expected] = case[..] else {
            panic!("six cells: {case:?}");
        };
        let facts = CaptureFacts {
            source: accounts[from].clone(),
            destination: accounts[to].clone(),
            held: money(held),
            money_stopped: state == "stopped",
        };
        let outcome = authorise_capture(money(amount), &facts);
        if let Ok(posting) = &outcome {
            assert_eq!(posting.entries()[1].amount, money(amount));
        }
        let said = words("posted", &outcome);
        assert_eq!(said, expected, "{case:?}");
        seen.insert(said.split(' ').next().unwrap().to_owned());
    }
    assert_eq!(
        seen.len(),
        9,
        "every reason, and posted, has a case: {seen:?}"
    );
}

#[test]
fn reversals_are_answered_as_the_table_says() {
    let (accounts, cases) = (accounts(), rows("REVERSE"));
    let mut seen = BTreeSet::new();
    for case in cases {
        let [transfer, status, before, from, to, state, amount, expected] = case[..] else {
            panic!("eight cells: {case:?}");
        };
        let facts = ReversalFacts {
            status: TransferStatus::parse(status).expect(status),
            is_movement: transfer != "opening",
            is_reversal: transfer == "reversal",
            is_reversed: before == "reversed",
            source: accounts[from].clone(),
            destination: accounts[to].clone(),
            amount: money(amount),
            money_stopped: state == "stopped",
        };
        let said = match authorise_reversal((transfer != "none").then_some(&facts)) {
            Ok(posting) => {
                let back = &posting.entries()[1];
                assert_eq!((back.account.as_str(), back.amount), (from, money(amount)));
                "posted".to_owned()
            }
            Err(ReversalRefusal::NotPosted { status }) => format!("not_posted {}", status.as_str()),
            Err(ReversalRefusal::WouldOverdraw { available }) => {
                format!("would_overdraw {}", available.to_decimal())
            }
            Err(refusal) => refusal.code().to_owned(),
        };
        assert_eq!(said, expected, "{case:?}");
        seen.insert(said.split(' ').next().unwrap().to_owned());
    }
    assert_eq!(
        seen.len(),
        10,
        "every refusal, and posted, has a case: {seen:?}"
    );
}
