//! Giving the knowledge search its vectors, beside the serving: a start never waits for the model.
//!
//! Until the vectors are there, and where the model is not to be had, articles are found by their words.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use anyhow::Result;
use async_trait::async_trait;
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

/// Loads the model and embeds what is not embedded yet, on a thread of its own; then the search goes by
/// meaning too. A failure is logged, and search goes on by words.
pub(crate) fn add(config: &Config, knowledge: &Arc<InProcessKnowledge>, state: &Arc<MeaningState>) {
    if !config.embedding.enabled {
        state.0.store(OFF, Ordering::Relaxed);
        return;
    }
    let (config, knowledge, state) = (config.clone(), Arc::clone(knowledge), Arc::clone(state));
    let work = move || {
        let reached = match embed(&config, &knowledge) {
            Ok(true) => READY,
            Ok(false) => OFF,
            Err(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "articles are found by their words alone; `vostro models fetch` gets the model"
                );
                FAILED
            }
        };
        state.0.store(reached, Ordering::Relaxed);
    };
    let name = "vostro-vectors".to_owned();
    if let Err(error) = std::thread::Builder::new().name(name).spawn(work) {
        tracing::warn!(%error, "no thread for the articles' vectors; they are found by their words alone");
    }
}

fn embed(config: &Config, knowledge: &InProcessKnowledge) -> Result<bool> {
    let Some(embedder) = parts::embedder(config)? else {
        return Ok(false);
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
