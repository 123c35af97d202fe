//! How good the understanding is: the table of bars, measured on texts that the caller brings.
//!
//! Nothing is read or timed here: texts come in and the clock is a function, so a test and a command
//! can share it. Every figure has two columns, without and with sentence
//! vectors; without an encoder the second stays empty. A row whose texts are missing says so.

pub mod notation;
mod own;
mod public;
mod report;

pub use own::{Own, own};
pub use public::{Labelled, PublicSet, SentenceEncoder, public};
pub use report::{Report, Row};
