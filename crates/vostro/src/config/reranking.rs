//! `[reranking]`: a model of the bank's choice that puts the best passages into another order.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// Digits of a SHA-256.
const SHA256_DIGITS: usize = 64;

/// A model of the bank's choice that reads the question and a passage together, and puts the best passages of a
/// search into another order. Without a folder there is none. While it gives no order, passages stay in the order of
/// words and meaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Reranking {
    /// The folder with the model: `model.onnx`, a BERT cross-encoder without letter case that gives one score, and its
    /// `tokenizer.json` or `vocab.txt`. Nothing is fetched.
    pub model: Option<PathBuf>,
    /// SHA-256 of `model.onnx`, in hexadecimal digits: another file is refused.
    pub sha256: Option<String>,
    /// How many passages of a search it reads, the best of words and meaning.
    #[schemars(range(min = 2, max = 50))]
    pub candidates: u32,
    /// How long a search waits for its order, in milliseconds; then the order before stands.
    #[schemars(range(min = 10, max = 10_000))]
    pub within_ms: u32,
    /// How many passages it reads at once, each on one thread; 0 for one a core.
    #[schemars(range(max = 256))]
    pub lanes: u32,
}

impl Default for Reranking {
    fn default() -> Self {
        Self {
            model: None,
            sha256: None,
            candidates: 20,
            within_ms: 500,
            lanes: 0,
        }
    }
}

impl Reranking {
    /// The folder need not be there; that is said where the model is loaded.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        let Some(sha256) = &self.sha256 else { return };
        let is_digest =
            sha256.len() == SHA256_DIGITS && sha256.chars().all(|c| c.is_ascii_hexdigit());
        if !is_digest {
            problems.push(Problem::new(
                "reranking.sha256",
                format!("is no SHA-256; allowed: {SHA256_DIGITS} hexadecimal digits, as `sha256sum model.onnx` prints them"),
            ));
        }
    }
}
