//! What a cross-encoder gives for pairs, and how long that takes here: a pair on one lane, twenty pairs on all.
//!
//! `cargo run --release -p vostro-embed --features minilm --example rerank -- DIR PAIRS`, where each line of PAIRS is
//! `{"question": …, "text": …}`, with a `score` of another program where there is one to compare with.

use std::time::{Duration, Instant};

use serde::Deserialize;
use vostro_embed::{CrossEncoder, Reranker};

#[derive(Deserialize)]
struct Line {
    question: String,
    text: String,
    score: Option<f32>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (folder, pairs) = (arguments.next(), arguments.next());
    let (Some(folder), Some(pairs)) = (folder, pairs) else {
        return Err("a folder with a model, and a file of pairs".into());
    };
    let begun = Instant::now();
    let at_once = std::thread::available_parallelism()?.get();
    let model = CrossEncoder::load(folder.as_ref(), None, at_once)?;
    println!("{} loaded in {:?}", model.model(), begun.elapsed());
    let lines = std::fs::read_to_string(pairs)?;
    let lines: Result<Vec<Line>, _> = lines.lines().map(serde_json::from_str).collect();
    let lines = lines?;
    let worked = processor_time();
    let mut taken = Vec::with_capacity(lines.len());
    let mut furthest = 0.0_f32;
    for line in &lines {
        let begun = Instant::now();
        let scores = model.scores(&line.question, &[&line.text], &|| true)?;
        taken.push(begun.elapsed());
        let score = scores.first().copied().unwrap_or_default();
        match line.score {
            Some(other) => {
                furthest = furthest.max((score - other).abs());
                println!("{score:8.4} {other:8.4} {:.60}", line.text);
            }
            None => println!("{score:8.4} {:.60}", line.text),
        }
    }
    println!("furthest from the other program's: {furthest}");
    let each = processor_time().saturating_sub(worked) / u32::try_from(lines.len().max(1))?;
    println!("one pair: processor {each:?}, {}", told(&mut taken));
    let Some(first) = lines.first() else {
        return Ok(());
    };
    let texts: Vec<&str> = lines.iter().cycle().take(20).map(|it| &*it.text).collect();
    let mut taken = Vec::new();
    for _ in 0..10 {
        let begun = Instant::now();
        model.scores(&first.question, &texts, &|| true)?;
        taken.push(begun.elapsed());
    }
    println!("twenty pairs on {at_once} lanes: {}", told(&mut taken));
    Ok(())
}

/// Time on processors of all threads, in steps of ten milliseconds.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = behind_name.split_whitespace().skip(11).take(2);
    let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn told(taken: &mut [Duration]) -> String {
    taken.sort_unstable();
    let (least, median) = (taken.first(), taken.get(taken.len() / 2));
    let [least, median] = [least, median].map(|it| it.copied().unwrap_or_default());
    format!("least {least:?}, median {median:?}")
}
