//! `cargo +nightly fuzz run guardrails`; a find goes into `corpus/guardrails`, which a test of the crate replays on a stable
//! compiler.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use vostro_guardrails::Engine;

#[path = "../../crates/vostro-guardrails/tests/promises/mod.rs"]
mod promises;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::builtin);

fuzz_target!(|data: &[u8]| promises::keep(&ENGINE, &String::from_utf8_lossy(data)));
