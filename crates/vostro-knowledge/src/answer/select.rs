//! Choosing the run of units that says most about what was asked, in the fewest words.

use std::collections::HashSet;
use std::ops::Range;

use super::Source;
use super::units::{Shape, Unit};
use crate::synonyms;
use crate::text::{Stems, is_stop_word, words};

/// Units in a run, and its length in bytes, at most. A unit that is longer alone is still quoted.
const MAX_UNITS: usize = 4;
const MAX_BYTES: usize = 700;
/// Units in a second run, at most.
const MAX_MORE_UNITS: usize = 2;
/// Shorter than this says too little.
const MIN_BYTES: usize = 60;
/// Where a run may begin, at most: the work stays bounded in an endless list.
const MAX_STARTS: usize = 60;
const MAX_QUERY_CHARS: usize = 2_000;
/// At most the bits of [`Told`].
const MAX_CONCEPTS: usize = 24;

// Worth and cost, against 1 for all concepts that were asked for.

/// What each further unit of a run costs.
const UNIT_COST: f32 = 0.03;
/// What starting later costs: articles say the main thing first.
const LATE_COST: f32 = 0.06;
/// What a figure is worth where a figure was asked for.
const FIGURE_WORTH: f32 = 0.25;
/// What beginning with "It" or "They" costs: nobody knows who.
const DANGLING_COST: f32 = 0.2;
/// What steps are worth where "how do I" was asked.
const STEPS_WORTH: f32 = 0.3;
/// What items or rows without their introduction cost.
const LOOSE_ITEM_COST: f32 = 0.2;
/// How much the search engine's opinion of a passage counts.
const STANDING: f32 = 2.0;
/// What it is worth to open the document: that is where an article answers its title.
const LEAD_WORTH: f32 = 0.12;
/// What it is worth to stand right under a heading that is what was asked for.
const HEADING_WORTH: f32 = 0.3;
/// What the opening of the document is worth as a second run: an article says there what it is about, and what to do.
const OPENING_GAIN: f32 = 0.2;
/// What a second run must add.
const MIN_GAIN: f32 = 0.12;
/// Worth of a run that is long enough to be an answer, and that length in bytes.
const LENGTH_WORTH: f32 = 0.3;
const FULL_LENGTH: usize = 300;

/// What was asked, as stems.
pub(super) struct Asked {
    /// Each concept's names, and its weight; weights add up to 1.
    concepts: Vec<(HashSet<String>, f32)>,
    figure: bool,
    steps: bool,
}

