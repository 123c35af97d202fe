//! Word classes: words that are used alike share a number, so that an order learnt in one wording is seen
//! in another that no training text has.
//!
//! The classes are clusters of a small sentence encoder's word vectors (Brown-style classes by way of
//! k-means), made by `cargo xtask train guardrails` and committed beside the weights as hashes. The words of
//! `concepts.txt` have the class of the English word that they translate. Words in their folded form; a
//! word that neither has has no class. A word's sense (`senses.rs`) is looked up with its class.

use super::senses;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Hashed words and their classes, see [`Classes::write`].
const FILE: &[u8] = include_bytes!("../../weights/classes.bin");
/// English words, each with its like in other languages.
const CONCEPTS: &str = include_str!("concepts.txt");
/// Bytes of an entry: four of the hash, two of the class.
const ENTRY: usize = 6;

/// What is known of a word; zero is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Meaning {
    /// Words that are used alike.
    pub class: u16,
    /// What it is about.
    pub sense: u8,
}

/// An open-addressing table from hashes of words to what is known of them.
#[derive(Debug)]
pub(super) struct Classes {
    entries: Vec<(u32, Meaning)>,
}

static TABLE: LazyLock<Classes> =
    LazyLock::new(|| Classes::read(FILE, &senses::words(&concepts())));

/// What is kept of a word's hash: the classes and the features need different bits of it. Never 0.
fn key(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(0) | 1
}

/// The words of `concepts.txt` in folded form, after the English one that they translate.
pub(super) fn concepts() -> Vec<(&'static str, Vec<String>)> {
    let lines = CONCEPTS.lines().filter(|l| !l.starts_with('#'));
    let split = lines.filter_map(|l| l.split_once(':'));
    split
        .map(|(english, words)| {
            let folded = words.split_whitespace().map(crate::text::fold);
            (english, folded.collect())
        })
        .collect()
}

impl Classes {
    pub(super) fn get() -> &'static Self {
        &TABLE
    }

    /// A table that is at most half full. Whatever does not belong in the file is left out.
    fn read(file: &[u8], senses: &[(String, u8)]) -> Self {
        let mut known: BTreeMap<u32, Meaning> = BTreeMap::new();
        for entry in file.chunks_exact(ENTRY) {
            if let Some((hash, [low, high])) = entry.split_first_chunk::<4>() {
                let meaning = known.entry(u32::from_le_bytes(*hash)).or_default();
                meaning.class = u16::from_le_bytes([*low, *high]);
            }
        }
        for (word, sense) in senses {
            let meaning = known.entry(key(super::hash(word.as_bytes()))).or_default();
            meaning.sense = *sense;
        }
        let size = (known.len() * 2 + 2).next_power_of_two();
        let mut entries = vec![(0u32, Meaning::default()); size];
        for (hash, meaning) in known {
            let mut at = hash as usize >> 1;
            while let Some(entry) = entries.get_mut(at & (size - 1)) {
                if entry.0 == 0 {
                    *entry = (hash, meaning);
                    break;
                }
                at += 1;
            }
        }
        Self { entries }
    }

    /// The file of some words with their classes, 1 and up, and of those that translate them.
    fn write(words: &[(String, u16)], concepts: &[(&str, Vec<String>)]) -> Vec<u8> {
        let hashed = |word: &str| key(super::hash(word.as_bytes()));
        let mut classes: BTreeMap<u32, u16> = BTreeMap::new();
        for (word, class) in words {
            classes.entry(hashed(word)).or_insert(*class);
        }
        let translated: Vec<(u32, u16)> = concepts
            .iter()
            .filter_map(|(english, words)| Some((classes.get(&hashed(english)).copied()?, words)))
            .flat_map(|(class, words)| words.iter().map(move |w| (hashed(w), class)))
            .collect();
        classes.extend(translated);
        classes
            .iter()
            .flat_map(|(hash, class)| hash.to_le_bytes().into_iter().chain(class.to_le_bytes()))
            .collect()
    }

    /// What is known of a word by its hash.
    pub(super) fn of(&self, hash: u64) -> Meaning {
        let key = key(hash);
        let mask = self.entries.len() - 1;
        let mut at = key as usize >> 1;
        loop {
            match self.entries.get(at & mask) {
                Some((k, meaning)) if *k == key => return *meaning,
                Some((0, _)) | None => return Meaning::default(),
                Some(_) => at += 1,
            }
        }
    }
}

/// The file of word classes, with the words that translate theirs; for the training.
#[doc(hidden)]
pub fn write(words: &[(String, u16)]) -> Vec<u8> {
    Classes::write(words, &concepts())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(classes: &Classes, word: &str) -> (u16, u8) {
        let meaning = classes.of(super::super::hash(word.as_bytes()));
        (meaning.class, meaning.sense)
    }

    #[test]
    fn files_are_read_back_with_translations_and_senses() {
        let words = [("ignore", 7), ("disregard", 7), ("bank", 3)].map(|(w, c)| (w.to_owned(), c));
        let concepts = [
            ("ignore", vec!["vergiss".to_owned()]),
            ("unknown", vec!["nada".to_owned()]),
        ];
        let senses = [("ignore".to_owned(), 1), ("umbrella".to_owned(), 2)];
        let classes = Classes::read(&Classes::write(&words, &concepts), &senses);
        for (word, expected) in [
            ("ignore", (7, 1)),
            ("disregard", (7, 0)),
            ("vergiss", (7, 0)),
            ("bank", (3, 0)),
            ("umbrella", (0, 2)),
            ("nada", (0, 0)),
            ("zebra", (0, 0)),
        ] {
            assert_eq!(of(&classes, word), expected, "{word}");
        }
        for file in [b"" as &[u8], b"odd"] {
            assert_eq!(of(&Classes::read(file, &[]), "zebra"), (0, 0));
        }
    }

    #[test]
    fn a_word_is_translated_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (english, words) in concepts() {
            assert!(!words.is_empty(), "{english}");
            for word in words {
                assert!(word.chars().all(char::is_alphanumeric), "{english}: {word}");
                assert!(seen.insert(word.clone()), "{english}: {word} stands twice");
            }
        }
        assert_eq!(of(Classes::get(), "vergiss"), of(Classes::get(), "forget"));
    }
}
