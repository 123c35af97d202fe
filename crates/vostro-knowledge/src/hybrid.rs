//! Search by words and by meaning: both find candidates, one convex sum orders them.
//!
//! A sum of scores, not of ranks: ranks forget how much better the first is than the second (Bruch, Gai
//! and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). Each half is divided by its
//! best, so that neither needs to know the other's scale. Words count as far as they cover the question: a customer
//! who says nothing in the bank's words is understood by meaning alone. A long question is taken apart into its
//! sentences: a scenario of thirty sentences is about several things, and its mean is about none. How sure we are
//! that anything is relevant is judged apart, on scales that mean the same for every question.
//!
//! The weights were tuned on the development half of `evals/knowledge/questions.jsonl` and on public
//! development data; `docs/knowledge.md` has the figures.

mod order;
mod topics;

use std::collections::HashMap;
use std::sync::Arc;

use vostro_embed::cosine;

use self::order::{Fit, order};
use crate::bm25::{Bm25, Pairs, best_of};
use crate::engine::MAX_HITS;
use crate::text::{is_stop_word, sentences, words};
use crate::{Audience, Chunk, Hit, KnowledgeError, Meaning, PassageIndex, Query, passage_key};

/// Candidates that each half gives for every part of a question, at least.
const CANDIDATES: usize = 60;
/// A question of more words than this is taken apart.
const LONG_WORDS: usize = 60;
/// Sentences of a long question that are searched for, and the bytes of it that are looked at.
const MAX_PARTS: usize = 48;
const MAX_BYTES: usize = 16 << 10;
/// Content words that a sentence needs to be a part of its own.
const MIN_PART_WORDS: usize = 3;

/// A search that is under way: what words found, and the vectors that the nearest passages are to be told of.
///
/// Between [`crate::KnowledgeBase::inquire`] and [`crate::KnowledgeBase::conclude`] whoever has the vectors is asked,
/// where that is not this process; what to ask is all here.
pub struct Inquiry {
    limit: usize,
    min_score: Option<f32>,
    audience: Audience,
    category: Option<String>,
    /// Of the whole question, then of its parts.
    vectors: Vec<Arc<[f32]>>,
    fits: HashMap<usize, Fit>,
    /// Of a long question.
    pairs: Pairs,
    keys: Vec<String>,
}

impl Inquiry {
    /// The vectors of the question and of its parts, all of one length; none when there is nothing to find.
    pub fn vectors(&self) -> &[Arc<[f32]>] {
        &self.vectors
    }

    /// How many passages are wanted that are nearest to each.
    pub fn wanted(&self) -> usize {
        CANDIDATES
    }

    /// The keys ([`crate::passage_key`]) of passages whose nearness is wanted however far they are: those that words
    /// found.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// For whom the search is.
    pub fn audience(&self) -> Audience {
        self.audience
    }

    /// The only category that is searched, where it is one.
    pub fn category(&self) -> Option<&str> {
        self.category.as_deref()
    }
}

/// What whoever has the vectors says of a passage.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The passage's key.
    pub key: String,
    /// Its cosine to each of the inquiry's vectors, in their order.
    pub cosines: Vec<f32>,
}

/// What is searched: words, by the index and for long questions plainly, and meaning.
pub(crate) struct Halves<'a> {
    pub(crate) index: &'a dyn PassageIndex,
    pub(crate) bm25: &'a Bm25,
    pub(crate) meaning: &'a Meaning,
    /// The chunks, each with its document's id; those of one document follow each other.
    pub(crate) chunks: &'a [(Chunk, String)],
    /// How many documents there are.
    pub(crate) documents: usize,
}

