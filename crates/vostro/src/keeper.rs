//! Keeping what is searched in step with what is kept, beside the serving.
//!
//! A task polls the store's knowledge version: when it has changed, or the bank's day, another index is built on a
//! thread of its own and takes the place of the one before; searches under way end on that. So a change on one replica
//! is seen by the others within seconds, and nothing waits. The model is loaded here too: until its vectors are
//! there, and where it is not to be had, documents are found by their words.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use tokio::sync::{Notify, oneshot, watch};
use vostro_bank::Store;
use vostro_embed::Embedder;
use vostro_http::client::{self, InProcessKnowledge};
use vostro_http::{CheckState, ReadinessCheck};
use vostro_knowledge::{KnowledgeBase, Meaning};

use crate::config::Config;
use crate::corpus::{self, Corpus, Edition, StoredVectors};
use crate::late_embedder::LateEmbedder;
use crate::parts;
use crate::reranker::{self, RerankingState};
use crate::vectors::VectorFile;

/// How often the store is asked.
const POLL: Duration = Duration::from_secs(1);
/// While documents keep coming, an index is built at most every so many times the time that it takes.
const REST: u32 = 3;
/// Passages that are embedded between two looks at the store.
const SLICE: usize = 16;

/// Whether the knowledge search goes by meaning too, as `/ready` tells it.
pub(crate) struct MeaningState {
    /// 0 while it is loading.
    model: AtomicU8,
    knowledge: Arc<InProcessKnowledge>,
}

const OFF: u8 = 1;
const FAILED: u8 = 2;
const READY: u8 = 3;

#[async_trait]
impl ReadinessCheck for MeaningState {
    async fn check(&self) -> CheckState {
        match self.model.load(Ordering::Relaxed) {
            READY if !self.knowledge.goes_by_words() => CheckState::Ready,
            OFF => CheckState::Disabled,
            _ => CheckState::Degraded,
        }
    }
}

/// What others see of the keeping.
#[derive(Clone)]
pub(crate) struct Kept {
    /// Whether search goes by meaning.
    pub(crate) meaning: Arc<MeaningState>,
    /// Whether what is found is put in order by a model.
    pub(crate) reranking: Arc<RerankingState>,
    /// The model, once it is loaded.
    pub(crate) embedder: Arc<OnceLock<Arc<dyn Embedder>>>,
    /// To be told that documents have changed.
    pub(crate) changed: Arc<Notify>,
    /// The knowledge version that is searched.
    pub(crate) searched: watch::Receiver<i64>,
}

struct Keeper {
    config: Config,
    knowledge: Arc<InProcessKnowledge>,
    store: Option<Arc<dyn Store>>,
    kept: Kept,
    searched: watch::Sender<i64>,
    /// What is searched now.
    edition: Edition,
}

/// Begins to keep `knowledge`, which was made of `corpus`, in step. Ends with the runtime.
pub(crate) fn keep(
    config: &Config,
    knowledge: &Arc<InProcessKnowledge>,
    store: Option<Arc<dyn Store>>,
    corpus: Corpus,
    late: &LateEmbedder,
) -> Kept {
    let edition = corpus.edition;
    let (searched, receiver) = watch::channel(edition.revision);
    let kept = Kept {
        meaning: Arc::new(MeaningState {
            model: AtomicU8::default(),
            knowledge: Arc::clone(knowledge),
        }),
        reranking: reranker::load(config, knowledge),
        embedder: Arc::clone(&late.0),
        changed: Arc::default(),
        searched: receiver,
    };
    let keeper = Keeper {
        config: config.clone(),
        knowledge: Arc::clone(knowledge),
        store,
        kept: kept.clone(),
        searched,
        edition,
    };
    tokio::spawn(keeper.run(corpus.vectors));
    kept
}

impl Keeper {
    async fn run(mut self, vectors: StoredVectors) {
        self.load_model().await;
        let mut missing = None;
        if self.kept.embedder.get().is_some() {
            let base = self.knowledge.base();
            missing = self.complete(&base, vectors).await;
        }
        let mut rest = POLL;
        loop {
            if missing.is_none() {
                tokio::select! {
                    () = self.kept.changed.notified() => {}
                    () = tokio::time::sleep(rest) => {}
                }
            }
            match self.look().await {
                Ok(None) => {}
                Ok(Some(corpus)) => {
                    let began = Instant::now();
                    missing = self.show(corpus).await;
                    rest = POLL.max(began.elapsed() * REST);
                    continue;
                }
                Err(error) => {
                    let error = format!("{error:#}");
                    tracing::debug!(error, "the knowledge version cannot be read; trying again");
                }
            }
            if let Some((base, vectors)) = missing.take() {
                missing = self.embed_some(base, vectors).await;
            }
        }
    }

    /// What is to be searched, if that is something else than what is.
    async fn look(&self) -> Result<Option<Corpus>> {
        let revision = match &self.store {
            Some(store) => store.knowledge_version().await?,
            None => 0,
        };
        let edition = Edition {
            revision,
            day: corpus::today(&self.config)?,
        };
        if edition == self.edition {
            return Ok(None);
        }
        corpus::read(&self.config, self.store.as_deref())
            .await
            .map(Some)
    }

