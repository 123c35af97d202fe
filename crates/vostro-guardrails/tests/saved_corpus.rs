//! Replays the fuzzer's saved corpus on a stable compiler: every text of it keeps the promises.

mod promises;

use std::fs;
use std::path::Path;
use vostro_guardrails::Engine;

#[test]
fn saved_texts_keep_the_promises() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/guardrails");
    let engine = Engine::builtin();
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        let bytes = fs::read(path).unwrap();
        promises::keep(&engine, &String::from_utf8_lossy(&bytes));
        count += 1;
    }
    assert!(count > 20, "{count} texts in {}", folder.display());
}

#[test]
fn saved_policies_keep_the_promises() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/policy");
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        let bytes = fs::read(path).unwrap();
        promises::policy(&String::from_utf8_lossy(&bytes));
        count += 1;
    }
    assert!(count >= 8, "{count} policies in {}", folder.display());
}
