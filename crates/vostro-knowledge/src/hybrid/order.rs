//! The order of candidates: one convex sum of what words and what meaning say of each.
//!
//! Where a candidate came from and who had its vector does not matter here.

use std::collections::HashMap;

use crate::Hit;

/// What meaning weighs in the order, and the most that words do: as much as the square of how well the best passage
/// covers the question.
const MEANING: f32 = 0.4;
const WORDS: f32 = 0.6;
/// Share of the words' half that BM25 decides; how well the question is covered decides the rest.
const BM25: f32 = 0.3;
/// In the order of a long question, what these weigh beside BM25 of the whole: BM25 of its sentences, their
/// nearness, and the nearness of the whole.
const PARTS_SUM: f32 = 0.5;
const PARTS_NEAR: f32 = 0.3;
const WHOLE_NEAR: f32 = 0.3;
/// What the next best passage of a document adds to all of them: one that says it twice is about it.
const SECOND: f32 = 0.2;
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

/// The candidates with their scores, best first: the order, times how sure we are that the best is relevant.
pub(super) fn order<'a>(
    fits: &HashMap<usize, Fit>,
    document: impl Fn(usize) -> &'a str,
) -> Vec<Hit> {
    let whole = |values: &[f32]| values.first().copied().unwrap_or_default();
    let parts = |values: &[f32]| best_mean(values.get(1..).unwrap_or_default());
    let top = |value: &dyn Fn(&Fit) -> f32| {
        let values = fits.values().map(value);
        values.fold(f32::MIN_POSITIVE, f32::max)
    };
    let sum = top(&|fit| whole(&fit.sums));
    let cover = top(&|fit| fit.cover);
    let near = top(&|fit| whole(&fit.cosines));
    let (part_sum, part_near) = (
        top(&|fit| parts(&fit.sums)),
        top(&|fit| parts(&fit.cosines)),
    );
    let is_long = fits.values().any(|fit| fit.cosines.len() > 1);
    let worth = |fit: &Fit| {
        let unknown = has_no_vector(&fit.cosines);
        let whole_sum = whole(&fit.sums) / sum;
        if is_long {
            let by_sums = parts(&fit.sums) / part_sum;
            let (whole_near, by_near) = if unknown {
                (whole_sum, by_sums)
            } else {
                (whole(&fit.cosines) / near, parts(&fit.cosines) / part_near)
            };
            whole_sum + WHOLE_NEAR * whole_near + PARTS_SUM * by_sums + PARTS_NEAR * by_near
        } else {
            let by_words = BM25 * whole_sum + (1.0 - BM25) * fit.cover / cover;
            let by_meaning = if unknown {
                by_words
            } else {
                whole(&fit.cosines) / near
            };
            MEANING * by_meaning + WORDS * cover.powi(2) * by_words
        }
    };
    let most = |values: &[f32]| values.iter().copied().fold(0.0, f32::max);
    let sure = sureness(cover, top(&|fit| most(&fit.cosines)));
    // The best worth of each document, and the next.
    let mut by_document: HashMap<&str, [f32; 2]> = HashMap::new();
    for (&chunk, fit) in fits {
        let [first, second] = by_document.entry(document(chunk)).or_default();
        let worth = worth(fit);
        *second = second.max(worth.min(*first));
        *first = first.max(worth);
    }
    let of_document = |[first, second]: &[f32; 2]| first + SECOND * second;
    let best = by_document.values().map(of_document);
    let best = best.fold(f32::MIN_POSITIVE, f32::max);
    let mut hits: Vec<Hit> = fits
        .iter()
        .map(|(&chunk, fit)| {
            let second = by_document.get(document(chunk)).map_or(0.0, |all| all[1]);
            let worth = worth(fit) + SECOND * second;
            Hit {
                chunk,
                score: (sure * worth / best).clamp(0.0, 1.0),
            }
        })
        .collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.chunk.cmp(&b.chunk)));
    hits
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
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.truncate(BEST_PARTS);
    let count = u16::try_from(sorted.len()).map_or(1.0, f32::from);
    sorted.iter().sum::<f32>() / count.max(1.0)
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
