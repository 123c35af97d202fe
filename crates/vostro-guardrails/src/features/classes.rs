//! Word classes: words that are used alike share a number, so that an order learnt in one wording is seen
//! in another that no training text has.
//!
//! The classes are clusters of a small sentence encoder's word vectors (Brown-style classes by way of
//! k-means), made by `cargo xtask train guardrails` and committed beside the weights as hashes. Words in
//! their folded form; a word that the encoder does not have has no class.

use std::sync::LazyLock;

/// Hashed words and their classes, see [`Classes::write`].
const FILE: &[u8] = include_bytes!("../../weights/classes.bin");
/// Bytes of an entry: four of the hash, two of the class.
const ENTRY: usize = 6;

/// An open-addressing table from hashes of words to classes; class 0 is none.
#[derive(Debug)]
pub(crate) struct Classes {
    entries: Vec<(u32, u16)>,
}

static TABLE: LazyLock<Classes> = LazyLock::new(|| Classes::read(FILE));

/// What is kept of a word's hash: the classes and the table need different bits of it.
fn key(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(0) | 1
}

impl Classes {
    pub(super) fn get() -> &'static Self {
        &TABLE
    }

    /// A table that is at most half full. Whatever does not belong in the file is left out.
    pub(crate) fn read(file: &[u8]) -> Self {
        let pairs = file.chunks_exact(ENTRY).filter_map(|c| {
            let (hash, class) = c.split_first_chunk::<4>()?;
            let class = u16::from_le_bytes(class.try_into().ok()?);
            Some((u32::from_le_bytes(*hash), class))
        });
        let size = (file.len() / ENTRY * 2 + 2).next_power_of_two();
        let mut entries = vec![(0u32, 0u16); size];
        for (hash, class) in pairs {
            let mut at = hash as usize >> 1;
            while let Some(entry) = entries.get_mut(at & (size - 1)) {
                if entry.0 == 0 || entry.0 == hash {
                    *entry = (hash, class);
                    break;
                }
                at += 1;
            }
        }
        Self { entries }
    }

    /// The file of some words with their classes, 1 and up.
    pub(crate) fn write(words: &[(String, u16)]) -> Vec<u8> {
        let mut pairs: Vec<(u32, u16)> = words
            .iter()
            .map(|(word, class)| (key(super::hash(word.as_bytes())), *class))
            .collect();
        pairs.sort_unstable();
        pairs.dedup_by_key(|p| p.0);
        pairs
            .iter()
            .flat_map(|(hash, class)| hash.to_le_bytes().into_iter().chain(class.to_le_bytes()))
            .collect()
    }

    /// The class of a word, 0 for none.
    pub(super) fn of(&self, hash: u64) -> u16 {
        let key = key(hash);
        let mask = self.entries.len() - 1;
        let mut at = key as usize >> 1;
        loop {
            match self.entries.get(at & mask) {
                Some((k, class)) if *k == key => return *class,
                Some((0, _)) | None => return 0,
                Some(_) => at += 1,
            }
        }
    }
}

/// The file of word classes; for the training.
#[doc(hidden)]
pub fn write(words: &[(String, u16)]) -> Vec<u8> {
    Classes::write(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_back() {
        let words = [
            ("ignore".to_owned(), 7),
            ("disregard".to_owned(), 7),
            ("bank".to_owned(), 3),
        ];
        let classes = Classes::read(&Classes::write(&words));
        for (word, class) in words {
            assert_eq!(classes.of(super::super::hash(word.as_bytes())), class);
        }
        assert_eq!(classes.of(super::super::hash(b"zebra")), 0);
        assert_eq!(Classes::read(b"").of(5), 0);
        assert_eq!(Classes::read(b"odd").of(5), 0);
    }
}
