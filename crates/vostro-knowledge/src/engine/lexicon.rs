//! The words of the indexed chunks: how rare each is, and which one a misspelt word probably means.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::text::{Stems, Word, is_stop_word, words};

/// Number of a stem in the lexicon.
pub(super) type StemId = u32;

/// Words shorter than this are never taken for misspelt: too many others are one letter away.
const MIN_TYPO_CHARS: usize = 4;
/// From this length on two slips are forgiven.
const TWO_TYPO_CHARS: usize = 8;

pub(super) struct Lexicon {
    stems: Stems,
    ids: HashMap<String, StemId>,
    /// Number of chunks with the stem anywhere, by id.
    chunks_with: Vec<u32>,
    chunks: usize,
    /// Words as they are written, by length in characters; sorted, so that ties are settled the same.
    surfaces: BTreeMap<usize, BTreeSet<String>>,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self {
            stems: Stems::new(),
            ids: HashMap::new(),
            chunks_with: Vec::new(),
            chunks: 0,
            surfaces: BTreeMap::new(),
        }
    }
}

impl Lexicon {
    /// Takes in a text of a chunk and gives the stems of its content words, in order.
    pub(super) fn learn(&mut self, text: &str) -> Vec<StemId> {
        let mut learnt = Vec::new();
        for Word { surface, .. } in words(text) {
            if is_stop_word(&surface) {
                continue;
            }
            let stem = self.stems.stem(&surface);
            let next = StemId::try_from(self.ids.len()).unwrap_or(StemId::MAX);
            let id = *self.ids.entry(stem).or_insert(next);
            if id == next {
                self.chunks_with.push(0);
            }
            learnt.push(id);
            if surface.bytes().all(|byte| byte.is_ascii_lowercase()) {
                self.surfaces
                    .entry(surface.len())
                    .or_default()
                    .insert(surface);
            }
        }
        learnt
    }

    /// Counts a chunk that has these stems, each named once.
    pub(super) fn count(&mut self, stems: impl IntoIterator<Item = StemId>) {
        for stem in stems {
            if let Some(count) = self.chunks_with.get_mut(stem as usize) {
                *count += 1;
            }
        }
    }

    /// All chunks are counted: `chunks` of them.
    pub(super) fn finish(&mut self, chunks: usize) {
        self.chunks = chunks;
    }

    pub(super) fn stem(&self, surface: &str) -> String {
        self.stems.stem(surface)
    }

    pub(super) fn id(&self, stem: &str) -> Option<StemId> {
        self.ids.get(stem).copied()
    }

    /// Inverse chunk frequency of a stem (as in BM25), or of a stem that is in no chunk.
    pub(super) fn rarity(&self, stem: Option<StemId>) -> f32 {
        let with = stem
            .and_then(|id| self.chunks_with.get(id as usize))
            .copied()
            .unwrap_or(0);
        #[expect(
            clippy::cast_precision_loss,
            reason = "a count of chunks, and a logarithm of it"
        )]
        let (with, all) = (with as f32, self.chunks as f32);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    /// The stems of the known words nearest to an unknown one, if any is near enough: one slip
    /// (letter missing, added, wrong or swapped), two in long words. The first letter must agree.
    pub(super) fn nearest(&self, surface: &str) -> Vec<String> {
        let length = surface.chars().count();
        let first = surface.chars().next();
        if length < MIN_TYPO_CHARS || !surface.chars().all(char::is_alphabetic) {
            return Vec::new();
        }
        let mut best = if length >= TWO_TYPO_CHARS { 2 } else { 1 };
        let mut found = BTreeSet::new();
        for (_, known) in self
            .surfaces
            .range(length.saturating_sub(best)..=length + best)
        {
            for word in known.iter().filter(|word| word.chars().next() == first) {
                let distance = strsim::osa_distance(surface, word);
                if distance < best {
                    found.clear();
                    best = distance;
                }
                if distance <= best && word.len() >= MIN_TYPO_CHARS {
                    found.insert(self.stem(word));
                }
            }
        }
        found.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_words_find_the_known_one() {
        let mut lexicon = Lexicon::default();
        lexicon.learn("Transfers between accounts, statement, deposit, wire, fees");
        let cases: [(&str, &[&str]); 9] = [
            ("trasnfers", &["transfer"]),
            ("transffer", &["transfer"]),
            ("acconts", &["account"]),
            ("acounts", &["account"]),
            ("statemnet", &["statement"]),
            ("depposit", &["deposit"]),
            ("wyre", &["wire"]),
            ("fee", &[]),
            ("weather", &[]),
        ];
        for (typed, expected) in cases {
            assert_eq!(lexicon.nearest(typed), expected, "{typed}");
        }
    }

    #[test]
    fn rarer_words_weigh_more() {
        let mut lexicon = Lexicon::default();
        let (a, b) = (lexicon.learn("card"), lexicon.learn("card dispute"));
        lexicon.count(a);
        lexicon.count(b);
        lexicon.finish(2);
        let rarity = |word: &str| lexicon.rarity(lexicon.id(&lexicon.stem(word)));
        assert!(rarity("card") < rarity("dispute") && rarity("dispute") < rarity("moon"));
    }
}
