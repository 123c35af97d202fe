//! When a call is made a second time: at once when it made no connection, and while it is slower than usual
//! (a hedge: whichever answers first counts). For calls that only read.
//!
//! Second calls have a budget, a tenth of the first ones and one a second, so that an outage is not doubled by its
//! clients. The budget is `tower`'s. J. Dean, L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013.

use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};
use tower::retry::budget::{Budget, TpsBudget};
use vostro_telemetry::Again;

use super::http::CallError;

/// How long a first call pays for second ones.
const WINDOW: Duration = Duration::from_secs(10);
/// So many second calls a second are free.
const FREE: u32 = 1;
/// Second calls for each first one.
const SHARE: f32 = 0.1;

/// Makes second calls within their budget.
#[derive(Debug)]
pub(super) struct SecondCalls {
    budget: TpsBudget,
    /// How long a first call is waited for; `None` for as long as it takes.
    hedge_after: Option<Duration>,
}

impl SecondCalls {
    pub(super) fn new(hedge_after: Option<Duration>) -> Self {
        Self {
            budget: TpsBudget::new(WINDOW, FREE, SHARE),
            hedge_after,
        }
    }

    /// Makes a call, and a second one where that may help; `again` is told why.
    pub(super) async fn call<T, F>(
        &self,
        once: impl Fn() -> F,
        again: impl Fn(Again),
    ) -> Result<T, CallError>
    where
        F: Future<Output = Result<T, CallError>>,
    {
        self.budget.deposit();
        let mut first = pin!(once());
        let answer = match self.hedge_after {
            None => first.await,
            Some(after) => match tokio::time::timeout(after, &mut first).await {
                Ok(answer) => answer,
                Err(_) if !self.budget.withdraw() => first.await,
                Err(_) => {
                    again(Again::Hedge);
                    return first_good(first, pin!(once())).await;
                }
            },
        };
        match answer {
            Err(CallError::Silent(error)) if error.is_connect() && self.budget.withdraw() => {
                again(Again::Retry);
                once().await
            }
            answer => answer,
        }
    }
}

/// The answer that comes first; a failure only when both fail.
async fn first_good<T, F>(one: F, other: F) -> Result<T, CallError>
where
    F: Future<Output = Result<T, CallError>> + Unpin,
{
    match select(one, other).await {
        Either::Left((Ok(answer), _)) | Either::Right((Ok(answer), _)) => Ok(answer),
        Either::Left((Err(_), rest)) | Either::Right((Err(_), rest)) => rest.await,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    /// Calls that take so many milliseconds each, in order, and fail where they are to.
    async fn calls(
        seconds: &SecondCalls,
        each: &[(u64, bool)],
    ) -> (Result<usize, CallError>, Vec<Again>) {
        let made = Cell::new(0);
        let told = RefCell::new(Vec::new());
        let once = || {
            let at = made.get();
            made.set(at + 1);
            let (takes, works) = each[at];
            async move {
                tokio::time::sleep(Duration::from_millis(takes)).await;
                if works {
                    Ok(at)
                } else {
                    Err(CallError::TimedOut)
                }
            }
        };
        let answer = seconds.call(once, |why| told.borrow_mut().push(why)).await;
        (answer, told.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_call_is_made_again_and_the_first_answer_counts() {
        let hedged = || SecondCalls::new(Some(Duration::from_millis(100)));
        let cases = [
            (vec![(99, true)], Some(0), 0),
            (vec![(99, false)], None, 0),
            (vec![(400, true), (50, true)], Some(1), 1),
            (vec![(120, true), (50, true)], Some(0), 1),
            (vec![(400, true), (50, false)], Some(0), 1),
            (vec![(120, false), (200, false)], None, 1),
        ];
        for (each, answered, again) in cases {
            let (answer, told) = calls(&hedged(), &each).await;
            assert_eq!(answer.ok(), answered, "{each:?}");
            assert_eq!(told, vec![Again::Hedge; again], "{each:?}");
        }
        let (answer, told) = calls(&SecondCalls::new(None), &[(400, true)]).await;
        assert_eq!((answer.ok(), told), (Some(0), vec![]));
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_is_not_doubled() {
        let seconds = SecondCalls::new(Some(Duration::from_millis(1)));
        let mut again = 0;
        for _ in 0..1_000 {
            let (_, told) = calls(&seconds, &[(2, true), (2, true)]).await;
            again += told.len();
        }
        // A tenth, and the free ones of the window.
        assert!((100..=120).contains(&again), "{again}");
    }
}
