//! Judging candidates on a scale from 0 to 1 that means the same for every question.
//!
//! A passage is good when it covers what the question is about: every concept, the telling ones
//! first, in the title and heading rather than in passing. BM25 orders what covers equally much.

use std::sync::Arc;

use super::lexicon::{Lexicon, StemId};
use super::question::{Concept, Question};
use crate::{Chunk, Document, Hit};

/// How sure a field makes us that the passage is about a word that stands in it.
const IN_TITLE: f32 = 0.70;
const IN_TAGS: f32 = 0.60;
const IN_HEADING: f32 = 0.65;
const IN_BODY_ONCE: f32 = 0.45;
const IN_BODY_OFTEN: f32 = 0.65;
/// … and one that stands elsewhere in the same document.
const IN_DOCUMENT: f32 = 0.25;
/// Share of the score that the order by BM25 decides.
const ORDER_SHARE: f32 = 0.20;

/// What a chunk is about, as stems; each list sorted.
pub(super) struct Profile {
    title: Vec<StemId>,
    tags: Vec<StemId>,
    heading: Vec<StemId>,
    once: Vec<StemId>,
    often: Vec<StemId>,
    whole: Arc<[StemId]>,
}

impl Profile {
    /// `whole` are the stems of the chunk's document, from [`whole`].
    pub(super) fn new(
        chunk: &Chunk,
        document: &Document,
        whole: &Arc<[StemId]>,
        lexicon: &mut Lexicon,
    ) -> Self {
        let mut set = |text: &str| {
            let mut stems = lexicon.learn(text);
            stems.sort_unstable();
            stems
        };
        let mut title = set(&document.title);
        let mut tags = set(&document.tags.join(" "));
        // The title is the heading of what comes before the first one.
        let mut heading = match chunk.headings.as_slice() {
            [] => title.clone(),
            headings => set(&headings.join(" ")),
        };
        let body = set(&chunk.content);
        for list in [&mut title, &mut tags, &mut heading] {
            list.dedup();
        }
        let (mut once, mut often) = (Vec::new(), Vec::new());
        for run in body.chunk_by(|a, b| a == b) {
            if let Some(&stem) = run.first() {
                if run.len() > 1 { &mut often } else { &mut once }.push(stem);
            }
        }
        let whole = Arc::clone(whole);
        let profile = Self {
            title,
            tags,
            heading,
            once,
            often,
            whole,
        };
        let [title, tags, heading, once, often, _] = profile.fields();
        let mut all: Vec<StemId> = [title, tags, heading, once, often].concat();
        all.sort_unstable();
        all.dedup();
        lexicon.count(all);
        profile
    }

    fn fields(&self) -> [&[StemId]; 6] {
        [
            &self.title,
            &self.tags,
            &self.heading,
            &self.once,
            &self.often,
            &self.whole,
        ]
    }

    /// How sure we are that the chunk is about this stem: the fields' evidence, taken together.
    fn about(&self, stem: StemId) -> f32 {
        let trust = [
            IN_TITLE,
            IN_TAGS,
            IN_HEADING,
            IN_BODY_ONCE,
            IN_BODY_OFTEN,
            IN_DOCUMENT,
        ];
        let doubt: f32 = self
            .fields()
            .iter()
            .zip(trust)
            .filter(|(field, _)| field.binary_search(&stem).is_ok())
            .map(|(_, trust)| 1.0 - trust)
            .product();
        1.0 - doubt
    }

    fn covers(&self, concept: &Concept) -> f32 {
        concept
            .variants
            .iter()
            .map(|variant| variant.weight * self.about(variant.id))
            .max_by(f32::total_cmp)
            .unwrap_or(0.0)
    }
}

/// The stems of a whole document's text, sorted.
pub(super) fn whole(document: &Document, lexicon: &mut Lexicon) -> Arc<[StemId]> {
    let mut stems = lexicon.learn(&document.body);
    stems.sort_unstable();
    stems.dedup();
    stems.into()
}

/// The candidates (chunk and BM25) with their scores, best first; ties keep the order of indexing.
pub(super) fn judge(
    question: &Question,
    candidates: &[(usize, f32)],
    profiles: &[Profile],
) -> Vec<Hit> {
    let best = candidates
        .iter()
        .map(|&(_, bm25)| bm25)
        .fold(f32::MIN_POSITIVE, f32::max);
    let asked: f32 = question.concepts.iter().map(|concept| concept.weight).sum();
    let mut hits: Vec<Hit> = candidates
        .iter()
        .filter_map(|&(chunk, bm25)| {
            let profile = profiles.get(chunk)?;
            let covered: f32 = question
                .concepts
                .iter()
                .map(|concept| concept.weight * profile.covers(concept))
                .sum();
            let coverage = covered / asked.max(f32::MIN_POSITIVE);
            let score = coverage * (1.0 - ORDER_SHARE + ORDER_SHARE * bm25 / best);
            Some(Hit {
                chunk,
                score: score.clamp(0.0, 1.0),
            })
        })
        .collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.chunk.cmp(&b.chunk)));
    hits
}
