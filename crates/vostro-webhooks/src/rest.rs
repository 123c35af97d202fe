//! Leaving an endpoint alone that takes nothing: as long as every attempt fails, there are fewer of them,
//! and what it asked for with `Retry-After` goes for the whole endpoint.

use jiff::{SignedDuration, Timestamp};

use crate::attempt::Outcome;

const FIRST: SignedDuration = SignedDuration::from_secs(1);
const LONGEST: SignedDuration = SignedDuration::from_mins(1);

/// Whether an endpoint is left alone, and how many attempts it gets at once.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    /// Rounds in a row in which nothing was acknowledged.
    failed: u32,
    until: Option<Timestamp>,
}

impl Rest {
    /// Whether the endpoint is left alone now.
    pub(crate) fn is_on(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// How many attempts may be made at once: one, to see, after a round that failed.
    pub(crate) const fn at_once(&self, usual: u32) -> u32 {
        if self.failed == 0 { usual } else { 1 }
    }

    /// Takes in how a round's attempts ended. A round without attempts says nothing.
    pub(crate) fn note(&mut self, outcomes: &[Outcome], now: Timestamp) {
        if outcomes.is_empty() {
            return;
        }
        let is_taken = |it: &Outcome| matches!(it, Outcome::Acknowledged(_) | Outcome::Withdrawn);
        let mut wait = outcomes
            .iter()
            .filter_map(|it| it.retry_after())
            .max()
            .unwrap_or_default();
        if outcomes.iter().any(is_taken) {
            self.failed = 0;
        } else {
            let own = FIRST * (1_i32 << self.failed.min(6));
            wait = wait.max(own.min(LONGEST));
            self.failed = self.failed.saturating_add(1);
        }
        let until = now.checked_add(wait).ok();
        self.until = until.filter(|_| wait.is_positive());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_that_takes_nothing_is_asked_less() {
        let start: Timestamp = "2026-03-11T16:00:00Z".parse().unwrap();
        let mut rest = Rest::default();
        let limited = Outcome::Refused {
            status: 429,
            retry_after: Some(SignedDuration::from_secs(300)),
        };
        let fine = Outcome::Acknowledged(200);
        // What a round gave, for how many seconds the endpoint rests, and how many attempts come then.
        let rounds: [(&[Outcome], i64, u32); 13] = [
            (&[], 0, 8),
            (&[fine, Outcome::TimedOut], 0, 8),
            (&[Outcome::TimedOut, Outcome::Unreachable], 1, 1),
            (&[Outcome::TimedOut], 2, 1),
            (&[Outcome::TimedOut], 4, 1),
            (&[Outcome::TimedOut], 8, 1),
            (&[Outcome::TimedOut], 16, 1),
            (&[Outcome::TimedOut], 32, 1),
            (&[Outcome::TimedOut], 60, 1),
            (&[limited], 300, 1),
            (&[fine], 0, 8),
            (&[fine, limited], 300, 8),
            (&[], 300, 8),
        ];
        for (index, (outcomes, seconds, at_once)) in rounds.into_iter().enumerate() {
            rest.note(outcomes, start);
            let ends = start + SignedDuration::from_secs(seconds);
            let before = ends - SignedDuration::from_millis(1);
            assert!(!rest.is_on(ends), "round {index}");
            assert_eq!(rest.is_on(before), seconds > 0, "round {index}");
            assert_eq!(rest.at_once(8), at_once, "round {index}");
        }
    }
}
