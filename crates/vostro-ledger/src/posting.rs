//! Entries and postings: double entry, checked when made.

use vostro_types::{AccountId, Currency, Money, MoneyError};

/// One line of a transfer: what an account gains (positive) or gives (negative).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The account.
    pub account: AccountId,
    /// The signed amount.
    pub amount: Money,
}

/// Why entries are not a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostingError {
    /// Fewer than two entries.
    #[error("a posting has at least two entries")]
    TooFewEntries,
    /// An entry of nothing.
    #[error("an entry of zero says nothing")]
    ZeroEntry,
    /// The entries of this currency do not sum to zero.
    #[error("the entries in {0} do not sum to zero")]
    Unbalanced(Currency),
    /// A sum does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Entries that balance. Cannot be made otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    entries: Vec<Entry>,
}

impl Posting {
    /// Takes entries that are at least two, none of them zero, and sum to zero per currency.
    pub fn new(entries: Vec<Entry>) -> Result<Self, PostingError> {
        if entries.len() < 2 {
            return Err(PostingError::TooFewEntries);
        }
        if entries.iter().any(|entry| entry.amount.minor == 0) {
            return Err(PostingError::ZeroEntry);
        }
        for entry in &entries {
            let currency = entry.amount.currency;
            let sum: i128 = entries
                .iter()
                .filter(|other| other.amount.currency == currency)
                .map(|other| i128::from(other.amount.minor))
                .sum();
            if sum != 0 {
                return Err(PostingError::Unbalanced(currency));
            }
        }
        Ok(Self { entries })
    }

    /// The plain case: `amount` from one account to another.
    pub fn between(from: AccountId, to: AccountId, amount: Money) -> Result<Self, PostingError> {
        let out = Entry {
            account: from,
            amount: amount.checked_neg()?,
        };
        Self::new(vec![
            out,
            Entry {
                account: to,
                amount,
            },
        ])
    }

    /// The entries, in the order they were given.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(account: &str, minor: i64, currency: Currency) -> Entry {
        Entry {
            account: AccountId::new(account).unwrap(),
            amount: Money::new(minor, currency),
        }
    }

    #[test]
    fn only_balanced_entries_are_a_posting() {
        let (usd, eur) = (Currency::USD, Currency::EUR);
        let cases: [(Vec<Entry>, Result<(), PostingError>); 6] = [
            (vec![entry("a", -5, usd), entry("b", 5, usd)], Ok(())),
            (
                vec![entry("a", -5, usd), entry("b", 3, usd), entry("c", 2, usd)],
                Ok(()),
            ),
            (vec![entry("a", 5, usd)], Err(PostingError::TooFewEntries)),
            (
                vec![entry("a", -5, usd), entry("b", 6, usd)],
                Err(PostingError::Unbalanced(usd)),
            ),
            (
                vec![entry("a", -5, usd), entry("b", 5, eur)],
                Err(PostingError::Unbalanced(usd)),
            ),
            (
                vec![entry("a", 0, usd), entry("b", 0, usd)],
                Err(PostingError::ZeroEntry),
            ),
        ];
        for (entries, expected) in cases {
            assert_eq!(
                Posting::new(entries.clone()).map(|_| ()),
                expected,
                "{entries:?}"
            );
        }
        let huge = vec![
            entry("a", i64::MAX, usd),
            entry("b", i64::MAX, usd),
            entry("c", 2, usd),
        ];
        assert_eq!(Posting::new(huge), Err(PostingError::Unbalanced(usd)));
    }
}
