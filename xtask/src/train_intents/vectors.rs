//! The weights that know topics by a sentence's vector.
//!
//! Utterances with slips of the finger are left out: the encoder has its own way with them.

use anyhow::{Context as _, Result};
use vostro_classifier::{Example, FeatureSettings, TrainSettings, train};
use vostro_embed::{Embedder as _, MiniLm};

/// Embeds the utterances and trains on their vectors alone.
pub(super) fn weights(examples: &[Example], settings: TrainSettings) -> Result<Vec<u8>> {
    let folder = vostro_embed::files::default_folder(|name| std::env::var_os(name));
    let folder = folder.context("VOSTRO_MODELS names no folder, and there is no cache folder")?;
    let model = MiniLm::load(&folder, 1).with_context(|| folder.display().to_string())?;
    let whole = examples.iter().filter(|example| example.weight >= 1.0);
    let embedded = whole.map(|example| {
        Ok(Example {
            text: String::new(),
            vector: Some(model.embed(&example.text)?),
            ..example.clone()
        })
    });
    let embedded = embedded.collect::<Result<Vec<Example>>>()?;
    let settings = TrainSettings {
        features: FeatureSettings {
            bits: 1,
            ..FeatureSettings::default()
        },
        ..settings
    };
    Ok(train(&embedded, settings).to_bytes())
}
