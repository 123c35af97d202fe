//! How long the model takes here: loading, a query, passages of 200 tokens; one lane and all.
//!
//! `cargo run --release -p vostro-embed --features minilm --example measure`

use std::time::{Duration, Instant};

use vostro_embed::{Embedder, MiniLm, Neighbours, files};

const QUERY: &str = "How long does a transfer to another bank take to arrive?";
const SENTENCE: &str = "A transfer to another bank arrives on the next business day. ";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = files::default_folder(|name| std::env::var_os(name)).ok_or("no folder")?;
    let before = resident_mb();
    let begun = Instant::now();
    let model = MiniLm::load(&folder, 2)?;
    println!("loaded in {:?}", begun.elapsed());
    // About 200 tokens.
    let passage = SENTENCE.repeat(15);
    for (name, text, times) in [("query", QUERY, 300), ("passage", &passage, 60)] {
        model.embed(text)?;
        let worked = processor_time();
        let mut taken = Vec::with_capacity(times);
        for _ in 0..times {
            let begun = Instant::now();
            model.embed(text)?;
            taken.push(begun.elapsed());
        }
        taken.sort_unstable();
        let least = taken.first().copied().unwrap_or_default();
        let median = taken.get(times / 2).copied().unwrap_or_default();
        let each = processor_time().saturating_sub(worked) / u32::try_from(times)?;
        println!("{name}: processor {each:?}, least {least:?}, median {median:?}");
    }
    println!(
        "memory of the model: {} MB",
        resident_mb().saturating_sub(before)
    );

    let vectors = model.embed_all(&["a", "b", "c", QUERY])?;
    for count in [10_000, 100_000] {
        let many = vectors.iter().cycle().take(count).map(Vec::as_slice);
        let neighbours = Neighbours::new(many);
        let asked = vectors.last().ok_or("no vector")?;
        let mut taken: Vec<Duration> = (0..20)
            .map(|_| {
                let begun = Instant::now();
                std::hint::black_box(neighbours.nearest(asked, 10, |_| true));
                begun.elapsed()
            })
            .collect();
        taken.sort_unstable();
        println!("nearest of {count}: median {:?}", taken.get(10));
    }
    Ok(())
}

/// Time on processors of all threads, in steps of ten milliseconds.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks: u64 = fields
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    kilobytes.unwrap_or(0_u64) / 1024
}
