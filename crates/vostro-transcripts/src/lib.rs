//! Conversations as text, played against the whole turn: the real guardrails, the real knowledge base, a
//! real store in memory, and a clock that stands still unless the conversation moves it.
//!
//! [`script`] has the language, [`parts`] the bank in memory, [`play`] carries it out, [`report`] says what came of it and compares with
//! what came of it before. The conversations are in `evals/transcripts/`. Left to others: the binary over
//! HTTP (`tests/journeys/`), and how good the understanding is on phrasings that nobody wrote down here.

mod bench;
pub mod parts;
pub mod play;
pub mod report;
pub mod script;
mod silent_model;

pub use play::{Played, play_all};
pub use report::{Baseline, Report};
pub use script::{Script, ScriptError, read_folder};
pub use silent_model::Asked;