impl Halves<'_> {
    /// What words find, and the question's vectors. `visible` tells whether a chunk is within the query's filters.
    pub(crate) fn inquire(
        &self,
        query: &Query<'_>,
        visible: impl Fn(usize) -> bool,
    ) -> Result<Inquiry, KnowledgeError> {
        let mut inquiry = Inquiry {
            limit: query.limit.min(MAX_HITS),
            min_score: query.min_score,
            audience: query.audience,
            category: query.category.map(str::to_owned),
            vectors: Vec::new(),
            fits: HashMap::new(),
            pairs: Pairs::new(),
            keys: Vec::new(),
        };
        let text = cut(query.text, MAX_BYTES);
        if inquiry.limit == 0 || words(text).next().is_none() {
            return Ok(inquiry);
        }
        let parts = parts(text);
        inquiry.fits = self.by_index(query, text, parts.len())?;
        if parts.len() > 1 {
            self.by_bm25(&parts, &mut inquiry.fits, &visible);
            inquiry.pairs = self.bm25.pairs(telling(text));
        }
        let vectors = parts.iter().map(|part| self.meaning.embed(part));
        inquiry.vectors = vectors.collect::<Result<_, _>>()?;
        if self.meaning.is_elsewhere() {
            let found = inquiry.fits.keys();
            let unknown = found.filter(|chunk| self.meaning.vector(**chunk).is_none());
            let chunks = unknown.filter_map(|chunk| self.chunks.get(*chunk));
            inquiry.keys = chunks
                .map(|(chunk, _)| passage_key(&chunk.text()))
                .collect();
        }
        Ok(inquiry)
    }

    /// The best chunks, best first. `near` is what was said elsewhere of passages whose vectors are not here; of one
    /// that is not in it, its words speak.
    pub(crate) fn conclude(
        &self,
        inquiry: Inquiry,
        near: &[Near],
        visible: impl Fn(usize) -> bool,
    ) -> Vec<Hit> {
        let (limit, min_score) = (inquiry.limit, inquiry.min_score);
        let (vectors, mut fits) = (&inquiry.vectors, inquiry.fits);
        if vectors.is_empty() {
            return Vec::new();
        }
        for vector in vectors {
            for chunk in self.meaning.nearest(vector, CANDIDATES, &visible) {
                fits.entry(chunk).or_insert_with(|| Fit::new(vectors.len()));
            }
        }
        for (chunk, fit) in &mut fits {
            let Some(row) = self.meaning.vector(*chunk) else {
                continue;
            };
            for (near, vector) in fit.cosines.iter_mut().zip(vectors) {
                *near = cosine(vector, row);
            }
        }
        for Near { key, cosines } in near {
            if cosines.len() != vectors.len() || !cosines.iter().all(|near| near.is_finite()) {
                continue;
            }
            for chunk in self.meaning.passages_of(key).filter(|it| visible(*it)) {
                let fit = fits.entry(chunk).or_insert_with(|| Fit::new(vectors.len()));
                fit.cosines.clone_from(cosines);
            }
        }
        let by_pairs = |of: &[usize]| {
            let texts = of.iter().map(|chunk| {
                let all = self.of_document(*chunk).filter(|it| visible(*it));
                all.collect::<Vec<usize>>()
            });
            let documents: Vec<_> = texts.collect();
            let pairs = &inquiry.pairs;
            self.bm25.by_pairs(pairs, &documents, self.documents)
        };
        let mut hits = order(&fits, |chunk| self.document(chunk), by_pairs);
        hits.retain(|hit| min_score.is_none_or(|least| hit.score >= least));
        hits.truncate(limit);
        hits
    }

    fn document(&self, chunk: usize) -> &str {
        let chunk = self.chunks.get(chunk);
        chunk.map_or("", |(_, document)| document)
    }

    /// All chunks of the document that this one is of.
    fn of_document(&self, chunk: usize) -> impl Iterator<Item = usize> {
        let document = self.document(chunk);
        let (before, from) = self.chunks.split_at(chunk.min(self.chunks.len()));
        let same = move |(_, id): &&(Chunk, String)| id == document;
        let before = before.iter().rev().take_while(same).count();
        let behind = from.iter().take_while(same).count();
        chunk - before..chunk + behind
    }

    /// The candidates of the index for the whole question.
    fn by_index(
        &self,
        query: &Query<'_>,
        text: &str,
        parts: usize,
    ) -> Result<HashMap<usize, Fit>, KnowledgeError> {
        let candidates = self.index.candidates(&Query {
            text,
            limit: query.limit.clamp(CANDIDATES, MAX_HITS),
            ..*query
        })?;
        let mut fits: HashMap<usize, Fit> = HashMap::new();
        for candidate in candidates {
            let fit = fits
                .entry(candidate.chunk)
                .or_insert_with(|| Fit::new(parts));
            if let Some(sum) = fit.sums.first_mut() {
                *sum = candidate.sum;
            }
            fit.cover = candidate.score;
        }
        Ok(fits)
    }

    /// Plain BM25 of each part of a long question, in place of the index's sum.
    fn by_bm25(
        &self,
        parts: &[&str],
        fits: &mut HashMap<usize, Fit>,
        visible: impl Fn(usize) -> bool,
    ) {
        let by_part: Vec<Vec<f32>> = parts.iter().map(|part| self.bm25.scores(part)).collect();
        for scores in &by_part {
            for chunk in best_of(scores, CANDIDATES, &visible) {
                fits.entry(chunk).or_insert_with(|| Fit::new(parts.len()));
            }
        }
        for (chunk, fit) in fits.iter_mut() {
            for (sum, scores) in fit.sums.iter_mut().zip(&by_part) {
                *sum = scores.get(*chunk).copied().unwrap_or_default();
            }
        }
    }
}

/// The whole question, and of a long one its sentences.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    if words(text).nth(LONG_WORDS).is_none() {
        return parts;
    }
    parts.extend(telling(text).take(MAX_PARTS));
    parts
}

/// The sentences of a text that say something of their own.
fn telling(text: &str) -> impl Iterator<Item = &str> {
    let sentences = text.lines().flat_map(|line| {
        let spans = sentences(line).into_iter();
        spans.filter_map(move |span| line.get(span))
    });
    sentences.filter(|text| {
        let telling = words(text).filter(|word| !is_stop_word(&word.surface));
        telling.take(MIN_PART_WORDS).count() == MIN_PART_WORDS
    })
}

/// At most so many bytes of a text, between characters.
fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests;
