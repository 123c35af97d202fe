//! One message of a conversation at a time: a lock per session, for this process.
//!
//! Messages of one conversation sent at once are answered one after the other instead of running into
//! the store's conflict check, which stays the guarantee between processes. A lock is forgotten when
//! nobody holds it or waits for it, so memory is bounded by the turns in flight.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;
use vostro_types::{CustomerId, SessionId};

/// A session as one customer names it: others' turns under the same id do not wait for it.
type Name = (CustomerId, SessionId);
type Lock = Arc<tokio::sync::Mutex<()>>;

/// The sessions with a turn in flight.
#[derive(Debug, Default)]
pub(crate) struct SessionLocks {
    locks: Mutex<HashMap<Name, Lock>>,
}

/// The right to work on a session.
#[derive(Debug)]
pub(crate) struct SessionTurn {
    of: Arc<SessionLocks>,
    name: Name,
    held: Option<OwnedMutexGuard<()>>,
}

impl SessionLocks {
    fn locks(&self) -> MutexGuard<'_, HashMap<Name, Lock>> {
        self.locks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the session's other turns to end, in order of arrival.
    pub(crate) async fn turn(
        self: &Arc<Self>,
        customer: &CustomerId,
        session: &SessionId,
    ) -> SessionTurn {
        let name = (customer.clone(), session.clone());
        let lock = Arc::clone(self.locks().entry(name.clone()).or_default());
        // Made first: dropping it cleans up, also when the wait is given up.
        let mut turn = SessionTurn {
            of: Arc::clone(self),
            name,
            held: None,
        };
        turn.held = Some(lock.lock_owned().await);
        turn
    }
}

impl Drop for SessionTurn {
    fn drop(&mut self) {
        let mut locks = self.of.locks();
        self.held = None;
        // The map's own reference is the last one when nobody else holds or waits.
        if let Some(lock) = locks.get(&self.name)
            && Arc::strong_count(lock) == 1
        {
            locks.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> (CustomerId, SessionId) {
        (
            CustomerId::new("ada").unwrap(),
            SessionId::new("s").unwrap(),
        )
    }

    #[tokio::test]
    async fn one_at_a_time_in_order_and_forgotten_after() {
        let locks = Arc::new(SessionLocks::default());
        let (ada, session) = names();
        let first = locks.turn(&ada, &session).await;
        let mut second = Box::pin(locks.turn(&ada, &session));
        let mut third = Box::pin(locks.turn(&ada, &session));
        assert!(futures::poll!(second.as_mut()).is_pending());
        assert!(futures::poll!(third.as_mut()).is_pending());
        let eve = CustomerId::new("eve").unwrap();
        drop(locks.turn(&eve, &session).await);
        drop(first);
        let second = second.await;
        assert!(futures::poll!(third.as_mut()).is_pending());
        drop(third);
        drop(second);
        assert!(locks.locks().is_empty());
    }
}
