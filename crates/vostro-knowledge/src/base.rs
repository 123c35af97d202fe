//! The knowledge base: documents, their chunks and an index over them, as one immutable snapshot.
//!
//! Replacing a knowledge base is building another one and swapping the pointer; there is no update in
//! place, so a search never sees half of a change.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::bm25::Bm25;
use crate::engine::TantivyIndex;
use crate::hybrid::{Halves, Inquiry, Near};
use crate::{
    Audience, Chunk, Document, Hit, KnowledgeError, Meaning, Passage, PassageIndex, Query, chunk,
};

/// Documents and the indexes over their passages. Cheap to clone and to share.
#[derive(Clone)]
pub struct KnowledgeBase {
    content: Arc<Content>,
    meaning: Option<Meaning>,
}

/// What a base consists of without vectors.
struct Content {
    documents: BTreeMap<String, Document>,
    chunks: Vec<(Chunk, String)>,
    index: Box<dyn PassageIndex>,
    bm25: Bm25,
    version: String,
}

impl KnowledgeBase {
    /// Chunks and indexes documents; their order does not matter. An empty list is an empty base.
    ///
    /// # Errors
    /// [`KnowledgeError::DuplicateId`], or [`KnowledgeError::Index`] when the engine fails.
    pub fn build(documents: Vec<Document>) -> Result<Self, KnowledgeError> {
        Self::build_without(documents, |_, _| false)
    }

    /// As [`KnowledgeBase::build`], without the passages that are `hidden`: those that nobody may find.
    ///
    /// # Errors
    /// As [`KnowledgeBase::build`].
    pub fn build_without(
        documents: Vec<Document>,
        hidden: impl Fn(&Document, &Chunk) -> bool,
    ) -> Result<Self, KnowledgeError> {
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
                    .filter(|chunk| !hidden(document, chunk))
                    .map(|chunk| (chunk, document.id.clone()))
            })
            .collect();
        let entries = chunks
            .iter()
            .filter_map(|(chunk, id)| by_id.get(id).map(|document| (chunk, document)));
        let index = Box::new(TantivyIndex::build(entries)?);
        let bm25 = Bm25::new(chunks.iter().map(|(chunk, _)| chunk.text()));
        let version = version(
            by_id.values(),
            chunks.iter().map(|(chunk, _)| chunk.id.as_str()),
        );
        Ok(Self {
            content: Arc::new(Content {
                documents: by_id,
                chunks,
                index,
                bm25,
                version,
            }),
            meaning: None,
        })
    }

    /// The same documents, searched by meaning too. The vectors must be this base's:
    /// [`Meaning::of`] makes them.
    #[must_use]
    pub fn with_meaning(&self, meaning: Meaning) -> Self {
        Self {
            content: Arc::clone(&self.content),
            meaning: Some(meaning),
        }
    }

    /// Whether search goes by meaning too, and not by words alone.
    pub fn has_meaning(&self) -> bool {
        self.meaning.is_some()
    }

    /// Whether vectors of passages are elsewhere: then [`KnowledgeBase::inquire`] and [`KnowledgeBase::conclude`] go
    /// by words and meaning.
    pub fn asks_elsewhere(&self) -> bool {
        self.meaning.as_ref().is_some_and(Meaning::is_elsewhere)
    }

    /// How many passages' vectors this process holds.
    pub fn vectors_here(&self) -> usize {
        let meaning = self.meaning.as_ref();
        meaning.map_or(0, |meaning| meaning.neighbours().len())
    }

    /// The passages that answer best, best first. Any text is harmless and quick. Goes by words alone where vectors
    /// are elsewhere.
    ///
    /// # Errors
    /// [`KnowledgeError::Index`] when the engine fails, [`KnowledgeError::Embed`] when the model does;
    /// nothing found is an empty list.
    pub fn try_search(&self, query: &Query<'_>) -> Result<Vec<Passage>, KnowledgeError> {
        match self.halves().filter(|_| !self.asks_elsewhere()) {
            Some(_) => self.conclude(self.inquire(query)?, &[]),
            None => Ok(self.content.passages(self.content.index.search(query)?)),
        }
    }

    /// Begins a search by words and meaning.
    ///
    /// # Errors
    /// [`KnowledgeError::Index`] when the engine fails, [`KnowledgeError::Embed`] when the model does or there is none.
    pub fn inquire(&self, query: &Query<'_>) -> Result<Inquiry, KnowledgeError> {
        let halves = self.halves().ok_or_else(no_model)?;
        halves.inquire(query, |chunk| {
            self.content
                .is_visible(chunk, query.audience, query.category)
        })
    }

    /// Ends a search that this base began: the passages that answer best, best first, by its words, the vectors that
    /// are here, and what was said of those that are elsewhere. What is said of other passages, or of ones outside the
    /// search's filters, changes nothing.
    ///
    /// # Errors
    /// [`KnowledgeError::Embed`] when there is no model.
    pub fn conclude(
        &self,
        inquiry: Inquiry,
        near: &[Near],
    ) -> Result<Vec<Passage>, KnowledgeError> {
        let halves = self.halves().ok_or_else(no_model)?;
        let (audience, category) = (inquiry.audience(), inquiry.category().map(str::to_owned));
        let visible = |chunk| {
            self.content
                .is_visible(chunk, audience, category.as_deref())
        };
        Ok(self
            .content
            .passages(halves.conclude(inquiry, near, visible)))
    }

    fn halves(&self) -> Option<Halves<'_>> {
        self.meaning.as_ref().map(|meaning| Halves {
            index: self.content.index.as_ref(),
            bm25: &self.content.bm25,
            meaning,
            chunks: &self.content.chunks,
            documents: self.content.documents.len(),
        })
    }

    /// As [`KnowledgeBase::try_search`], for an index in memory, which has no way to fail: should it
    /// fail all the same, nothing is found.
    pub fn search(&self, query: &Query<'_>) -> Vec<Passage> {
        self.try_search(query).unwrap_or_default()
    }

    /// The text of every passage as [`Chunk::text`] gives it, with its document's id.
    pub fn passage_texts(&self) -> impl Iterator<Item = (&str, String)> {
        let chunks = self.content.chunks.iter();
        chunks.map(|(chunk, id)| (id.as_str(), chunk.text()))
    }

    /// Plain BM25 over the passages' texts.
    pub(crate) fn bm25(&self) -> &Bm25 {
        &self.content.bm25
    }

    /// A document by its id.
    pub fn document(&self, id: &str) -> Option<&Document> {
        self.content.documents.get(id)
    }

    /// All documents, by id.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.content.documents.values()
    }

    /// Hash of all that the documents say (32 hexadecimal digits): the same documents, the same version.
    pub fn version(&self) -> &str {
        &self.content.version
    }

    /// Number of documents.
    pub fn document_count(&self) -> usize {
        self.content.documents.len()
    }

    /// Number of passages that can be found.
    pub fn passage_count(&self) -> usize {
        self.content.chunks.len()
    }
}

