//! The customers that the load plays, each with one conversation that is free or in use.
//!
//! A conversation is used by one request at a time, as by a person. When none is free a customer begins
//! another one: the load never waits for the deployment.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::money::Money;

/// A customer in a conversation.
#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    /// The customer.
    pub user: String,
    /// The session; empty until the first reply.
    pub session: String,
}

/// All customers of a run.
#[derive(Debug, Default)]
pub(crate) struct Customers {
    users: Vec<String>,
    free: Mutex<VecDeque<Conversation>>,
    next: AtomicUsize,
    money: Mutex<Money>,
}

impl Customers {
    /// So many, under names that begin with this.
    pub(crate) fn named(prefix: &str, count: usize) -> Self {
        let users: Vec<String> = (0..count.max(1)).map(|n| format!("{prefix}_{n}")).collect();
        let free = users.iter().map(|user| Conversation {
            user: user.clone(),
            session: String::new(),
        });
        Self {
            free: Mutex::new(free.collect()),
            users,
            ..Self::default()
        }
    }

    /// Their names.
    pub(crate) fn users(&self) -> &[String] {
        &self.users
    }

    /// The conversation that was free for longest, or a new one.
    pub(crate) fn take(&self) -> Conversation {
        let free = lock(&self.free).pop_front();
        free.unwrap_or_else(|| {
            let place = self.next.fetch_add(1, Ordering::Relaxed) % self.users.len().max(1);
            Conversation {
                user: self.users.get(place).cloned().unwrap_or_default(),
                session: String::new(),
            }
        })
    }

    /// Gives a conversation back. One whose last message failed is not gone on with.
    pub(crate) fn give_back(&self, conversation: Conversation) {
        lock(&self.free).push_back(conversation);
    }

    /// Their money.
    pub(crate) fn money(&self) -> MutexGuard<'_, Money> {
        lock(&self.money)
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
