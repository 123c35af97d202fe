//! Prints how good the engine is:
//! `cargo run --release -p vostro-guardrails --features eval --example eval -- DIR [--json]`. With `--misses` the
//! texts of the adversarial set's development part that are judged wrongly.

use std::path::Path;
use std::time::Instant;
use vostro_guardrails::Engine;
use vostro_guardrails::eval::{Data, misses, run};

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_default();
    if !Path::new(&folder).is_dir() {
        eprintln!("no folder {folder:?}: rows that need data will say so");
    }
    if std::env::args().any(|a| a == "--misses") {
        for miss in misses(&Engine::builtin()) {
            println!("{}\t{}", miss.section, miss.text.replace('\n', "\\n"));
        }
        return;
    }
    let data = Data::read(&|name| std::fs::read_to_string(Path::new(&folder).join(name)).ok());
    let start = Instant::now();
    let report = run(&Engine::builtin(), &data, &|| start.elapsed());
    if std::env::args().any(|a| a == "--json") {
        println!(
            "{}",
            serde_json::to_string_pretty(&report).unwrap_or_default()
        );
    } else {
        println!("{report}");
    }
}
