//! Textbook BM25 (Robertson and Zaragoza, 2009; k1 = 1.2, b = 0.75): what long questions are searched by, and what
//! other ways of searching are measured against.
//!
//! Stems of content words, no boosts, no synonyms, no positions. A word counts as often as it is asked for: what
//! a long question says again and again is what it is about.

use std::collections::HashMap;

use crate::text::Stems;

const K1: f64 = 1.2;
const B: f64 = 0.75;

pub(crate) struct Bm25 {
    stems: Stems,
    postings: HashMap<String, Vec<(usize, f64)>>,
    lengths: Vec<f64>,
    mean: f64,
}

impl Bm25 {
    pub(crate) fn new(texts: impl Iterator<Item = String>) -> Self {
        let stems = Stems::new();
        let mut postings: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        let mut lengths = Vec::new();
        for (number, text) in texts.enumerate() {
            let mut counts: HashMap<String, f64> = HashMap::new();
            let words = stems.content(&text);
            lengths.push(count(words.len()));
            for word in words {
                *counts.entry(word).or_default() += 1.0;
            }
            for (word, times) in counts {
                postings.entry(word).or_default().push((number, times));
            }
        }
        let mean = lengths.iter().sum::<f64>() / count(lengths.len().max(1));
        Self {
            stems,
            postings,
            lengths,
            mean,
        }
    }

    /// The score of every text.
    pub(crate) fn scores(&self, query: &str) -> Vec<f64> {
        let mut scores = vec![0.0; self.lengths.len()];
        for word in self.stems.content(query) {
            let Some(with) = self.postings.get(&word) else {
                continue;
            };
            let (n, all) = (count(with.len()), count(self.lengths.len()));
            let rarity = (1.0 + (all - n + 0.5) / (n + 0.5)).ln();
            for &(number, times) in with {
                let length = self.lengths.get(number).copied().unwrap_or_default();
                let norm = K1 * (1.0 - B + B * length / self.mean.max(f64::MIN_POSITIVE));
                if let Some(score) = scores.get_mut(number) {
                    *score += rarity * times * (K1 + 1.0) / (times + norm);
                }
            }
        }
        scores
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and texts")]
fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_and_short_texts_score_higher() {
        let texts = [
            "card fee",
            "card card limit",
            "card fee and a long tail of words",
        ];
        let scores = Bm25::new(texts.into_iter().map(str::to_owned)).scores("card fees");
        assert!(scores[0] > scores[2] && scores[2] > scores[1], "{scores:?}");
        assert!(Bm25::new(std::iter::empty()).scores("card").is_empty());
    }
}
