//! The knowledge base of this process, its passages screened before anybody reads them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use vostro_dialogue::ports::{Knowledge, KnowledgeUnavailable};
use vostro_knowledge::{KnowledgeBase, KnowledgeError, Passage, Query};
use vostro_telemetry::Metrics;

use super::local_guard::InProcessGuard;
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
}

/// A knowledge base and the guardrails that its passages pass as documents: data, never instructions.
pub struct InProcessKnowledge {
    base: Arc<KnowledgeBase>,
    guard: Arc<InProcessGuard>,
    metrics: Arc<Metrics>,
    /// Verdicts by chunk. Base and engine do not change while they live, so neither do verdicts, and
    /// there are at most as many as passages.
    passes: RwLock<HashMap<String, bool>>,
}

impl InProcessKnowledge {
    /// Puts a knowledge base behind its guardrails.
    pub fn new(
        base: Arc<KnowledgeBase>,
        guard: Arc<InProcessGuard>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            base,
            guard,
            metrics,
            passes: RwLock::default(),
        }
    }

    /// The knowledge base.
    pub const fn base(&self) -> &Arc<KnowledgeBase> {
        &self.base
    }

    /// The passages that answer best and may be shown, best first.
    ///
    /// # Errors
    /// [`KnowledgeError::Index`] when the engine fails; nothing found is an empty list.
    pub fn find(&self, search: &Search<'_>) -> Result<Vec<Passage>, KnowledgeError> {
        let query = Query {
            limit: search.limit,
            category: search.category,
            min_score: search.min_score,
            ..Query::new(search.query)
        };
        let mut passages = self.base.try_search(&query)?;
        let found = passages.len();
        passages.retain(|passage| self.passes(passage));
        let dropped = found - passages.len();
        if dropped > 0 {
            tracing::warn!(dropped, "the guardrails kept retrieved passages back");
            self.metrics.passages_dropped(dropped as u64);
        }
        Ok(passages)
    }

    fn passes(&self, passage: &Passage) -> bool {
        let known = self.passes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(passes) = known.get(&passage.chunk_id) {
            return *passes;
        }
        drop(known);
        let shown = [&passage.title, &passage.heading, &passage.content];
        let passes = shown.iter().all(|text| self.guard.passes_as_document(text));
        let mut known = self.passes.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(passage.chunk_id.clone(), passes);
        passes
    }
}

#[async_trait]
impl Knowledge for InProcessKnowledge {
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
        };
        self.find(&search)
            .map_err(|error| KnowledgeUnavailable(error.into()))
    }
}

#[async_trait]
impl ReadinessCheck for InProcessKnowledge {
    async fn check(&self) -> CheckState {
        if self.base.passage_count() > 0 {
            CheckState::Ready
        } else {
            CheckState::Degraded
        }
    }
}
