//! What tests of more than one crate share: a clock that is set by hand, randomness from a seed, and
//! the suites that every implementation of a port must pass. Never part of the shipped binary.
#![allow(
    clippy::unwrap_used,
    reason = "a failed expectation of a test's own means ends the test"
)]

mod clock;
mod entropy;
pub mod store_conformance;

pub use clock::ManualClock;
pub use entropy::SeededEntropy;
