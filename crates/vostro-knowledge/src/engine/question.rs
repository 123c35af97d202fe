//! A customer's question as weighted concepts: each content word, with what else it may be called.
//!
//! Bounded by construction: a text of any size becomes at most [`MAX_CONCEPTS`] concepts.

use std::collections::HashSet;

use super::lexicon::{Lexicon, StemId};
use crate::synonyms;
use crate::text::{Word, is_stop_word, words};

/// Characters of a question that are looked at; longer ones have said what they are about by then.
const MAX_CHARS: usize = 2_000;
/// Words of a question that are looked at.
const MAX_WORDS: usize = 120;
/// Concepts of a question that are searched for.
const MAX_CONCEPTS: usize = 24;

const SYNONYM_WEIGHT: f32 = 0.76;
const TYPO_WEIGHT: f32 = 0.8;
/// Share of its rarity at which a word counts that no document has. A question is more than its
/// unknown words: "my landlord wants a statement" is about statements.
const UNKNOWN_SHARE: f32 = 0.8;

/// What was asked, ready to be searched for.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) concepts: Vec<Concept>,
    /// Known content words that stand next to each other.
    pub(super) pairs: Vec<(StemId, StemId)>,
}

/// One thing that the question is about.
#[derive(Debug)]
pub(super) struct Concept {
    /// How much it tells: its rarity.
    pub(super) weight: f32,
    /// Its known names; empty when no document has any of them.
    pub(super) variants: Vec<Variant>,
}

/// One name of a concept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variant {
    pub(super) id: StemId,
    /// 1 for the customer's own word, less for what we think it means.
    pub(super) weight: f32,
}

impl Question {
    pub(super) fn new(text: &str, lexicon: &Lexicon) -> Self {
        let end = text
            .char_indices()
            .nth(MAX_CHARS)
            .map_or(text.len(), |(at, _)| at);
        let text = text.get(..end).unwrap_or_default();
        let words: Vec<Word> = words(text).take(MAX_WORDS).collect();
        let stems: Vec<String> = words
            .iter()
            .map(|word| lexicon.stem(&word.surface))
            .collect();
        let mut question = Self {
            concepts: Vec::new(),
            pairs: Vec::new(),
        };
        let mut seen = HashSet::new();
        let mut before: Option<StemId> = None;
        let mut at = 0;
        while at < words.len() && question.concepts.len() < MAX_CONCEPTS {
            if let Some((length, names)) = stems.get(at..).and_then(synonyms::phrase) {
                let names = names.iter().map(|name| (name.clone(), SYNONYM_WEIGHT));
                question.add(names.collect(), lexicon);
                before = None;
                at += length;
                continue;
            }
            if let (Some(word), Some(stem)) = (words.get(at), stems.get(at))
                && !is_stop_word(&word.surface)
                && !is_unknown_figure(word, stem, lexicon)
            {
                if let Some(id) = lexicon.id(stem)
                    && let Some(before) = before.replace(id)
                {
                    question.pairs.push((before, id));
                }
                if seen.insert(stem.clone()) {
                    question.add(names(&word.surface, stem, lexicon), lexicon);
                }
            }
            at += 1;
        }
        question
    }

    /// Whether no document has any of the words.
    pub(super) fn is_empty(&self) -> bool {
        self.concepts
            .iter()
            .all(|concept| concept.variants.is_empty())
    }

    fn add(&mut self, names: Vec<(String, f32)>, lexicon: &Lexicon) {
        let variants: Vec<Variant> = names
            .into_iter()
            .filter_map(|(stem, weight)| {
                let id = lexicon.id(&stem)?;
                Some(Variant { id, weight })
            })
            .collect();
        // A concept is as common as its most common name.
        let weight = variants
            .iter()
            .map(|variant| lexicon.rarity(Some(variant.id)))
            .min_by(f32::total_cmp)
            .unwrap_or_else(|| lexicon.rarity(None) * UNKNOWN_SHARE);
        self.concepts.push(Concept { weight, variants });
    }
}

/// A figure that no document has ("8000") says how much, not what about.
fn is_unknown_figure(word: &Word, stem: &str, lexicon: &Lexicon) -> bool {
    word.surface.starts_with(|c: char| c.is_ascii_digit()) && lexicon.id(stem).is_none()
}

/// A word's own stem and its synonyms; for a word that nobody knows, what it may be misspelt from.
fn names(surface: &str, stem: &str, lexicon: &Lexicon) -> Vec<(String, f32)> {
    let mut names = vec![(stem.to_owned(), 1.0)];
    names.extend(
        synonyms::word(stem)
            .iter()
            .map(|name| (name.clone(), SYNONYM_WEIGHT)),
    );
    if names.iter().all(|(name, _)| lexicon.id(name).is_none()) {
        for near in lexicon.nearest(surface) {
            names.extend(
                synonyms::word(&near)
                    .iter()
                    .map(|name| (name.clone(), SYNONYM_WEIGHT * TYPO_WEIGHT)),
            );
            names.push((near, TYPO_WEIGHT));
        }
    }
    let mut seen = HashSet::new();
    names.retain(|(name, _)| seen.insert(name.clone()));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let mut lexicon = Lexicon::default();
        let stems = lexicon.learn("transfer limit fees cash ATM card $5,000.00");
        lexicon.count(stems);
        lexicon.finish(10);
        lexicon
    }

    #[test]
    fn words_become_concepts_with_names() {
        let lexicon = lexicon();
        let names = |text: &str| -> Vec<Vec<&str>> {
            let concepts = Question::new(text, &lexicon).concepts;
            let stem = |variant: Variant| lexicon.name(variant.id);
            concepts
                .into_iter()
                .map(|concept| concept.variants.into_iter().map(stem).collect())
                .collect()
        };
        let cases: [(&str, &[&[&str]]); 6] = [
            ("What is the transfer limit?", &[&["transfer"], &["limit"]]),
            ("send", &[&["transfer"]]),
            ("trasnfer", &[&["transfer"]]),
            ("cash machine", &[&["atm", "cash"]]),
            ("zebra 77", &[&[]]),
            ("the the", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn any_text_stays_bounded() {
        let lexicon = lexicon();
        let many: Vec<String> = (0..50_000).map(|n| format!("word{n}")).collect();
        let question = Question::new(&many.join(" "), &lexicon);
        assert!(question.concepts.len() <= MAX_CONCEPTS && question.pairs.len() <= MAX_WORDS);
        assert!(question.is_empty());
    }
}
