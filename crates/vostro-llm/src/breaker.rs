//! Leaves a model alone that fails again and again: closed, open, half open.
//!
//! After a number of failures in a row nothing is asked for a while (open); then one request may try
//! (half open), whose success closes the breaker and whose failure makes the rest twice as long. What is
//! no fault of the model (a refusal, a rate limit, a caller that went away) neither opens nor closes it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use vostro_telemetry::BreakerState;

use crate::settings::BreakerSettings;

#[derive(Debug, Clone, Copy)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant, rest: Duration },
    HalfOpen { rest: Duration },
}

/// The breaker of one model.
#[derive(Debug)]
pub(crate) struct Breaker {
    settings: BreakerSettings,
    state: Mutex<State>,
}

impl Breaker {
    pub(crate) fn new(settings: BreakerSettings) -> Self {
        Self {
            settings,
            state: Mutex::new(State::Closed { failures: 0 }),
        }
    }

    /// Leave to ask the model; none while it rests.
    pub(crate) fn leave(self: &Arc<Self>, now: Instant) -> Option<Leave> {
        let mut state = self.lock();
        let trial = match *state {
            State::Closed { .. } => false,
            State::Open { until, rest } if now >= until => {
                *state = State::HalfOpen { rest };
                true
            }
            State::Open { .. } | State::HalfOpen { .. } => return None,
        };
        Some(Leave {
            breaker: Arc::clone(self),
            trial,
            since: now,
            told: false,
        })
    }

    /// Its state, for the metrics.
    pub(crate) fn state(&self) -> BreakerState {
        match *self.lock() {
            State::Closed { .. } => BreakerState::Closed,
            State::HalfOpen { .. } => BreakerState::HalfOpen,
            State::Open { .. } => BreakerState::Open,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leave to ask a model once. Dropped without a word it changes nothing, and gives a trial back.
#[derive(Debug)]
pub(crate) struct Leave {
    breaker: Arc<Breaker>,
    trial: bool,
    since: Instant,
    told: bool,
}

impl Leave {
    /// The model answered.
    pub(crate) fn answered(mut self) {
        self.told = true;
        let mut state = self.breaker.lock();
        match *state {
            State::Closed { .. } => *state = State::Closed { failures: 0 },
            State::HalfOpen { .. } if self.trial => *state = State::Closed { failures: 0 },
            // An answer that was asked for before the model was found failing.
            State::Open { .. } | State::HalfOpen { .. } => {}
        }
    }

    /// The model failed.
    pub(crate) fn failed(mut self, now: Instant) {
        self.told = true;
        let settings = self.breaker.settings;
        let open = |rest: Duration| State::Open {
            until: now.checked_add(rest).unwrap_or(now),
            rest,
        };
        let mut state = self.breaker.lock();
        *state = match *state {
            State::Closed { failures } if failures + 1 >= settings.failures => open(settings.rest),
            State::Closed { failures } => State::Closed {
                failures: failures + 1,
            },
            State::HalfOpen { rest } if self.trial => {
                open(rest.saturating_mul(2).min(settings.longest_rest))
            }
            same => same,
        };
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        if self.told || !self.trial {
            return;
        }
        let mut state = self.breaker.lock();
        if let State::HalfOpen { rest } = *state {
            *state = State::Open {
                until: self.since,
                rest,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> (Arc<Breaker>, impl Fn(u64) -> Instant) {
        let start = Instant::now();
        let settings = BreakerSettings {
            failures: 3,
            rest: Duration::from_secs(5),
            longest_rest: Duration::from_secs(15),
        };
        let at = move |s| start + Duration::from_secs(s);
        (Arc::new(Breaker::new(settings)), at)
    }

    fn open(breaker: &Arc<Breaker>, now: Instant) {
        for _ in 0..3 {
            breaker.leave(now).unwrap().failed(now);
        }
        assert_eq!(breaker.state(), BreakerState::Open);
    }

    #[test]
    fn failures_in_a_row_open_it_and_one_trial_closes_it() {
        let (breaker, at) = breaker();
        for _ in 0..2 {
            breaker.leave(at(0)).unwrap().failed(at(0));
            breaker.leave(at(0)).unwrap().failed(at(0));
            breaker.leave(at(0)).unwrap().answered();
        }
        assert_eq!(breaker.state(), BreakerState::Closed);
        open(&breaker, at(0));
        assert!(breaker.leave(at(4)).is_none());
        let trial = breaker.leave(at(5)).unwrap();
        assert_eq!(breaker.state(), BreakerState::HalfOpen);
        assert!(breaker.leave(at(6)).is_none(), "only one tries");
        trial.answered();
        assert_eq!(breaker.state(), BreakerState::Closed);
    }

    #[test]
    fn a_failed_trial_rests_longer_up_to_a_limit() {
        let (breaker, at) = breaker();
        open(&breaker, at(0));
        let mut now = 5;
        for rest in [10, 15, 15] {
            breaker.leave(at(now)).unwrap().failed(at(now));
            assert!(breaker.leave(at(now + rest - 1)).is_none(), "{rest}");
            now += rest;
        }
        breaker.leave(at(now)).unwrap().answered();
        open(&breaker, at(now));
        assert!(
            breaker.leave(at(now + 5)).is_some(),
            "the first rest is short again"
        );
    }

    #[test]
    fn a_trial_that_is_given_up_lets_the_next_one_try() {
        let (breaker, at) = breaker();
        let early = breaker.leave(at(0)).unwrap();
        let late = breaker.leave(at(0)).unwrap();
        open(&breaker, at(0));
        early.answered();
        assert_eq!(
            breaker.state(),
            BreakerState::Open,
            "an old answer proves nothing"
        );
        drop(breaker.leave(at(5)).unwrap());
        let trial = breaker.leave(at(5)).unwrap();
        late.failed(at(6));
        assert_eq!(
            breaker.state(),
            BreakerState::HalfOpen,
            "an old failure neither"
        );
        trial.answered();
        assert_eq!(breaker.state(), BreakerState::Closed);
    }
}
