//! Search by words and by meaning: both find candidates, one convex sum orders them.
//!
//! A sum of scores, not of ranks: ranks forget how much better the first is than the second (Bruch, Gai
//! and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). Each half is divided by its
//! best, so that neither needs to know the other's scale. A long question is taken apart into its sentences: a
//! scenario of thirty sentences is about several things, and its mean is about none. How sure we are
//! that anything is relevant is judged apart, on scales that mean the same for every question.
//!
//! The weights were tuned on the development half of `evals/knowledge/questions.jsonl` and on public
//! development data; `docs/knowledge.md` has the figures.

use std::collections::HashMap;
use std::sync::Arc;

use vostro_embed::cosine;

use crate::engine::MAX_HITS;
use crate::text::{is_stop_word, sentences, words};
use crate::{Hit, KnowledgeError, Meaning, PassageIndex, Query};

/// Candidates that each half gives for every part of a question, at least.
const CANDIDATES: usize = 60;
/// A question of more words than this is taken apart.
const LONG_WORDS: usize = 60;
/// Sentences of a long question that are searched for, and the bytes of it that are looked at.
const MAX_PARTS: usize = 32;
const MAX_BYTES: usize = 16 << 10;
/// Content words that a sentence needs to be a part of its own.
const MIN_PART_WORDS: usize = 3;

/// Share of the order that meaning decides.
const MEANING: f32 = 0.6;
/// Share of the words' half that BM25 decides; how well the question is covered decides the rest.
const BM25: f32 = 0.3;
/// Sentences that count for a passage: those that it fits best.
const BEST_PARTS: usize = 5;

/// The odds that a question is answered, by its best coverage and its best cosine: a logistic regression.
const SURE_BY_COVERAGE: f32 = 9.1;
const SURE_BY_COSINE: f32 = 4.7;
const DOUBT: f32 = 6.2;

/// What a passage is for each part of a question; the first part is the whole.
#[derive(Default)]
struct Fit {
    /// BM25.
    sums: Vec<f32>,
    /// Coverage, 0 to 1.
    covers: Vec<f32>,
    cosines: Vec<f32>,
}

/// The best chunks, best first. `visible` tells whether a chunk is within the query's filters.
pub(crate) fn search(
    index: &dyn PassageIndex,
    meaning: &Meaning,
    query: &Query<'_>,
    visible: impl Fn(usize) -> bool,
) -> Result<Vec<Hit>, KnowledgeError> {
    let limit = query.limit.min(MAX_HITS);
    let text = cut(query.text, MAX_BYTES);
    if limit == 0 || words(text).next().is_none() {
        return Ok(Vec::new());
    }
    let parts = parts(text);
    let fits = fits(index, meaning, query, &parts, visible)?;
    let mut hits = order(&fits);
    hits.retain(|hit| query.min_score.is_none_or(|least| hit.score >= least));
    hits.truncate(limit);
    Ok(hits)
}

/// Every candidate of either half, with what it is for each part.
fn fits(
    index: &dyn PassageIndex,
    meaning: &Meaning,
    query: &Query<'_>,
    parts: &[&str],
    visible: impl Fn(usize) -> bool,
) -> Result<HashMap<usize, Fit>, KnowledgeError> {
    let wanted = query.limit.clamp(CANDIDATES, MAX_HITS);
    let blank = || Fit {
        sums: vec![0.0; parts.len()],
        covers: vec![0.0; parts.len()],
        cosines: Vec::with_capacity(parts.len()),
    };
    let mut fits: HashMap<usize, Fit> = HashMap::new();
    let mut vectors: Vec<Arc<[f32]>> = Vec::with_capacity(parts.len());
    for (number, part) in parts.iter().enumerate() {
        let by_words = index.candidates(&Query {
            text: part,
            limit: wanted,
            ..*query
        })?;
        for candidate in by_words {
            let fit = fits.entry(candidate.chunk).or_insert_with(blank);
            if let (Some(sum), Some(covers)) =
                (fit.sums.get_mut(number), fit.covers.get_mut(number))
            {
                *sum = candidate.sum;
                *covers = candidate.score;
            }
        }
        let vector = meaning.embed(part)?;
        for (chunk, _) in meaning.neighbours().nearest(&vector, wanted, &visible) {
            fits.entry(chunk).or_insert_with(blank);
        }
        vectors.push(vector);
    }
    for (chunk, fit) in &mut fits {
        let row = meaning.neighbours().get(*chunk).unwrap_or_default();
        let cosines = vectors.iter().map(|vector| cosine(vector, row));
        fit.cosines.extend(cosines);
    }
    Ok(fits)
}

