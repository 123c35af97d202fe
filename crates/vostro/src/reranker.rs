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

#[cfg(test)]
#[path = "../../vostro-embed/tests/toy/mod.rs"]
mod toy;

#[cfg(test)]
mod tests {
    use vostro_http::client::{InProcessGuard, Search};
    use vostro_knowledge::{Audience, KnowledgeBase, parse};
    use vostro_telemetry::Metrics;

    use super::toy::Gives;
    use super::*;

    /// By words the first is better: the title says it. The model counts, and finds the second to be.
    const ARTICLES: [(&str, &str); 2] = [
        ("fee", "A fee."),
        (
            "prices",
            "No fee here, no fee there, and no fee at any other time of the day.",
        ),
    ];

    fn knowledge() -> Arc<InProcessKnowledge> {
        let documents = ARTICLES.map(|(title, body)| {
            let head = format!("+++\nid = \"{title}\"\ntitle = \"{title}\"\ncategory = \"fees\"\ntags = []\n");
            let rest = "audience = \"public\"\nlanguage = \"en\"\nversion = 1\nupdated = 2026-11-01\n+++\n";
            parse(title, &format!("{head}{rest}{body}\n")).unwrap()
        });
        let base = Arc::new(KnowledgeBase::build(documents.into()).unwrap());
        let metrics = Arc::new(Metrics::new("1.2.3"));
        let engine = Arc::new(parts::engine(&Config::default()).unwrap());
        let guard = Arc::new(InProcessGuard::new(engine, Arc::clone(&metrics)));
        Arc::new(InProcessKnowledge::new(base, guard, metrics))
    }

    /// The documents in order, once the model is loaded or is not to be had, and its state.
    async fn found(config: &Config) -> (Vec<String>, CheckState) {
        let knowledge = knowledge();
        let state = load(config, &knowledge);
        let settled = async {
            while state.state.load(Ordering::Acquire) == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), settled)
            .await
            .unwrap();
        let search = Search {
            query: "fee".to_owned(),
            limit: 5,
            category: None,
            min_score: None,
            audience: Audience::Customer,
        };
        let found = knowledge.find(search).await.unwrap();
        let ids = found.into_iter().map(|it| it.document_id).collect();
        (ids, state.check().await)
    }

    #[tokio::test]
    async fn a_model_that_is_there_orders_and_one_that_is_not_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        // Slow machines have time: what is tested is the order.
        config.reranking.within_ms = 10_000;
        assert_eq!(
            found(&config).await,
            (vec!["fee".into(), "prices".into()], CheckState::Disabled)
        );
        config.reranking.model = Some(folder.path().join("not-there"));
        let as_they_were = (vec!["fee".into(), "prices".into()], CheckState::Degraded);
        assert_eq!(found(&config).await, as_they_were);

        config.reranking.model = Some(folder.path().to_owned());
        toy::write(folder.path(), Gives::Score);
        assert_eq!(
            found(&config).await,
            (vec!["prices".into(), "fee".into()], CheckState::Ready)
        );
        config.reranking.sha256 = Some("0".repeat(64));
        assert_eq!(found(&config).await, as_they_were);
        config.reranking.sha256 = None;
        for gives in [Gives::Many, Gives::NoNumber] {
            toy::write(folder.path(), gives);
            assert_eq!(found(&config).await, as_they_were, "{gives:?}");
        }
        std::fs::write(folder.path().join("model.onnx"), "no model").unwrap();
        assert_eq!(found(&config).await, as_they_were);
    }
}
