//! Judging candidates on a scale from 0 to 1 that means the same for every question.
//!
//! A passage is good when it covers what the question is about: every concept, the telling ones
//! first, in the title and heading rather than in passing. BM25 orders what covers equally much.
//! The weights were tuned on the development half of the questions and on public customer
//! questions; the held-out half judged them.

use std::collections::HashSet;

use super::lexicon::StemId;
use super::profile::Profile;
use super::question::{Concept, Question};
use crate::Candidate;

/// How sure a place makes us that the passage is about a word that stands in it.
const IN_TITLE: f32 = 0.55;
const IN_TAGS: f32 = 0.60;
const IN_HEADING: f32 = 0.58;
const IN_BODY_ONCE: f32 = 0.28;
const IN_BODY_OFTEN: f32 = 0.52;
/// … elsewhere in the same document.
const IN_DOCUMENT: f32 = 0.15;
/// … in a title, tag or heading of several words that the question has all of.
const IN_NAME: f32 = 0.88;
/// Share of the score that the order by BM25 decides.
const ORDER_SHARE: f32 = 0.30;
/// What a passage further down loses against the one that opens the document.
const NOT_LEADING: f32 = 0.02;

/// The candidates (chunk and BM25) with their scores, best first; ties keep the order of indexing.
pub(super) fn judge(
    question: &Question,
    candidates: &[(usize, f32)],
    profiles: &[Profile],
) -> Vec<Candidate> {
    let best = candidates
        .iter()
        .map(|&(_, bm25)| bm25)
        .fold(f32::MIN_POSITIVE, f32::max);
    let asked: f32 = question.concepts.iter().map(|concept| concept.weight).sum();
    let words: HashSet<StemId> = question
        .concepts
        .iter()
        .flat_map(|concept| concept.variants.iter().map(|variant| variant.id))
        .collect();
    let mut hits: Vec<Candidate> = candidates
        .iter()
        .filter_map(|&(chunk, bm25)| {
            let profile = profiles.get(chunk)?;
            let coverage = coverage(question, &words, profile) / asked.max(f32::MIN_POSITIVE);
            let order = 1.0 - ORDER_SHARE + ORDER_SHARE * bm25 / best;
            let place = if profile.leads {
                1.0
            } else {
                1.0 - NOT_LEADING
            };
            Some(Candidate {
                chunk,
                score: (coverage * order * place).clamp(0.0, 1.0),
                sum: bm25,
            })
        })
        .collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.chunk.cmp(&b.chunk)));
    hits
}

fn coverage(question: &Question, words: &HashSet<StemId>, profile: &Profile) -> f32 {
    let named: Vec<StemId> = profile
        .shared
        .names
        .iter()
        .chain(std::iter::once(&profile.heading))
        .filter(|name| name.len() > 1 && name.iter().all(|stem| words.contains(stem)))
        .flatten()
        .copied()
        .collect();
    let covers = |concept: &Concept| {
        let variants = concept.variants.iter();
        variants
            .map(|variant| variant.weight * about(profile, &named, variant.id))
            .max_by(f32::total_cmp)
            .unwrap_or(0.0)
    };
    question
        .concepts
        .iter()
        .map(|concept| concept.weight * covers(concept))
        .sum()
}

/// How sure we are that the chunk is about this stem: the places' evidence, taken together.
fn about(profile: &Profile, named: &[StemId], stem: StemId) -> f32 {
    let places = [
        (&profile.shared.title, IN_TITLE),
        (&profile.shared.tags, IN_TAGS),
        (&profile.heading, IN_HEADING),
        (&profile.once, IN_BODY_ONCE),
        (&profile.often, IN_BODY_OFTEN),
        (&profile.shared.text, IN_DOCUMENT),
    ];
    let mut doubt: f32 = places
        .iter()
        .filter(|(place, _)| place.binary_search(&stem).is_ok())
        .map(|(_, sure)| 1.0 - sure)
        .product();
    if named.contains(&stem) {
        doubt *= 1.0 - IN_NAME;
    }
    1.0 - doubt
}
