//! How good the understanding is: the table of bars, measured on texts that the caller brings.
//!
//! Nothing is read or timed here: texts come in and the clock is a function, so a test and a command
//! can share it. Every figure has two columns, without and with sentence vectors; without an embedder the
//! second stays empty. A row whose texts are missing says so.

mod choose;
mod draws;
pub mod notation;
mod own;
mod public;
mod report;

pub use own::{Half, Own, intents, slots};
pub use public::{Labelled, PublicSet, public};
pub use report::{Bar, Report, Row};
