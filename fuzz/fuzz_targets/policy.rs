//! `cargo +nightly fuzz run policy`; a find goes into `corpus/policy`, which a test of the crate replays on a stable
//! compiler.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/vostro-guardrails/tests/promises/mod.rs"]
mod promises;

fuzz_target!(|data: &[u8]| promises::policy(&String::from_utf8_lossy(data)));
