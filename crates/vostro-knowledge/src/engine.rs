//! The lexical engine: tantivy in memory behind the [`PassageIndex`] port.
//!
//! tantivy finds candidates (BM25 with boosts for title, tags and heading, and for neighbouring
//! words), [`score`] then judges them on an absolute scale, because a BM25 sum says which passage is
//! better but not whether any is good. Immutable: a changed knowledge base is a new index.
//! No query syntax is parsed anywhere, so no input can be an operator. Dense vectors are not here.

mod analyser;
mod lexicon;
mod profile;
mod question;
mod score;

use std::sync::Arc;

use tantivy::collector::TopDocs;
use tantivy::directory::RamDirectory;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, TermQuery};
use tantivy::schema::{
    Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};
use tantivy::{Index, Searcher, TantivyDocument, TantivyError, Term};

use self::analyser::StemTokenizer;
use self::lexicon::Lexicon;
use self::profile::{Profile, Shared};
use self::question::Question;
use crate::{Audience, Candidate, Chunk, Document, KnowledgeError, PassageIndex, Query};

/// Memory for building the index, in bytes; far more than a knowledge base takes.
const BUILD_MEMORY: usize = 64 << 20;
/// Candidates that are judged for every passage wanted, and their least number.
const CANDIDATES_PER_HIT: usize = 4;
const MIN_CANDIDATES: usize = 60;
/// No search returns more passages than this, whatever it asks for.
pub const MAX_HITS: usize = 100;

const TITLE_BOOST: f32 = 2.5;
const TAGS_BOOST: f32 = 1.8;
const HEADING_BOOST: f32 = 1.2;
const BODY_BOOST: f32 = 1.0;
/// Weight of two neighbouring words of the question that stand together in a passage.
const PHRASE_BOOST: f32 = 0.5;

/// Chunks indexed by their words.
pub struct TantivyIndex {
    searcher: Searcher,
    fields: Fields,
    lexicon: Lexicon,
    profiles: Vec<Profile>,
}

#[derive(Clone, Copy)]
struct Fields {
    title: Field,
    tags: Field,
    heading: Field,
    body: Field,
    category: Field,
    audience: Field,
}

impl Fields {
    fn boosted(self) -> [(Field, f32); 4] {
        [
            (self.title, TITLE_BOOST),
            (self.tags, TAGS_BOOST),
            (self.heading, HEADING_BOOST),
            (self.body, BODY_BOOST),
        ]
    }
}

