//! The words of the indexed chunks: how rare each is, and which one a misspelt word probably means.

use std::collections::{BTreeSet, HashMap};

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
    /// What each word as it is written was found to be, so that it is stemmed once; `None` is a stop word.
    seen: HashMap<String, Option<StemId>>,
    /// Stems by their numbers.
    known: Vec<String>,
    /// Number of chunks with the stem anywhere, by id.
    chunks_with: Vec<u32>,
    chunks: usize,
    /// Words as they are written, by first letter and length, each with its letters.
    spellings: HashMap<(u8, usize), Vec<(Letters, String)>>,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self {
            stems: Stems::new(),
            ids: HashMap::new(),
            seen: HashMap::new(),
            known: Vec::new(),
            chunks_with: Vec::new(),
            chunks: 0,
            spellings: HashMap::new(),
        }
    }
}

impl Lexicon {
    /// Takes in a text of a chunk and gives the stems of its content words, in order.
    pub(super) fn learn(&mut self, text: &str) -> Vec<StemId> {
        words(text)
            .filter_map(|Word { surface, .. }| match self.seen.get(&surface) {
                Some(known) => *known,
                None => self.meet(surface),
            })
            .collect()
    }

    /// Takes in a word that was not met before.
    fn meet(&mut self, surface: String) -> Option<StemId> {
        let id = (!is_stop_word(&surface)).then(|| {
            let stem = self.stems.stem(&surface);
            let next = StemId::try_from(self.known.len()).unwrap_or(StemId::MAX);
            let id = *self.ids.entry(stem.clone()).or_insert(next);
            if id == next {
                self.known.push(stem);
                self.chunks_with.push(0);
            }
            id
        });
        self.seen.insert(surface, id);
        id
    }

    /// Counts a chunk that has these stems, each named once.
    pub(super) fn count(&mut self, stems: impl IntoIterator<Item = StemId>) {
        for stem in stems {
            if let Some(count) = self.chunks_with.get_mut(stem as usize) {
                *count += 1;
            }
        }
    }

    /// All chunks are counted: `chunks` of them. Nothing is learnt after this.
    pub(super) fn finish(&mut self, chunks: usize) {
        self.chunks = chunks;
        for (surface, id) in std::mem::take(&mut self.seen) {
            let letters = Letters::of(&surface);
            if let (Some(_), Some(letters), Some(first)) = (id, letters, surface.bytes().next()) {
                let place = self.spellings.entry((first, surface.len())).or_default();
                place.push((letters, surface));
            }
        }
    }

    pub(super) fn stem(&self, surface: &str) -> String {
        self.stems.stem(surface)
    }

    pub(super) fn id(&self, stem: &str) -> Option<StemId> {
        self.ids.get(stem).copied()
    }

    /// The stem of a number.
    pub(super) fn name(&self, id: StemId) -> &str {
        self.known.get(id as usize).map_or("", String::as_str)
    }

    /// Number of stems.
    pub(super) fn len(&self) -> usize {
        self.known.len()
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
        let length = surface.len();
        let (Some(letters), Some(first)) = (Letters::of(surface), surface.bytes().next()) else {
            return Vec::new();
        };
        if length < MIN_TYPO_CHARS {
            return Vec::new();
        }
        let mut best = if length >= TWO_TYPO_CHARS { 2 } else { 1 };
        let mut found = BTreeSet::new();
        let lengths = length.saturating_sub(best).max(MIN_TYPO_CHARS)..=length + best;
        let places = lengths.filter_map(|length| self.spellings.get(&(first, length)));
        for (known, word) in places.flatten() {
            if letters.differ_from(*known) > 2 * best {
                continue;
            }
            let distance = strsim::osa_distance(surface, word);
            if distance < best {
                found.clear();
                best = distance;
            }
            if distance <= best {
                found.insert(self.stem(word));
            }
        }
        found.into_iter().collect()
    }
}

/// Which letters a word has: words that have few in common are far from each other, whatever their order.
#[derive(Debug, Clone, Copy)]
struct Letters(u32);

impl Letters {
    /// `None` for what is not all small letters from a to z.
    fn of(word: &str) -> Option<Self> {
        word.bytes().try_fold(Self(0), |Self(set), byte| {
            let letter = byte.is_ascii_lowercase().then(|| byte - b'a')?;
            Some(Self(set | 1 << letter))
        })
    }

    /// How many letters one of the two has and the other has not: a slip changes two at most.
    fn differ_from(self, other: Self) -> usize {
        (self.0 ^ other.0).count_ones() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_words_find_the_known_one() {
        let mut lexicon = Lexicon::default();
        lexicon.learn("Transfers between accounts, statement, deposit, wire, fees");
        lexicon.finish(1);
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
