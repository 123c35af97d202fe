//! A search whose best passages a model puts into another order, for measuring.

use vostro_embed::Reranker;

use crate::{KnowledgeBase, KnowledgeError, Passage, Query, rerank};

/// A model, and how many passages of a search it reads.
#[derive(Clone, Copy)]
pub struct Reranking<'a> {
    /// The model.
    pub model: &'a dyn Reranker,
    /// How many passages it reads.
    pub candidates: usize,
}

impl Reranking<'_> {
    /// What a base finds, in the model's order, however long that takes.
    ///
    /// # Errors
    /// [`KnowledgeError`] when the search or the model fails.
    pub fn search(
        &self,
        base: &KnowledgeBase,
        query: &Query<'_>,
    ) -> Result<Vec<Passage>, KnowledgeError> {
        let passages = base.try_search(&Query {
            limit: query.limit.max(self.candidates),
            ..*query
        })?;
        let ordered = rerank(query.text, passages, self.candidates, self.model, &|| true);
        let (mut passages, _) = ordered?;
        passages.truncate(query.limit);
        Ok(passages)
    }
}

impl std::fmt::Debug for Reranking<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reranking")
            .field("model", &self.model.model())
            .field("candidates", &self.candidates)
            .finish()
    }
}
