//! Textbook BM25 (Robertson and Zaragoza, 2009; k1 = 1.2, b = 0.75): what long questions are searched by, and what
//! other ways of searching are measured against.
//!
//! Stems of content words, no boosts, no synonyms, no positions. A word counts as often as it is asked for: what
//! a long question says again and again is what it is about.

use std::collections::HashMap;

use crate::text::Stems;

const K1: f32 = 1.2;
const B: f32 = 0.75;

pub(crate) struct Bm25 {
    stems: Stems,
    postings: HashMap<String, Postings>,
    texts: usize,
}

/// The texts that have a word.
struct Postings {
    rarity: f32,
    /// Each text's number, and what a mention of the word is worth there beside its rarity.
    texts: Vec<(u32, f32)>,
}

impl Bm25 {
    pub(crate) fn new(texts: impl Iterator<Item = String>) -> Self {
        let stems = Stems::new();
        let mut counted: HashMap<String, Vec<(u32, f32)>> = HashMap::new();
        let mut lengths = Vec::new();
        for (number, text) in (0..).zip(texts) {
            let mut counts: HashMap<String, usize> = HashMap::new();
            let words = stems.content(&text);
            lengths.push(count(words.len()));
            for word in words {
                *counts.entry(word).or_default() += 1;
            }
            for (word, times) in counts {
                let texts = counted.entry(word).or_default();
                texts.push((number, count(times)));
            }
        }
        let all = count(lengths.len());
        let mean = lengths.iter().sum::<f32>() / all.max(1.0);
        let worth = |(number, times): (u32, f32)| {
            let length = lengths.get(number as usize).copied().unwrap_or_default();
            let norm = K1 * (1.0 - B + B * length / mean.max(f32::MIN_POSITIVE));
            (number, times * (K1 + 1.0) / (times + norm))
        };
        let weighed = counted.into_iter().map(|(word, texts)| {
            let with = count(texts.len());
            let rarity = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
            let texts = texts.into_iter().map(worth).collect();
            (word, Postings { rarity, texts })
        });
        Self {
            stems,
            postings: weighed.collect(),
            texts: lengths.len(),
        }
    }

    /// The score of every text.
    pub(crate) fn scores(&self, query: &str) -> Vec<f32> {
        let mut scores = vec![0.0; self.texts];
        for word in self.stems.content(query) {
            let Some(Postings { rarity, texts }) = self.postings.get(&word) else {
                continue;
            };
            for &(number, worth) in texts {
                if let Some(score) = scores.get_mut(number as usize) {
                    *score += rarity * worth;
                }
            }
        }
        scores
    }
}

/// The texts with the best scores above 0, in no order; of equals those that come first.
pub(crate) fn best_of(scores: &[f32], most: usize, visible: impl Fn(usize) -> bool) -> Vec<usize> {
    let found = scores.iter().copied().enumerate();
    let mut found: Vec<(usize, f32)> = found
        .filter(|&(chunk, score)| score > 0.0 && visible(chunk))
        .collect();
    if found.len() > most {
        let order = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        found.select_nth_unstable_by(most, order);
        found.truncate(most);
    }
    found.into_iter().map(|(chunk, _)| chunk).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and texts")]
fn count(n: usize) -> f32 {
    n as f32
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
