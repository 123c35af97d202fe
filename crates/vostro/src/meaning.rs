//! Giving the knowledge search its vectors and the understanding its encoder, beside the serving: a start
//! never waits for the model.
//!
//! Until they are there, and where the model is not to be had, articles are found and messages are
//! understood by their words.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::Result;
use async_trait::async_trait;
use vostro_embed::{EmbedError, Embedder};
use vostro_http::client::InProcessKnowledge;
use vostro_http::{CheckState, ReadinessCheck};
use vostro_knowledge::Meaning;

use crate::config::Config;
use crate::parts;
use crate::vectors::VectorFile;

/// Whether the knowledge search goes by meaning too, as `/ready` tells it. 0 while it is loading.
#[derive(Debug, Default)]
pub(crate) struct MeaningState(AtomicU8);

const OFF: u8 = 1;
const FAILED: u8 = 2;
const READY: u8 = 3;

#[async_trait]
impl ReadinessCheck for MeaningState {
    async fn check(&self) -> CheckState {
        match self.0.load(Ordering::Relaxed) {
            READY => CheckState::Ready,
            OFF => CheckState::Disabled,
            _ => CheckState::Degraded,
        }
    }
}

/// The embedding model as soon as it is loaded; until then every text fails to be embedded.
#[derive(Default)]
pub(crate) struct LateEmbedder(OnceLock<Arc<dyn Embedder>>);

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

/// Loads the model, hands it to the understanding, and embeds what is not embedded yet, on a thread of its
/// own; then the search goes by meaning too. A failure is logged, and all goes on by words.
pub(crate) fn add(
    config: &Config,
    knowledge: Option<&Arc<InProcessKnowledge>>,
    state: &Arc<MeaningState>,
    late: &Arc<LateEmbedder>,
) {
    if !config.embedding.enabled {
        state.0.store(OFF, Ordering::Relaxed);
        return;
    }
    let (config, knowledge) = (config.clone(), knowledge.cloned());
    let (state, late) = (Arc::clone(state), Arc::clone(late));
    let work = move || {
        let reached = match embed(&config, knowledge.as_deref(), &late) {
            Ok(true) => READY,
            Ok(false) => OFF,
            Err(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "articles are found and messages understood by their words alone; `vostro models fetch` gets the model"
                );
                FAILED
            }
        };
        state.0.store(reached, Ordering::Relaxed);
    };
    let name = "vostro-vectors".to_owned();
    if let Err(error) = std::thread::Builder::new().name(name).spawn(work) {
        tracing::warn!(%error, "no thread for the embedding model; everything goes by words alone");
    }
}

fn embed(
    config: &Config,
    knowledge: Option<&InProcessKnowledge>,
    late: &LateEmbedder,
) -> Result<bool> {
    let Some(embedder) = parts::embedder(config)? else {
        return Ok(false);
    };
    // Set once: there is one thread that does.
    let _ = late.0.set(Arc::clone(&embedder));
    let Some(knowledge) = knowledge else {
        return Ok(true);
    };
    let base = knowledge.base();
    let mut vectors = VectorFile::open(config);
    let meaning = Meaning::of(&base, embedder, &mut vectors)?;
    knowledge.replace(Arc::new(base.with_meaning(meaning)));
    vectors.save();
    tracing::info!(
        passages = base.passage_count(),
        "articles are found by meaning too"
    );
    Ok(true)
}
