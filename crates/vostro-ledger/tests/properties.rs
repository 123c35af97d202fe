//! What holds for every movement: money is neither made nor lost, no floor is broken, and a
//! confirmation means one movement and one key.
#![allow(clippy::unwrap_used, reason = "tests")]

use jiff::Timestamp;
use proptest::prelude::*;
use vostro_ledger::{
    Account, AccountKind, AccountNumber, AccountStatus, Entry, Limits, MoneyIntent, Posting,
    PostingFacts, Proposal, Target, authorise,
};
use vostro_types::{AccountId, BillerId, ConfirmationId, Currency, CustomerId, Money, PayeeId};

/// Ids from a tiny alphabet, so that two often differ only in where one field ends.
fn id() -> impl Strategy<Value = String> {
    "[ab]{1,3}"
}

fn number() -> impl Strategy<Value = AccountNumber> {
    "[1-2]{4,5}".prop_map(|digits| AccountNumber::new(&digits).unwrap())
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        id().prop_map(|account| Target::Own {
            account: AccountId::new(account).unwrap()
        }),
        (id(), number()).prop_map(|(payee, number)| Target::Payee {
            payee: PayeeId::new(payee).unwrap(),
            number
        }),
        number().prop_map(|number| Target::NewPayee { number }),
        (id(), "[ab12]{0,4}").prop_map(|(biller, reference)| Target::Biller {
            biller: BillerId::new(biller).unwrap(),
            reference
        }),
    ]
}

fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![4 => Just(Currency::USD), 1 => Just(Currency::EUR)]
}

/// Amounts where it matters: small, and at both ends of what fits.
fn minor() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => -100..2_000_i64,
        1 => any::<i64>(),
        1 => Just(i64::MAX),
        1 => Just(i64::MIN),
    ]
}

fn intent() -> impl Strategy<Value = MoneyIntent> {
    (id(), id(), target(), minor(), currency()).prop_map(
        |(customer, source, target, minor, currency)| MoneyIntent {
            customer: CustomerId::new(customer).unwrap(),
            source: AccountId::new(source).unwrap(),
            target,
            amount: Money::new(minor, currency),
        },
    )
}

