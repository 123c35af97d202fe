//! A clock that stands still until a test moves it.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use vostro_types::Clock;

/// A clock that shows what it was set to.
///
/// ```
/// use jiff::{SignedDuration, Timestamp};
/// use vostro_testkit::ManualClock;
/// use vostro_types::Clock;
///
/// let clock = ManualClock::at("2026-03-09T12:00:00Z");
/// clock.advance(SignedDuration::from_mins(30));
/// assert_eq!(clock.now().to_string(), "2026-03-09T12:30:00Z");
/// ```
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows this instant.
    pub const fn new(at: Timestamp) -> Self {
        Self(Mutex::new(at))
    }

    /// A clock that shows this instant, as RFC 3339 writes it.
    ///
    /// # Panics
    /// When the text is no instant.
    pub fn at(text: &str) -> Self {
        Self::new(text.parse().unwrap())
    }

    /// Sets the clock, forwards or back.
    pub fn set(&self, at: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Moves the clock; a negative duration moves it back.
    ///
    /// # Panics
    /// When the calendar ends.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(by).unwrap();
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
