//! Search by words and by meaning: both find candidates, one convex sum orders them.
//!
//! A sum of scores, not of ranks: ranks forget how much better the first is than the second (Bruch, Gai
//! and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). Each half is divided by its
//! best, so that neither needs to know the other's scale. Words count as far as they cover the question: a customer
//! who says nothing in the bank's words is understood by meaning alone. A long question is taken apart into its
//! sentences: a scenario of thirty sentences is about several things, and its mean is about none. How sure we are
//! that anything is relevant is judged apart, on scales that mean the same for every question.
//!
//! The weights were tuned on the development half of `evals/knowledge/questions.jsonl` and on public
//! development data; `docs/knowledge.md` has the figures.

use std::collections::HashMap;
use std::sync::Arc;

use vostro_embed::cosine;

use crate::bm25::{Bm25, best_of};
use crate::engine::MAX_HITS;
use crate::text::{is_stop_word, sentences, words};
use crate::{Chunk, Hit, KnowledgeError, Meaning, PassageIndex, Query};

/// Candidates that each half gives for every part of a question, at least.
const CANDIDATES: usize = 60;
/// A question of more words than this is taken apart.
const LONG_WORDS: usize = 60;
/// Sentences of a long question that are searched for, and the bytes of it that are looked at.
const MAX_PARTS: usize = 32;
const MAX_BYTES: usize = 16 << 10;
/// Content words that a sentence needs to be a part of its own.
const MIN_PART_WORDS: usize = 3;

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
struct Fit {
    /// BM25.
    sums: Vec<f32>,
    /// How well it covers the whole, 0 to 1.
    cover: f32,
    cosines: Vec<f32>,
}

impl Fit {
    fn new(parts: usize) -> Self {
        Self {
            sums: vec![0.0; parts],
            cover: 0.0,
            cosines: Vec::with_capacity(parts),
        }
    }
}

/// What is searched: words, by the index and for long questions plainly, and meaning.
pub(crate) struct Halves<'a> {
    pub(crate) index: &'a dyn PassageIndex,
    pub(crate) bm25: &'a Bm25,
    pub(crate) meaning: &'a Meaning,
    /// The chunks, each with its document's id.
    pub(crate) chunks: &'a [(Chunk, String)],
}

impl Halves<'_> {
    /// The best chunks, best first. `visible` tells whether a chunk is within the query's filters.
    pub(crate) fn search(
        &self,
        query: &Query<'_>,
        visible: impl Fn(usize) -> bool,
    ) -> Result<Vec<Hit>, KnowledgeError> {
        let limit = query.limit.min(MAX_HITS);
        let text = cut(query.text, MAX_BYTES);
        if limit == 0 || words(text).next().is_none() {
            return Ok(Vec::new());
        }
        let parts = parts(text);
        let mut fits = self.by_index(query, text, parts.len())?;
        if parts.len() > 1 {
            self.by_bm25(&parts, &mut fits, &visible);
        }
        self.by_meaning(&parts, &mut fits, visible)?;
        let mut hits = order(&fits, |chunk| {
            let chunk = self.chunks.get(chunk);
            chunk.map_or("", |(_, document)| document)
        });
        hits.retain(|hit| query.min_score.is_none_or(|least| hit.score >= least));
        hits.truncate(limit);
        Ok(hits)
    }

    /// The candidates of the index for the whole question.
    fn by_index(
        &self,
        query: &Query<'_>,
        text: &str,
        parts: usize,
    ) -> Result<HashMap<usize, Fit>, KnowledgeError> {
        let candidates = self.index.candidates(&Query {
            text,
            limit: query.limit.clamp(CANDIDATES, MAX_HITS),
            ..*query
        })?;
        let mut fits: HashMap<usize, Fit> = HashMap::new();
        for candidate in candidates {
            let fit = fits
                .entry(candidate.chunk)
                .or_insert_with(|| Fit::new(parts));
            if let Some(sum) = fit.sums.first_mut() {
                *sum = candidate.sum;
            }
            fit.cover = candidate.score;
        }
        Ok(fits)
    }

    /// Plain BM25 of each part of a long question, in place of the index's sum.
    fn by_bm25(
        &self,
        parts: &[&str],
        fits: &mut HashMap<usize, Fit>,
        visible: impl Fn(usize) -> bool,
    ) {
        let by_part: Vec<Vec<f32>> = parts.iter().map(|part| self.bm25.scores(part)).collect();
        for scores in &by_part {
            for chunk in best_of(scores, CANDIDATES, &visible) {
                fits.entry(chunk).or_insert_with(|| Fit::new(parts.len()));
            }
        }
        for (chunk, fit) in fits.iter_mut() {
            for (sum, scores) in fit.sums.iter_mut().zip(&by_part) {
                *sum = scores.get(*chunk).copied().unwrap_or_default();
            }
        }
    }

    /// The nearest passages of each part, and the cosines of all candidates.
    fn by_meaning(
        &self,
        parts: &[&str],
        fits: &mut HashMap<usize, Fit>,
        visible: impl Fn(usize) -> bool,
    ) -> Result<(), KnowledgeError> {
        let neighbours = self.meaning.neighbours();
        let mut vectors: Vec<Arc<[f32]>> = Vec::with_capacity(parts.len());
        for part in parts {
            let vector = self.meaning.embed(part)?;
            for (chunk, _) in neighbours.nearest(&vector, CANDIDATES, &visible) {
                fits.entry(chunk).or_insert_with(|| Fit::new(parts.len()));
            }
            vectors.push(vector);
        }
        for (chunk, fit) in fits.iter_mut() {
            let row = neighbours.get(*chunk).unwrap_or_default();
            let cosines = vectors.iter().map(|vector| cosine(vector, row));
            fit.cosines.extend(cosines);
        }
        Ok(())
    }
}

/// The candidates with their scores, best first: the order, times how sure we are that the best is relevant.
fn order<'a>(fits: &HashMap<usize, Fit>, document: impl Fn(usize) -> &'a str) -> Vec<Hit> {
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
