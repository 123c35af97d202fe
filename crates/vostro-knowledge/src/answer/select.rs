//! Choosing the run of units that says most about what was asked, in the fewest words.

use std::collections::HashSet;
use std::ops::Range;

use super::units::{Shape, Unit};
use crate::text::{Stems, is_stop_word, words};
use crate::{Passage, synonyms};

/// Units in a run, and its length in bytes, at most. A unit that is longer alone is still quoted.
const MAX_UNITS: usize = 5;
const MAX_BYTES: usize = 700;
/// Shorter than this says too little.
const MIN_BYTES: usize = 60;
const MAX_QUERY_CHARS: usize = 2_000;
const MAX_CONCEPTS: usize = 24;

/// What each further unit of a run costs, against 1 for all that was asked.
const UNIT_COST: f32 = 0.05;
/// What starting later costs: articles say the main thing first.
const LATE_COST: f32 = 0.025;
/// What a figure is worth where a figure was asked for.
const FIGURE_WORTH: f32 = 0.25;
/// What beginning with "It" or "They" costs: nobody knows who.
const DANGLING_COST: f32 = 0.2;
/// What steps are worth where "how do I" was asked.
const STEPS_WORTH: f32 = 0.25;
/// How much the search engine's opinion of a passage counts.
const STANDING: f32 = 2.0;
/// Worth of a run that is long enough to be an answer.
const LENGTH_WORTH: f32 = 0.12;
const FULL_LENGTH: f32 = 220.0;

/// What was asked, as stems.
pub(super) struct Asked {
    /// Each concept's names, and its weight; weights add up to 1.
    concepts: Vec<(HashSet<String>, f32)>,
    figure: bool,
    steps: bool,
    stems: Stems,
}

impl Asked {
    /// `units` are all that could be quoted: a word that stands in each of them tells nothing.
    pub(super) fn new<'a>(query: &str, units: impl Iterator<Item = &'a Unit>) -> Self {
        let stems = Stems::new();
        let end = query
            .char_indices()
            .nth(MAX_QUERY_CHARS)
            .map_or(query.len(), |(at, _)| at);
        let query = query.get(..end).unwrap_or_default().to_lowercase();
        let told: Vec<HashSet<String>> = units
            .map(|unit| stems.content(&unit.text).into_iter().collect())
            .collect();
        let mut concepts: Vec<(HashSet<String>, f32)> = Vec::new();
        let mut seen = HashSet::new();
        for word in words(&query).filter(|word| !is_stop_word(&word.surface)) {
            let stem = stems.stem(&word.surface);
            if concepts.len() == MAX_CONCEPTS || !seen.insert(stem.clone()) {
                continue;
            }
            let mut names: HashSet<String> = synonyms::word(&stem).iter().cloned().collect();
            names.insert(stem);
            let with = told.iter().filter(|unit| !names.is_disjoint(unit)).count();
            if with > 0 {
                concepts.push((names, rarity(with, told.len())));
            }
        }
        let sum: f32 = concepts.iter().map(|(_, weight)| weight).sum();
        for (_, weight) in &mut concepts {
            *weight /= sum.max(f32::MIN_POSITIVE);
        }
        let asks = |phrases: &[&str]| phrases.iter().any(|phrase| query.contains(phrase));
        Self {
            concepts,
            figure: asks(&[
                "how much",
                "how many",
                "how long",
                "how soon",
                "how big",
                "limit",
                "fee",
                "cost",
                "maximum",
                "most i can",
                "charge",
                "price",
                "when ",
            ]),
            steps: asks(&[
                "how do",
                "how can",
                "how to",
                "how would",
                "how should",
                "steps",
            ]),
            stems,
        }
    }

    /// What a passage's place in the search result is worth.
    pub(super) fn standing(&self, passage: &Passage, best: f32) -> f32 {
        STANDING * (passage.score / best.max(f32::MIN_POSITIVE) - 1.0)
    }
}

fn rarity(with: usize, all: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
    let (with, all) = (with as f32, all as f32);
    (1.0 + all / with.max(1.0)).ln()
}

/// The best run of a passage's units, and its value.
pub(super) fn best_run(asked: &Asked, units: &[Unit]) -> Option<(f32, Range<usize>)> {
    let told: Vec<HashSet<String>> = units
        .iter()
        .map(|unit| asked.stems.content(&unit.text).into_iter().collect())
        .collect();
    let mut best: Option<(f32, Range<usize>)> = None;
    for start in 0..units.len() {
        for end in start + 1..=units.len().min(start + MAX_UNITS) {
            let (Some(run), Some(told)) = (units.get(start..end), told.get(start..end)) else {
                continue;
            };
            let bytes = length(run);
            if run.len() > 1 && bytes > MAX_BYTES {
                break;
            }
            if bytes < MIN_BYTES && end < units.len() {
                continue;
            }
            let value = value(asked, run, told, start, bytes);
            if best.as_ref().is_none_or(|(most, _)| value > *most) {
                best = Some((value, start..end));
            }
        }
    }
    best
}

fn value(asked: &Asked, run: &[Unit], told: &[HashSet<String>], start: usize, bytes: usize) -> f32 {
    let covered: f32 = asked
        .concepts
        .iter()
        .filter(|(names, _)| told.iter().any(|unit| !names.is_disjoint(unit)))
        .map(|(_, weight)| weight)
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "a handful of units")]
    let (units, start, bytes) = (run.len() as f32, start as f32, bytes as f32);
    let mut value = covered - UNIT_COST * (units - 1.0) - LATE_COST * start
        + LENGTH_WORTH * (bytes / FULL_LENGTH).min(1.0);
    if asked.figure
        && run
            .iter()
            .any(|unit| unit.text.contains(|c: char| c.is_ascii_digit()))
    {
        value += FIGURE_WORTH;
    }
    if asked.steps && run.iter().any(|unit| unit.shape == Shape::Whole) {
        value += STEPS_WORTH;
    }
    if run.first().is_some_and(|unit| dangles(&unit.text)) {
        value -= DANGLING_COST;
    }
    value
}

fn length(run: &[Unit]) -> usize {
    run.iter().map(|unit| unit.text.len() + 1).sum()
}

/// Whether a sentence leans on the one before it.
fn dangles(text: &str) -> bool {
    let first = text
        .split(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    matches!(
        first,
        "It" | "This"
            | "That"
            | "These"
            | "Those"
            | "They"
            | "Both"
            | "But"
            | "Then"
            | "So"
            | "Otherwise"
            | "Also"
            | "However"
            | "Neither"
            | "Either"
    )
}
