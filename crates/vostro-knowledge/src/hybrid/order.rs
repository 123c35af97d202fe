//! The order of candidates: one convex sum of what words and what meaning say of each.
//!
//! Where a candidate came from and who had its vector does not matter here.

use std::collections::HashMap;

use super::topics::gains;
use crate::Hit;

/// What meaning weighs in the order, and the most that words do: as much as the square of how well the best passage
/// covers the question.
const MEANING: f32 = 0.4;
const WORDS: f32 = 0.6;
/// Share of the words' half that BM25 decides; how well the question is covered decides the rest.
const BM25: f32 = 0.3;
/// In the order of a long question, what these weigh beside BM25 of the whole: BM25 of its sentences, and the nearness
/// of the whole. What tells its documents apart comes on top ([`gains`]).
const PARTS_SUM: f32 = 0.5;
const WHOLE_NEAR: f32 = 0.3;
/// What the next best passage of a document adds to all of them: one that says it twice is about it.
const SECOND: f32 = 0.2;
/// How much of what a document of a long question gains its other passages gain than the best.
const BEHIND: f32 = 0.75;
/// Sentences that count for a passage: those that it fits best.
const BEST_PARTS: usize = 5;

/// The odds that a question is answered, by its best coverage and its best cosine: a logistic regression.
const SURE_BY_COVERAGE: f32 = 9.1;
const SURE_BY_COSINE: f32 = 4.7;
const DOUBT: f32 = 6.2;

/// What a passage is for each part of a question; the first part is the whole.
pub(super) struct Fit {
    /// BM25.
    pub(super) sums: Vec<f32>,
    /// How well it covers the whole, 0 to 1.
    pub(super) cover: f32,
    /// Its nearness to each, 0 while there is no vector of it.
    pub(super) cosines: Vec<f32>,
}

impl Fit {
    pub(super) fn new(parts: usize) -> Self {
        Self {
            sums: vec![0.0; parts],
            cover: 0.0,
            cosines: vec![0.0; parts],
        }
    }
}

/// A document that was found.
pub(super) struct Found {
    /// Its passages with their worth, best first.
    pub(super) passages: Vec<(usize, f32)>,
    /// What the second of them adds to each.
    second: f32,
}

impl Found {
    fn worth(&self) -> f32 {
        self.passages.first().map_or(0.0, |(_, worth)| *worth) + self.second
    }
}

/// The candidates with their scores, best first: the order, times how sure we are that the best is relevant. `by_pairs`
/// scores the documents of these chunks, one of each, by a long question's pairs of words.
pub(super) fn order<'a>(
    fits: &HashMap<usize, Fit>,
    document: impl Fn(usize) -> &'a str,
    by_pairs: impl FnOnce(&[usize]) -> Vec<f32>,
) -> Vec<Hit> {
    let found = documents(worths(fits), document);
    let best = highest(found.iter().map(Found::worth));
    let is_long = fits.values().any(|fit| fit.cosines.len() > 1);
    let gains = if is_long {
        gains(&found, fits, by_pairs)
    } else {
        Vec::new()
    };
    let mut hits = Vec::with_capacity(fits.len());
    for (number, found) in found.iter().enumerate() {
        let gain = gains.get(number).copied().unwrap_or_default();
        for (place, (chunk, worth)) in found.passages.iter().enumerate() {
            let share = if place == 0 { 1.0 } else { BEHIND };
            let score = (worth + found.second) / best + share * gain;
            hits.push(Hit {
                chunk: *chunk,
                score,
            });
        }
    }
    let best = highest(hits.iter().map(|hit| hit.score));
    let sure = sureness(
        highest(fits.values().map(|fit| fit.cover)),
        highest(fits.values().flat_map(|fit| fit.cosines.iter().copied())),
    );
    for hit in &mut hits {
        hit.score = (sure * hit.score / best).clamp(0.0, 1.0);
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.chunk.cmp(&b.chunk)));
    hits
}

