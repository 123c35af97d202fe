//! What each role answers with. The binary puts these together and hands them to the routers.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::FromRef;
use tokio::sync::{Notify, watch};
use vostro_bank::{PolicyKind, Store};
use vostro_channels::Channel;
use vostro_dialogue::Concierge;
use vostro_embed::Embedder;
use vostro_ingest::{Defaults, Quarantine, Screen};
use vostro_step_up::ProviderKey;

use crate::client::{InProcessGuard, InProcessKnowledge};
use crate::edge::Edge;
use crate::readiness::Readiness;

/// The concierge: chat, and the events of past turns.
#[derive(Clone)]
pub struct ConciergeService {
    /// The assistant.
    pub concierge: Arc<Concierge>,
    /// Where the events of past turns are read.
    pub store: Arc<dyn Store>,
    /// What reads policies, and goes by them.
    pub policies: Arc<dyn PolicyRules>,
    /// Who answers challenges: the bank's own identity provider, if there is one.
    pub provider: Option<Arc<ProviderKey>>,
    /// Where customers write beside the bank's own pages.
    pub channels: Vec<Arc<dyn Channel>>,
    /// What `/ready` asks.
    pub readiness: Readiness,
}

/// What this process makes of policies that administrators change.
#[async_trait]
pub trait PolicyRules: Send + Sync {
    /// Why a text is no policy of its kind, with the line where there is one.
    async fn check(&self, kind: PolicyKind, content: &str) -> Result<(), String>;

    /// Goes by what is in force; gives the version that this process goes by then.
    async fn follow(&self) -> i64;
}

/// Knowledge search.
#[derive(Clone)]
pub struct RagService {
    /// The knowledge base, whose passages are screened.
    pub knowledge: Arc<InProcessKnowledge>,
    /// Where documents are kept that are put into it; `None` where there is no store.
    pub documents: Option<Arc<DocumentService>>,
    /// What `/ready` asks.
    pub readiness: Readiness,
}

/// What it takes to keep documents.
pub struct DocumentService {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// What is asked about each passage.
    pub screen: Arc<dyn Screen>,
    /// What is kept from everybody when a passage was flagged.
    pub quarantine: Quarantine,
    /// What holds for documents that do not say otherwise.
    pub defaults: Defaults,
    /// The embedding model, once it is loaded.
    pub embedder: Arc<OnceLock<Arc<dyn Embedder>>>,
    /// Told that documents have changed.
    pub changed: Arc<Notify>,
    /// The knowledge version that this process's search has.
    pub searched: watch::Receiver<i64>,
}

impl DocumentService {
    /// Waits until the search has this knowledge version, for some time at most; gives whether it has.
    pub(crate) async fn served(&self, revision: i64, wait: Duration) -> bool {
        self.changed.notify_one();
        let mut searched = self.searched.clone();
        let reached = searched.wait_for(|version| *version >= revision);
        tokio::time::timeout(wait, reached)
            .await
            .is_ok_and(|reached| reached.is_ok())
    }
}

/// Checks of texts.
#[derive(Clone)]
pub struct GuardrailsService {
    /// The engine.
    pub guard: Arc<InProcessGuard>,
    /// What `/ready` asks.
    pub readiness: Readiness,
}

impl FromRef<(Edge, Self)> for GuardrailsService {
    fn from_ref((_, service): &(Edge, Self)) -> Self {
        service.clone()
    }
}

/// The roles that the concierge's port answers besides its own: all of them when one process serves
/// all, none when they are on their own.
#[derive(Clone, Default)]
pub struct Beside {
    /// Answer `/api/v1/rag/…` too.
    pub rag: Option<RagService>,
    /// Answer `/api/v1/guardrails/…` too.
    pub guardrails: Option<GuardrailsService>,
}
