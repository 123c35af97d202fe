//! The clock as an argument, so that limits, expiry and "last Tuesday" can be tested on any day.
//!
//! Durations of work (latencies) are measured with `std::time::Instant` where they are reported;
//! this is about what time it *is*.

use jiff::Timestamp;

/// Where the current time comes from.
pub trait Clock: Send + Sync {
    /// The current instant, in UTC.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "the one place that reads the system clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
