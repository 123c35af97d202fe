//! The knowledge base: documents, their chunks and an index over them, as one immutable snapshot.
//!
//! Replacing a knowledge base is building another one and swapping the pointer; there is no update in
//! place, so a search never sees half of a change.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::engine::TantivyIndex;
use crate::{Chunk, Document, Hit, KnowledgeError, Passage, PassageIndex, Query, chunk};

/// Documents and the index over their passages. Cheap to share behind an `Arc`.
pub struct KnowledgeBase {
    documents: BTreeMap<String, Document>,
    chunks: Vec<(Chunk, String)>,
    index: Box<dyn PassageIndex>,
    version: String,
}

impl KnowledgeBase {
    /// Chunks and indexes documents; their order does not matter. An empty list is an empty base.
    ///
    /// # Errors
    /// [`KnowledgeError::DuplicateId`], or [`KnowledgeError::Index`] when the engine fails.
    pub fn build(documents: Vec<Document>) -> Result<Self, KnowledgeError> {
        let mut by_id: BTreeMap<String, Document> = BTreeMap::new();
        for document in documents {
            if let Some(first) = by_id.get(&document.id) {
                return Err(KnowledgeError::DuplicateId {
                    id: document.id,
                    first: first.source.clone(),
                    second: document.source,
                });
            }
            by_id.insert(document.id.clone(), document);
        }
        let chunks: Vec<(Chunk, String)> = by_id
            .values()
            .flat_map(|document| {
                chunk(document)
                    .into_iter()
                    .map(|chunk| (chunk, document.id.clone()))
            })
            .collect();
        let entries = chunks
            .iter()
            .filter_map(|(chunk, id)| by_id.get(id).map(|document| (chunk, document)));
        let index = Box::new(TantivyIndex::build(entries)?);
        let version = version(by_id.values());
        Ok(Self {
            documents: by_id,
            chunks,
            index,
            version,
        })
    }

    /// The passages that answer best, best first. Any text is harmless and quick.
    ///
    /// # Errors
    /// [`KnowledgeError::Index`] when the engine fails; nothing found is an empty list.
    pub fn try_search(&self, query: &Query<'_>) -> Result<Vec<Passage>, KnowledgeError> {
        let hits = self.index.search(query)?;
        Ok(hits
            .into_iter()
            .filter_map(|hit| self.passage(hit))
            .collect())
    }

    /// As [`KnowledgeBase::try_search`], for an index in memory, which has no way to fail: should it
    /// fail all the same, nothing is found.
    pub fn search(&self, query: &Query<'_>) -> Vec<Passage> {
        self.try_search(query).unwrap_or_default()
    }

    /// A document by its id.
    pub fn document(&self, id: &str) -> Option<&Document> {
        self.documents.get(id)
    }

    /// All documents, by id.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    /// Hash of all that the documents say (32 hexadecimal digits): the same documents, the same version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Number of documents.
    pub fn document_count(&self) -> usize {
        self.documents.len()
    }

    /// Number of passages that can be found.
    pub fn passage_count(&self) -> usize {
        self.chunks.len()
    }

    fn passage(&self, hit: Hit) -> Option<Passage> {
        let (chunk, document_id) = self.chunks.get(hit.chunk)?;
        let document = self.documents.get(document_id)?;
        Some(Passage {
            document_id: document_id.clone(),
            chunk_id: chunk.id.clone(),
            title: chunk.title.clone(),
            category: document.category.clone(),
            heading: chunk.headings.join(" \u{203a} "),
            content: chunk.content.clone(),
            score: hit.score,
            start: chunk.chars.start,
            end: chunk.chars.end,
        })
    }
}

impl std::fmt::Debug for KnowledgeBase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KnowledgeBase")
            .field("version", &self.version)
            .field("documents", &self.documents.len())
            .field("passages", &self.chunks.len())
            .finish_non_exhaustive()
    }
}

/// SHA-256 over every field that a reader can see, each with its length, so that none runs into another.
fn version<'a>(documents: impl Iterator<Item = &'a Document>) -> String {
    let mut hash = Sha256::new();
    let mut field = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    for document in documents {
        for text in [
            &document.id,
            &document.title,
            &document.category,
            &document.tags.join("\n"),
            &format!("{:?}", document.audience),
            &document.language,
            &document.version.to_string(),
            &document.updated,
            &document.body,
        ] {
            field(text);
        }
    }
    let digest = hash.finalize();
    hex::encode(digest.get(..16).unwrap_or_default())
}
