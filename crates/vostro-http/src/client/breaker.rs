//! A rest for a service that does not answer: after silence it is left alone for a moment, so that a
//! turn does not wait out the same deadline for each of its calls.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a silent service is left alone.
const REST: Duration = Duration::from_secs(1);

/// Whether a service may be called now.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    resting_until: Mutex<Option<Instant>>,
}

impl Breaker {
    /// Whether to call. After a rest one caller is let through to try, and the others rest on until
    /// it has [`Breaker::answered`].
    pub(super) fn may_call(&self, now: Instant) -> bool {
        let mut until = self.lock();
        match *until {
            None => true,
            Some(at) if now < at => false,
            Some(_) => {
                *until = now.checked_add(REST);
                true
            }
        }
    }

    /// Whether nobody is to call now.
    pub(super) fn rests(&self, now: Instant) -> bool {
        self.lock().is_some_and(|until| now < until)
    }

    /// The service answered, with whatever status.
    pub(super) fn answered(&self) {
        *self.lock() = None;
    }

    /// The service did not answer.
    pub(super) fn was_silent(&self, now: Instant) {
        *self.lock() = now.checked_add(REST);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        let lock = self.resting_until.lock();
        lock.unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_service_rests_and_one_call_tries_it_again() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let breaker = Breaker::default();
        assert!(breaker.may_call(at(0)) && breaker.may_call(at(0)));
        breaker.was_silent(at(0));
        assert!(!breaker.may_call(at(1)) && !breaker.may_call(at(999)));
        assert!(breaker.rests(at(999)) && !breaker.rests(at(1_000)));
        assert!(breaker.may_call(at(1_000)), "one tries");
        assert!(!breaker.may_call(at(1_001)), "the others rest on");
        breaker.answered();
        assert!(breaker.may_call(at(1_002)) && breaker.may_call(at(1_002)));
    }
}
