//! Replays the fuzzer's saved corpus on a stable compiler: every text of it keeps the promises.
#![allow(clippy::unwrap_used, reason = "tests")]

mod promises;
#[path = "../../../fuzz/saved.rs"]
mod saved;

use vostro_guardrails::Engine;

#[test]
fn saved_texts_keep_the_promises() {
    let engine = Engine::builtin();
    saved::replay("guardrails", 26, |bytes| {
        promises::keep(&engine, &String::from_utf8_lossy(bytes));
    });
}

#[test]
fn saved_policies_keep_the_promises() {
    saved::replay("policy", 8, |bytes| {
        promises::policy(&String::from_utf8_lossy(bytes));
    });
}
