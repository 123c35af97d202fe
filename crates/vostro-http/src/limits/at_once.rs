//! How many turns a customer has at once, and waiting for them to end.
//!
//! A permit lives as long as the turn, not as long as the connection: who hangs up and asks again does
//! not get around the limit. Only customers with a turn in flight are remembered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use vostro_types::CustomerId;

/// The turns in flight of each customer.
#[derive(Debug, Default)]
pub(crate) struct AtOnce {
    most: u32,
    busy: Mutex<HashMap<CustomerId, Busy>>,
}

#[derive(Debug, Default)]
struct Busy {
    turns: u32,
    ended: Arc<Notify>,
}

/// One turn in flight. Dropping it ends the turn.
#[derive(Debug)]
pub(crate) struct Permit {
    of: Arc<AtOnce>,
    customer: CustomerId,
}

impl AtOnce {
    /// At most so many turns of one customer at once, and at least one.
    pub(crate) fn new(most: u32) -> Arc<Self> {
        Arc::new(Self {
            most: most.max(1),
            busy: Mutex::default(),
        })
    }

    fn busy(&self) -> MutexGuard<'_, HashMap<CustomerId, Busy>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a turn, unless the customer has too many.
    pub(crate) fn begin(self: &Arc<Self>, customer: &CustomerId) -> Option<Permit> {
        let mut busy = self.busy();
        let entry = busy.entry(customer.clone()).or_default();
        if entry.turns >= self.most {
            return None;
        }
        entry.turns += 1;
        Some(Permit {
            of: Arc::clone(self),
            customer: customer.clone(),
        })
    }

    /// Waits until one of the customer's turns ends; `false` at once when none is in flight.
    pub(crate) async fn one_ended(&self, customer: &CustomerId) -> bool {
        let ended = match self.busy().get(customer) {
            Some(busy) => Arc::clone(&busy.ended),
            None => return false,
        };
        let ended = ended.notified();
        tokio::pin!(ended);
        // Registered before looking again, so that an end in between is not missed.
        ended.as_mut().enable();
        if self.busy().contains_key(customer) {
            ended.await;
        }
        true
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut busy = self.of.busy();
        if let Some(entry) = busy.get_mut(&self.customer) {
            entry.turns = entry.turns.saturating_sub(1);
            entry.ended.notify_waiters();
            if entry.turns == 0 {
                busy.remove(&self.customer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> CustomerId {
        CustomerId::new(name).unwrap()
    }

    #[test]
    fn permits_are_counted_per_customer_and_given_back() {
        let at_once = AtOnce::new(2);
        let first = at_once.begin(&id("ada"));
        let second = at_once.begin(&id("ada"));
        assert!(first.is_some() && second.is_some());
        assert!(at_once.begin(&id("ada")).is_none());
        assert!(at_once.begin(&id("eve")).is_some());
        drop(first);
        assert!(at_once.begin(&id("ada")).is_some());
        drop(second);
        assert!(at_once.busy().is_empty(), "nobody idle is remembered");
    }

    #[tokio::test]
    async fn the_end_of_a_turn_wakes_who_waits() {
        let at_once = AtOnce::new(2);
        assert!(!at_once.one_ended(&id("ada")).await);
        let ada = id("ada");
        let permit = at_once.begin(&ada);
        let waiting = at_once.one_ended(&ada);
        tokio::pin!(waiting);
        assert!(futures::poll!(waiting.as_mut()).is_pending());
        drop(permit);
        assert!(waiting.await);
    }
}
