//! Replays the fuzzer's saved corpus on a stable compiler.
#![allow(clippy::unwrap_used, reason = "tests")]

mod promises;

use std::path::Path;

#[test]
fn saved_answers_keep_the_promises() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/model_answer");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        promises::keep(&std::fs::read(path).unwrap());
        count += 1;
    }
    assert!(count >= 8, "{count} in {}", folder.display());
}
