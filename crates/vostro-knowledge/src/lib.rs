//! What the bank has written down, and finding the right lines of it.
//!
//! Markdown articles become [`Document`]s, documents become [`Chunk`]s that keep their headings,
//! tables and lists whole, and a [`KnowledgeBase`] finds the [`Passage`]s that a customer's question
//! is about. [`answer`] quotes the best complete sentences with their source: it is extractive, it
//! never writes a sentence of its own.
//!
//! ```
//! use vostro_knowledge::{answer, parse, KnowledgeBase, Query};
//!
//! let article = parse("limits.md", r#"+++
//! id = "limits"
//! title = "Transfer limits"
//! category = "transfers"
//! tags = ["limit", "maximum"]
//! audience = "public"
//! language = "en"
//! version = 1
//! updated = 2026-11-01
//! +++
//! ## How much can I send?
//!
//! One transfer can be up to $5,000.00. The bank counts all that you send in one day.
//! "#)?;
//! let base = KnowledgeBase::build(vec![article])?;
//! let passages = base.search(&Query::new("what is the transfer limit"));
//! let answer = answer("what is the transfer limit", &passages).expect("the article says so");
//! assert!(answer.text.contains("$5,000.00"));
//! assert_eq!(answer.citations[0].document_id, "limits");
//! # Ok::<(), vostro_knowledge::KnowledgeError>(())
//! ```
//!
//! The core (documents, chunks, answers) knows nothing of any search engine: an engine stands behind
//! the [`PassageIndex`] port, and the one built on tantivy lives in [`engine`]. With a [`Meaning`] (vectors
//! of all passages) search goes by words and by meaning, and [`rerank`] puts the best into a model's order. Only [`load`] does I/O.
//! Left to others: the model behind the vectors, serving over HTTP, screening passages.

mod answer;
mod base;
mod bm25;
mod chunk;
mod context;
mod document;
pub mod engine;
mod error;
pub mod eval;
mod hybrid;
pub mod load;
mod markdown;
mod meaning;
mod passage;
mod rerank;
mod synonyms;
#[cfg(test)]
mod testing;
mod text;

pub use answer::{Answer, Citation, answer};
pub use base::KnowledgeBase;
pub use chunk::{Chunk, chunk, passage_key};
pub use context::{Context, context};
pub use document::{Audience, Document, MAX_DOCUMENT_BYTES, parse};
pub use error::KnowledgeError;
pub use hybrid::{Inquiry, Near};
pub use load::load_dir;
pub use meaning::{Meaning, VectorCache};
pub use passage::{Candidate, Hit, Passage, PassageIndex, Query, RELEVANT_SCORE, as_one_text};
pub use rerank::rerank;
