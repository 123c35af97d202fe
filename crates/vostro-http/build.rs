//! Makes cargo look at the built page again when it was built anew, and tells the tests whether there is one
//! (`cfg(vostro_page)`). Building it is `web/`'s own matter: a tree in which it never was compiles just as well.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
    println!("cargo::rustc-check-cfg=cfg(vostro_page)");
    if Path::new("../../web/dist/index.html").exists() {
        println!("cargo::rustc-cfg=vostro_page");
    }
}
