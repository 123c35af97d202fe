//! What each role answers with. The binary puts these together and hands them to the routers.

use std::sync::Arc;

use axum::extract::FromRef;
use vostro_bank::Store;
use vostro_dialogue::Concierge;

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
    /// What `/ready` asks.
    pub readiness: Readiness,
}

/// Knowledge search.
#[derive(Clone)]
pub struct RagService {
    /// The knowledge base, whose passages are screened.
    pub knowledge: Arc<InProcessKnowledge>,
    /// What `/ready` asks.
    pub readiness: Readiness,
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
