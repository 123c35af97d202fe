//! The knowledge base of this process, its passages screened before anybody reads them.
//!
//! Where the store has the vectors, a search asks it; when it gives no answer, words alone are searched, and that is
//! told: an order of less quality, never a wrong one. Where there is a model that reads question and passage together,
//! the best that may be shown are put into its order (`reranking.rs`).

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use async_trait::async_trait;
use vostro_dialogue::ports::{Knowledge, KnowledgeUnavailable};
use vostro_knowledge::{Audience, Inquiry, KnowledgeBase, KnowledgeError, Near, Passage, Query};
use vostro_telemetry::Metrics;

use super::local_guard::InProcessGuard;
use super::reranking::Reranking;
use super::screen::reason;
use super::stored_vectors::StoredVectors;
use crate::readiness::{CheckState, ReadinessCheck};

/// A search as the API takes it.
#[derive(Debug, Clone)]
pub struct Search {
    /// The question.
    pub query: String,
    /// Most passages wanted.
    pub limit: usize,
    /// Only of this category.
    pub category: Option<String>,
    /// Only with at least this score.
    pub min_score: Option<f32>,
    /// Who is asking: what is for a narrower audience stays hidden.
    pub audience: Audience,
}

impl Search {
    fn query(&self) -> Query<'_> {
        Query {
            text: &self.query,
            limit: self.limit,
            category: self.category.as_deref(),
            min_score: self.min_score,
            audience: self.audience,
        }
    }
}

/// A knowledge base and the guardrails that its passages pass as documents: data, never instructions.
pub struct InProcessKnowledge {
    current: RwLock<Arc<Screened>>,
    guard: Arc<InProcessGuard>,
    metrics: Arc<Metrics>,
    /// Whether the store that has the vectors gave no answer when it was last asked.
    by_words: AtomicBool,
    /// Once it is loaded.
    reranking: OnceLock<Arc<Reranking>>,
}

/// A base, and the verdicts on its passages by chunk. Base and engine do not change while they live, so
/// neither do verdicts, and there are at most as many as passages.
struct Screened {
    base: Arc<KnowledgeBase>,
    /// Who has vectors of the base's passages that are not here.
    vectors: Option<Arc<StoredVectors>>,
    passes: RwLock<HashMap<String, bool>>,
}

impl Screened {
    fn new(base: Arc<KnowledgeBase>, vectors: Option<Arc<StoredVectors>>) -> Arc<Self> {
        Arc::new(Self {
            base,
            vectors,
            passes: RwLock::default(),
        })
    }
}

