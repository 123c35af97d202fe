//! Instructions per check, counted by valgrind: the same whatever else the machine is doing.
//!
//! `make bench-guardrails` (or `cargo bench -p vostro-guardrails --bench instructions`) runs this program
//! once under callgrind, which writes one dump a check, and prints a line a text. It fails when a hostile
//! text four times as long costs more than five times as much, or when a count is more than two in a
//! hundred above `benches/instructions.txt`; `-- --bless` writes that file. Counts hold for one compiler
//! and one build profile. Without valgrind it says so and measures nothing. Wall time is left to
//! `vostro eval guardrails`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    reason = "a bench ends at the first thing that is wrong; counts are far below 2^52"
)]

#[path = "../src/eval/hostile.rs"]
mod hostile;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

use hostile::{HOSTILE, SIZES};
use vostro_guardrails::{CheckRequest, Engine, Verdict};

const LETTER: &str = "Dear team, I have been a customer for nine years and I am writing about the fees on my \
    current account. Last month a transfer to my landlord was returned, although there was enough money, and \
    I was charged twice. Could you please explain how that came about? ";
/// The most that a text four times as long may cost.
const GROWTH: f64 = 5.0;
/// How much above the written count a count may be.
const LEEWAY: f64 = 1.02;

fn texts() -> Vec<(String, String)> {
    let repeat = |seed: &str, n: usize| seed.chars().cycle().take(n).collect::<String>();
    let plain = [60, 1800].map(|n| (format!("letter {n}"), repeat(LETTER, n)));
    let hostile = HOSTILE
        .iter()
        .flat_map(|seed| SIZES.map(|n| (format!("{seed:?} {n}"), repeat(seed, n))));
    plain.into_iter().chain(hostile).collect()
}

/// What is counted: its name is known to callgrind.
#[inline(never)]
fn counted_check(engine: &Engine, text: &str) -> Verdict {
    engine.check(text, &CheckRequest::default())
}

/// Runs every text once, after one that makes the lazy tables.
fn run() {
    let engine = Engine::builtin();
    std::hint::black_box(engine.check("Hello, my name is Anna.", &CheckRequest::default()));
    for (_, text) in texts() {
        std::hint::black_box(counted_check(&engine, &text));
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "run") {
        run();
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("instructions: valgrind is not here, nothing was measured");
        return ExitCode::SUCCESS;
    }
    let counts = count();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.txt");
    if arguments.iter().any(|a| a == "--bless") {
        let lines: Vec<String> = counts.iter().map(|(n, c)| format!("{c}\t{n}")).collect();
        fs::write(&file, lines.join("\n") + "\n").expect("the file of counts");
    }
    report(&counts, &written(&file))
}

fn written(file: &Path) -> BTreeMap<String, u64> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = |l: &str| {
        let (count, name) = l.split_once('\t')?;
        Some((name.to_owned(), count.parse().ok()?))
    };
    text.lines().filter_map(line).collect()
}

fn report(counts: &[(String, u64)], written: &BTreeMap<String, u64>) -> ExitCode {
    let mut good = true;
    println!("| text | instructions | a character | against what is written |\n|---|---|---|---|");
    for ((name, count), (_, text)) in counts.iter().zip(texts()) {
        let against = written.get(name).map(|w| *count as f64 / *w as f64);
        good &= against.is_none_or(|a| a <= LEEWAY);
        let against = against.map_or("–".to_owned(), |a| format!("{:+.1} %", (a - 1.0) * 100.0));
        let each = *count / text.chars().count() as u64;
        println!("| {name} | {count} | {each} | {against} |");
    }
    println!("\n| hostile, 4 → 16 KB | growth |\n|---|---|");
    for (pair, seed) in counts[2..].chunks_exact(2).zip(HOSTILE) {
        let growth = pair[1].1 as f64 / pair[0].1 as f64;
        good &= growth <= GROWTH;
        println!("| {seed:?} | {growth:.2} |");
    }
    if good {
        ExitCode::SUCCESS
    } else {
        println!("a count has grown, or a hostile text costs more than {GROWTH} times as much");
        ExitCode::FAILURE
    }
}

/// Instructions of each text, in their order: callgrind writes a numbered file before each call, with what
/// was counted since the file before, and one without a number at the end.
fn count() -> Vec<(String, u64)> {
    let folder = env::temp_dir().join(format!("vostro-instructions-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for the dumps");
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no"])
        .args([
            "--toggle-collect=instructions::counted_check",
            "--dump-before=instructions::counted_check",
        ])
        .arg(format!("--callgrind-out-file={}/out", folder.display()))
        .arg(env::current_exe().expect("this program"))
        .arg("run")
        .output()
        .expect("valgrind runs")
        .status;
    assert!(status.success(), "valgrind failed");
    let last = texts().len() - 1;
    let total = |i: usize| -> u64 {
        let name = if i == last {
            "out".to_owned()
        } else {
            format!("out.{}", i + 2)
        };
        let dump = fs::read_to_string(folder.join(name)).expect("a dump a check");
        let line = dump.lines().find_map(|l| {
            l.strip_prefix("totals: ")
                .or_else(|| l.strip_prefix("summary: "))
        });
        line.and_then(|l| l.trim().parse().ok()).expect("a total")
    };
    let counts = texts()
        .into_iter()
        .enumerate()
        .map(|(i, (name, _))| (name, total(i)))
        .collect();
    let _ = fs::remove_dir_all(&folder);
    counts
}