impl TantivyIndex {
    /// Indexes chunks, each with the document that it is from. A [`Candidate`] refers to this order.
    ///
    /// # Errors
    /// [`KnowledgeError::Index`] when tantivy cannot build its segment.
    pub fn build<'a>(
        chunks: impl IntoIterator<Item = (&'a Chunk, &'a Document)>,
    ) -> Result<Self, KnowledgeError> {
        let (schema, fields) = schema();
        let mut index = Index::builder().schema(schema);
        let analyser = TextAnalyzer::from(StemTokenizer::default());
        let tokenizers = TokenizerManager::default();
        tokenizers.register(analyser::NAME, analyser);
        index = index.tokenizers(tokenizers);
        // One segment, written by this thread: document numbers are the order of indexing, and the
        // same chunks always give the same scores.
        let mut writer = index
            .single_segment_index_writer(RamDirectory::create(), BUILD_MEMORY)
            .map_err(failed)?;
        let mut lexicon = Lexicon::default();
        let mut profiles = Vec::new();
        let mut last: Option<(&str, Arc<Shared>)> = None;
        for (chunk, document) in chunks {
            let mut entry = TantivyDocument::default();
            entry.add_text(fields.title, &document.title);
            entry.add_text(fields.tags, document.tags.join(" "));
            let heading = chunk.headings.join(" ");
            let heading = if heading.is_empty() {
                &document.title
            } else {
                &heading
            };
            entry.add_text(fields.heading, heading);
            entry.add_text(fields.body, &chunk.content);
            entry.add_text(fields.category, &document.category);
            entry.add_u64(fields.audience, level(document.audience));
            writer.add_document(entry).map_err(failed)?;
            let shared = match &last {
                Some((id, shared)) if *id == document.id => Arc::clone(shared),
                _ => Arc::new(Shared::new(document, &mut lexicon)),
            };
            profiles.push(Profile::new(chunk, &shared, &mut lexicon));
            last = Some((&document.id, shared));
        }
        lexicon.finish(profiles.len());
        let index = writer.finalize().map_err(failed)?;
        let searcher = index.reader().map_err(failed)?.searcher();
        Ok(Self {
            searcher,
            fields,
            lexicon,
            profiles,
        })
    }

    /// The question as a tantivy query: any of its words, within the filters.
    fn query(&self, question: &Question, query: &Query<'_>) -> BooleanQuery {
        let mut any: Vec<(Occur, Box<dyn tantivy::query::Query>)> = Vec::new();
        for concept in &question.concepts {
            for variant in &concept.variants {
                for (field, boost) in self.fields.boosted() {
                    let term = Term::from_field_text(field, &variant.stem);
                    let term = TermQuery::new(term, IndexRecordOption::WithFreqs);
                    let boosted = BoostQuery::new(Box::new(term), boost * variant.weight);
                    any.push((Occur::Should, Box::new(boosted)));
                }
            }
        }
        for (first, second) in &question.pairs {
            for (field, boost) in self.fields.boosted() {
                let terms = [first, second].map(|stem| Term::from_field_text(field, stem));
                let phrase = PhraseQuery::new(terms.to_vec());
                let boosted = BoostQuery::new(Box::new(phrase), boost * PHRASE_BOOST);
                any.push((Occur::Should, Box::new(boosted)));
            }
        }
        let mut all: Vec<(Occur, Box<dyn tantivy::query::Query>)> =
            vec![(Occur::Must, Box::new(BooleanQuery::new(any)))];
        let visible = (0..=level(query.audience))
            .map(|level| Term::from_field_u64(self.fields.audience, level))
            .collect();
        all.push((Occur::Must, filter(visible)));
        if let Some(category) = query.category {
            let category = category.get(..category.len().min(256)).unwrap_or_default();
            all.push((
                Occur::Must,
                filter(vec![Term::from_field_text(self.fields.category, category)]),
            ));
        }
        BooleanQuery::new(all)
    }
}

impl PassageIndex for TantivyIndex {
    fn candidates(&self, query: &Query<'_>) -> Result<Vec<Candidate>, KnowledgeError> {
        let question = Question::new(query.text, &self.lexicon);
        let limit = query.limit.min(MAX_HITS);
        if question.is_empty() || limit == 0 || self.profiles.is_empty() {
            return Ok(Vec::new());
        }
        let candidates = (limit * CANDIDATES_PER_HIT).max(MIN_CANDIDATES);
        let found = self
            .searcher
            .search(
                &self.query(&question, query),
                &TopDocs::with_limit(candidates).order_by_score(),
            )
            .map_err(failed)?;
        let found: Vec<(usize, f32)> = found
            .into_iter()
            .map(|(bm25, at)| (at.doc_id as usize, bm25))
            .collect();
        let mut hits = score::judge(&question, &found, &self.profiles);
        hits.truncate(limit);
        Ok(hits)
    }
}

/// A filter on any of these terms that adds nothing to the score.
fn filter(terms: Vec<Term>) -> Box<dyn tantivy::query::Query> {
    let any = BooleanQuery::new_multiterms_query(terms);
    Box::new(ConstScoreQuery::new(Box::new(any), 0.0))
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(analyser::NAME)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    let fields = Fields {
        title: schema.add_text_field("title", words.clone()),
        tags: schema.add_text_field("tags", words.clone()),
        heading: schema.add_text_field("heading", words.clone()),
        body: schema.add_text_field("body", words),
        category: schema.add_text_field("category", STRING),
        audience: schema.add_u64_field("audience", INDEXED),
    };
    (schema.build(), fields)
}

fn level(audience: Audience) -> u64 {
    match audience {
        Audience::Public => 0,
        Audience::Customer => 1,
        Audience::Staff => 2,
    }
}

fn failed(error: TantivyError) -> KnowledgeError {
    KnowledgeError::Index(Box::new(error))
}
