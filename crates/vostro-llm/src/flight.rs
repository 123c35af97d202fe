//! Identical requests at the same time are asked once: the later ones wait for the first one's answer.
//!
//! The work is driven by whoever waits for it, so it goes on when the first one goes away, and stops when
//! all do.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};

/// What makes two requests identical.
pub(crate) type Key = [u8; 32];

type Work<T> = BoxFuture<'static, T>;

/// The work that is being done.
#[derive(Debug)]
pub(crate) struct Flights<T: Clone>(Mutex<HashMap<Key, WeakShared<Work<T>>>>);

impl<T: Clone> Default for Flights<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    /// Joins the work of this key, or begins it. Also says whether it was joined.
    pub(crate) fn join(
        &self,
        key: Key,
        begin: impl FnOnce() -> Work<T>,
    ) -> (Shared<Work<T>>, bool) {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Work that is done, or that everybody left, is not joined.
        let under_way = flights.get(&key).and_then(WeakShared::upgrade);
        if let Some(work) = under_way.filter(|work| work.peek().is_none()) {
            return (work, true);
        }
        flights.retain(|_, work| work.upgrade().is_some_and(|work| work.peek().is_none()));
        let work = begin().shared();
        if let Some(weak) = work.downgrade() {
            flights.insert(key, weak);
        }
        (work, false)
    }
}
