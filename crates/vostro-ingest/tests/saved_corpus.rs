//! Replays the fuzzer's saved corpus on a stable compiler.
#![allow(clippy::unwrap_used, reason = "tests")]

mod promises;
#[path = "../../../fuzz/saved.rs"]
mod saved;

#[test]
fn saved_files_keep_the_promises() {
    saved::replay("documents", 14, promises::keep);
}
