//! Replays the fuzzer's saved corpus on a stable compiler.
#![allow(clippy::unwrap_used, reason = "tests")]

mod promises;
#[path = "../../../fuzz/saved.rs"]
mod saved;

#[test]
fn saved_messages_keep_the_promises() {
    saved::replay("channel_message", 8, promises::keep);
}
