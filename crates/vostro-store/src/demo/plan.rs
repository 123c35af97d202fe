//! A demo customer's plan: what there is to open, and which money moved, before any of it is written.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use vostro_bank::{CardKind, Category};
use vostro_ledger::{AccountKind, AccountNumber};
use vostro_types::{AccountId, CardId, CustomerId, PayeeId};

use super::catalogue::{BILLERS, DemoBiller, PAYEES};
use super::days;
use super::random::{Ids, Purpose, stream};
use crate::config::StoreConfig;

/// How many days back the first transaction lies.
pub(super) const DAYS: i16 = 90;
/// The places of the customer's accounts.
pub(super) const CHECKING: usize = 0;
pub(super) const SAVINGS: usize = 1;
pub(super) const CARD: usize = 2;

/// Everything that opening a demo customer writes.
#[derive(Debug)]
pub struct DemoPlan {
    pub(crate) display_name: String,
    pub(crate) opened_at: Timestamp,
    pub(crate) accounts: Vec<PlannedAccount>,
    pub(crate) payees: Vec<PlannedPayee>,
    /// What the customer has with each of [`BILLERS`], in their order.
    pub(crate) billers: Vec<PlannedBiller>,
    pub(crate) cards: Vec<PlannedCard>,
    /// How the bank reaches them: made up, as all of it.
    pub(crate) contacts: [(&'static str, &'static str); 3],
    /// Oldest first.
    pub(crate) movements: Vec<Movement>,
    pub(crate) ids: Ids,
    numbers: ChaCha8Rng,
}

#[derive(Debug)]
pub(crate) struct PlannedAccount {
    pub(crate) id: AccountId,
    pub(crate) kind: AccountKind,
    pub(crate) name: &'static str,
    pub(crate) floor_minor: i64,
}

/// A card of one of the accounts, by its place; only the end of its number was ever drawn.
#[derive(Debug)]
pub(crate) struct PlannedCard {
    pub(crate) id: CardId,
    pub(crate) account: usize,
    pub(crate) kind: CardKind,
    pub(crate) name: &'static str,
    pub(crate) last_four: String,
    pub(crate) limit_minor: i64,
}

#[derive(Debug)]
pub(crate) struct PlannedPayee {
    pub(crate) id: PayeeId,
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) number: AccountNumber,
}

#[derive(Debug)]
pub(crate) struct PlannedBiller {
    pub(crate) reference: String,
    pub(crate) open_bill: Option<PlannedBill>,
}

#[derive(Debug)]
pub(crate) struct PlannedBill {
    pub(crate) amount_minor: i64,
    pub(crate) issued_on: Date,
    pub(crate) due_on: Date,
}

/// Where money is: the customer's own account or a biller's by place, outside the bank, or the bank's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party {
    Own(usize),
    Biller(usize),
    Outside,
    Bank,
}

/// What one side reads on its statement.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) description: String,
    pub(crate) merchant: Option<&'static str>,
    pub(crate) category: Category,
}

/// Money that moved.
#[derive(Debug, Clone)]
pub(crate) struct Movement {
    pub(crate) at: Timestamp,
    pub(crate) kind: &'static str,
    pub(crate) source: Party,
    pub(crate) destination: Party,
    pub(crate) amount_minor: i64,
    pub(crate) source_line: Line,
    pub(crate) destination_line: Line,
}

impl DemoPlan {
    /// Account numbers for the customer, as many as it takes to find free ones.
    pub(crate) fn account_numbers(&self) -> impl Iterator<Item = AccountNumber> + use<> {
        let mut rng = self.numbers.clone();
        // The payees' numbers were drawn from the same stream.
        std::iter::repeat_with(move || account_number(&mut rng)).flatten()
    }
}