/// The candidates with their scores, best first: the order, times how sure we are that the best is relevant.
fn order(fits: &HashMap<usize, Fit>) -> Vec<Hit> {
    let whole = |values: &[f32]| values.first().copied().unwrap_or_default();
    let parts = |values: &[f32]| best_mean(values.get(1..).unwrap_or_default());
    let top = |value: &dyn Fn(&Fit) -> f32| {
        let values = fits.values().map(value);
        values.fold(f32::MIN_POSITIVE, f32::max)
    };
    let sum = top(&|fit| whole(&fit.sums));
    let covers = top(&|fit| whole(&fit.covers));
    let near = top(&|fit| whole(&fit.cosines));
    let (part_sum, part_near) = (
        top(&|fit| parts(&fit.sums)),
        top(&|fit| parts(&fit.cosines)),
    );
    let is_long = fits.values().any(|fit| fit.cosines.len() > 1);
    let worth = |fit: &Fit| {
        if is_long {
            let by_parts = parts(&fit.sums) / part_sum + parts(&fit.cosines) / part_near;
            (by_parts + whole(&fit.cosines) / near) / 3.0
        } else {
            let by_words =
                BM25 * whole(&fit.sums) / sum + (1.0 - BM25) * whole(&fit.covers) / covers;
            MEANING * whole(&fit.cosines) / near + (1.0 - MEANING) * by_words
        }
    };
    let most = |values: &[f32]| values.iter().copied().fold(0.0, f32::max);
    let sure = sureness(
        top(&|fit| most(&fit.covers)),
        top(&|fit| most(&fit.cosines)),
    );
    let best = top(&worth);
    let mut hits: Vec<Hit> = fits
        .iter()
        .map(|(&chunk, fit)| Hit {
            chunk,
            score: (sure * worth(fit) / best).clamp(0.0, 1.0),
        })
        .collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.chunk.cmp(&b.chunk)));
    hits
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

/// The whole question, and of a long one its sentences.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    if words(text).nth(LONG_WORDS).is_none() {
        return parts;
    }
    let tells = |text: &&str| {
        let telling = words(text).filter(|word| !is_stop_word(&word.surface));
        telling.take(MIN_PART_WORDS).count() == MIN_PART_WORDS
    };
    let sentences = text.lines().flat_map(|line| {
        let spans = sentences(line).into_iter();
        spans.filter_map(move |span| line.get(span))
    });
    parts.extend(sentences.filter(tells).take(MAX_PARTS));
    parts
}

/// At most so many bytes of a text, between characters.
fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Letters, article};
    use crate::{Audience, KnowledgeBase};

    fn base() -> KnowledgeBase {
        let base = KnowledgeBase::build(vec![
            article(
                "wires",
                "transfers",
                "public",
                "A wire costs $25.00 and takes a day.",
            ),
            article(
                "cards",
                "cards",
                "customer",
                "A lost card is frozen at once.",
            ),
            article("desk", "transfers", "staff", "The wire desk calls back."),
        ])
        .unwrap();
        let meaning = Meaning::of(&base, Arc::new(Letters), &mut ()).unwrap();
        base.with_meaning(meaning)
    }

    fn found(query: &Query<'_>) -> Vec<String> {
        let passages = base().try_search(query).unwrap();
        passages
            .into_iter()
            .map(|passage| passage.document_id)
            .collect()
    }

    #[test]
    fn filters_hold_for_both_halves() {
        let all = Query {
            audience: Audience::Staff,
            ..Query::new("what does a wire cost")
        };
        assert_eq!(found(&all).len(), 3);
        assert_eq!(found(&all)[0], "wires");
        let customer = Query::new("the wire desk calls back");
        assert!(!found(&customer).contains(&"desk".to_owned()));
        let cards = Query {
            category: Some("cards"),
            ..all
        };
        assert_eq!(found(&cards), ["cards"]);
        let most = Query { limit: 1, ..all };
        assert_eq!(found(&most), ["wires"]);
        let sure = Query {
            min_score: Some(1.1),
            ..all
        };
        assert_eq!(found(&sure), [""; 0]);
    }

    #[test]
    fn a_long_question_is_taken_apart() {
        assert_eq!(parts("A wire costs money. My card is lost.").len(), 1);
        let long = "Well, you know how it is. A wire transfer costs money. ".repeat(10);
        let parts = parts(&long);
        assert_eq!(parts[0], long);
        assert_eq!(parts[1], "A wire transfer costs money.");
        let endless = "A wire transfer costs money. ".repeat(10_000);
        assert!(super::parts(cut(&endless, MAX_BYTES)).len() <= MAX_PARTS + 1);
    }

    #[test]
    fn any_question_is_harmless() {
        let many = "wire card desk ".repeat(20_000);
        for text in [
            "",
            " ",
            "\u{0}",
            "\u{1f600}",
            "(((",
            "\u{4e2d}\u{6587}",
            &many,
        ] {
            for passage in base().try_search(&Query::new(text)).unwrap() {
                assert!(
                    (0.0..=1.0).contains(&passage.score),
                    "{text:.10}: {passage:?}"
                );
            }
        }
    }

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
