//! The customer's confirmation: what turns an intent into something that may be posted.
//!
//! A [`Proposal`] freezes the parameters and names its hour of expiry. [`Proposal::confirm`] is the
//! only way to a [`Confirmed`], and a `Confirmed` is consumed by posting. That the same proposal is
//! not confirmed twice is the store's work: it consumes the confirmation record in the posting transaction.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vostro_types::{ConfirmationId, CustomerId, Money};

use crate::intent::{IntentHash, MoneyIntent, Target};

/// Something that a customer can say yes to: a movement, a standing order.
pub trait Confirmable {
    /// Whose yes it takes.
    fn customer(&self) -> &CustomerId;

    /// The hash over everything that the customer is shown, under a tag of its own kind.
    fn hash(&self) -> IntentHash;
}

impl Confirmable for MoneyIntent {
    fn customer(&self) -> &CustomerId {
        &self.customer
    }

    fn hash(&self) -> IntentHash {
        Self::hash(self)
    }
}

/// Something put before its customer, waiting for yes or no: a money movement if nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal<T = MoneyIntent> {
    /// Names this proposal.
    pub id: ConfirmationId,
    /// What would be done.
    pub intent: T,
    /// The frozen parameters' hash at the time of proposing.
    pub hash: IntentHash,
    /// When the customer can no longer confirm.
    pub expires_at: Timestamp,
}

/// Why a confirmation does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmError {
    /// Somebody else's proposal.
    #[error("the confirmation belongs to another customer")]
    OtherCustomer,
    /// The parameters are not the ones that were proposed.
    #[error("the parameters are not the ones that were proposed")]
    Changed,
    /// Too late.
    #[error("the confirmation has expired")]
    Expired,
    /// The second factor was given for something else.
    #[error("the second factor was given for something else")]
    OtherFactor,
}

/// That a second factor was given for one confirmation and for its content: customer, amount, currency,
/// source and payee (PSD2 RTS, article 5). It fits nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorPass {
    /// The confirmation.
    pub confirmation: ConfirmationId,
    /// The hash of what the customer was shown when they gave it.
    pub hash: IntentHash,
}

/// The key under which a confirmed movement is posted at most once: derived from the confirmation
/// and the frozen parameters, never chosen by a client or a model.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdempotencyKey([u8; 32]);

impl IdempotencyKey {
    /// From a digest under a tag of its own.
    pub(crate) const fn from_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }
}

impl std::fmt::Display for IdempotencyKey {
    /// Lower-case hexadecimal.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// Something that its customer confirmed. Cannot be made elsewhere and cannot be copied.
///
/// ```compile_fail
/// fn twice(confirmed: vostro_ledger::Confirmed<u8>) {
///     let _again = confirmed.clone();
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Confirmed<T> {
    inner: T,
    confirmation: ConfirmationId,
    hash: IntentHash,
    has_factor: bool,
    day_without_factor: Option<Money>,
}

impl<T> Confirmed<T> {
    /// What was confirmed.
    pub const fn get(&self) -> &T {
        &self.inner
    }

    /// The confirmation to be consumed by posting.
    pub const fn confirmation(&self) -> &ConfirmationId {
        &self.confirmation
    }

    /// The hash of the parameters that the customer saw.
    pub const fn hash(&self) -> IntentHash {
        self.hash
    }

    /// Whether a second factor was given with it.
    pub const fn has_factor(&self) -> bool {
        self.has_factor
    }

    /// The key that makes posting this a single effect.
    pub fn idempotency_key(&self) -> IdempotencyKey {
        let mut hasher = Sha256::new();
        hasher.update(b"vostro.key.v1");
        hasher.update((self.confirmation.as_str().len() as u64).to_be_bytes());
        hasher.update(self.confirmation.as_str().as_bytes());
        hasher.update(self.hash.0);
        IdempotencyKey(hasher.finalize().into())
    }
}

impl Confirmed<MoneyIntent> {
    /// The same, to count without a second factor only while no more than `most` leaves the customer's accounts in a
    /// day, this movement included. Where it would be more is found out by the store, which knows the sum under
    /// its lock. With a factor nothing changes.
    #[must_use]
    pub fn within_a_day(mut self, most: Option<Money>) -> Self {
        self.day_without_factor = most.filter(|_| !self.has_factor);
        self
    }

    /// The most that may leave in a day for it to count without a second factor.
    pub const fn day_without_factor(&self) -> Option<Money> {
        self.day_without_factor
    }

    /// Whether it takes a second factor that was not given, with so much sent today. An amount in another currency
    /// than the limit's cannot be compared with it, and does.
    pub fn lacks_factor(&self, sent_today: Money) -> bool {
        let Some(most) = self.day_without_factor else {
            return false;
        };
        let to_others = !matches!(self.inner.target, Target::Own { .. });
        let sum = sent_today.checked_add(self.inner.amount).ok();
        to_others && sum.is_none_or(|sum| sum.currency != most.currency || sum.minor > most.minor)
    }
}

impl<T: Confirmable> Proposal<T> {
    /// Freezes an intent until `expires_at`.
    pub fn new(id: ConfirmationId, intent: T, expires_at: Timestamp) -> Self {
        let hash = intent.hash();
        Self {
            id,
            intent,
            hash,
            expires_at,
        }
    }

