//! The model that puts passages in order, loaded beside the serving: a start never waits for it, and without it the
//! order of words and meaning stands.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use vostro_http::client::{InProcessKnowledge, Reranking};
use vostro_http::{CheckState, ReadinessCheck};

use crate::config::{Config, size};
use crate::parts;

const OFF: u8 = 1;
const FAILED: u8 = 2;
const READY: u8 = 3;

/// Whether what is found is put in order by a model, as `/ready` tells it.
#[derive(Default)]
pub(crate) struct RerankingState {
    /// 0 while it is loading.
    state: AtomicU8,
    model: OnceLock<Arc<Reranking>>,
}

#[async_trait]
impl ReadinessCheck for RerankingState {
    async fn check(&self) -> CheckState {
        let is_silent = self.model.get().is_some_and(|model| model.is_silent());
        match self.state.load(Ordering::Acquire) {
            OFF => CheckState::Disabled,
            READY if !is_silent => CheckState::Ready,
            _ => CheckState::Degraded,
        }
    }
}

/// Loads the model on a thread of its own, where there is to be one, and has it put in order what is found from then
/// on. A failure is logged.
pub(crate) fn load(config: &Config, knowledge: &Arc<InProcessKnowledge>) -> Arc<RerankingState> {
    let state = Arc::new(RerankingState::default());
    if config.reranking.model.is_none() {
        state.state.store(OFF, Ordering::Release);
        return state;
    }
    let (config, knowledge, of) = (config.clone(), Arc::clone(knowledge), Arc::clone(&state));
    let work = move || {
        let outcome = match parts::reranker(&config) {
            Ok(Some(model)) => {
                tracing::info!(
                    model = model.model(),
                    "passages are put in order by a model"
                );
                let within = Duration::from_millis(u64::from(config.reranking.within_ms));
                let candidates = size(config.reranking.candidates);
                let reranking = Arc::new(Reranking::new(model, candidates, within));
                // Set once: there is one thread that does.
                let _ = of.model.set(Arc::clone(&reranking));
                knowledge.rerank_with(reranking);
                READY
            }
            Ok(None) => OFF,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "passages stay in the order of words and meaning: the reranking model is not to be had"
                );
                FAILED
            }
        };
        of.state.store(outcome, Ordering::Release);
    };
    let thread = std::thread::Builder::new().name("vostro-reranking".to_owned());
    if let Err(error) = thread.spawn(work) {
        tracing::warn!(%error, "no thread for the reranking model; passages stay in the order of words and meaning");
        state.state.store(FAILED, Ordering::Release);
    }
    state
}
