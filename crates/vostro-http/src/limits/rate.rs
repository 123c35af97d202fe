//! Requests a minute per key, with `governor` (the generic cell rate algorithm: a burst up to the
//! limit, then an even flow).
//!
//! Memory is bounded: idle keys are forgotten now and then, and when all are busy beyond the most that
//! is remembered, requests share one key until there is room. What replicas count together is in `shared.rs`.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use vostro_types::CustomerId;

/// After so many requests idle keys are forgotten.
const SWEEP_EVERY: usize = 1_024;
const MINUTE: Duration = Duration::from_mins(1);

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// One customer's.
    Customer(CustomerId),
    /// One address's; of IPv6 its /64 network, which is what one subscriber has.
    Address(Option<IpAddr>),
    /// One key's or token's.
    Credential(String),
    /// Those with the service token.
    Service,
    /// Those for which there is no room.
    Shared,
}

impl Key {
    /// The key of an address.
    pub(crate) fn of_address(address: Option<IpAddr>) -> Self {
        Self::Address(address.map(|address| match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
            v4 @ IpAddr::V4(_) => v4,
        }))
    }
}

/// What a limit said to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decision {
    /// Requests a minute.
    pub(crate) limit: u32,
    /// Requests that are left at once.
    pub(crate) remaining: u32,
    /// Until all are left again.
    pub(crate) reset_after: Duration,
    /// When refused: until the next is let through.
    pub(crate) retry_after: Option<Duration>,
}

impl Decision {
    /// What to tell where nothing is counted.
    pub(crate) const fn untouched(limit: u32) -> Self {
        Self {
            limit,
            remaining: limit,
            reset_after: Duration::ZERO,
            retry_after: None,
        }
    }
}

type Governor<C> = RateLimiter<Key, DefaultKeyedStateStore<Key>, C, StateInformationMiddleware>;

/// A number of requests a minute for each key.
pub(crate) struct RateLimit<C: Clock = MonotonicClock> {
    governor: Governor<C>,
    clock: C,
    per_minute: NonZeroU32,
    max_keys: usize,
    asked: AtomicUsize,
    full: AtomicBool,
}

impl RateLimit {
    pub(crate) fn new(per_minute: u32, max_keys: usize) -> Self {
        Self::with_clock(per_minute, max_keys, MonotonicClock)
    }
}

impl<C: Clock + Clone> RateLimit<C> {
    fn with_clock(per_minute: u32, max_keys: usize, clock: C) -> Self {
        let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        let governor = RateLimiter::new(
            Quota::per_minute(per_minute),
            DefaultKeyedStateStore::<Key>::default(),
            clock.clone(),
        );
        Self {
            governor,
            clock,
            per_minute,
            max_keys,
            asked: AtomicUsize::new(0),
            full: AtomicBool::new(false),
        }
    }

    /// Counts a request, and says whether it may go on.
    pub(crate) fn ask(&self, key: &Key) -> Decision {
        self.sweep_now_and_then();
        let key = if self.full.load(Ordering::Relaxed) {
            &Key::Shared
        } else {
            key
        };
        let limit = self.per_minute.get();
        let (remaining, retry_after) = match self.governor.check_key(key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(refused) => (0, Some(refused.wait_time_from(self.clock.now()))),
        };
        Decision {
            limit,
            remaining,
            reset_after: MINUTE * limit.saturating_sub(remaining) / limit,
            retry_after,
        }
    }

    fn sweep_now_and_then(&self) {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        if asked % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.governor.retain_recent();
            self.governor.shrink_to_fit();
            let full = self.governor.len() >= self.max_keys;
            self.full.store(full, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn customer(name: &str) -> Key {
        Key::Customer(CustomerId::new(name).unwrap())
    }

    #[test]
    fn a_burst_up_to_the_limit_then_an_even_flow() {
        let clock = FakeRelativeClock::default();
        let limit = RateLimit::with_clock(60, 1_000, clock.clone());
        for left in (0..60).rev() {
            let decision = limit.ask(&customer("ada"));
            assert_eq!((decision.remaining, decision.retry_after), (left, None));
            assert_eq!(
                decision.reset_after,
                Duration::from_secs(60 - u64::from(left))
            );
        }
        let refused = limit.ask(&customer("ada"));
        assert_eq!(refused.remaining, 0);
        assert_eq!(refused.retry_after, Some(Duration::from_secs(1)));
        assert_eq!(
            limit.ask(&customer("eve")).retry_after,
            None,
            "keys are apart"
        );
        clock.advance(Duration::from_secs(1));
        assert_eq!(limit.ask(&customer("ada")).retry_after, None);
        assert!(limit.ask(&customer("ada")).retry_after.is_some());
        clock.advance(Duration::from_mins(2));
        assert_eq!(limit.ask(&customer("ada")).remaining, 59);
    }

    #[test]
    fn memory_is_bounded_and_idle_keys_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let limit = RateLimit::with_clock(60, 2_000, clock.clone());
        for i in 0..10_000 {
            limit.ask(&customer(&format!("user_{i}")));
        }
        assert!(
            limit.governor.len() <= 2_000 + SWEEP_EVERY,
            "{}",
            limit.governor.len()
        );
        clock.advance(Duration::from_mins(2));
        for _ in 0..SWEEP_EVERY {
            limit.ask(&customer("ada"));
        }
        assert!(limit.governor.len() <= 2, "{}", limit.governor.len());
        assert!(!limit.full.load(Ordering::Relaxed));
    }

    #[test]
    fn zero_means_one_and_nothing_divides_by_it() {
        let limit = RateLimit::with_clock(0, 0, FakeRelativeClock::default());
        assert_eq!(limit.ask(&Key::Service).retry_after, None);
        assert!(limit.ask(&Key::Service).retry_after.is_some());
    }

    #[test]
    fn an_address_is_what_one_subscriber_has() {
        let key = |text: &str| Key::of_address(Some(text.parse().unwrap()));
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff"));
        assert_ne!(key("2001:db8:0:1::1"), key("2001:db8:0:2::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }
}