    /// Searches another corpus from now on; gives what is left to embed.
    async fn show(&mut self, mut corpus: Corpus) -> Option<(Arc<KnowledgeBase>, StoredVectors)> {
        self.edition = corpus.edition;
        let revision = corpus.edition.revision;
        let built = aside(move || {
            let base = corpus.base();
            (base, corpus)
        });
        let (base, corpus) = match built.await {
            Some((Ok(base), corpus)) => (Arc::new(base), corpus),
            Some((Err(error), _)) => {
                tracing::error!(%error, "another index could not be built; the one before is searched");
                return None;
            }
            None => return None,
        };
        let missing = if self.kept.embedder.get().is_some() {
            self.complete(&base, corpus.vectors).await
        } else {
            self.knowledge.replace(Arc::clone(&base), None);
            None
        };
        let (documents, passages) = (base.document_count(), base.passage_count());
        tracing::info!(
            revision,
            documents,
            passages,
            "another edition of the knowledge is searched"
        );
        self.searched.send_replace(revision);
        missing
    }

    /// Searches a base with the vectors that there are; gives what it takes to embed the rest.
    async fn complete(
        &self,
        base: &Arc<KnowledgeBase>,
        mut vectors: StoredVectors,
    ) -> Option<(Arc<KnowledgeBase>, StoredVectors)> {
        let embedder = Arc::clone(self.kept.embedder.get()?);
        let (config, asked) = (self.config.clone(), Arc::clone(base));
        let known = aside(move || {
            vectors.file = VectorFile::open(&config);
            let (meaning, missing) = Meaning::known(&asked, embedder, &mut vectors);
            (asked.with_meaning(meaning), missing, vectors)
        });
        let (with_meaning, missing, vectors) = known.await?;
        if missing == base.passage_count() && missing > 0 {
            // Nothing has a vector yet: words alone are the better order.
            self.knowledge.replace(Arc::clone(base), None);
        } else {
            let elsewhere = self.elsewhere(&with_meaning);
            self.knowledge.replace(Arc::new(with_meaning), elsewhere);
        }
        if missing == 0 {
            self.kept.meaning.model.store(READY, Ordering::Relaxed);
            let passages = base.passage_count();
            tracing::info!(passages, "documents are found by meaning too");
            return None;
        }
        Some((Arc::clone(base), vectors))
    }

    /// The store that has vectors of a base's passages, where it searches them.
    fn elsewhere(&self, base: &KnowledgeBase) -> Option<client::StoredVectors> {
        let (store, embedder) = (self.store.as_ref()?, self.kept.embedder.get()?);
        let model = embedder.model().to_owned();
        base.asks_elsewhere()
            .then(|| client::StoredVectors::new(Arc::clone(store), model, self.edition.day))
    }

    /// Embeds a slice of what is missing, and keeps it; gives what is left.
    async fn embed_some(
        &self,
        base: Arc<KnowledgeBase>,
        mut vectors: StoredVectors,
    ) -> Option<(Arc<KnowledgeBase>, StoredVectors)> {
        let embedder = Arc::clone(self.kept.embedder.get()?);
        let model = embedder.model().to_owned();
        let asked = Arc::clone(&base);
        let slice = aside(move || {
            let left = Meaning::embed_missing(&asked, embedder.as_ref(), &mut vectors, SLICE);
            if !matches!(left, Ok(left) if left > 0) {
                vectors.file.save();
            }
            (left, vectors)
        });
        let (left, mut vectors) = slice.await?;
        let fresh = std::mem::take(&mut vectors.fresh);
        if let Some(store) = &self.store
            && !fresh.is_empty()
            && let Err(error) = store.keep_vectors(&model, &fresh).await
        {
            // A store that only reads, or that is away: they are computed anew at the next start.
            tracing::debug!(%error, "vectors could not be kept in the store");
        }
        match left {
            Ok(0) => self.complete(&base, vectors).await,
            Ok(_) => Some((base, vectors)),
            Err(error) => {
                tracing::warn!(%error, "passages could not be embedded; they are found by their words");
                self.kept.meaning.model.store(FAILED, Ordering::Relaxed);
                None
            }
        }
    }

    async fn load_model(&self) {
        let state = &self.kept.meaning.model;
        if self.kept.embedder.get().is_some() {
            return;
        }
        if !self.config.embedding.enabled {
            state.store(OFF, Ordering::Relaxed);
            return;
        }
        let config = self.config.clone();
        match aside(move || parts::embedder(&config)).await {
            Some(Ok(Some(embedder))) => {
                // Set once, here.
                let _ = self.kept.embedder.set(embedder);
            }
            Some(Ok(None)) => state.store(OFF, Ordering::Relaxed),
            Some(Err(error)) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "documents are found and messages understood by their words alone; `vostro models fetch` gets the model"
                );
                state.store(FAILED, Ordering::Relaxed);
            }
            None => state.store(FAILED, Ordering::Relaxed),
        }
    }
}

/// Does long work on a thread of its own, which nothing waits for when the process ends. `None` when it broke off.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, result) = oneshot::channel();
    let thread = std::thread::Builder::new().name("vostro-knowledge".to_owned());
    let spawned = thread.spawn(move || {
        // Nobody may be waiting any more.
        let _ = done.send(work());
    });
    if let Err(error) = spawned.context("no thread for the knowledge") {
        tracing::error!(
            error = format!("{error:#}"),
            "the knowledge cannot be worked on"
        );
        return None;
    }
    result.await.ok()
}

#[cfg(test)]
mod tests;
