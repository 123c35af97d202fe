//! What one customer may use of the models in one day: tokens, cost, time.
//!
//! A request reserves the most that it could take before it is sent, so that many at once cannot go
//! above a cap together, and settles for what it took. [`Allowance`] is the port: several processes that
//! share a customer need a shared store behind it; [`InMemoryAllowance`] is right for one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::civil::Date;
use vostro_dialogue::model::Cap;
use vostro_types::CustomerId;

/// What is used, or may be at the most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spend {
    /// Tokens of prompts and answers.
    pub tokens: u64,
    /// Millionths of a dollar.
    pub micro_dollars: u64,
    /// Milliseconds of the models' work.
    pub millis: u64,
}

impl Spend {
    fn plus(self, other: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_add(other.tokens),
            micro_dollars: self.micro_dollars.saturating_add(other.micro_dollars),
            millis: self.millis.saturating_add(other.millis),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_sub(other.tokens),
            micro_dollars: self.micro_dollars.saturating_sub(other.micro_dollars),
            millis: self.millis.saturating_sub(other.millis),
        }
    }
}

/// The caps of a customer's day; 0 is no cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Tokens.
    pub tokens: u64,
    /// Millionths of a dollar.
    pub micro_dollars: u64,
    /// Milliseconds of the models' work.
    pub millis: u64,
}

impl Default for Caps {
    /// 200,000 tokens, a quarter of a dollar, ten minutes.
    fn default() -> Self {
        Self {
            tokens: 200_000,
            micro_dollars: 250_000,
            millis: 600_000,
        }
    }
}

impl Caps {
    fn broken_by(&self, spend: Spend) -> Option<Cap> {
        let above = |cap: u64, value: u64| cap != 0 && value > cap;
        [
            (above(self.tokens, spend.tokens), Cap::Tokens),
            (above(self.micro_dollars, spend.micro_dollars), Cap::Cost),
            (above(self.millis, spend.millis), Cap::Time),
        ]
        .into_iter()
        .find_map(|(broken, cap)| broken.then_some(cap))
    }
}

/// Why nothing was reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AllowanceError {
    /// The cap would be broken.
    #[error("a cap of the customer's day is reached")]
    Reached(Cap),
    /// What was used so far is not known.
    #[error("the store of the caps cannot be asked")]
    Unavailable,
}

/// Keeps what each customer used.
#[async_trait]
pub trait Allowance: Send + Sync {
    /// Reserves `most` for a customer on a day, whole or not at all.
    async fn reserve(
        &self,
        customer: &CustomerId,
        day: Date,
        most: Spend,
    ) -> Result<(), AllowanceError>;

    /// Replaces a reservation by what was used. Must not block: it is called when a request ends,
    /// however it ends. An implementation over a network queues it.
    fn settle(&self, customer: &CustomerId, day: Date, reserved: Spend, used: Spend);
}

/// The allowance of a single process. It forgets at midnight, and at a restart.
#[derive(Debug)]
pub struct InMemoryAllowance {
    caps: Caps,
    days: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    day: Date,
    used: HashMap<CustomerId, Spend>,
}

impl InMemoryAllowance {
    /// An allowance with these caps.
    pub fn new(caps: Caps) -> Self {
        Self {
            caps,
            days: Mutex::default(),
        }
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.days.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Allowance for InMemoryAllowance {
    async fn reserve(
        &self,
        customer: &CustomerId,
        day: Date,
        most: Spend,
    ) -> Result<(), AllowanceError> {
        let mut book = self.book();
        // A clock that goes back does not open yesterday again.
        if day > book.day {
            *book = Book {
                day,
                used: HashMap::new(),
            };
        }
        let used = book.used.get(customer).copied().unwrap_or_default();
        let after = used.plus(most);
        if let Some(cap) = self.caps.broken_by(after) {
            return Err(AllowanceError::Reached(cap));
        }
        book.used.insert(customer.clone(), after);
        Ok(())
    }

    fn settle(&self, customer: &CustomerId, day: Date, reserved: Spend, used: Spend) {
        let mut book = self.book();
        // What was reserved yesterday is not in today's book.
        if day != book.day {
            return;
        }
        if let Some(spent) = book.used.get_mut(customer) {
            *spent = spent.minus(reserved).plus(used);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn spend(tokens: u64, micro_dollars: u64, millis: u64) -> Spend {
        Spend {
            tokens,
            micro_dollars,
            millis,
        }
    }

    #[tokio::test]
    async fn caps_hold_for_reservations_and_open_again_when_less_was_used() {
        let allowance = InMemoryAllowance::new(Caps {
            tokens: 100,
            micro_dollars: 50,
            millis: 0,
        });
        let (anna, ben) = (
            CustomerId::new("anna").unwrap(),
            CustomerId::new("ben").unwrap(),
        );
        let (today, tomorrow) = (date(2026, 3, 9), date(2026, 3, 10));
        let reached = |cap| Err(AllowanceError::Reached(cap));
        let most = spend(60, 10, u64::MAX);
        assert_eq!(allowance.reserve(&anna, today, most).await, Ok(()));
        assert_eq!(
            allowance.reserve(&anna, today, most).await,
            reached(Cap::Tokens)
        );
        assert_eq!(
            allowance.reserve(&ben, today, most).await,
            Ok(()),
            "each has their own"
        );
        allowance.settle(&anna, today, most, spend(40, 10, 5));
        assert_eq!(
            allowance.reserve(&anna, today, spend(60, 41, 0)).await,
            reached(Cap::Cost)
        );
        assert_eq!(allowance.reserve(&anna, today, most).await, Ok(()));
        assert_eq!(
            allowance.reserve(&anna, tomorrow, spend(100, 0, 0)).await,
            Ok(())
        );
        allowance.settle(&anna, today, most, Spend::default());
        assert_eq!(
            allowance.reserve(&anna, tomorrow, spend(1, 0, 0)).await,
            reached(Cap::Tokens),
            "yesterday's settlement frees nothing today"
        );
        assert_eq!(
            allowance.reserve(&anna, today, spend(1, 0, 0)).await,
            reached(Cap::Tokens),
            "a clock that goes back opens nothing"
        );
    }
}
