//! Any text gives a verdict that keeps its promises. Run with
//! `cargo +nightly fuzz run check` in `crates/vostro-guardrails`; a find goes into `fuzz/corpus/check`,
//! which `tests/saved_corpus.rs` replays on a stable compiler.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use vostro_guardrails::Engine;

#[path = "../../tests/promises/mod.rs"]
mod promises;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::builtin);

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    promises::keep(&ENGINE, &text);
});
