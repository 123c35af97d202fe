//! Vostro's guardrails: a text goes in, a verdict comes out.
//!
//! Pure: no I/O, no clock, no randomness. An [`Engine`] is compiled once from policy files and is
//! shared by all threads; [`Engine::check`] finds personal data, unsafe content and prompt injection
//! in one call, masks what is personal and says what the bank's policy makes of it. Left out on
//! purpose: any model that does not fit in a megabyte; those stand behind a port elsewhere.
//!
//! ```
//! use vostro_guardrails::{CheckRequest, Direction, Engine};
//!
//! let engine = Engine::builtin();
//! let verdict = engine.check("My SSN is 123-45-6789", &CheckRequest::all(Direction::Input));
//! assert!(verdict.has_pii && !verdict.blocks());
//! assert_eq!(verdict.masked_text, "My SSN is ***-**-****");
//! ```

mod decode;
mod engine;
#[cfg(feature = "eval")]
pub mod eval;
#[doc(hidden)]
pub mod features;
#[doc(hidden)]
pub mod lexicon;
#[doc(hidden)]
pub mod model;
mod pii;
mod policy;
mod pseudonym;
mod rules;
mod second;
mod stream;
mod text;
mod verdict;

pub use engine::Engine;
pub use pii::MaskStyle;
pub use policy::PolicyError;
pub use pseudonym::{Pseudonymised, Pseudonyms};
pub use second::{Band, DecidedBy, NoOpinion, Opinion, OpinionForm};
pub use stream::{Redactor, Released};
#[doc(hidden)]
pub use text::fold;
pub use verdict::{
    CheckRequest, Direction, Handoff, InjectionMatch, PiiKind, PiiMatch, PiiScope, SafetyCategory,
    Severity, Technique, TopicMatch, Verdict, Violation,
};

/// The guide's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guardrails.md")]
struct Guide;
