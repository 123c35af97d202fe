//! A model that puts the best passages of a search into another order, within a time.
//!
//! It can only make an order better: while it is away, broken, slow or has enough to do, the order that words and
//! vectors gave stands, and the customer waits no longer than was allowed. One that failed or was slow is left alone
//! for a second, so that not every search waits. Passages reach it as data, after the guardrails; all that comes back
//! are numbers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout_at;
use vostro_embed::{RerankError, Reranker};
use vostro_knowledge::{Passage, rerank};
use vostro_telemetry::{Metrics, RerankingOutcome};

use super::breaker::Breaker;

/// Searches that are put in order at once: each takes all lanes, so more would only make all of them slow.
const AT_ONCE: usize = 2;

/// The model, and what it may cost.
pub struct Reranking {
    model: Arc<dyn Reranker>,
    candidates: usize,
    within: Duration,
    places: Arc<Semaphore>,
    breaker: Breaker,
    /// Whether it gave no order when it was last asked.
    is_silent: AtomicBool,
}

/// Why the order before stands.
#[derive(Debug, thiserror::Error)]
enum Silent {
    #[error("the model took longer than {0:?}")]
    Slow(Duration),
    #[error("the model failed")]
    Failed(#[from] RerankError),
    #[error("the work broke off")]
    Broken(#[from] tokio::task::JoinError),
}

impl Reranking {
    /// Has this model read the first `candidates` passages of each search, `within` this time.
    pub fn new(model: Arc<dyn Reranker>, candidates: usize, within: Duration) -> Self {
        Self {
            model,
            candidates,
            within,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            breaker: Breaker::default(),
            is_silent: AtomicBool::new(false),
        }
    }

    /// How many passages it reads.
    pub(super) fn candidates(&self) -> usize {
        self.candidates
    }

    /// Whether it gave no order when it was last asked.
    pub fn is_silent(&self) -> bool {
        self.is_silent.load(Ordering::Relaxed)
    }

    /// The passages in the model's order, or as they were.
    pub(super) async fn order(
        &self,
        question: &str,
        passages: Vec<Passage>,
        metrics: &Metrics,
    ) -> Vec<Passage> {
        let began = Instant::now();
        let (ordered, outcome) = self.ordered(question, &passages, began).await;
        metrics.reranking().ended(outcome, began.elapsed());
        ordered.unwrap_or(passages)
    }

    async fn ordered(
        &self,
        question: &str,
        passages: &[Passage],
        began: Instant,
    ) -> (Option<Vec<Passage>>, RerankingOutcome) {
        if passages.len() < 2 {
            return (None, RerankingOutcome::Unchanged);
        }
        if self.breaker.rests(began) {
            return (None, RerankingOutcome::Resting);
        }
        // Half of the time at most for a place: with less than the other half left, nothing would come of it.
        let place = Arc::clone(&self.places).acquire_owned();
        let Ok(Ok(place)) = tokio::time::timeout(self.within / 2, place).await else {
            return (None, RerankingOutcome::Busy);
        };
        if !self.breaker.may_call(Instant::now()) {
            return (None, RerankingOutcome::Resting);
        }
        let answer = self.ask(question, passages, place, began + self.within);
        let answer = answer.await;
        let was_silent = self.is_silent.swap(answer.is_err(), Ordering::Relaxed);
        match answer {
            Ok((ordered, moved)) => {
                self.breaker.answered();
                if was_silent {
                    tracing::info!("the reranking model puts passages in order again");
                }
                let outcome = if moved {
                    RerankingOutcome::Reordered
                } else {
                    RerankingOutcome::Unchanged
                };
                (Some(ordered), outcome)
            }
            Err(silent) => {
                self.breaker.was_silent(Instant::now());
                if !was_silent {
                    tracing::warn!(
                        error = &silent as &dyn std::error::Error,
                        "the reranking model gives no order; passages stay in the order of words and vectors"
                    );
                }
                let outcome = match silent {
                    Silent::Slow(_) => RerankingOutcome::Slow,
                    Silent::Failed(_) | Silent::Broken(_) => RerankingOutcome::Failed,
                };
                (None, outcome)
            }
        }
    }

    /// Asks the model on a thread for such work, which keeps its place until it has really ended.
    async fn ask(
        &self,
        question: &str,
        passages: &[Passage],
        place: OwnedSemaphorePermit,
        until: Instant,
    ) -> Result<(Vec<Passage>, bool), Silent> {
        let stop = Stop(Arc::default());
        let stopped = Arc::clone(&stop.0);
        let (model, candidates) = (Arc::clone(&self.model), self.candidates);
        let (question, passages) = (question.to_owned(), passages.to_vec());
        let work = tokio::task::spawn_blocking(move || {
            let _place = place;
            let goes_on = || !stopped.load(Ordering::Relaxed);
            rerank(&question, passages, candidates, model.as_ref(), &goes_on)
        });
        // When the time is over, or whoever asked has gone, `stop` ends the work before its next passage.
        match timeout_at(until.into(), work).await {
            Ok(done) => Ok(done??),
            Err(_) => Err(Silent::Slow(self.within)),
        }
    }
}

/// Stops the work when it is dropped.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Reranking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reranking")
            .field("model", &self.model.model())
            .field("candidates", &self.candidates)
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}
