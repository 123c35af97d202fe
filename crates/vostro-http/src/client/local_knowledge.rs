//! The knowledge base of this process, its passages screened before anybody reads them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use vostro_dialogue::ports::{Knowledge, KnowledgeUnavailable};
use vostro_knowledge::{Audience, KnowledgeBase, KnowledgeError, Passage, Query};
use vostro_telemetry::Metrics;

use super::local_guard::InProcessGuard;
use super::screen::reason;
use crate::readiness::{CheckState, ReadinessCheck};

/// A search as the API takes it.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The question.
    pub query: &'a str,
    /// Most passages wanted.
    pub limit: usize,
    /// Only of this category.
    pub category: Option<&'a str>,
    /// Only with at least this score.
    pub min_score: Option<f32>,
    /// Who is asking: what is for a narrower audience stays hidden.
    pub audience: Audience,
}

/// A knowledge base and the guardrails that its passages pass as documents: data, never instructions.
pub struct InProcessKnowledge {
    current: RwLock<Arc<Screened>>,
    guard: Arc<InProcessGuard>,
    metrics: Arc<Metrics>,
}

/// A base, and the verdicts on its passages by chunk. Base and engine do not change while they live, so
/// neither do verdicts, and there are at most as many as passages.
struct Screened {
    base: Arc<KnowledgeBase>,
    passes: RwLock<HashMap<String, bool>>,
}

impl Screened {
    fn new(base: Arc<KnowledgeBase>) -> Arc<Self> {
        Arc::new(Self {
            base,
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
            current: RwLock::new(Screened::new(base)),
            guard,
            metrics,
        }
    }

    /// The knowledge base as it is now.
    pub fn base(&self) -> Arc<KnowledgeBase> {
        Arc::clone(&self.current().base)
    }

    /// Searches another base from now on. A search under way ends on the one that it began on.
    pub fn replace(&self, base: Arc<KnowledgeBase>) {
        let fresh = Screened::new(base);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    /// Has every passage screened again when it is found next: the guardrails say something else now.
    pub fn screen_again(&self) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Screened::new(Arc::clone(&current.base));
    }

    fn current(&self) -> Arc<Screened> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The passages that answer best and may be shown, best first. With a model behind the base this
    /// computes for milliseconds: [`InProcessKnowledge::find_aside`] does it on a thread for such work.
    ///
    /// # Errors
    /// [`KnowledgeError`] when the engine or the model fails; nothing found is an empty list.
    pub fn find(&self, search: &Search<'_>) -> Result<Vec<Passage>, KnowledgeError> {
        let query = Query {
            limit: search.limit,
            category: search.category,
            min_score: search.min_score,
            audience: search.audience,
            text: search.query,
        };
        let current = self.current();
        let mut passages = current.base.try_search(&query)?;
        let found = passages.len();
        passages.retain(|passage| self.passes(&current, passage));
        let dropped = found - passages.len();
        if dropped > 0 {
            tracing::warn!(dropped, "the guardrails kept retrieved passages back");
            self.metrics.passages_dropped(dropped as u64);
        }
        Ok(passages)
    }

    /// As [`InProcessKnowledge::find`], without holding up the other tasks of its thread.
    ///
    /// # Errors
    /// As [`InProcessKnowledge::find`].
    pub async fn find_aside(
        self: &Arc<Self>,
        search: &Search<'_>,
    ) -> Result<Vec<Passage>, KnowledgeError> {
        if !self.current().base.has_meaning() {
            return self.find(search);
        }
        let (this, query) = (Arc::clone(self), search.query.to_owned());
        let (limit, min_score, audience) = (search.limit, search.min_score, search.audience);
        let category = search.category.map(str::to_owned);
        let work = tokio::task::spawn_blocking(move || {
            this.find(&Search {
                query: &query,
                limit,
                category: category.as_deref(),
                min_score,
                audience,
            })
        });
        work.await
            .unwrap_or_else(|error| Err(KnowledgeError::Index(error.into())))
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
            query: question,
            limit,
            category: None,
            min_score: None,
            audience: Audience::Customer,
        };
        self.0
            .find_aside(&search)
            .await
            .map_err(|error| KnowledgeUnavailable(error.into()))
    }

    fn version(&self) -> Option<String> {
        // The same articles are found otherwise once their meaning is known too.
        let base = self.0.base();
        let by = if base.has_meaning() {
            "meaning"
        } else {
            "words"
        };
        Some(format!("{} {by}", base.version()))
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
