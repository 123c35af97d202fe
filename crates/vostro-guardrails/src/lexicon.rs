//! Which words are ordinary, which are given names and which are places: sets of hashed words.
//!
//! Made by `cargo xtask train guardrails` and committed beside the classifiers. A word that stands
//! in none of the sets and is written with a capital is taken for a name of some kind.

/// The sets, in the order of the file.
pub const SETS: [&str; 3] = ["words", "given_names", "places"];

/// Hashed words in three sets.
#[derive(Debug)]
pub struct Lexicon {
    sets: [Vec<u32>; SETS.len()],
}

/// The hash of a word, lower-cased.
pub fn hash(word: &str) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for c in word.chars().flat_map(char::to_lowercase) {
        hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
    }
    u32::try_from((hash ^ (hash >> 32)) & 0xffff_ffff).unwrap_or(0)
}

impl Lexicon {
    /// Reads a lexicon file; `None` when it is not one.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"VLX1")?;
        let mut sets: [Vec<u32>; SETS.len()] = Default::default();
        for set in &mut sets {
            let (count, tail) = rest.split_first_chunk::<4>()?;
            let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
            let (body, tail) = tail.split_at_checked(count.checked_mul(4)?)?;
            *set = body
                .chunks_exact(4)
                .filter_map(|c| Some(u32::from_le_bytes(c.try_into().ok()?)))
                .collect();
            rest = tail;
        }
        Some(Self { sets })
    }

    /// A lexicon file of three sets of words.
    pub fn write(sets: &[Vec<String>; SETS.len()]) -> Vec<u8> {
        let mut out = b"VLX1".to_vec();
        for set in sets {
            let mut hashes: Vec<u32> = set.iter().map(|w| hash(w)).collect();
            hashes.sort_unstable();
            hashes.dedup();
            out.extend(u32::try_from(hashes.len()).unwrap_or(0).to_le_bytes());
            out.extend(hashes.iter().flat_map(|h| h.to_le_bytes()));
        }
        out
    }

    fn has(&self, set: usize, word: &str) -> bool {
        self.sets
            .get(set)
            .is_some_and(|s| s.binary_search(&hash(word)).is_ok())
    }

    /// Whether a word is written in lower case in ordinary texts.
    pub fn ordinary(&self, word: &str) -> bool {
        self.has(0, word)
    }

    /// Whether a word is a given name.
    pub fn given_name(&self, word: &str) -> bool {
        self.has(1, word)
    }

    /// Whether a word, or several joined by spaces, is a country or a town.
    pub fn place(&self, words: &str) -> bool {
        self.has(2, words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_read_back() {
        let file = Lexicon::write(&[
            vec!["table".into()],
            vec!["Anna".into()],
            vec!["United States".into()],
        ]);
        let lexicon = Lexicon::read(&file).unwrap();
        assert!(
            lexicon.ordinary("Table")
                && lexicon.given_name("anna")
                && lexicon.place("united states")
        );
        assert!(!lexicon.ordinary("anna") && Lexicon::read(b"VLX1\xff\xff\xff\xff").is_none());
    }
}