    /// The customer's yes, at `now`. Refused for another customer, for changed parameters and from
    /// the instant of expiry on.
    pub fn confirm(self, by: &CustomerId, now: Timestamp) -> Result<Confirmed<T>, ConfirmError> {
        if self.intent.customer() != by {
            return Err(ConfirmError::OtherCustomer);
        }
        if self.intent.hash() != self.hash {
            return Err(ConfirmError::Changed);
        }
        if now >= self.expires_at {
            return Err(ConfirmError::Expired);
        }
        Ok(Confirmed {
            inner: self.intent,
            confirmation: self.id,
            hash: self.hash,
            has_factor: false,
            day_without_factor: None,
        })
    }

    /// [`Proposal::confirm`] of what needs a second factor, with the one that was given.
    pub fn confirm_with_factor(
        self,
        by: &CustomerId,
        now: Timestamp,
        factor: &FactorPass,
    ) -> Result<Confirmed<T>, ConfirmError> {
        if factor.confirmation != self.id || factor.hash != self.intent.hash() {
            return Err(ConfirmError::OtherFactor);
        }
        let confirmed = self.confirm(by, now)?;
        Ok(Confirmed {
            has_factor: true,
            ..confirmed
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::AccountNumber;
    use vostro_types::{AccountId, Currency};

    fn proposal(id: &str) -> Proposal {
        let intent = MoneyIntent {
            customer: CustomerId::new("ada").unwrap(),
            source: AccountId::new("acc_1").unwrap(),
            target: Target::NewPayee {
                number: AccountNumber::new("67890").unwrap(),
            },
            amount: Money::new(8_200, Currency::USD),
        };
        Proposal::new(
            ConfirmationId::new(id).unwrap(),
            intent,
            Timestamp::from_second(600).unwrap(),
        )
    }

    #[test]
    fn a_confirmation_fits_only_what_was_proposed() {
        let ada = CustomerId::new("ada").unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(proposal("c").confirm(&ada, at(599)).is_ok());
        assert_eq!(
            proposal("c").confirm(&ada, at(600)),
            Err(ConfirmError::Expired)
        );
        let eve = CustomerId::new("eve").unwrap();
        assert_eq!(
            proposal("c").confirm(&eve, at(0)),
            Err(ConfirmError::OtherCustomer)
        );
        let mut changed = proposal("c");
        changed.intent.amount.minor = 82_000;
        assert_eq!(changed.confirm(&ada, at(0)), Err(ConfirmError::Changed));
    }

    /// Approving $82 never executes $820, and a factor for one payee none for another.
    #[test]
    fn a_second_factor_fits_only_what_it_was_given_for() {
        let ada = CustomerId::new("ada").unwrap();
        let given = FactorPass {
            confirmation: ConfirmationId::new("c").unwrap(),
            hash: proposal("c").hash,
        };
        let now = Timestamp::UNIX_EPOCH;
        assert!(proposal("c").confirm_with_factor(&ada, now, &given).is_ok());
        let more = |change: fn(&mut MoneyIntent)| {
            let mut intent = proposal("c").intent;
            change(&mut intent);
            let id = ConfirmationId::new("c").unwrap();
            Proposal::new(id, intent, Timestamp::from_second(600).unwrap())
        };
        let others = [
            proposal("another"),
            more(|intent| intent.amount.minor = 82_000),
            more(|intent| {
                intent.target = Target::NewPayee {
                    number: AccountNumber::new("67891").unwrap(),
                };
            }),
        ];
        for other in others {
            let refused = other.confirm_with_factor(&ada, now, &given);
            assert_eq!(refused, Err(ConfirmError::OtherFactor));
        }
        let late = Timestamp::from_second(600).unwrap();
        let refused = proposal("c").confirm_with_factor(&ada, late, &given);
        assert_eq!(refused, Err(ConfirmError::Expired));
    }

    #[test]
    fn a_day_s_sum_asks_for_a_factor_where_it_would_be_exceeded() {
        let (ada, now) = (CustomerId::new("ada").unwrap(), Timestamp::UNIX_EPOCH);
        let usd = |minor| Money::new(minor, Currency::USD);
        let given = FactorPass {
            confirmation: ConfirmationId::new("c").unwrap(),
            hash: proposal("c").hash,
        };
        let yes = |most| proposal("c").confirm(&ada, now).unwrap().within_a_day(most);
        for (most, sent, lacks) in [
            (None, usd(i64::MAX), false),
            (Some(usd(10_000)), usd(1_800), false),
            (Some(usd(10_000)), usd(1_801), true),
            (Some(usd(i64::MAX)), usd(i64::MAX), true),
            (Some(Money::new(i64::MAX, Currency::EUR)), usd(0), true),
            (Some(usd(10_000)), Money::new(0, Currency::EUR), true),
        ] {
            assert_eq!(yes(most).lacks_factor(sent), lacks, "{most:?} {sent:?}");
        }
        let with = proposal("c").confirm_with_factor(&ada, now, &given);
        let with = with.unwrap().within_a_day(Some(usd(0)));
        assert!(with.has_factor() && !with.lacks_factor(usd(9)));
    }

    #[test]
    fn the_key_follows_confirmation_and_parameters() {
        let ada = CustomerId::new("ada").unwrap();
        let key = |id| {
            proposal(id)
                .confirm(&ada, Timestamp::UNIX_EPOCH)
                .unwrap()
                .idempotency_key()
        };
        assert_eq!(key("c1"), key("c1"));
        assert_ne!(key("c1"), key("c2"));
        assert_eq!(key("c1").to_string().len(), 64);
    }
}
