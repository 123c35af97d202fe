//! Measures on labelled texts that the project does not carry, one JSON object `{text, task, set, label}` a line:
//! `cargo run --release -p vostro-guardrails --features eval --example score < texts.jsonl`. `task` is `safety`, `input` or
//! `document`; `label` is 1 for what is to be stopped. Prints a table: of each set how many are stopped, and for
//! safety how well the score ranks where a set has both kinds.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use vostro_guardrails::eval::average_precision;
use vostro_guardrails::{CheckRequest, Direction, Engine};

/// What was found of one text: its score, whether it is to be stopped, whether it was.
type Found = (f32, bool, bool);

fn main() {
    let engine = Engine::builtin();
    let mut sets: BTreeMap<(String, String), Vec<Found>> = BTreeMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(row) = serde_json::from_str::<serde_json::Value>(&line) else {
            eprintln!("not JSON: {line}");
            continue;
        };
        let field = |name: &str| row.get(name).and_then(serde_json::Value::as_str);
        let (text, task) = (
            field("text").unwrap_or_default(),
            field("task").unwrap_or("input"),
        );
        let direction = match task {
            "document" => Direction::Document,
            _ => Direction::Input,
        };
        let verdict = engine.check(text, &CheckRequest::all(direction));
        let (score, stopped) = match task {
            "safety" => (verdict.safety_score, !verdict.is_safe),
            _ => (verdict.injection_score, verdict.is_injection),
        };
        let bad = row.get("label").and_then(serde_json::Value::as_u64) == Some(1);
        let set = field("set").unwrap_or_default().to_owned();
        sets.entry((set, task.to_owned()))
            .or_default()
            .push((score, bad, stopped));
    }
    println!(
        "| set | task | to stop | stopped | harmless | stopped | AUPRC |\n|---|---|---|---|---|---|---|"
    );
    for ((set, task), found) in &sets {
        let share = |wanted: bool| {
            let of = found.iter().filter(|f| f.1 == wanted);
            let (stopped, all) = of.fold((0u32, 0u32), |(s, n), f| (s + u32::from(f.2), n + 1));
            match all {
                0 => "0 | –".to_owned(),
                _ => format!("{all} | {:.3}", f64::from(stopped) / f64::from(all)),
            }
        };
        let both = found.iter().any(|f| f.1) && found.iter().any(|f| !f.1);
        let ranked: Vec<(f32, bool)> = found.iter().map(|f| (f.0, f.1)).collect();
        let precision = average_precision(&ranked)
            .filter(|_| both && task == "safety")
            .map_or_else(|| "–".to_owned(), |p| format!("{p:.3}"));
        println!(
            "| {set} | {task} | {} | {} | {precision} |",
            share(true),
            share(false)
        );
    }
}
