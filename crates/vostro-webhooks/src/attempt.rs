//! What the outcome of an attempt means: delivered, tried again, or given up. Pure; the randomness comes in.

use jiff::{SignedDuration, Timestamp};
use vostro_bank::{AttemptRecord, Verdict};

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint answered with a status from 200 to 299.
    Acknowledged(u16),
    /// It answered with another status.
    Refused {
        /// The status.
        status: u16,
        /// How long it asked to be left alone.
        retry_after: Option<SignedDuration>,
    },
    /// It answered 410: it wants nothing more.
    Gone,
    /// It answered with a redirect, which is not followed: the address is the operator's to change.
    Redirected(u16),
    /// It did not answer in time.
    TimedOut,
    /// No connection was made.
    Unreachable,
    /// The connection ended before an answer came.
    Interrupted,
    /// Its certificate is not trusted, or it does not speak TLS.
    Untrusted,
    /// Its name leads to an address that is not allowed.
    Forbidden,
    /// Nothing was sent: what the delivery names is not to be told any more.
    Withdrawn,
}

impl Outcome {
    /// Its name in metrics and in the store: one of a closed set.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Acknowledged(_) => "acknowledged",
            Self::Refused { .. } => "refused",
            Self::Gone => "gone",
            Self::Redirected(_) => "redirected",
            Self::TimedOut => "timed_out",
            Self::Unreachable => "unreachable",
            Self::Interrupted => "interrupted",
            Self::Untrusted => "untrusted",
            Self::Forbidden => "forbidden_address",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The HTTP status, where there was an answer.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Acknowledged(status)
            | Self::Refused { status, .. }
            | Self::Redirected(status) => Some(status),
            Self::Gone => Some(410),
            _ => None,
        }
    }

    /// As the store keeps it.
    pub fn record(self) -> AttemptRecord {
        AttemptRecord {
            outcome: self.label().to_owned(),
            status: self.status(),
        }
    }

    /// How long the endpoint asked to be left alone, at most [`RetryPolicy::LONGEST_WAIT`].
    pub fn retry_after(self) -> Option<SignedDuration> {
        match self {
            Self::Refused { retry_after, .. } => {
                Some(retry_after?.clamp(SignedDuration::ZERO, RetryPolicy::LONGEST_WAIT))
            }
            _ => None,
        }
    }
}

/// When a delivery is tried again, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The ceiling of the wait after the first attempt; it doubles with each further one.
    pub first: SignedDuration,
    /// The highest ceiling.
    pub ceiling: SignedDuration,
    /// After so many attempts a delivery is dead.
    pub attempts: u32,
}

impl RetryPolicy {
    /// However long an endpoint asks to be left alone.
    pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);
    /// However short the draw is.
    const SHORTEST_WAIT: SignedDuration = SignedDuration::from_secs(1);

    /// The ceiling of the wait after this attempt.
    fn ceiling_after(&self, attempt: u32) -> SignedDuration {
        let doublings = attempt.saturating_sub(1).min(62);
        let factor = 1_i64 << doublings;
        let seconds = self.first.as_secs().saturating_mul(factor);
        SignedDuration::from_secs(seconds).min(self.ceiling)
    }
}

/// Three days on average, six at most.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            first: SignedDuration::from_secs(10),
            ceiling: SignedDuration::from_hours(12),
            attempts: 24,
        }
    }
}

