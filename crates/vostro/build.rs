//! Says that the embedded articles are part of the build, also when one is added or removed.

fn main() {
    println!("cargo:rerun-if-changed=../../knowledge-base");
    println!("cargo:rerun-if-changed=build.rs");
}
