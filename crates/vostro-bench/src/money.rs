//! The money of the customers that the load plays: what they had, what they were told was paid, and
//! whether what is left agrees. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One customer's side of the books, in minor units.
#[derive(Debug, Clone, Copy, Default)]
struct Purse {
    opening: i64,
    /// Paid, with a receipt.
    paid: i64,
    /// Confirmed, but no answer came: paid or not.
    unknown: i64,
}

/// What all customers had and paid.
#[derive(Debug, Default)]
pub(crate) struct Money {
    purses: BTreeMap<String, Purse>,
    receipts: u64,
    unanswered: u64,
    /// Receipts over another amount than was proposed.
    changed: u64,
}

/// What came of comparing it with the balances at the end.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Conservation {
    /// Customers whose balances were compared.
    pub customers: u64,
    /// Receipts that they got.
    pub receipts: u64,
    /// What the receipts say was paid, in minor units.
    pub paid_minor: i64,
    /// Confirmations that got no answer: either may be true.
    pub unanswered: u64,
    /// Receipts over another amount than was proposed.
    pub changed: u64,
    /// Customers whose balances are not the opening ones less their receipts.
    pub deviations: u64,
    /// Customers whose balances could not be read at the end.
    pub unread: u64,
    /// What the deployment's own check of its books said, where it can be reached.
    pub books: Option<bool>,
}

impl Conservation {
    /// Whether nothing contradicts that all money is where it should be.
    pub fn holds(&self) -> bool {
        self.deviations == 0 && self.changed == 0 && self.unread == 0 && self.books != Some(false)
    }
}

impl Money {
    /// A customer's balances before the load.
    pub(crate) fn opened(&mut self, customer: &str, minor: i64) {
        let purse = Purse {
            opening: minor,
            ..Purse::default()
        };
        self.purses.entry(customer.to_owned()).or_insert(purse);
    }

    /// A receipt over what was proposed, or another amount.
    pub(crate) fn paid(&mut self, customer: &str, proposed: i64, posted: i64) {
        self.receipts += 1;
        self.changed += u64::from(proposed != posted);
        if let Some(purse) = self.purses.get_mut(customer) {
            purse.paid += posted;
        }
    }

    /// A confirmation got no answer.
    pub(crate) fn unanswered(&mut self, customer: &str, proposed: i64) {
        self.unanswered += 1;
        if let Some(purse) = self.purses.get_mut(customer) {
            purse.unknown += proposed;
        }
    }

    /// The customers with an opening balance.
    pub(crate) fn customers(&self) -> impl Iterator<Item = &str> {
        self.purses.keys().map(String::as_str)
    }

    /// Compares with the balances at the end; `None` for one that could not be read.
    pub(crate) fn compare(&self, closing: &BTreeMap<String, Option<i64>>) -> Conservation {
        let mut found = Conservation {
            receipts: self.receipts,
            unanswered: self.unanswered,
            changed: self.changed,
            ..Conservation::default()
        };
        for (customer, purse) in &self.purses {
            found.paid_minor += purse.paid;
            match closing.get(customer).copied().flatten() {
                None => found.unread += 1,
                Some(minor) => {
                    found.customers += 1;
                    let most = purse.opening - purse.paid;
                    let fits = (most - purse.unknown..=most).contains(&minor);
                    found.deviations += u64::from(!fits);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cent_is_accounted_for() {
        let mut money = Money::default();
        for customer in ["ada", "eve", "kim"] {
            money.opened(customer, 1_000);
        }
        money.paid("ada", 100, 100);
        money.paid("ada", 100, 100);
        money.unanswered("eve", 100);
        // what they have at the end, and whether all is well
        let table = [
            ((800, 1_000, 1_000), true),
            ((800, 900, 1_000), true),    // what got no answer was paid
            ((900, 1_000, 1_000), false), // a receipt without its posting
            ((800, 1_000, 900), false),   // a posting without its receipt
            ((800, 800, 1_000), false),   // paid twice
        ];
        for ((ada, eve, kim), expected) in table {
            let closing = [("ada", ada), ("eve", eve), ("kim", kim)]
                .map(|(name, minor)| (name.to_owned(), Some(minor)));
            let found = money.compare(&closing.into());
            assert_eq!(found.holds(), expected, "{found:?}");
        }
        money.paid("kim", 100, 1_000);
        assert_eq!(money.compare(&BTreeMap::new()).changed, 1);
        assert!(
            !money.compare(&BTreeMap::new()).holds(),
            "nothing could be read"
        );
    }
}
