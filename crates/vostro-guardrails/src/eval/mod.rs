//! How good the engine is: the table of bars, measured on labelled data that the caller brings.
//!
//! Nothing is read or timed here: the data come as text and the clock as a function, so that the
//! same code runs in a test, in `vostro eval guardrails` and in an example. Rows whose data are
//! missing say so; rows on data of the project's own making are marked as proxies.

mod bank;
mod encode;
mod injection;
mod pii;
mod rank;
mod safety;

use crate::{CheckRequest, Direction, Engine};
use serde::Serialize;
use std::fmt;
use std::time::Duration;

pub use encode::{ENCODINGS, Encoding};
pub use rank::{average_precision, recall_at};

/// Labelled data as text, each part optional.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// Lines of `{text, spans: [{type, start, end}]}`, offsets in code points.
    pub pii: Option<String>,
    /// Lines of `{text, label: 1}`: attacks.
    pub attacks: Option<String>,
    /// Lines of `{text, label: 0}`: benign texts that look risky.
    pub risky_benign: Option<String>,
    /// Lines of `{text, label}`: offensive or not.
    pub offensive: Option<String>,
    /// Rows of `text,category`: ordinary banking questions.
    pub banking: Option<String>,
    /// Lines of `{id, title, content}`: ordinary documents of a bank.
    pub documents: Option<String>,
}

impl Data {
    /// Reads the files of a data folder; `read` gives a file's text by its path in the folder.
    pub fn read(read: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            pii: read("pii/dev.jsonl"),
            attacks: read("injection/attacks.dev.jsonl"),
            risky_benign: read("injection/benign.dev.jsonl"),
            offensive: read("safety/tweets.dev.jsonl"),
            banking: read("banking77/test.csv"),
            documents: read("tau-banking/documents.jsonl"),
        }
    }
}

/// One measured figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// The figure, when there was data.
    pub value: Option<f64>,
    /// The bar to reach, as text.
    pub bar: String,
    /// On how much and whose data; "held back" and "missing" are said here.
    pub note: String,
}

/// All figures.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// In the order of the table of bars.
    pub rows: Vec<Row>,
}

impl Report {
    fn add(
        &mut self,
        what: impl Into<String>,
        value: Option<f64>,
        bar: &str,
        note: impl Into<String>,
    ) {
        self.rows.push(Row {
            what: what.into(),
            value,
            bar: bar.to_owned(),
            note: note.into(),
        });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | measured | bar | on |\n|---|---|---|---|")?;
        for row in &self.rows {
            let value = row
                .value
                .map_or_else(|| "–".to_owned(), |v| format!("{v:.4}"));
            writeln!(f, "| {} | {value} | {} | {} |", row.what, row.bar, row.note)?;
        }
        Ok(())
    }
}

/// Measures everything that there is data for. `clock` gives the time since any fixed point.
pub fn run(engine: &Engine, data: &Data, clock: &dyn Fn() -> Duration) -> Report {
    let mut report = Report::default();
    pii::measure(engine, data, &mut report);
    bank::measure(engine, &mut report);
    injection::measure(engine, data, &mut report);
    safety::measure(engine, data, &mut report);
    latency(engine, clock, &mut report);
    report
}

fn latency(engine: &Engine, clock: &dyn Fn() -> Duration, report: &mut Report) {
    let short = "What is the fee for a transfer to my savings account abroad?";
    let long = bank::letter(1800);
    let time = |text: &str, rounds: usize| {
        let mut times: Vec<Duration> = (0..rounds)
            .map(|_| {
                let start = clock();
                std::hint::black_box(engine.check(text, &CheckRequest::all(Direction::Input)));
                clock().saturating_sub(start)
            })
            .collect();
        times.sort_unstable();
        times.get(rounds / 2).map(|t| t.as_secs_f64() * 1e6)
    };
    report.add(
        "latency p50 short, µs",
        time(short, 2000),
        "≤ 20",
        format!("{} characters", short.len()),
    );
    report.add(
        "latency p50 long, µs",
        time(&long, 500),
        "≤ 150",
        format!("{} characters", long.len()),
    );
    let worst = bank::HOSTILE.iter().filter_map(|seed| {
        let fill = |n: usize| seed.chars().cycle().take(n).collect::<String>();
        let (small, large) = (time(&fill(4096), 9)?, time(&fill(16384), 9)?);
        Some((large / small, large, *seed))
    });
    let worst: Vec<_> = worst.collect();
    let growth = worst.iter().map(|w| w.0).fold(0.0, f64::max);
    let steepest = worst.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|w| w.2);
    let slowest = worst.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let note = slowest.map_or_else(String::new, |w| {
        format!(
            "{} kinds of text; slowest 16 KB {:.0} µs ({:?}); grows most: {steepest:?}",
            worst.len(),
            w.1,
            w.2
        )
    });
    report.add("hostile 4→16 KB, growth", Some(growth), "≤ 5", note);
}

/// A line's text and label.
fn labelled(lines: &str) -> Vec<(String, serde_json::Value)> {
    lines
        .lines()
        .filter_map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).ok()?;
            Some((value.get("text")?.as_str()?.to_owned(), value))
        })
        .collect()
}

/// The first column of a CSV file with a heading, quotes undone.
fn first_column(csv: &str) -> Vec<String> {
    csv.lines()
        .skip(1)
        .filter_map(|line| match line.strip_prefix('"') {
            Some(rest) => rest.rsplit_once('"').map(|(t, _)| t.replace("\"\"", "\"")),
            None => line.rsplit_once(',').map(|(t, _)| t.to_owned()),
        })
        .collect()
}

fn share(count: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| ratio(count, of))
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn ratio(count: usize, of: usize) -> f64 {
    count as f64 / of as f64
}
