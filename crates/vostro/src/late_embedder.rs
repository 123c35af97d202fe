//! The embedding model for whoever is put together before it is loaded: a start never waits for it.
//!
//! Until it is there, and where it is not to be had, every text fails to be embedded, and all goes on by words. Who
//! searches loads it (`keeper.rs`); a process that only understands messages loads it here.

use std::sync::{Arc, OnceLock};

use vostro_embed::{EmbedError, Embedder};

use crate::config::Config;
use crate::parts;

/// The embedding model as soon as it is loaded.
#[derive(Clone, Default)]
pub(crate) struct LateEmbedder(pub(crate) Arc<OnceLock<Arc<dyn Embedder>>>);

impl Embedder for LateEmbedder {
    fn dimensions(&self) -> usize {
        self.0.get().map_or(0, |model| model.dimensions())
    }

    fn model(&self) -> &str {
        self.0.get().map_or("not loaded", |model| model.model())
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        match self.0.get() {
            Some(model) => model.embed(text),
            None => Err(EmbedError("the model is not loaded".into())),
        }
    }
}

/// Loads the model on a thread of its own, where it is wanted. A failure is logged.
pub(crate) fn load(config: &Config, late: &LateEmbedder) {
    if !config.embedding.enabled {
        return;
    }
    let (config, late) = (config.clone(), late.clone());
    let work = move || match parts::embedder(&config) {
        Ok(Some(embedder)) => {
            // Set once: there is one thread that does.
            let _ = late.0.set(embedder);
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(
            error = format!("{error:#}"),
            "messages are understood by their words alone; `vostro models fetch` gets the model"
        ),
    };
    let thread = std::thread::Builder::new().name("vostro-embedding".to_owned());
    if let Err(error) = thread.spawn(work) {
        tracing::warn!(%error, "no thread for the embedding model; everything goes by words alone");
    }
}
