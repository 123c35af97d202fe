//! When a confirmation needs a second factor. The sandbox's policy never asks for one.

use serde::{Deserialize, Serialize};
use vostro_ledger::{MoneyIntent, Target};
use vostro_types::Money;

/// Which movements need a second factor besides the customer's yes (PSD2 RTS, article 5: bound to
/// amount and payee, which the proposal's frozen parameters are).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUpPolicy {
    /// Movements of more than this.
    pub above: Option<Money>,
    /// Movements to an account number that is not saved.
    pub new_payee: bool,
    /// Movements to others with which more than this leaves the customer's accounts in one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<Money>,
    /// Movements to others of more than this are a person's: none is proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_above: Option<Money>,
    /// What opens a way to the customer's money: saving a payee, changing a contact detail, showing an
    /// account's whole number.
    #[serde(default)]
    pub sensitive: bool,
}

impl StepUpPolicy {
    /// Whether anything can need a second factor.
    pub const fn is_active(&self) -> bool {
        self.above.is_some() || self.new_payee || self.per_day.is_some() || self.sensitive
    }

    /// Whether this movement is a person's to do. An amount in another currency than the threshold's cannot be
    /// compared with it, and is.
    pub fn leaves_to_person(&self, intent: &MoneyIntent) -> bool {
        !matches!(intent.target, Target::Own { .. })
            && (self.person_above).is_some_and(|limit| over(limit, intent.amount))
    }

    /// Whether this movement needs a second factor. An amount in another currency than a threshold's
    /// cannot be compared with it, and does; so does one where it is not known what was `sent_today`.
    pub fn demands(&self, intent: &MoneyIntent, sent_today: Option<Money>) -> bool {
        let to_others = !matches!(intent.target, Target::Own { .. });
        let above = self.above.is_some_and(|limit| over(limit, intent.amount));
        let day = self.per_day.is_some_and(|limit| {
            let sum = sent_today.and_then(|sent| sent.checked_add(intent.amount).ok());
            to_others && sum.is_none_or(|sum| over(limit, sum))
        });
        above || day || (self.new_payee && matches!(intent.target, Target::NewPayee { .. }))
    }
}

fn over(limit: Money, amount: Money) -> bool {
    amount.currency != limit.currency || amount.minor > limit.minor
}

#[cfg(test)]
mod tests {
    use vostro_ledger::AccountNumber;
    use vostro_types::{AccountId, Currency, CustomerId, PayeeId};

    use super::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    #[test]
    fn a_policy_demands_what_it_says() {
        let number = AccountNumber::new("67890").unwrap();
        let saved = Target::Payee {
            payee: PayeeId::new("p").unwrap(),
            number: number.clone(),
        };
        let own = Target::Own {
            account: AccountId::new("b").unwrap(),
        };
        let new = Target::NewPayee { number };
        let none = StepUpPolicy::default();
        let above = StepUpPolicy {
            above: Some(usd(8_200)),
            ..none.clone()
        };
        let day = StepUpPolicy {
            per_day: Some(usd(10_000)),
            ..none.clone()
        };
        let payee = StepUpPolicy {
            new_payee: true,
            ..none.clone()
        };
        let person = StepUpPolicy {
            person_above: Some(usd(8_200)),
            ..none.clone()
        };
        let eur = Money::new(1, Currency::EUR);
        let sent = Some(usd(9_000));
        let cases = [
            ("no policy", &none, &new, usd(900_000), sent, false),
            ("at the amount", &above, &saved, usd(8_200), sent, false),
            ("above it", &above, &saved, usd(8_201), sent, true),
            ("above it, own", &above, &own, usd(8_201), sent, true),
            ("another currency", &above, &saved, eur, sent, true),
            ("the day is at it", &day, &saved, usd(1_000), sent, false),
            ("the day is above", &day, &saved, usd(1_001), sent, true),
            ("own does not count", &day, &own, usd(1_001), sent, false),
            ("the day is unknown", &day, &saved, usd(1), None, true),
            ("a saved payee", &payee, &saved, usd(1), sent, false),
            (
                "a person's, not a factor's",
                &person,
                &new,
                usd(8_201),
                None,
                false,
            ),
            ("a new payee", &payee, &new, usd(1), sent, true),
        ];
        for (what, policy, target, amount, sent, expected) in cases {
            let intent = MoneyIntent {
                customer: CustomerId::new("ada").unwrap(),
                source: AccountId::new("a").unwrap(),
                target: target.clone(),
                amount,
            };
            assert_eq!(policy.demands(&intent, sent), expected, "{what}");
            let persons = policy == &person;
            assert_eq!(policy.leaves_to_person(&intent), persons, "{what}");
        }
        let at = |target: &Target, amount| MoneyIntent {
            customer: CustomerId::new("ada").unwrap(),
            source: AccountId::new("a").unwrap(),
            target: target.clone(),
            amount,
        };
        assert!(!person.leaves_to_person(&at(&new, usd(8_200))));
        assert!(!person.leaves_to_person(&at(&own, usd(8_201))));
        assert!(person.leaves_to_person(&at(&saved, eur)));
        assert!(!person.is_active());
        assert!(!none.is_active() && above.is_active() && payee.is_active());
    }
}
