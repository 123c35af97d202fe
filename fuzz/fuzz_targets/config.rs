//! `cargo +nightly fuzz run config`; a find goes into `corpus/config`, which a test of the binary replays on a stable
//! compiler. The binary has no library, so its configuration is taken in by path.

#![no_main]
#![allow(dead_code, unused_imports, reason = "of the configuration only what the promises use")]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/vostro/src/config/mod.rs"]
mod config;
#[path = "../../crates/vostro/src/config/promises.rs"]
mod promises;

fuzz_target!(|data: &[u8]| promises::keep(data));