impl Content {
    fn passages(&self, hits: Vec<Hit>) -> Vec<Passage> {
        let passages = hits.into_iter().filter_map(|hit| self.passage(hit));
        passages.collect()
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

    /// Whether a query's filters let a chunk through.
    fn is_visible(&self, chunk: usize, reader: Audience, category: Option<&str>) -> bool {
        let document = self
            .chunks
            .get(chunk)
            .and_then(|(_, id)| self.documents.get(id));
        document.is_some_and(|document| {
            document.audience <= reader
                && category.is_none_or(|category| document.category == category)
        })
    }
}

impl std::fmt::Debug for KnowledgeBase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KnowledgeBase")
            .field("version", &self.content.version)
            .field("documents", &self.content.documents.len())
            .field("passages", &self.content.chunks.len())
            .field("meaning", &self.has_meaning())
            .finish_non_exhaustive()
    }
}

fn no_model() -> KnowledgeError {
    vostro_embed::EmbedError("this base has no vectors".into()).into()
}

/// SHA-256 over every field that a reader can see and which passages can be found, each with its length, so that none
/// runs into another.
fn version<'a>(
    documents: impl Iterator<Item = &'a Document>,
    chunks: impl Iterator<Item = &'a str>,
) -> String {
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
            document.valid_from.as_deref().unwrap_or_default(),
            document.valid_until.as_deref().unwrap_or_default(),
            &document.body,
        ] {
            field(text);
        }
    }
    chunks.for_each(&mut field);
    let digest = hash.finalize();
    hex::encode(digest.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests;