impl InProcessKnowledge {
    /// Puts a knowledge base behind its guardrails.
    pub fn new(
        base: Arc<KnowledgeBase>,
        guard: Arc<InProcessGuard>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            current: RwLock::new(Screened::new(base, None)),
            guard,
            metrics,
            by_words: AtomicBool::new(false),
            reranking: OnceLock::new(),
        }
    }

    /// The knowledge base as it is now.
    pub fn base(&self) -> Arc<KnowledgeBase> {
        Arc::clone(&self.current().base)
    }

    /// Searches another base from now on, with the vectors of a store where they are there. A search under way ends
    /// on the base that it began on.
    pub fn replace(&self, base: Arc<KnowledgeBase>, vectors: Option<StoredVectors>) {
        let fresh = Screened::new(base, vectors.map(Arc::new));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    /// Has every passage screened again when it is found next: the guardrails say something else now.
    pub fn screen_again(&self) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Screened::new(Arc::clone(&current.base), current.vectors.clone());
    }

    /// Has a model put what is found in order from now on. The first one that is given stays.
    pub fn rerank_with(&self, reranking: Arc<Reranking>) {
        let _ = self.reranking.set(reranking);
    }

    /// Whether words alone are searched, though there is a model: the store that has the vectors gave no answer.
    pub fn goes_by_words(&self) -> bool {
        self.by_words.load(Ordering::Relaxed)
    }

    fn current(&self) -> Arc<Screened> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The passages that answer best and may be shown, best first.
    ///
    /// # Errors
    /// [`KnowledgeError`] when the engine or the model fails; nothing found is an empty list.
    pub async fn find(self: &Arc<Self>, asked: Search) -> Result<Vec<Passage>, KnowledgeError> {
        let Some(reranking) = self.reranking.get() else {
            return self.fused(asked).await;
        };
        let (question, limit) = (asked.query.clone(), asked.limit);
        let passages = self.fused(Search {
            limit: limit.max(reranking.candidates()),
            ..asked
        });
        let passages = passages.await?;
        let mut passages = reranking.order(&question, passages, &self.metrics).await;
        passages.truncate(limit);
        Ok(passages)
    }

    /// The passages in the order of words and vectors.
    async fn fused(self: &Arc<Self>, asked: Search) -> Result<Vec<Passage>, KnowledgeError> {
        let current = self.current();
        if !current.base.has_meaning() {
            let passages = current.base.try_search(&asked.query())?;
            return Ok(self.screened(&current, passages));
        }
        // A model computes for milliseconds: on a thread for such work, so that no other task waits.
        let this = Arc::clone(self);
        // A store that rests is not asked, so the question needs no vector: words are searched.
        let vectors = current.vectors.clone().filter(|store| !store.rests());
        let Some(vectors) = vectors else {
            return aside(move || {
                let passages = current.base.try_search(&asked.query())?;
                Ok(this.screened(&current, passages))
            })
            .await;
        };
        let base = Arc::clone(&current.base);
        let (inquiry, asked) = aside(move || Ok((base.inquire(&asked.query())?, asked))).await?;
        let near = self.near(&vectors, &inquiry).await;
        aside(move || {
            let passages = match near {
                Some(near) => current.base.conclude(inquiry, &near)?,
                None => current.base.try_search(&asked.query())?,
            };
            Ok(this.screened(&current, passages))
        })
        .await
    }

    /// What the store says; `None` when it gives no answer, which is logged when that begins.
    async fn near(&self, vectors: &StoredVectors, inquiry: &Inquiry) -> Option<Vec<Near>> {
        let answer = vectors.near(inquiry).await;
        let was_silent = self.by_words.swap(answer.is_err(), Ordering::Relaxed);
        match answer {
            Ok(near) => {
                if was_silent {
                    tracing::info!("the store searches vectors again");
                }
                Some(near)
            }
            Err(error) => {
                if !was_silent {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the store does not search vectors; documents are found by their words alone"
                    );
                }
                None
            }
        }
    }

    /// Passages without those that the guardrails keep back.
    fn screened(&self, current: &Screened, mut passages: Vec<Passage>) -> Vec<Passage> {
        let found = passages.len();
        passages.retain(|passage| self.passes(current, passage));
        let dropped = found - passages.len();
        if dropped > 0 {
            tracing::warn!(dropped, "the guardrails kept retrieved passages back");
            self.metrics.passages_dropped(dropped as u64);
        }
        passages
    }

    fn passes(&self, current: &Screened, passage: &Passage) -> bool {
        let known = current
            .passes
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(passes) = known.get(&passage.chunk_id) {
            return *passes;
        }
        drop(known);
        let (title, heading) = (&passage.title, &passage.heading);
        let passes = reason(&self.guard.engine(), title, heading, &passage.content).is_none();
        let mut known = current
            .passes
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        known.insert(passage.chunk_id.clone(), passes);
        passes
    }
}

/// Does work that computes on a thread for such work.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KnowledgeError> + Send + 'static,
) -> Result<T, KnowledgeError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(KnowledgeError::Index(error.into())))
}

/// The dialogue's way to a knowledge base of this process.
pub struct LocalKnowledge(pub Arc<InProcessKnowledge>);

#[async_trait]
impl Knowledge for LocalKnowledge {
    async fn search(
        &self,
        question: &str,
        limit: usize,
    ) -> Result<Vec<Passage>, KnowledgeUnavailable> {
        let search = Search {
            query: question.to_owned(),
            limit,
            category: None,
            min_score: None,
            audience: Audience::Customer,
        };
        self.0
            .find(search)
            .await
            .map_err(|error| KnowledgeUnavailable(error.into()))
    }

    fn version(&self) -> Option<String> {
        // The same articles are found otherwise once their meaning is known too.
        let base = self.0.base();
        let by = if base.has_meaning() && !self.0.goes_by_words() {
            "meaning"
        } else {
            "words"
        };
        let order = match self.0.reranking.get() {
            Some(_) => " reranked",
            None => "",
        };
        Some(format!("{} {by}{order}", base.version()))
    }
}

#[async_trait]
impl ReadinessCheck for InProcessKnowledge {
    async fn check(&self) -> CheckState {
        if self.current().base.passage_count() > 0 {
            CheckState::Ready
        } else {
            CheckState::Degraded
        }
    }
}
