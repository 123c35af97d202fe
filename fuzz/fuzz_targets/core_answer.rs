//! `cargo +nightly fuzz run core_answer`; a find goes into `corpus/core_answer`, which a test of the crate replays on a stable
//! compiler.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/vostro-core-banking/tests/promises/mod.rs"]
mod promises;

fuzz_target!(|data: &[u8]| promises::keep(data));
