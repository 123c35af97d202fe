//! The dialogue's ports: the guardrails and the knowledge base, in this process or another one.
//!
//! A turn cannot tell which it has. In another process, each call has its deadline, and is made a second time
//! where that helps and is cheap ([`again`]); the guardrails fall back to the engine of this process, the knowledge
//! base to an honest "not available".

mod again;
mod breaker;
mod guard;
mod guard_model;
mod http;
mod knowledge;
mod local_guard;
mod local_knowledge;
mod reranking;
mod screen;
mod stored_vectors;

pub use guard::{FallbackPolicy, RemoteGuard};
pub use guard_model::{GuardModel, GuardModelSettings, WithoutOpinion};
pub use http::{ClientSettings, ClientSetupError};
pub use knowledge::RemoteKnowledge;
pub use local_guard::InProcessGuard;
pub use local_knowledge::{InProcessKnowledge, LocalKnowledge, Search};
pub use reranking::Reranking;
pub use screen::{GuardScreen, PassageScreen};
pub use stored_vectors::StoredVectors;
