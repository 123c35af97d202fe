//! Textbook BM25 (Robertson and Zaragoza, 2009; k1 = 1.2, b = 0.75): what long questions are searched by, and what
//! other ways of searching are measured against.
//!
//! Stems of content words, no boosts, no synonyms; of positions only which two words stand next to each other. A word
//! counts as often as it is asked for: what a long question says again and again is what it is about.

use std::collections::{BTreeMap, HashMap};

use crate::text::Stems;

const K1: f32 = 1.2;
const B: f32 = 0.75;

pub(crate) struct Bm25 {
    stems: Stems,
    /// The words' numbers.
    words: HashMap<String, u32>,
    /// By a word's number.
    postings: Vec<Postings>,
    /// Each text's content words, in order.
    texts: Vec<Box<[u32]>>,
}

/// The texts that have a word.
struct Postings {
    rarity: f32,
    /// Each text's number, and what a mention of the word is worth there beside its rarity.
    texts: Vec<(u32, f32)>,
}

/// Two content words that stand next to each other, in either order: the lower number first.
type Pair = (u32, u32);

/// The pairs of a question, each with what it weighs.
pub(crate) type Pairs = HashMap<Pair, f32>;

impl Bm25 {
    pub(crate) fn new(passages: impl Iterator<Item = String>) -> Self {
        let stems = Stems::new();
        let mut words: HashMap<String, u32> = HashMap::new();
        let mut counted: Vec<Vec<(u32, f32)>> = Vec::new();
        let mut texts: Vec<Box<[u32]>> = Vec::new();
        for (number, text) in (0..).zip(passages) {
            let numbered = |word| {
                let next = u32::try_from(words.len()).unwrap_or(u32::MAX);
                *words.entry(word).or_insert(next)
            };
            let text: Box<[u32]> = stems.content(&text).into_iter().map(numbered).collect();
            let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
            for word in &text {
                *counts.entry(*word).or_default() += 1;
            }
            counted.resize_with(words.len(), Vec::new);
            for (word, times) in counts {
                if let Some(texts) = counted.get_mut(word as usize) {
                    texts.push((number, count(times)));
                }
            }
            texts.push(text);
        }
        let all = texts.len();
        let mean = mean(texts.iter().map(|text| text.len()));
        let worth = |(number, times): (u32, f32)| {
            let length = texts.get(number as usize).map_or(0, |text| text.len());
            (number, saturated(times, count(length) / mean))
        };
        let weighed = counted.into_iter().map(|with| Postings {
            rarity: rarity(all, with.len()),
            texts: with.into_iter().map(worth).collect(),
        });
        Self {
            stems,
            postings: weighed.collect(),
            words,
            texts,
        }
    }

    /// The score of every text.
    pub(crate) fn scores(&self, query: &str) -> Vec<f32> {
        let mut scores = vec![0.0; self.texts.len()];
        for word in self.stems.content(query) {
            let number = self.words.get(&word);
            let postings = number.and_then(|word| self.postings.get(*word as usize));
            let Some(Postings { rarity, texts }) = postings else {
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

    /// The pairs of a question's sentences. One that is said again and again weighs the root of how often.
    pub(crate) fn pairs<'q>(&self, sentences: impl Iterator<Item = &'q str>) -> Pairs {
        let mut pairs = Pairs::new();
        for sentence in sentences {
            let words = self.stems.content(sentence);
            let words: Vec<_> = words.iter().map(|word| self.words.get(word)).collect();
            for two in words.windows(2) {
                if let [Some(one), Some(other)] = two {
                    *pairs.entry(pair(**one, **other)).or_default() += 1.0;
                }
            }
        }
        for times in pairs.values_mut() {
            *times = times.sqrt();
        }
        pairs
    }

    /// BM25 of documents over a question's pairs; a document is the numbers of its texts, and no pair goes from one to
    /// the next. There are `all` documents; how rare a pair and how long a document is, is measured among those given.
    pub(crate) fn by_pairs(&self, asked: &Pairs, documents: &[Vec<usize>], all: usize) -> Vec<f32> {
        let mut lengths = Vec::with_capacity(documents.len());
        let mut counted = Vec::with_capacity(documents.len());
        let mut with: HashMap<Pair, usize> = HashMap::new();
        for texts in documents {
            let (mut length, mut counts) = (0, BTreeMap::<Pair, usize>::new());
            for text in texts.iter().filter_map(|text| self.texts.get(*text)) {
                length += text.len().saturating_sub(1);
                let pairs = text.windows(2).filter_map(|two| match two {
                    [one, other] => Some(pair(*one, *other)),
                    _ => None,
                });
                for pair in pairs.filter(|pair| asked.contains_key(pair)) {
                    *counts.entry(pair).or_default() += 1;
                }
            }
            for pair in counts.keys() {
                *with.entry(*pair).or_default() += 1;
            }
            lengths.push(length);
            counted.push(counts);
        }
        let mean = mean(lengths.iter().copied());
        let score = |(counts, length): (BTreeMap<Pair, usize>, usize)| {
            let of_pair = |(pair, times): (Pair, usize)| {
                let weight = asked.get(&pair).copied().unwrap_or_default();
                let with = with.get(&pair).copied().unwrap_or_default();
                weight * rarity(all, with) * saturated(count(times), count(length) / mean)
            };
            counts.into_iter().map(of_pair).sum()
        };
        counted.into_iter().zip(lengths).map(score).collect()
    }
}

const fn pair(one: u32, other: u32) -> Pair {
    if one < other {
        (one, other)
    } else {
        (other, one)
    }
}

/// How much it tells that a text has what `with` of all have.
fn rarity(all: usize, with: usize) -> f32 {
    let (all, with) = (count(all), count(with));
    (1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln()
}

/// What so many mentions are worth in a text that is so many times as long as most.
fn saturated(times: f32, length: f32) -> f32 {
    times * (K1 + 1.0) / (times + K1 * (1.0 - B + B * length))
}

fn mean(lengths: impl ExactSizeIterator<Item = usize>) -> f32 {
    let all = count(lengths.len()).max(1.0);
    (lengths.map(count).sum::<f32>() / all).max(f32::MIN_POSITIVE)
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

    #[test]
    fn a_pair_is_two_neighbours_in_either_order() {
        let texts = [
            "credit card",
            "the card, a credit",
            "card and other credit",
            "debit card",
        ];
        let bm25 = Bm25::new(texts.into_iter().map(str::to_owned));
        let asked = bm25.pairs(["My credit card", "nobody's unknown card"].into_iter());
        assert_eq!(asked.len(), 1, "{asked:?}");
        let documents: Vec<Vec<usize>> = (0..4).map(|text| vec![text]).collect();
        let scores = bm25.by_pairs(&asked, &documents, 10);
        assert!(
            scores[..3].iter().all(|score| *score > 0.0) && scores[3] <= 0.0,
            "{scores:?}"
        );
        let apart = bm25.by_pairs(&asked, &[vec![3], vec![]], 10);
        assert_eq!(apart, [0.0, 0.0]);
    }

    #[test]
    fn a_pair_said_four_times_weighs_two() {
        let bm25 = Bm25::new(std::iter::once("wire fee".to_owned()));
        let asked = bm25.pairs(std::iter::repeat_n("wire fees", 4));
        assert_eq!(asked.values().copied().collect::<Vec<f32>>(), [2.0]);
    }
}
