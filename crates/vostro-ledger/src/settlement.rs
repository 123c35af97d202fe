//! When a confirmed movement becomes final: at once, or later, with its funds held until then.

use jiff::{SignedDuration, Timestamp};

use crate::intent::{MoneyIntent, Target};

/// How long after its hour a pending transfer may still be posted. What could not be posted for so long
/// (money was stopped, nothing was running) is given up: nobody expects it any more.
const GRACE: SignedDuration = SignedDuration::from_hours(72);

/// When a pending transfer is to be posted, and from when on it is given up instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// When it is posted; until then its customer can recall it.
    pub settles_at: Timestamp,
    /// When it expires unposted.
    pub expires_at: Timestamp,
}

impl Settlement {
    /// Posted at this instant, or given up after the grace that follows it.
    pub fn at(settles_at: Timestamp) -> Self {
        Self {
            settles_at,
            expires_at: settles_at.saturating_add(GRACE).unwrap_or(Timestamp::MAX),
        }
    }
}

/// The bank's rules on when movements become final.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SettlementPolicy {
    /// How long money to an account number that is not saved waits, so that its customer can recall
    /// it; `None` for not at all.
    pub new_payee_hold: Option<SignedDuration>,
}

impl SettlementPolicy {
    /// When a movement that is confirmed now becomes final; `None` for at once.
    pub fn settlement(&self, intent: &MoneyIntent, now: Timestamp) -> Option<Settlement> {
        let Target::NewPayee { .. } = intent.target else {
            return None;
        };
        let wait = self.new_payee_hold.filter(SignedDuration::is_positive)?;
        let settles_at = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        Some(Settlement::at(settles_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::AccountNumber;
    use vostro_types::{AccountId, Currency, CustomerId, Money};

    #[test]
    fn only_money_to_an_unsaved_number_waits() {
        let now = Timestamp::UNIX_EPOCH;
        let intent = |target| MoneyIntent {
            customer: CustomerId::new("ada").unwrap(),
            source: AccountId::new("acc_1").unwrap(),
            target,
            amount: Money::new(8_200, Currency::USD),
        };
        let number = AccountNumber::new("67890").unwrap();
        let new = intent(Target::NewPayee { number });
        let own = intent(Target::Own {
            account: AccountId::new("acc_2").unwrap(),
        });
        let holds = |minutes| SettlementPolicy {
            new_payee_hold: Some(SignedDuration::from_mins(minutes)),
        };
        let expected = Settlement {
            settles_at: Timestamp::from_second(1_800).unwrap(),
            expires_at: Timestamp::from_second(1_800 + 72 * 3_600).unwrap(),
        };
        assert_eq!(holds(30).settlement(&new, now), Some(expected));
        assert_eq!(holds(30).settlement(&own, now), None);
        assert_eq!(holds(0).settlement(&new, now), None);
        assert_eq!(SettlementPolicy::default().settlement(&new, now), None);
        let latest = holds(i64::MAX / 60).settlement(&new, now).unwrap();
        assert_eq!(latest.expires_at, Timestamp::MAX);
    }
}
