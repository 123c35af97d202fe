//! What is asked and what is found, and the port behind which a search engine stands.

use serde::{Deserialize, Serialize};

use crate::{Audience, KnowledgeError};

/// From this score on a passage is about the question; below it, "we have nothing on this" is the
/// honest answer. Measured on the development half of `evals/knowledge/questions.jsonl`.
pub const RELEVANT_SCORE: f32 = 0.39;

/// A part of a document that was found, with its source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Passage {
    /// Id of the document.
    pub document_id: String,
    /// Id of the chunk, `<document id>#<number>`.
    pub chunk_id: String,
    /// Title of the document.
    pub title: String,
    /// Category of the document.
    pub category: String,
    /// Headings above the passage, outermost first, joined with ` › `; may be empty.
    pub heading: String,
    /// The passage itself: Markdown, exactly `start..end` of the document's body.
    pub content: String,
    /// Relevance, 0 to 1, higher is better, comparable between questions.
    pub score: f32,
    /// Where the passage begins in the document's body, in Unicode code points.
    pub start: usize,
    /// Where it ends (exclusive), in Unicode code points.
    pub end: usize,
}

/// A passage with its title and headings as the guardrails read it: one text, so that what is spread over them is
/// seen too.
pub fn as_one_text(title: &str, heading: &str, content: &str) -> String {
    format!("{title}\n{heading}\n{content}")
}

/// One search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Query<'a> {
    /// The question in the customer's words; any text is harmless, there is no query syntax.
    pub text: &'a str,
    /// Most passages wanted.
    pub limit: usize,
    /// Only passages of this category.
    pub category: Option<&'a str>,
    /// Only passages with at least this score; [`RELEVANT_SCORE`] keeps what is about the question.
    pub min_score: Option<f32>,
    /// Who is asking; passages for a narrower audience stay hidden.
    pub audience: Audience,
}

impl<'a> Query<'a> {
    /// A customer's question: five passages at most, every category, no minimum score.
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            limit: 5,
            category: None,
            min_score: None,
            audience: Audience::Customer,
        }
    }
}

/// An index's finding: which chunk (counted in the order in which it was indexed), and how good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Position of the chunk in indexing order.
    pub chunk: usize,
    /// Relevance, 0 to 1.
    pub score: f32,
}

/// What an index makes of a chunk, before filters on scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Position of the chunk in indexing order.
    pub chunk: usize,
    /// Relevance by words, 0 to 1, on a scale that is the same for every question.
    pub score: f32,
    /// The engine's own sum (BM25): comparable between chunks, and between questions only in that more and
    /// rarer words make it larger.
    pub sum: f32,
}

/// A search engine over chunks. An implementation is an immutable snapshot.
pub trait PassageIndex: Send + Sync {
    /// The best chunks by their words, best first; at most `query.limit`, all within the query's filters on
    /// documents, whatever `query.min_score` says. The same index and query always give the same candidates
    /// in the same order.
    ///
    /// # Errors
    /// [`KnowledgeError::Index`] when the engine itself fails. Nothing found is an empty list.
    fn candidates(&self, query: &Query<'_>) -> Result<Vec<Candidate>, KnowledgeError>;

    /// The candidates that reach `query.min_score`.
    ///
    /// # Errors
    /// As [`PassageIndex::candidates`].
    fn search(&self, query: &Query<'_>) -> Result<Vec<Hit>, KnowledgeError> {
        let candidates = self.candidates(query)?.into_iter();
        Ok(candidates
            .map(|Candidate { chunk, score, .. }| Hit { chunk, score })
            .filter(|hit| query.min_score.is_none_or(|least| hit.score >= least))
            .collect())
    }
}
