//! Vostro's HTTP edge: three routers over one shared [`Edge`], and a server that drains.
//!
//! One endpoint per file, each with its whole story: what it takes, what can go wrong, what it
//! answers, its description for the `OpenAPI` document. This is the only crate that knows HTTP. What it
//! leaves to others: what a turn does (`vostro-dialogue`), what is safe (`vostro-guardrails`), what is
//! true (`vostro-knowledge`, `vostro-store`), and reading configuration (the binary).
//!
//! To put a process together: one [`Edge`], the services, a router per port, and [`serve`] for each.
//! To add an endpoint: write its file beside the others, give it its row in [`operations`], add it to
//! its role's router; the tests say what is missing.

mod auth;
pub mod client;
mod concierge;
mod docs;
mod edge;
mod extract;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod guardrails;
mod idempotency;
mod info;
mod layers;
mod limits;
mod ops;
mod problem;
mod rag;
mod readiness;
mod role;
mod serve;
mod services;
mod sessions;
mod settings;
mod tls;
mod web;

pub use auth::{
    ApiKey, AuthMode, Jwt, JwtAlgorithm, JwtSettings, KeyHash, KeySetError, KeySource, Limited,
    OperationRule, Rule, ServedBy, access_page, new_api_key, operations,
};
pub use concierge::concierge_router;
pub use docs::{openapi_json, openapi_yaml_3_0};
pub use edge::Edge;
pub use guardrails::guardrails_router;
pub use limits::{SharedLimits, SharedLimitsError};
pub use problem::{ErrorBody, Problem};
pub use rag::rag_router;
pub use readiness::{CheckState, Readiness, ReadinessCheck, StoreCheck};
pub use role::Role;
pub use serve::{Drained, listen, serve};
pub use services::{
    Beside, ConciergeService, DocumentService, GuardrailsService, PolicyRules, RagService,
};
pub use settings::{Deadlines, EdgeSettings, RateLimits, SizeLimits, TwoPeople};
pub use tls::{Tls, TlsError};
