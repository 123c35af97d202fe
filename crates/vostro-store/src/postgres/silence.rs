//! Servers that fall silent: a connection that looks open and is answered no more (the machine behind it is
//! gone, a firewall forgot it). The operating system would wait for a quarter of an hour; a caller is told
//! that the store is not available once the wait for an answer is over.
//!
//! What was asked has an unknown outcome then, so nothing is cancelled and nothing repeated here: the same
//! confirmation given again replays what was posted. The connection is marked and never used again, and the
//! idle ones beside it are closed, since they lead to the same server. A connection that the server ended is
//! marked too: for a moment it still looks open, and the next command would be spent on it.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Hook, HookError, Object, Pool, StatementCache};

use super::error::PgError;

/// A connection by its cache of statements, which no two connections share.
pub(super) type Mark = Weak<StatementCache>;

/// How long an answer may take, and the connections that were given up.
#[derive(Clone)]
pub(super) struct Silence {
    answer: Duration,
    given_up: Arc<Mutex<Vec<Mark>>>,
}

impl Silence {
    pub(super) fn after(answer: Duration) -> Self {
        Self {
            answer,
            given_up: Arc::default(),
        }
    }

    /// Runs work on a connection for as long as an answer may take.
    pub(super) async fn bounded<T, F, R>(
        &self,
        pool: &Pool,
        client: Object,
        work: F,
    ) -> Result<T, PgError>
    where
        F: FnOnce(Object) -> R,
        R: Future<Output = Result<T, PgError>>,
    {
        let mark = Arc::downgrade(&client.statement_cache);
        let outcome = {
            let mut working = std::pin::pin!(work(client));
            let outcome = tokio::time::timeout(self.answer, working.as_mut()).await;
            // Before the work is dropped, which gives the connection back to the pool.
            let is_over = match &outcome {
                Ok(Err(error)) => error.ends_connection(),
                Ok(Ok(_)) => false,
                Err(_) => true,
            };
            if is_over {
                self.give_up(mark);
            }
            outcome
        };
        outcome.unwrap_or_else(|_| {
            pool.retain(|_, _| false);
            Err(PgError::Silent(self.answer))
        })
    }

    fn give_up(&self, mark: Mark) {
        let mut given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        given_up.retain(|mark| mark.strong_count() > 0);
        given_up.push(mark);
    }

    fn has_given_up(&self, client: &ClientWrapper) -> bool {
        let given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        given_up
            .iter()
            .any(|mark| std::ptr::eq(mark.as_ptr(), Arc::as_ptr(&client.statement_cache)))
    }

    /// Keeps connections that were given up from being used again.
    pub(super) fn hook(&self) -> Hook {
        let silence = self.clone();
        Hook::sync_fn(move |client, _| {
            if silence.has_given_up(client) {
                Err(HookError::message("it was given up"))
            } else {
                Ok(())
            }
        })
    }
}