/// What becomes of a delivery after its `attempt`-th attempt (from 1) ended at `now`.
///
/// The wait is drawn evenly from nothing to a ceiling that doubles (full jitter), so that deliveries that
/// failed together do not come back together; `jitter` is the draw, 0 for none of the ceiling and
/// `u32::MAX` for all of it. What the endpoint asked for with `Retry-After` is the least.
pub fn next_attempt(
    policy: &RetryPolicy,
    attempt: u32,
    outcome: Outcome,
    now: Timestamp,
    jitter: u32,
) -> Verdict {
    // Nothing is owed any more.
    if matches!(outcome, Outcome::Acknowledged(_) | Outcome::Withdrawn) {
        return Verdict::Delivered;
    }
    if attempt >= policy.attempts {
        return Verdict::Dead;
    }
    let ceiling = policy.ceiling_after(attempt).as_millis();
    let drawn = ceiling.saturating_mul(i128::from(jitter)) / i128::from(u32::MAX);
    let drawn = SignedDuration::from_millis(i64::try_from(drawn).unwrap_or(i64::MAX));
    let asked = outcome.retry_after().unwrap_or_default();
    let wait = drawn.max(asked).max(RetryPolicy::SHORTEST_WAIT);
    Verdict::RetryAt(now.saturating_add(wait).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: u32 = u32::MAX;

    fn refused(status: u16, after: Option<i64>) -> Outcome {
        Outcome::Refused {
            status,
            retry_after: after.map(SignedDuration::from_secs),
        }
    }

    /// The verdict as text: `delivered`, `dead`, or the seconds until the next attempt.
    fn verdict(attempt: u32, outcome: Outcome, jitter: u32) -> String {
        let now = "2026-03-11T16:00:00Z".parse().unwrap();
        match next_attempt(&RetryPolicy::default(), attempt, outcome, now, jitter) {
            Verdict::Delivered => "delivered".to_owned(),
            Verdict::Dead => "dead".to_owned(),
            Verdict::RetryAt(at) => at.duration_since(now).as_secs().to_string(),
        }
    }

    #[test]
    fn outcomes_mean_what_they_should() {
        let slow = Outcome::TimedOut;
        let cases = [
            (1, Outcome::Acknowledged(200), 0, "delivered"),
            (1, Outcome::Acknowledged(299), ALL, "delivered"),
            (24, Outcome::Acknowledged(204), 0, "delivered"),
            (99, Outcome::Acknowledged(204), 0, "delivered"),
            (99, Outcome::Withdrawn, ALL, "delivered"),
            // The ceiling doubles, the draw is a share of it, a second is the least.
            (1, slow, ALL, "10"),
            (1, slow, ALL / 2, "4"),
            (1, slow, 0, "1"),
            (2, slow, ALL, "20"),
            (3, slow, ALL, "40"),
            (13, slow, ALL, "40960"),
            (14, slow, ALL, "43200"),
            (23, slow, ALL, "43200"),
            (23, slow, ALL / 4, "10799"),
            // Given up.
            (24, slow, ALL, "dead"),
            (25, slow, 0, "dead"),
            (u32::MAX, slow, ALL, "dead"),
            (24, refused(503, Some(5)), 0, "dead"),
            // Whatever went wrong is tried again; a 4xx may be a receiver that is being mended.
            (1, refused(400, None), ALL, "10"),
            (1, refused(500, None), ALL, "10"),
            (1, Outcome::Gone, ALL, "10"),
            (1, Outcome::Redirected(308), ALL, "10"),
            (1, Outcome::Unreachable, ALL, "10"),
            (1, Outcome::Interrupted, ALL, "10"),
            (1, Outcome::Untrusted, ALL, "10"),
            (1, Outcome::Forbidden, ALL, "10"),
            // What was asked for is the least, within reason.
            (1, refused(429, Some(120)), 0, "120"),
            (1, refused(429, Some(120)), ALL, "120"),
            (9, refused(503, Some(120)), ALL, "2560"),
            (1, refused(429, Some(i64::MAX)), 0, "86400"),
            (1, refused(429, Some(-5)), 0, "1"),
            (0, slow, ALL, "10"),
        ];
        for (attempt, outcome, jitter, expected) in cases {
            assert_eq!(
                verdict(attempt, outcome, jitter),
                expected,
                "{attempt} {outcome:?} {jitter}"
            );
        }
    }

    #[test]
    fn the_schedule_takes_three_days_on_average() {
        let policy = RetryPolicy::default();
        let ceilings = (1..policy.attempts).map(|attempt| policy.ceiling_after(attempt).as_secs());
        let most = ceilings.sum::<i64>();
        let day = 24 * 60 * 60;
        assert!((5 * day..=6 * day).contains(&most), "{most}");
    }

    #[test]
    fn hostile_settings_do_not_overflow() {
        let policy = RetryPolicy {
            first: SignedDuration::MAX,
            ceiling: SignedDuration::MAX,
            attempts: u32::MAX,
        };
        let verdict = next_attempt(
            &policy,
            u32::MAX - 1,
            Outcome::TimedOut,
            Timestamp::MAX,
            ALL,
        );
        assert_eq!(verdict, Verdict::RetryAt(Timestamp::MAX));
    }
}
