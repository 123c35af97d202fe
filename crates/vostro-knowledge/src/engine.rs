//! The lexical engine: tantivy in memory behind the [`PassageIndex`] port.
//!
//! tantivy finds candidates (BM25 over one field in which words of titles, tags and headings count more often,
//! pruned by block-max WAND, so that a search looks at few passages however many there are), [`score`] then judges
//! them on an absolute scale, because a BM25 sum says which passage is better but not whether any is good.
//! Immutable: a changed knowledge base is a new index. No query syntax is parsed anywhere, so no input can be an
//! operator. Dense vectors are not here.

mod lexicon;
mod profile;
mod question;
mod score;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use tantivy::directory::RamDirectory;
use tantivy::query::{
    BooleanQuery, BoostQuery, EnableScoring, Occur, Query as TantivyQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, Searcher, TantivyDocument, TantivyError, Term};

use self::lexicon::{Lexicon, StemId};
use self::profile::{Profile, profiles};
use self::question::Question;
use crate::{Candidate, Chunk, Document, KnowledgeError, PassageIndex, Query};

/// Memory for building the index, in bytes; far more than a knowledge base takes.
const BUILD_MEMORY: usize = 64 << 20;
/// Candidates that are judged for every passage wanted, and their least number.
const CANDIDATES_PER_HIT: usize = 2;
const MIN_CANDIDATES: usize = 100;
/// No search returns more passages than this, whatever it asks for.
pub const MAX_HITS: usize = 100;

/// Chunks indexed by their words.
pub struct TantivyIndex {
    searcher: Searcher,
    words: Field,
    lexicon: Lexicon,
    profiles: Vec<Profile>,
}

impl TantivyIndex {
    /// Indexes chunks, each with the document that it is from; those of a document follow one another. A
    /// [`Candidate`] refers to this order.
    ///
    /// # Errors
    /// [`KnowledgeError::Index`] when tantivy cannot build its segment.
    pub fn build<'a>(
        chunks: impl IntoIterator<Item = (&'a Chunk, &'a Document)>,
    ) -> Result<Self, KnowledgeError> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqs);
        let words = schema.add_text_field(
            "words",
            TextOptions::default().set_indexing_options(indexing),
        );
        let index = Index::builder().schema(schema.build());
        // One segment, written by this thread: document numbers are the order of indexing, and the
        // same chunks always give the same scores.
        let mut writer = index
            .single_segment_index_writer(RamDirectory::create(), BUILD_MEMORY)
            .map_err(failed)?;
        let mut lexicon = Lexicon::default();
        let chunks: Vec<(&Chunk, &Document)> = chunks.into_iter().collect();
        let mut all = Vec::with_capacity(chunks.len());
        for group in chunks.chunk_by(|(_, a), (_, b)| a.id == b.id) {
            let Some((_, document)) = group.first() else {
                continue;
            };
            let chunks: Vec<&Chunk> = group.iter().map(|(chunk, _)| *chunk).collect();
            for (profile, found_by) in profiles(document, &chunks, &mut lexicon) {
                let mut entry = TantivyDocument::default();
                entry.add_pre_tokenized_text(words, tokens(&found_by, &lexicon));
                writer.add_document(entry).map_err(failed)?;
                all.push(profile);
            }
        }
        lexicon.finish(all.len());
        let index = writer.finalize().map_err(failed)?;
        let searcher = index.reader().map_err(failed)?.searcher();
        Ok(Self {
            searcher,
            words,
            lexicon,
            profiles: all,
        })
    }

    /// The chunks with the best sums of weighted words, within the filters, with these sums.
    fn best(
        &self,
        question: &Question,
        query: &Query<'_>,
        most: usize,
    ) -> Result<Vec<(usize, f32)>, KnowledgeError> {
        let mut weights: BTreeMap<StemId, f32> = BTreeMap::new();
        for concept in &question.concepts {
            for variant in &concept.variants {
                *weights.entry(variant.id).or_default() += variant.weight;
            }
        }
        let words = weights.into_iter().map(|(id, weight)| {
            let term = Term::from_field_text(self.words, self.lexicon.name(id));
            let term = TermQuery::new(term, IndexRecordOption::WithFreqs);
            let boosted: Box<dyn TantivyQuery> = Box::new(BoostQuery::new(Box::new(term), weight));
            (Occur::Should, boosted)
        });
        let scoring = EnableScoring::enabled_from_searcher(&self.searcher);
        let any = BooleanQuery::new(words.collect())
            .weight(scoring)
            .map_err(failed)?;
        // The worst of the best on top: what does not reach it need not be looked at.
        let mut best: BinaryHeap<Reverse<Sum>> = BinaryHeap::with_capacity(most + 1);
        for segment in self.searcher.segment_readers() {
            let mut take = |chunk: u32, sum: f32| {
                let is_within = self
                    .profiles
                    .get(chunk as usize)
                    .is_some_and(|profile| profile.shared.is_within(query));
                if is_within {
                    best.push(Reverse(Sum { sum, chunk }));
                    if best.len() > most {
                        best.pop();
                    }
                }
                match best.peek() {
                    Some(Reverse(worst)) if best.len() == most => worst.sum,
                    _ => f32::MIN,
                }
            };
            any.for_each_pruning(f32::MIN, segment, &mut take)
                .map_err(failed)?;
        }
        let best = best.into_sorted_vec().into_iter();
        Ok(best
            .map(|Reverse(Sum { sum, chunk })| (chunk as usize, sum))
            .collect())
    }
}

impl PassageIndex for TantivyIndex {
    fn candidates(&self, query: &Query<'_>) -> Result<Vec<Candidate>, KnowledgeError> {
        let question = Question::new(query.text, &self.lexicon);
        let limit = query.limit.min(MAX_HITS);
        if question.is_empty() || limit == 0 || self.profiles.is_empty() {
            return Ok(Vec::new());
        }
        let most = (limit * CANDIDATES_PER_HIT).max(MIN_CANDIDATES);
        let found = self.best(&question, query, most)?;
        let mut hits = score::judge(&question, &found, &self.profiles, &self.lexicon);
        hits.truncate(limit);
        Ok(hits)
    }
}

/// A chunk's sum; of equal ones the lower number is the greater.
#[derive(Debug, Clone, Copy)]
struct Sum {
    sum: f32,
    chunk: u32,
}

impl Ord for Sum {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.sum
            .total_cmp(&other.sum)
            .then(other.chunk.cmp(&self.chunk))
    }
}

impl PartialOrd for Sum {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Sum {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Sum {}

/// Stems as tantivy takes them; where they stand in a text does not matter to it.
fn tokens(stems: &[StemId], lexicon: &Lexicon) -> PreTokenizedString {
    let tokens = stems.iter().enumerate().map(|(position, &stem)| Token {
        position,
        text: lexicon.name(stem).to_owned(),
        ..Token::default()
    });
    PreTokenizedString {
        text: String::new(),
        tokens: tokens.collect(),
    }
}

fn failed(error: TantivyError) -> KnowledgeError {
    KnowledgeError::Index(Box::new(error))
}
