//! `cargo +nightly fuzz run documents`; a find goes into `corpus/documents`, which a test of the crate replays on a stable
//! compiler.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/vostro-ingest/tests/promises/mod.rs"]
mod promises;

fuzz_target!(|data: &[u8]| promises::keep(data));
