//! The conversation: a turn as one straight line of typed steps.
//!
//! [`Concierge::turn`] is the whole interface; `turn.rs` is the line itself and the file to open
//! first. Understanding and deciding are pure; the store, the guardrails and the knowledge base are
//! ports. Left to others: HTTP, the store's drivers, the guardrails' rules, the search engine, and
//! any language model, which only ever proposes [`command::Command`]s and words: `consult`, `wording` and `briefing`.

mod act;
mod advisor;
pub mod answers;
mod approve;
mod backing;
pub mod briefing;
mod code;
pub mod command;
mod compose;
mod concierge;
mod consult;
mod decide;
pub mod entities;
pub mod eval;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod ground;
mod grounded;
mod hide;
pub mod language;
mod live;
mod measure;
pub mod model;
pub mod ports;
pub mod principal;
mod record;
mod replay;
pub mod reply;
mod scene;
mod screen;
mod sentences;
mod sessions;
pub mod state;
mod steps;
mod turn;
pub mod understand;
mod wording;
mod words;

pub use advisor::{Advisor, AdvisorSettings, ModelUse, Retrieved, Tier, TurnAccount, UseOutcome};
pub use concierge::{Concierge, DialogueSettings, RawMessage, TurnError};
pub use decide::StepUpPolicy;
pub use live::Listener;
pub use replay::{Replay, ReplayOutcome, ReplayedTurn};
pub use sessions::{SessionLife, end_sessions};
pub use steps::{STEP_TARGET, TOOL_TARGET};
pub use turn::wire;
