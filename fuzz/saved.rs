//! Replays a fuzzer's saved corpus on a stable compiler. Tests of the crates take this file in by its path, so that
//! it needs no crate of its own.

use std::path::Path;

/// Gives every file of `corpus/TARGET` to `keep`, which panics where a promise is broken; there are `least` at the least.
pub(crate) fn replay(target: &str, least: usize, keep: impl Fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let folder = corpus.join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        keep(&std::fs::read(path).unwrap());
        count += 1;
    }
    assert!(count >= least, "{count} in {}", folder.display());
}
