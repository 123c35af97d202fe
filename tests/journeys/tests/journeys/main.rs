//! The journeys: what customers, clients and operators do with Vostro, over HTTP against the real binary.
//!
//! One file a class of journey. Most bodies run twice, on one process and on three (`journeys!`).
//! Wording is checked only where the contract or honesty asks for it; figures are checked through cards.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests"
)]

mod backups;
mod channels;
mod documents;
mod failures;
mod foreign;
mod knowledge;
mod limits;
mod lookups;
mod money;
mod monitoring;
mod operations;
mod performance;
mod policies;
mod privacy;
mod repeats;
mod replicas;
mod resilience;
mod services;
mod sessions;
mod shutdown;
mod streaming;
mod transcripts;
