//! The cases of `cases/authorise.txt`: a table that a banker can read, held against [`authorise`].
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use vostro_ledger::{
    Account, AccountKind, AccountNumber, AccountStatus, Decline, Limits, MoneyIntent, PostingFacts,
    Target, authorise,
};
use vostro_types::{AccountId, BillerId, Currency, CustomerId, Money};

const CASES: &str = include_str!("cases/authorise.txt");

/// The lines of the tables that begin with `title`, each as its cells; headings are left out.
fn rows(title: &str) -> Vec<Vec<&'static str>> {
    let mut rows = Vec::new();
    let mut heading_next = false;
    let mut inside = false;
    for line in CASES.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            inside = inside && !line.is_empty();
        } else if line.starts_with("ACCOUNTS")
            || line.starts_with("CASES")
            || line.starts_with("STOPPED")
        {
            inside = line.starts_with(title);
            heading_next = true;
        } else if heading_next {
            heading_next = false;
        } else if inside {
            rows.push(line.split('|').map(str::trim).collect());
        }
    }
    rows
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
        assert_eq!(
            account.kind.is_customers(),
            account.owner.is_some(),
            "{name}"
        );
        (name, account)
    };
    rows("ACCOUNTS").into_iter().map(read).collect()
}

fn intent(kind: &str, from: &str, to: &str, amount: &str) -> MoneyIntent {
    let (amount, currency) = amount.split_once(' ').expect(amount);
    let currency = Currency::from_code(currency).expect(currency);
    MoneyIntent {
        customer: CustomerId::new("ada").unwrap(),
        source: AccountId::new(from).unwrap(),
        target: match kind {
            "own" => Target::Own {
                account: AccountId::new(to).unwrap(),
            },
            "payee" => Target::NewPayee {
                number: AccountNumber::new("1000000001").unwrap(),
            },
            "bill" => Target::Biller {
                biller: BillerId::new("power").unwrap(),
                reference: "R-1".to_owned(),
            },
            other => panic!("{other} is not own, payee or bill"),
        },
        amount: Money::parse_decimal(amount, currency).unwrap(),
    }
}

/// An answer as the table writes it.
fn words(outcome: Result<(), Decline>) -> String {
    let Err(decline) = outcome else {
        return "posted".to_owned();
    };
    let mut words = decline.code().to_owned();
    let mut add = |word: &str| {
        words.push(' ');
        words.push_str(word);
    };
    match decline {
        Decline::SourceNotOpen { status } => add(status.as_str()),
        Decline::OverTransferLimit { limit } => add(&limit.to_decimal()),
        Decline::OverDailyLimit { limit, left } => {
            add(&limit.to_decimal());
            add(&left.to_decimal());
        }
        Decline::InsufficientFunds { available } => add(&available.to_decimal()),
        _ => {}
    }
    words
}

#[test]
fn every_case_is_answered_as_the_table_says() {
    let accounts = accounts();
    let limits = Limits {
        per_transfer: Money::new(500_000, Currency::USD),
        per_day: Money::new(1_000_000, Currency::USD),
    };
    let (cases, stopped) = (rows("CASES"), rows("STOPPED"));
    assert!(
        cases.len() > 50 && stopped.len() > 3,
        "the tables were read: {} and {} cases",
        cases.len(),
        stopped.len()
    );
    let mut seen = BTreeSet::new();
    let all = cases.into_iter().map(|case| (case, false));
    for (case, money_stopped) in all.chain(stopped.into_iter().map(|case| (case, true))) {
        let [kind, from, to, amount, today, expected] = case[..] else {
            panic!("six cells: {case:?}");
        };
        let account = |name| {
            let found = accounts.get(name).cloned();
            assert_eq!(
                found.is_none(),
                name == "nothing",
                "no account is called {name}"
            );
            found
        };
        let facts = PostingFacts {
            source: account(from),
            destination: account(to),
            spent_today: Money::new(usd(today), Currency::USD),
            limits,
            money_stopped,
        };
        let outcome = authorise(&intent(kind, from, to, amount), &facts);
        let said = words(outcome.map(|_| ()));
        assert_eq!(said, expected, "{case:?}");
        seen.insert(said.split(' ').next().unwrap().to_owned());
    }
    assert_eq!(
        seen.len(),
        13,
        "every reason, and posted, has a case: {seen:?}"
    );
}
