//! How often, and how many at once.

mod at_once;
mod rate;
mod shared;

use std::sync::Arc;

pub(crate) use at_once::{AtOnce, Permit};
pub(crate) use rate::{Decision, Key, RateLimit};
pub use shared::{SharedLimits, SharedLimitsError};

/// A limit that replicas share where there is a place for it: this process's own first, then the common one.
pub(crate) struct CommonLimit {
    name: &'static str,
    per_minute: u32,
    own: RateLimit,
    shared: Option<Arc<SharedLimits>>,
}

impl CommonLimit {
    pub(crate) fn new(
        name: &'static str,
        per_minute: u32,
        max_keys: usize,
        shared: Option<Arc<SharedLimits>>,
    ) -> Self {
        Self {
            name,
            per_minute: per_minute.max(1),
            own: RateLimit::new(per_minute, max_keys),
            shared,
        }
    }

    /// Counts a request, and says whether it may go on.
    pub(crate) async fn ask(&self, key: &Key) -> Decision {
        let own = self.own.ask(key);
        match &self.shared {
            // A flood that one replica stops by itself is nobody else's business.
            Some(shared) if own.retry_after.is_none() => {
                let common = shared.ask(self.name, self.per_minute, key).await;
                common.unwrap_or(own)
            }
            _ => own,
        }
    }
}
