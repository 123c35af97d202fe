//! Another order for the best passages: that of a model which reads the question and a passage together.
//!
//! The model orders and judges nothing else. How sure the search is that anything is relevant is said by words and
//! vectors, whose scale was measured; what a cross-encoder gives has no scale that holds for another one. So scores
//! stay where they are, one a place, and passages change places; what is about the question stays before what is not.

use vostro_embed::{RerankError, Reranker};

use crate::passage::RELEVANT_SCORE;
use crate::{Passage, as_one_text};

/// The passages (best first) with the first `most` of them in the model's order. The others follow as they were; of
/// passages that the model takes for equal, the one that was before stays before. `goes_on` is asked before each
/// passage is read. The second value tells whether any passage has another place.
///
/// # Errors
/// [`RerankError`] when the model was stopped or failed; then the order before is the one to use.
pub fn rerank(
    question: &str,
    mut passages: Vec<Passage>,
    most: usize,
    model: &dyn Reranker,
    goes_on: &(dyn Fn() -> bool + Sync),
) -> Result<(Vec<Passage>, bool), RerankError> {
    let rest = passages.split_off(most.min(passages.len()));
    if passages.len() < 2 {
        passages.extend(rest);
        return Ok((passages, false));
    }
    let texts: Vec<String> = passages
        .iter()
        .map(|it| as_one_text(&it.title, &it.heading, &it.content))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let scores = model.scores(question, &texts, goes_on)?;
    if scores.len() != passages.len() || !scores.iter().all(|score| score.is_finite()) {
        let told = format!("{} scores for {} texts", scores.len(), passages.len());
        return Err(RerankError::Failed(told.into()));
    }
    let places: Vec<f32> = passages.iter().map(|passage| passage.score).collect();
    let mut order: Vec<(Passage, f32, usize)> = passages
        .into_iter()
        .zip(scores)
        .zip(0..)
        .map(|((passage, score), place)| (passage, score, place))
        .collect();
    let is_about = |passage: &Passage| passage.score >= RELEVANT_SCORE;
    // Stable: equals stay as they were.
    order.sort_by(|(a, by_a, _), (b, by_b, _)| {
        let about = is_about(b).cmp(&is_about(a));
        about.then(by_b.total_cmp(by_a))
    });
    let moved = order
        .iter()
        .zip(0..)
        .any(|((_, _, before), now)| *before != now);
    let reordered = order
        .into_iter()
        .zip(places)
        .map(|((passage, ..), score)| Passage { score, ..passage });
    Ok((reordered.chain(rest).collect(), moved))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores that were written down.
    struct Told(Vec<f32>);

    impl Reranker for Told {
        fn model(&self) -> &'static str {
            "told"
        }

        fn scores(
            &self,
            _: &str,
            _: &[&str],
            goes_on: &(dyn Fn() -> bool + Sync),
        ) -> Result<Vec<f32>, RerankError> {
            if goes_on() {
                Ok(self.0.clone())
            } else {
                Err(RerankError::Stopped)
            }
        }
    }

    fn passages(scores: &[f32]) -> Vec<Passage> {
        let passages = scores.iter().zip("abcdefgh".chars());
        passages
            .map(|(score, name)| Passage {
                document_id: name.to_string(),
                chunk_id: format!("{name}#0"),
                title: String::new(),
                category: String::new(),
                heading: String::new(),
                content: String::new(),
                score: *score,
                start: 0,
                end: 0,
            })
            .collect()
    }

    fn shown(passages: &[Passage]) -> (String, Vec<f32>) {
        let names = passages.iter().map(|it| it.document_id.as_str()).collect();
        (names, passages.iter().map(|it| it.score).collect())
    }

    #[test]
    fn passages_change_places_and_scores_stay() {
        let cases: [(&[f32], usize, &[f32], &str); 7] = [
            (&[0.9, 0.8, 0.7], 3, &[1.0, 3.0, 2.0], "bca"),
            // What is behind the candidates stays behind them.
            (&[0.9, 0.8, 0.7, 0.6], 2, &[1.0, 3.0], "bacd"),
            // Equals, and a zero with a sign or without, stay as they were.
            (&[0.9, 0.8, 0.7], 3, &[2.0, 2.0, 2.0], "abc"),
            (&[0.9, 0.8, 0.7], 3, &[1.0, 5.0, 1.0], "bac"),
            // What is not about the question stays behind what is, whatever the model says.
            (&[0.9, 0.5, 0.3, 0.2], 4, &[1.0, 2.0, 3.0, 4.0], "badc"),
            (&[0.3, 0.2, 0.1], 3, &[-9.0, -7.0, -8.0], "bca"),
            (&[0.9], 20, &[], "a"),
        ];
        for (before, most, scores, expected) in cases {
            let model = Told(scores.to_vec());
            let (after, moved) = rerank("q", passages(before), most, &model, &|| true).unwrap();
            let (names, places) = shown(&after);
            assert_eq!((names.as_str(), &*places), (expected, before));
            assert_eq!(moved, !"abcdefgh".starts_with(expected), "{expected}");
        }
        assert_eq!(
            rerank("q", Vec::new(), 5, &Told(Vec::new()), &|| true)
                .unwrap()
                .0,
            []
        );
    }

    #[test]
    fn what_is_no_score_of_each_is_an_error() {
        for scores in [
            vec![],
            vec![1.0],
            vec![1.0, 2.0, 3.0],
            vec![1.0, f32::NAN],
            vec![f32::INFINITY, 1.0],
        ] {
            let answer = rerank("q", passages(&[0.9, 0.8]), 2, &Told(scores), &|| true);
            assert!(matches!(answer, Err(RerankError::Failed(_))), "{answer:?}");
        }
        let model = Told(vec![1.0, 2.0]);
        let answer = rerank("q", passages(&[0.9, 0.8]), 2, &model, &|| false);
        assert!(matches!(answer, Err(RerankError::Stopped)), "{answer:?}");
    }
}
