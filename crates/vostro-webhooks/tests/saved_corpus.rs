//! Replays the fuzzer's saved corpus on a stable compiler.
#![allow(clippy::unwrap_used, reason = "tests")]

mod promises;
#[path = "../../../fuzz/saved.rs"]
mod saved;

#[test]
fn saved_secrets_keep_the_promises() {
    saved::replay("webhook_secret", 8, promises::keep);
}
