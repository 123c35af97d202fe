//! `cargo +nightly fuzz run channel_message`; a find goes into `corpus/channel_message`, which a test of the crate replays on a stable
//! compiler.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/vostro-channels/tests/promises/mod.rs"]
mod promises;

fuzz_target!(|data: &[u8]| promises::keep(data));