/// Plans a demo customer as of the configuration's clock.
pub fn plan(seed: u64, customer: &CustomerId, config: &StoreConfig) -> DemoPlan {
    let today = config.now().to_zoned(config.time_zone().clone()).date();
    let ids = Ids::new(stream(seed, customer, Purpose::Ids));
    let mut rng = stream(seed, customer, Purpose::Customer);
    let mut numbers = stream(seed, customer, Purpose::Numbers);
    let credit_limit_minor = rng.random_range(6..=16) * 50_000;
    let accounts = [
        (AccountKind::Checking, "Everyday Checking", 0),
        (AccountKind::Savings, "Savings", 0),
        (AccountKind::CreditCard, "Credit Card", -credit_limit_minor),
    ];
    let accounts = accounts.map(|(kind, name, floor_minor)| PlannedAccount {
        id: AccountId::generate(&ids),
        kind,
        name,
        floor_minor,
    });
    let payees = PAYEES
        .iter()
        .filter_map(|payee| {
            Some(PlannedPayee {
                id: PayeeId::generate(&ids),
                name: payee.name,
                aliases: payee.aliases,
                number: account_number(&mut numbers)?,
            })
        })
        .collect();
    let billers = BILLERS
        .iter()
        .map(|biller| signed_up(biller, today, &mut rng))
        .collect();
    let mut days_rng = stream(seed, customer, Purpose::Days);
    let movements = days::movements(today, credit_limit_minor, config, &mut days_rng);
    DemoPlan {
        display_name: "Demo customer".to_owned(),
        opened_at: movements
            .first()
            .map_or_else(|| config.now(), |movement| movement.at),
        accounts: accounts.into(),
        payees,
        billers,
        cards: cards(seed, customer),
        contacts: [
            ("email", "demo.customer@example.com"),
            ("phone", "202-555-0147"),
            ("address", "1 Demo Street, Demoville, NY 10001"),
        ],
        movements,
        ids,
        numbers,
    }
}

/// A debit card of the checking account, and a credit card. From a stream of their own, so that nothing
/// else of the customer changed when cards came.
fn cards(seed: u64, customer: &CustomerId) -> Vec<PlannedCard> {
    let mut rng = stream(seed, customer, Purpose::Cards);
    let last_four = [(); 2].map(|()| format!("{:04}", rng.random_range(0..10_000)));
    let ids = Ids::new(rng);
    let [debit, credit] = last_four;
    let planned = [
        (CHECKING, CardKind::Debit, "Debit Card", debit, 100_000),
        (CARD, CardKind::Credit, "Credit Card", credit, 200_000),
    ];
    planned
        .into_iter()
        .map(
            |(account, kind, name, last_four, limit_minor)| PlannedCard {
                id: CardId::generate(&ids),
                account,
                kind,
                name,
                last_four,
                limit_minor,
            },
        )
        .collect()
}

fn signed_up(biller: &DemoBiller, today: Date, rng: &mut ChaCha8Rng) -> PlannedBiller {
    let reference = format!("{}-{:06}", biller.reference, rng.random_range(0..1_000_000));
    let is_open = biller.always_open || rng.random_bool(0.5);
    let (from, to) = biller.usual_minor;
    let bill = PlannedBill {
        amount_minor: rng.random_range(from..=to),
        issued_on: today.saturating_sub(rng.random_range(2..=9).days()),
        due_on: today.saturating_add(rng.random_range(3..=18).days()),
    };
    PlannedBiller {
        reference,
        open_bill: is_open.then_some(bill),
    }
}

/// Ten digits that start like no telephone number's area code does, and that no card number's check
/// digit fits.
fn account_number(rng: &mut ChaCha8Rng) -> Option<AccountNumber> {
    loop {
        let digits = format!("10{:08}", rng.random_range(0..100_000_000_u32));
        if !passes_luhn(&digits) {
            return AccountNumber::new(&digits).ok();
        }
    }
}

/// The check of ISO/IEC 7812-1, annex B.
fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled) if doubled > 9 => doubled - 9,
                (_, doubled) => doubled,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luhn_is_the_standards() {
        let cases = [
            ("4111111111111111", true),
            ("79927398713", true),
            ("79927398710", false),
        ];
        for (digits, expected) in cases {
            assert_eq!(passes_luhn(digits), expected, "{digits}");
        }
    }
}
