//! The response cache: answers that are the same for everybody, kept for whoever asks the same next.
//!
//! Only [`PublicKnowledge`] fits. What was read from, or said by, a customer is another type and stays out:
//!
//! ```compile_fail
//! use vostro_dialogue::answers::{AnswerCache, WordingKey};
//! use vostro_types::{CustomerData, Sourced};
//! let cache = AnswerCache::new(10);
//! let balance: Sourced<String, CustomerData> = Sourced::new("You have $12.00.".into());
//! cache.keep_wording(&WordingKey::of("v1", &[]), balance);
//! ```
//!
//! ```compile_fail
//! use vostro_dialogue::answers::{AnswerCache, QuestionKey};
//! use vostro_knowledge::Answer;
//! use vostro_types::{CustomerData, Sourced};
//! fn keep(cache: &AnswerCache, key: &QuestionKey, answer: Sourced<Answer, CustomerData>) {
//!     cache.keep_answer(key, answer);
//! }
//! ```
//!
//! The same with published knowledge compiles:
//!
//! ```
//! use vostro_dialogue::answers::{AnswerCache, WordingKey};
//! use vostro_types::{PublicKnowledge, Sourced};
//! let cache = AnswerCache::new(10);
//! let words: Sourced<String, PublicKnowledge> = Sourced::new("Transfers are free.".into());
//! let key = WordingKey::of("v1", &[]);
//! cache.keep_wording(&key, words);
//! assert_eq!(cache.wording(&key).unwrap().get(), "Transfers are free.");
//! ```
//!
//! Keys are hashes with the knowledge base's version in them: no question is kept, and another version finds
//! nothing of the one before. There are two kinds. An answer goes by what is asked: the question with its personal
//! data masked, reduced to its words. A model's wording goes by what it was made of: the quotations, whoever asked.

use moka::sync::Cache;
use sha2::{Digest as _, Sha256};
use vostro_knowledge::{Answer, Citation};
use vostro_types::{PublicKnowledge, Sourced};

use crate::understand::lexicon::Lexicon;
use crate::understand::reply::is_filler;
use crate::understand::text::{Kind, Text};

/// Answers and wordings that are kept.
#[derive(Debug, Clone)]
pub struct AnswerCache {
    answers: Cache<[u8; 32], Sourced<Answer, PublicKnowledge>>,
    wordings: Cache<[u8; 32], Sourced<String, PublicKnowledge>>,
}

/// What was asked, in one version of the knowledge base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuestionKey([u8; 32]);

/// What a wording was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordingKey([u8; 32]);

impl QuestionKey {
    /// Of a question whose personal data is masked. Case, marks, politeness and typos of words that the
    /// lexicon knows do not matter.
    pub fn of(version: &str, masked_question: &str) -> Self {
        let text = Text::read(masked_question, Lexicon::get());
        let words = text.tokens.iter();
        let words = words.filter(|token| token.kind != Kind::Symbol && !is_filler(&token.word));
        Self(hash(
            "question",
            version,
            words.map(|token| token.word.as_str()),
        ))
    }
}

impl WordingKey {
    /// Of the quotations.
    pub fn of(version: &str, citations: &[Citation]) -> Self {
        let quotes = citations
            .iter()
            .flat_map(|citation| [citation.chunk_id.as_str(), citation.quote.as_str()]);
        Self(hash("wording", version, quotes))
    }
}

fn hash<'a>(kind: &'a str, version: &'a str, parts: impl Iterator<Item = &'a str>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [kind, version].into_iter().chain(parts) {
        hasher.update(part);
        hasher.update([0]);
    }
    hasher.finalize().into()
}

impl AnswerCache {
    /// A cache of at most so many of each kind; 0 keeps nothing.
    pub fn new(entries: u64) -> Self {
        Self {
            answers: Cache::new(entries),
            wordings: Cache::new(entries),
        }
    }

    /// The answer to a question, if it was asked before.
    pub fn answer(&self, key: &QuestionKey) -> Option<Sourced<Answer, PublicKnowledge>> {
        self.answers.get(&key.0)
    }

    /// Keeps an answer.
    pub fn keep_answer(&self, key: &QuestionKey, answer: Sourced<Answer, PublicKnowledge>) {
        self.answers.insert(key.0, answer);
    }

    /// The words for an answer, if they were found before.
    pub fn wording(&self, key: &WordingKey) -> Option<Sourced<String, PublicKnowledge>> {
        self.wordings.get(&key.0)
    }

    /// Keeps a wording.
    pub fn keep_wording(&self, key: &WordingKey, words: Sourced<String, PublicKnowledge>) {
        self.wordings.insert(key.0, words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_the_same_by_their_words_and_version() {
        let key = |text| QuestionKey::of("v1", text);
        assert_eq!(
            key("How do I transfer money?"),
            key("  how do i TRANSFER money please")
        );
        assert_ne!(
            key("How do I transfer money?"),
            key("How do I transfer money abroad?")
        );
        assert_ne!(
            key("What is the fee?"),
            QuestionKey::of("v2", "What is the fee?")
        );
        assert_ne!(key("a b"), key("ab"));
    }
}