impl Asked {
    /// `sources` are all that could be quoted: a word that stands in each unit tells nothing, and
    /// one that stands nowhere cannot be told.
    pub(super) fn new(query: &str, sources: &[Source<'_>], stems: &Stems) -> Self {
        let end = query
            .char_indices()
            .nth(MAX_QUERY_CHARS)
            .map_or(query.len(), |(at, _)| at);
        let query = query.get(..end).unwrap_or_default().to_lowercase();
        let told: Vec<&HashSet<String>> = sources
            .iter()
            .flat_map(|source| source.stems.iter().chain(std::iter::once(&source.heading)))
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
            // An amount is asked about where one is named.
            figure: words(&query)
                .any(|word| word.surface.starts_with(|c: char| c.is_ascii_digit()))
                || asks(&[
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
        }
    }

    /// Which concepts each unit of a passage tells of. What stands under a heading is about the
    /// heading: the first unit tells of that as well.
    pub(super) fn told(&self, source: &Source<'_>) -> Vec<Told> {
        let mut told: Vec<Told> = source.stems.iter().map(|stems| self.tells(stems)).collect();
        if let Some(first) = told.first_mut() {
            *first |= self.tells(&source.heading);
        }
        told
    }

    fn tells(&self, stems: &HashSet<String>) -> Told {
        let concepts = self.concepts.iter().enumerate();
        concepts
            .filter(|(_, (names, _))| !names.is_disjoint(stems))
            .fold(0, |told, (number, _)| told | 1 << number)
    }

    /// How much of a heading is what was asked for, 0 to 1.
    fn fit(&self, heading: &HashSet<String>) -> f32 {
        let is_asked =
            |stem: &&String| self.concepts.iter().any(|(names, _)| names.contains(*stem));
        count(heading.iter().filter(is_asked).count()) / count(heading.len().max(1))
    }

    fn weight(&self, told: Told) -> f32 {
        let concepts = self.concepts.iter().enumerate();
        concepts
            .filter(|(number, _)| told & 1 << number != 0)
            .map(|(_, (_, weight))| weight)
            .sum()
    }
}

/// A set of concepts: bit `n` for the `n`-th.
pub(super) type Told = u32;

fn all(told: &[Told]) -> Told {
    told.iter().fold(0, |all, one| all | one)
}

/// A run of a passage's units.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    /// How good it is; comparable between passages.
    pub(super) value: f32,
    pub(super) range: Range<usize>,
}

fn rarity(with: usize, all: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
    let (with, all) = (with as f32, all as f32);
    (1.0 + all / with.max(1.0)).ln()
}

/// The best run of a passage's units; `best` is the best passage's score.
pub(super) fn best_run(asked: &Asked, source: &Source<'_>, best: f32) -> Option<Run> {
    let ratio = source.passage.score / best.max(f32::MIN_POSITIVE);
    let lead = if source.leads() { LEAD_WORTH } else { 0.0 };
    let standing = STANDING * (ratio - 1.0) + lead;
    choose(source, MAX_UNITS, |run, told, start| {
        let headed = if start == 0 {
            HEADING_WORTH * asked.fit(&source.heading)
        } else {
            0.0
        };
        standing + headed + asked.weight(told) + shape(asked, run, start)
    })
}

/// The run of another passage that adds most to the main one, if any adds enough: concepts, steps
/// or figures that were asked for and are still missing.
pub(super) fn adding_run(
    asked: &Asked,
    main: &(&Source<'_>, Run),
    other: &Source<'_>,
) -> Option<Run> {
    let told = main.0.units.get(main.1.range.clone())?;
    let known = all(main.0.told.get(main.1.range.clone())?);
    let wants_steps = asked.steps && !has_steps(told);
    let wants_figure = asked.figure && !has_figure(told);
    choose(other, MAX_MORE_UNITS, |run, told, start| {
        let mut gain = asked.weight(told & !known);
        gain += if wants_steps && has_steps(run) {
            STEPS_WORTH
        } else {
            0.0
        };
        gain += if wants_figure && has_figure(run) {
            FIGURE_WORTH
        } else {
            0.0
        };
        gain += if other.leads() && start == 0 {
            OPENING_GAIN
        } else {
            0.0
        };
        gain -= if is_loose(run) { LOOSE_ITEM_COST } else { 0.0 };
        gain - LATE_COST * count(start) - UNIT_COST * count(run.len())
    })
    .filter(|run| run.value >= MIN_GAIN)
}

/// The run of the highest value among those of allowed length; the first of equals.
fn choose(
    source: &Source<'_>,
    most: usize,
    value: impl Fn(&[Unit], Told, usize) -> f32,
) -> Option<Run> {
    let units = &source.units;
    let mut best: Option<Run> = None;
    for start in 0..units.len().min(MAX_STARTS) {
        for end in start + 1..=units.len().min(start + most) {
            let (Some(run), Some(told)) = (units.get(start..end), source.told.get(start..end))
            else {
                continue;
            };
            let bytes = length(run);
            if run.len() > 1 && bytes > MAX_BYTES {
                break;
            }
            if bytes < MIN_BYTES && end < units.len() {
                continue;
            }
            let value = value(run, all(told), start);
            if best.as_ref().is_none_or(|best| value > best.value) {
                best = Some(Run {
                    value,
                    range: start..end,
                });
            }
        }
    }
    best
}

/// What a run's form is worth for this question, whatever it tells of.
fn shape(asked: &Asked, run: &[Unit], start: usize) -> f32 {
    let full = count(length(run).min(FULL_LENGTH)) / count(FULL_LENGTH);
    let mut worth = LENGTH_WORTH * full
        - UNIT_COST * count(run.len().saturating_sub(1))
        - LATE_COST * count(start);
    if asked.figure && has_figure(run) {
        worth += FIGURE_WORTH;
    }
    if asked.steps && has_steps(run) {
        worth += STEPS_WORTH;
    }
    if run.first().is_some_and(|unit| dangles(&unit.text)) {
        worth -= DANGLING_COST;
    }
    if is_loose(run) {
        worth -= LOOSE_ITEM_COST;
    }
    worth
}

#[expect(clippy::cast_precision_loss, reason = "a small count")]
fn count(units: usize) -> f32 {
    units as f32
}

fn has_steps(run: &[Unit]) -> bool {
    run.iter().any(|unit| unit.shape == Shape::Whole)
}

/// Whether a figure is told, in digits or in words; the numbers of steps are none.
fn has_figure(run: &[Unit]) -> bool {
    const WORDS: [&str; 9] = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let is_figure = |text: &str| {
        text.contains(|c: char| c.is_ascii_digit())
            || words(text).any(|word| WORDS.contains(&word.surface.as_str()))
    };
    let unnumbered = |line: &str| {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        is_figure(rest.strip_prefix('.').unwrap_or(line))
    };
    run.iter().any(|unit| unit.text.lines().any(unnumbered))
}

fn is_loose(run: &[Unit]) -> bool {
    run.iter().all(|unit| unit.shape == Shape::Item)
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
