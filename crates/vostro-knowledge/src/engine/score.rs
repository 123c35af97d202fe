//! Judging candidates on a scale from 0 to 1 that means the same for every question.
//!
//! A passage is good when it covers what the question is about: every concept, the telling ones
//! first, in the title and heading rather than in passing. BM25 orders what covers equally much.
//! The weights were tuned on the development half of the questions and on public customer
//! questions; the held-out half judged them.

use super::lexicon::{Lexicon, StemId};
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
/// Share of their rarity that two neighbouring words of the question add to the sum of a passage in which they stand
/// together, in its text or in a name of its document.
const TOGETHER: f32 = 0.5;
const TOGETHER_IN_NAME: f32 = 1.0;
/// Share of the score that the order by BM25 decides.
const ORDER_SHARE: f32 = 0.40;
/// What a passage further down loses against the one that opens the document.
const NOT_LEADING: f32 = 0.02;

/// The candidates (chunk and BM25) with their scores, best first; ties keep the order of indexing.
pub(super) fn judge(
    question: &Question,
    candidates: &[(usize, f32)],
    profiles: &[Profile],
    lexicon: &Lexicon,
) -> Vec<Candidate> {
    let mut asked = Asked::new(question, lexicon);
    let mut hits: Vec<Candidate> = candidates
        .iter()
        .filter_map(|&(chunk, bm25)| {
            let profile = profiles.get(chunk)?;
            let together = asked.look_at(profile);
            Some(Candidate {
                chunk,
                score: asked.coverage(profile),
                sum: bm25 + together,
            })
        })
        .collect();
    let best = hits.iter().map(|hit| hit.sum);
    let best = best.fold(f32::MIN_POSITIVE, f32::max);
    for hit in &mut hits {
        let leads = profiles.get(hit.chunk).is_some_and(|profile| profile.leads);
        let order = 1.0 - ORDER_SHARE + ORDER_SHARE * hit.sum / best;
        let place = if leads { 1.0 } else { 1.0 - NOT_LEADING };
        hit.score = (hit.score * order * place).clamp(0.0, 1.0);
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.chunk.cmp(&b.chunk)));
    hits
}

/// A question, and which of its words the passage has that is looked at.
struct Asked<'a> {
    question: &'a Question,
    lexicon: &'a Lexicon,
    /// Weight of all concepts.
    weight: f32,
    /// By the number of a stem: 0 for one that was not asked for, else one more than its place in `times`.
    places: Vec<u8>,
    /// How often each word stands in the passage.
    times: Vec<u16>,
}

impl<'a> Asked<'a> {
    fn new(question: &'a Question, lexicon: &'a Lexicon) -> Self {
        let mut places = vec![0; lexicon.len()];
        let mut times = Vec::new();
        let variants = question.concepts.iter().flat_map(|it| &it.variants);
        for id in variants.map(|variant| variant.id) {
            if let Some(place @ 0) = places.get_mut(id as usize)
                && let Ok(next) = u8::try_from(times.len() + 1)
            {
                *place = next;
                times.push(0);
            }
        }
        let weights = question.concepts.iter().map(|concept| concept.weight);
        Self {
            question,
            lexicon,
            weight: weights.sum::<f32>().max(f32::MIN_POSITIVE),
            places,
            times,
        }
    }

    fn place(&self, stem: StemId) -> Option<usize> {
        let place = self.places.get(stem as usize).copied()?;
        usize::from(place).checked_sub(1)
    }

    /// Counts the words of a passage; gives what its neighbouring words add to its sum.
    fn look_at(&mut self, profile: &Profile) -> f32 {
        self.times.fill(0);
        for &stem in &profile.words {
            if let Some(place) = self.place(stem)
                && let Some(times) = self.times.get_mut(place)
            {
                *times = times.saturating_add(1);
            }
        }
        let pairs = self.question.pairs.iter();
        pairs
            .map(|&(first, second)| {
                let stand_together =
                    |words: &[StemId]| words.windows(2).any(|pair| pair == [first, second]);
                let both = self.has(first) && self.has(second) && stand_together(&profile.words);
                let named = profile.shared.names.iter().any(|name| stand_together(name));
                let share =
                    if both { TOGETHER } else { 0.0 } + if named { TOGETHER_IN_NAME } else { 0.0 };
                let rarity = |stem| self.lexicon.rarity(Some(stem));
                share * (rarity(first) + rarity(second))
            })
            .sum()
    }

    fn times(&self, stem: StemId) -> u16 {
        let times = self.place(stem).and_then(|place| self.times.get(place));
        times.copied().unwrap_or_default()
    }

    /// Whether the passage that was looked at has a word.
    fn has(&self, stem: StemId) -> bool {
        self.times(stem) > 0
    }

    /// How much of the question the passage that was looked at is about, 0 to 1.
    fn coverage(&self, profile: &Profile) -> f32 {
        let named: Vec<StemId> = profile
            .shared
            .names
            .iter()
            .chain(std::iter::once(&profile.heading))
            .filter(|name| name.len() > 1 && name.iter().all(|&it| self.place(it).is_some()))
            .flatten()
            .copied()
            .collect();
        let covers = |concept: &Concept| {
            let variants = concept.variants.iter();
            variants
                .map(|variant| variant.weight * self.about(profile, &named, variant.id))
                .max_by(f32::total_cmp)
                .unwrap_or(0.0)
        };
        let concepts = self.question.concepts.iter();
        let covered: f32 = concepts
            .map(|concept| concept.weight * covers(concept))
            .sum();
        covered / self.weight
    }

    /// How sure we are that the chunk is about this stem: the places' evidence, taken together.
    fn about(&self, profile: &Profile, named: &[StemId], stem: StemId) -> f32 {
        let places = [
            (&profile.shared.title, IN_TITLE),
            (&profile.shared.tags, IN_TAGS),
            (&profile.heading, IN_HEADING),
            (&profile.shared.text, IN_DOCUMENT),
        ];
        let mut doubt: f32 = places
            .iter()
            .filter(|(place, _)| place.binary_search(&stem).is_ok())
            .map(|(_, sure)| 1.0 - sure)
            .product();
        doubt *= match self.times(stem) {
            0 => 1.0,
            1 => 1.0 - IN_BODY_ONCE,
            _ => 1.0 - IN_BODY_OFTEN,
        };
        if named.contains(&stem) {
            doubt *= 1.0 - IN_NAME;
        }
        1.0 - doubt
    }
}