/// What each candidate is worth by itself.
fn worths(fits: &HashMap<usize, Fit>) -> Vec<(usize, f32)> {
    let whole = |values: &[f32]| values.first().copied().unwrap_or_default();
    let parts = |values: &[f32]| best_mean(values.get(1..).unwrap_or_default());
    let top = |value: &dyn Fn(&Fit) -> f32| highest(fits.values().map(value));
    let sum = top(&|fit| whole(&fit.sums));
    let cover = top(&|fit| fit.cover);
    let near = top(&|fit| whole(&fit.cosines));
    let part_sum = top(&|fit| parts(&fit.sums));
    let worth = |fit: &Fit| {
        let by_sum = whole(&fit.sums) / sum;
        let by_near = |words: f32| {
            if has_no_vector(&fit.cosines) {
                words
            } else {
                whole(&fit.cosines) / near
            }
        };
        if fit.cosines.len() > 1 {
            by_sum + WHOLE_NEAR * by_near(by_sum) + PARTS_SUM * parts(&fit.sums) / part_sum
        } else {
            let by_words = BM25 * by_sum + (1.0 - BM25) * fit.cover / cover;
            MEANING * by_near(by_words) + WORDS * cover.powi(2) * by_words
        }
    };
    fits.iter().map(|(it, fit)| (*it, worth(fit))).collect()
}

/// The documents of these passages, best first.
fn documents<'a>(
    mut passages: Vec<(usize, f32)>,
    document: impl Fn(usize) -> &'a str,
) -> Vec<Found> {
    passages.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut found: Vec<Found> = Vec::new();
    for (chunk, worth) in passages {
        let place = *places.entry(document(chunk)).or_insert(found.len());
        match found.get_mut(place) {
            Some(known) => {
                if known.passages.len() == 1 {
                    known.second = SECOND * worth;
                }
                known.passages.push((chunk, worth));
            }
            None => found.push(Found {
                passages: vec![(chunk, worth)],
                second: 0.0,
            }),
        }
    }
    // Stable: of equals, the one whose best passage is better.
    found.sort_by(|a, b| b.worth().total_cmp(&a.worth()));
    found
}

/// The highest of some values, and above 0, to divide by.
pub(super) fn highest(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(f32::MIN_POSITIVE, f32::max)
}

/// Whether a passage was not embedded yet: its words speak for it then.
fn has_no_vector(cosines: &[f32]) -> bool {
    cosines
        .iter()
        .all(|cosine| cosine.abs() < f32::MIN_POSITIVE)
}

/// How probable it is that anything answers the question, 0 to 1.
fn sureness(coverage: f32, cosine: f32) -> f32 {
    let odds = SURE_BY_COVERAGE * coverage + SURE_BY_COSINE * cosine - DOUBT;
    1.0 / (1.0 + (-odds).exp())
}

/// The mean of the best few values.
fn best_mean(values: &[f32]) -> f32 {
    mean_of_best(values.to_vec(), BEST_PARTS)
}

/// The mean of the highest so many values.
pub(super) fn mean_of_best(mut values: Vec<f32>, most: usize) -> f32 {
    values.sort_by(|a, b| b.total_cmp(a));
    values.truncate(most);
    let count = u16::try_from(values.len()).map_or(1.0, f32::from);
    values.iter().sum::<f32>() / count.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_coverage_and_more_nearness_are_surer() {
        assert!(sureness(0.1, 0.2) < 0.05 && sureness(0.8, 0.7) > 0.95);
        assert!(sureness(0.4, 0.3) < sureness(0.5, 0.3));
        assert!(sureness(0.4, 0.3) < sureness(0.4, 0.4));
    }

    #[test]
    fn the_best_few_count() {
        assert!((best_mean(&[1.0, 0.0, 1.0, 1.0, 1.0, 1.0]) - 1.0).abs() < 1e-6);
        assert!((best_mean(&[0.5, 0.1]) - 0.3).abs() < 1e-6);
        assert!(best_mean(&[]).abs() < 1e-6);
    }
}