fn account(name: &str, balance_minor: i64, held_minor: i64, floor_minor: Option<i64>) -> Account {
    Account {
        id: AccountId::new(name).unwrap(),
        owner: Some(CustomerId::new("ada").unwrap()),
        kind: AccountKind::Checking,
        status: AccountStatus::Open,
        balance_minor,
        held_minor,
        floor_minor,
        currency: Currency::USD,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is authorised moves exactly the amount, stays within limits and above the floor.
    #[test]
    fn an_authorised_movement_keeps_every_promise(
        balance in minor(),
        held in 0..2_000_i64,
        floor in prop::option::of(-1_000..=0_i64),
        to_balance in minor(),
        spent in 0..3_000_i64,
        amount in minor(),
        own in any::<bool>(),
    ) {
        let (source, destination) = (
            account("from", balance, held, floor),
            account("to", to_balance, 0, None),
        );
        let limits = Limits {
            per_transfer: Money::new(1_000, Currency::USD),
            per_day: Money::new(2_500, Currency::USD),
        };
        let target = if own {
            Target::Own { account: destination.id.clone() }
        } else {
            Target::NewPayee { number: AccountNumber::new("12345").unwrap() }
        };
        let intent = MoneyIntent {
            customer: CustomerId::new("ada").unwrap(),
            source: source.id.clone(),
            target,
            amount: Money::new(amount, Currency::USD),
        };
        let facts = PostingFacts {
            source: Some(source.clone()),
            destination: Some(destination.clone()),
            spent_today: Money::new(spent, Currency::USD),
            limits,
            money_stopped: false,
        };
        let Ok(posting) = authorise(&intent, &facts) else { return Ok(()) };
        let entries: Vec<(&str, i64)> = posting
            .entries()
            .iter()
            .map(|entry| (entry.account.as_str(), entry.amount.minor))
            .collect();
        prop_assert_eq!(entries, vec![("from", -amount), ("to", amount)]);
        prop_assert!(amount > 0);
        prop_assert!(to_balance.checked_add(amount).is_some());
        if let Some(floor) = floor {
            let after = i128::from(balance) - i128::from(amount) - i128::from(held);
            prop_assert!(after >= i128::from(floor));
        }
        if !own {
            prop_assert!(amount <= 1_000 && amount + spent <= 2_500);
        }
    }

    /// Any number of movements between a few accounts: the sum stays, and no account falls below its floor.
    #[test]
    fn money_is_neither_made_nor_lost(
        opening in prop::array::uniform4(0..2_000_i64),
        moves in prop::collection::vec((0..4_usize, 0..4_usize, -10..1_500_i64), 1..60),
    ) {
        let names = ["a", "b", "c", "d"];
        let mut balances = opening;
        let floors = [0, -500, 0, -50];
        let mut posted = 0;
        for (from, to, amount) in moves {
            let [source, destination] =
                [from, to].map(|i| account(names[i], balances[i], 0, Some(floors[i])));
            let intent = MoneyIntent {
                customer: CustomerId::new("ada").unwrap(),
                source: source.id.clone(),
                target: Target::Own { account: destination.id.clone() },
                amount: Money::new(amount, Currency::USD),
            };
            let zero = Money::zero(Currency::USD);
            let facts = PostingFacts {
                source: Some(source),
                destination: Some(destination),
                spent_today: zero,
                limits: Limits { per_transfer: zero, per_day: zero },
                money_stopped: false,
            };
            if let Ok(posting) = authorise(&intent, &facts) {
                posted += 1;
                for entry in posting.entries() {
                    let place = names.iter().position(|name| *name == entry.account.as_str());
                    balances[place.unwrap()] += entry.amount.minor;
                }
            }
            prop_assert!(balances.iter().zip(floors).all(|(balance, floor)| *balance >= floor));
        }
        prop_assert_eq!(balances.iter().sum::<i64>(), opening.iter().sum::<i64>());
        prop_assert!(posted > 0 || balances == opening);
    }

    /// Entries are a posting exactly when they are two or more, none is zero, and each currency balances.
    #[test]
    fn only_balanced_entries_are_a_posting(
        parts in prop::collection::vec((0..3_usize, -3..4_i64, currency()), 0..6),
    ) {
        let entries: Vec<Entry> = parts
            .iter()
            .map(|(place, minor, currency)| Entry {
                account: AccountId::new(format!("acc{place}")).unwrap(),
                amount: Money::new(*minor, *currency),
            })
            .collect();
        let sum = |wanted: Currency| -> i64 {
            parts.iter().filter(|(_, _, it)| *it == wanted).map(|(_, minor, _)| minor).sum()
        };
        let expected = parts.len() >= 2
            && parts.iter().all(|(_, minor, _)| *minor != 0)
            && sum(Currency::USD) == 0
            && sum(Currency::EUR) == 0;
        prop_assert_eq!(Posting::new(entries).is_ok(), expected);
    }

    /// Two intents have one hash exactly when they are the same.
    #[test]
    fn the_hash_tells_intents_apart(one in intent(), other in intent()) {
        prop_assert_eq!(one.hash() == other.hash(), one == other);
        prop_assert_eq!(one.clone().hash(), one.hash());
    }

    /// A confirmation that is given again has the key it had; another proposal has another.
    #[test]
    fn a_key_belongs_to_one_confirmation(one in intent(), other in intent(), first in id(), second in id()) {
        let now = Timestamp::UNIX_EPOCH;
        let later = Timestamp::from_second(60).unwrap();
        let key = |id: &str, intent: &MoneyIntent| {
            Proposal::new(ConfirmationId::new(id).unwrap(), intent.clone(), later)
                .confirm(&intent.customer, now)
                .unwrap()
                .idempotency_key()
        };
        prop_assert_eq!(key(&first, &one), key(&first, &one));
        let same = first == second && one == other;
        prop_assert_eq!(key(&first, &one) == key(&second, &other), same);
    }

    /// From the instant of expiry on nobody confirms, and before it only the customer does.
    #[test]
    fn only_the_customer_confirms_and_only_in_time(
        intent in intent(),
        by in id(),
        now in -5..5_i64,
    ) {
        let at = |second| Timestamp::from_second(second).unwrap();
        let proposal = Proposal::new(ConfirmationId::new("c").unwrap(), intent.clone(), at(0));
        let by = CustomerId::new(by).unwrap();
        let confirmed = proposal.confirm(&by, at(now));
        prop_assert_eq!(confirmed.is_ok(), by == intent.customer && now < 0);
        if let Ok(confirmed) = confirmed {
            prop_assert_eq!(confirmed.hash(), intent.hash());
            prop_assert_eq!(confirmed.get(), &intent);
        }
    }
}
