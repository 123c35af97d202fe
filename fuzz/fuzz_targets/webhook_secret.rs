//! `cargo +nightly fuzz run webhook_secret`; a find goes into `corpus/webhook_secret`, which a test of the crate replays on a stable
//! compiler.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/vostro-webhooks/tests/promises/mod.rs"]
mod promises;

fuzz_target!(|data: &[u8]| promises::keep(data));
