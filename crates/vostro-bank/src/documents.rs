//! The documents that were ingested into the knowledge base, with their passages and vectors.
//!
//! A document is written, replaced or removed whole, in one transaction, and each of these raises the knowledge
//! version by one: whoever keeps an index polls that number and reads again when it has changed. How a text is cut,
//! screened and embedded is decided before it comes here. Searching by words is not here either; by meaning it is, where the
//! store can.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::store::StoreError;

/// What is known of a document beside its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentMeta {
    /// Stable id; citations refer to it.
    pub id: String,
    /// Where it came from: a path, or another name.
    pub source: String,
    /// Title.
    pub title: String,
    /// Category slug.
    pub category: String,
    /// More words under which it is looked for.
    pub tags: Vec<String>,
    /// Who may read it: `public`, `customer` or `staff`.
    pub audience: String,
    /// Language of the text (BCP 47).
    pub language: String,
    /// Edition of the text, counted from 1.
    pub version: u32,
    /// Day of the last change.
    pub updated: Date,
    /// First day on which it holds; `None` for always.
    pub valid_from: Option<Date>,
    /// Last day on which it holds; `None` for always.
    pub valid_until: Option<Date>,
    /// Hash of what it was made from: the same hash, the same document.
    pub content_hash: String,
    /// Why nobody may find it, where that is so.
    pub quarantined: Option<String>,
}

/// A passage of a document. Its text is `start..end` of the body.
#[derive(Debug, Clone, PartialEq)]
pub struct PassageRecord {
    /// Hash of the passage's text with its title and headings.
    pub key: String,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// Where it begins in the body, in Unicode code points.
    pub start: u32,
    /// Where it ends (exclusive).
    pub end: u32,
    /// Its size in tokens, estimated.
    pub tokens: u32,
    /// Why nobody may find it, where that is so.
    pub flagged: Option<String>,
    /// Its vector, where it was embedded.
    pub vector: Option<PassageVector>,
}

/// A vector and the model that made it.
#[derive(Debug, Clone, PartialEq)]
pub struct PassageVector {
    /// Name of the model.
    pub model: String,
    /// The vector.
    pub values: Vec<f32>,
}

/// A whole document.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentRecord {
    /// What is known of it.
    pub meta: DocumentMeta,
    /// Its text: Markdown.
    pub body: String,
    /// Its passages, in order.
    pub passages: Vec<PassageRecord>,
}

/// A document in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentEntry {
    /// What is known of it.
    pub meta: DocumentMeta,
    /// How many passages it has.
    pub passages: u32,
    /// How many of them nobody may find.
    pub flagged: u32,
    /// The knowledge version that it came with.
    pub revision: i64,
    /// When it came.
    pub ingested_at: Timestamp,
}

/// What writing a document did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentPut {
    /// Whether there was none of this id before.
    pub created: bool,
    /// The knowledge version since then.
    pub revision: i64,
}

/// Whether a store can search passages by their vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VectorSearch {
    /// It can, and follows every change of a document in its transaction.
    Ready,
    /// This kind of store has no such thing.
    Unsupported,
    /// The server has no extension for it.
    Absent,
    /// The server has the extension, and this user may not create it in the database.
    Forbidden,
    /// The extension is of a version that cannot filter as it searches.
    TooOld,
}

/// What is asked of a store that searches passages by their vectors.
#[derive(Debug, Clone, PartialEq)]
pub struct NearestQuery {
    /// The model that made the vectors.
    pub model: String,
    /// Vectors of one length: a question and its parts.
    pub questions: Vec<Vec<f32>>,
    /// The audiences whose documents may be found.
    pub audiences: Vec<String>,
    /// Only documents of this category.
    pub category: Option<String>,
    /// Only documents that hold on this day.
    pub day: Date,
    /// How many passages are wanted that are nearest to each question.
    pub wanted: u32,
    /// Keys of more passages whose nearness is wanted.
    pub keys: Vec<String>,
}

/// A passage and how near it is.
#[derive(Debug, Clone, PartialEq)]
pub struct NearPassage {
    /// Hash of the passage's text with its title and headings.
    pub key: String,
    /// Its cosine to each question.
    pub cosines: Vec<f32>,
}

/// Ingested documents.
#[async_trait]
pub trait Documents: Send + Sync {
    /// The number that every change raises; 0 when nothing was ever ingested.
    async fn knowledge_version(&self) -> Result<i64, StoreError>;

    /// Writes a document in the place of the one with its id, passages and all.
    async fn put_document(&self, document: &DocumentRecord) -> Result<DocumentPut, StoreError>;

    /// Removes a document with its passages; gives the knowledge version since then, or `None` when there is
    /// no such document.
    async fn remove_document(&self, id: &str) -> Result<Option<i64>, StoreError>;

    /// What is known of a document.
    async fn document_entry(&self, id: &str) -> Result<Option<DocumentEntry>, StoreError>;

    /// What is known of documents, in the order of their ids, after one of them.
    async fn document_entries(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DocumentEntry>, StoreError>;

    /// Whole documents, in the order of their ids, after one of them.
    async fn document_records(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DocumentRecord>, StoreError>;

    /// Keeps vectors of passages that had none of this model, by the passages' keys; gives how many passages got
    /// one. This is no change of a document: the knowledge version stays.
    async fn keep_vectors(
        &self,
        model: &str,
        vectors: &[(String, Vec<f32>)],
    ) -> Result<u64, StoreError>;

    /// Makes ready to search passages by vectors of so many dimensions, where the store can. What is there is kept,
    /// and vectors that came before are taken in: with many of them this takes minutes, once.
    async fn prepare_vector_search(&self, dimensions: u32) -> Result<VectorSearch, StoreError>;

    /// The passages nearest to each question that the filters let through, and those of the keys, each with its
    /// cosine to every question; in no order, nearest as far as an approximate index finds them. What is quarantined
    /// or flagged is not found. Only after [`Documents::prepare_vector_search`] said that the store is ready.
    async fn nearest_passages(&self, query: &NearestQuery) -> Result<Vec<NearPassage>, StoreError>;
}
