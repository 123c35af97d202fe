//! What tells the documents apart that a long question may be about.
//!
//! A scenario of thirty sentences names several things in two words each ("credit limit", "foreign fee"), beside sentences
//! that fit every document or none. So a document gains by the pairs of neighbouring words that it shares with the question,
//! and by the sentences that are nearer to it than to the others.

use std::collections::HashMap;

use super::order::{Fit, Found, highest, mean_of_best};

/// Documents that are compared: the best so many.
const COMPARED: usize = 200;
/// What a document gains by pairs of words and by nearness, at most.
const PAIRS: f32 = 0.5;
const NEAR: f32 = 0.3;
/// Sentences that count for a document: those that are nearest to it beside the others.
const BEST_SENTENCES: usize = 2;

/// What each of the best of these documents gains, in their order. `by_pairs` scores the documents of these chunks.
pub(super) fn gains(
    found: &[Found],
    fits: &HashMap<usize, Fit>,
    by_pairs: impl FnOnce(&[usize]) -> Vec<f32>,
) -> Vec<f32> {
    let compared = found.get(..COMPARED).unwrap_or(found);
    let firsts = compared.iter().filter_map(|found| found.passages.first());
    let firsts: Vec<usize> = firsts.map(|(chunk, _)| *chunk).collect();
    let pairs = by_pairs(&firsts);
    let nearness = nearness(compared, fits);
    let most_pairs = highest(pairs.iter().copied());
    let most_near = highest(nearness.iter().copied());
    let both = pairs.iter().zip(&nearness);
    both.map(|(pairs, near)| PAIRS * pairs / most_pairs + NEAR * near / most_near)
        .collect()
}

/// How much nearer each document is to the sentences that fit it best than documents are on average.
fn nearness(found: &[Found], fits: &HashMap<usize, Fit>) -> Vec<f32> {
    let of_document = |found: &Found| {
        let passages = found
            .passages
            .iter()
            .filter_map(|(chunk, _)| fits.get(chunk));
        let mut nearest: Vec<f32> = Vec::new();
        for fit in passages {
            let sentences = fit.cosines.get(1..).unwrap_or_default();
            nearest.resize(sentences.len(), 0.0);
            for (most, cosine) in nearest.iter_mut().zip(sentences) {
                *most = most.max(*cosine);
            }
        }
        nearest
    };
    let mut all: Vec<Vec<f32>> = found.iter().map(of_document).collect();
    let sentences = all.first().map_or(0, Vec::len);
    let count = u16::try_from(all.len()).map_or(1.0, f32::from).max(1.0);
    for sentence in 0..sentences {
        let to_it = all.iter().filter_map(|row| row.get(sentence));
        let mean = to_it.sum::<f32>() / count;
        for row in &mut all {
            if let Some(near) = row.get_mut(sentence) {
                *near = (*near - mean).max(0.0);
            }
        }
    }
    let best = |row| mean_of_best(row, BEST_SENTENCES);
    all.into_iter().map(best).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hybrid::order::order;

    fn fit(cosines: &[f32]) -> Fit {
        let mut fit = Fit::new(cosines.len());
        fit.sums.fill(1.0);
        fit.cosines = cosines.to_vec();
        fit
    }

    #[test]
    fn a_sentence_that_fits_all_alike_tells_nothing() {
        // The second sentence is near to both, the third to the first document alone.
        let fits = HashMap::from([(0, fit(&[0.4, 0.9, 0.8])), (1, fit(&[0.4, 0.9, 0.1]))]);
        let hits = order(&fits, |chunk| ["a", "b"][chunk], |_| vec![0.0, 0.0]);
        assert_eq!(hits[0].chunk, 0);
        let alike = HashMap::from([(0, fit(&[0.4, 0.9])), (1, fit(&[0.4, 0.9]))]);
        let hits = order(&alike, |chunk| ["a", "b"][chunk], |_| vec![0.0, 0.0]);
        assert!((hits[0].score - hits[1].score).abs() < 1e-6);
    }

    #[test]
    fn pairs_put_a_document_before_another_of_equal_worth() {
        let fits = HashMap::from([(0, fit(&[0.4, 0.5])), (1, fit(&[0.4, 0.5]))]);
        let hits = order(&fits, |chunk| ["a", "b"][chunk], |_| vec![0.0, 3.0]);
        assert_eq!(hits[0].chunk, 1);
    }

    #[test]
    fn a_short_question_is_not_compared() {
        let fits = HashMap::from([(0, fit(&[0.5])), (1, fit(&[0.4]))]);
        let hits = order(&fits, |chunk| ["a", "b"][chunk], |_| vec![0.0, 3.0]);
        assert_eq!(hits[0].chunk, 0);
    }
}
