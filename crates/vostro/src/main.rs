//! The `vostro` binary.
fn main() {}
