//! How good the engine is: the table of bars, measured on labelled data that the caller brings.
//!
//! Nothing is read or timed here: the data come as text and the clock as a function, so that the
//! same code runs in a test, in `vostro eval guardrails` and in an example. Rows whose data are
//! missing say so; rows on data of the project's own making are marked as proxies.

mod adversarial;
mod bank;
mod calibration;
mod encode;
mod hostile;
mod injection;
mod latency;
mod pii;
mod proxies;
mod rank;
mod safety;
mod values;

use crate::Engine;
use serde::Serialize;
use std::fmt;
use std::time::Duration;

pub use adversarial::{Miss, misses};
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

impl Data {
    /// Keeps at most so many lines of each part, evenly spread, and the heading of a table.
    pub fn thin(&mut self, count: usize) {
        let parts = [
            &mut self.pii,
            &mut self.attacks,
            &mut self.risky_benign,
            &mut self.offensive,
            &mut self.banking,
            &mut self.documents,
        ];
        for text in parts.into_iter().flatten() {
            let lines: Vec<&str> = text.lines().collect();
            let step = lines.len().div_ceil(count.max(1)).max(1);
            let rest = lines.iter().skip(1).step_by(step).copied();
            *text = lines
                .first()
                .copied()
                .into_iter()
                .chain(rest)
                .collect::<Vec<_>>()
                .join("\n");
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
    /// The bar to reach, as text: `≥ .55`, `≤ 20` or an exact number; empty where there is none.
    pub bar: String,
    /// Whether the figure reaches the bar; nothing where one of them is missing.
    pub met: Option<bool>,
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
    /// Figures that miss their bar, but for those that a clock gives: they hold for a release build on a
    /// quiet machine alone.
    pub fn missed(&self) -> impl Iterator<Item = &Row> {
        let timed = |row: &Row| row.what.starts_with("latency") || row.what.starts_with("hostile");
        self.rows
            .iter()
            .filter(move |row| row.met == Some(false) && !timed(row))
    }

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
            met: value.and_then(|v| meets(v, bar)),
            note: note.into(),
        });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| what | measured | bar | met | on |\n|---|---|---|---|---|"
        )?;
        for row in &self.rows {
            let value = row
                .value
                .map_or_else(|| "–".to_owned(), |v| format!("{v:.4}"));
            let met = row.met.map_or("", |met| if met { "yes" } else { "**no**" });
            writeln!(
                f,
                "| {} | {value} | {} | {met} | {} |",
                row.what, row.bar, row.note
            )?;
        }
        Ok(())
    }
}

/// Whether a value reaches a bar; nothing when there is no bar.
fn meets(value: f64, bar: &str) -> Option<bool> {
    let (sign, number) = bar.split_once(' ').unwrap_or(("=", bar));
    let limit: f64 = number.parse().ok()?;
    Some(match sign {
        "≥" => value >= limit,
        "≤" => value <= limit,
        _ => (value - limit).abs() < f64::EPSILON,
    })
}

/// Measures everything that there is data for. `clock` gives the time since any fixed point.
pub fn run(engine: &Engine, data: &Data, clock: &dyn Fn() -> Duration) -> Report {
    let mut report = Report::default();
    pii::measure(engine, data, &mut report);
    bank::measure(engine, &mut report);
    values::measure(engine, &mut report);
    injection::measure(engine, data, &mut report);
    proxies::measure(engine, &mut report);
    safety::measure(engine, data, &mut report);
    adversarial::measure(engine, &mut report);
    latency::measure(engine, clock, &mut report);
    report
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars() {
        for (value, bar, met) in [
            (0.5, "≥ .5", Some(true)),
            (0.49, "≥ .5", Some(false)),
            (20.0, "≤ 20", Some(true)),
            (20.1, "≤ 20", Some(false)),
            (0.0, "0", Some(true)),
            (0.1, "0", Some(false)),
            (1.0, "", None),
        ] {
            assert_eq!(meets(value, bar), met, "{value} {bar}");
        }
    }

    #[test]
    fn rows_without_data_say_so_and_meet_nothing() {
        let report = run(&Engine::builtin(), &Data::default(), &|| Duration::ZERO);
        let row = |what: &str| report.rows.iter().find(|r| r.what == what).unwrap();
        let recall = row("injection recall");
        assert_eq!((recall.value, recall.met), (None, None));
        assert_eq!(recall.note, "data missing");
        assert!(
            report
                .to_string()
                .contains("| safety AUPRC, public moderation set | – |")
        );
        let mut data = Data {
            attacks: Some("a\nb\nc\nd\ne".to_owned()),
            ..Data::default()
        };
        data.thin(2);
        assert_eq!(data.attacks.as_deref(), Some("a\nb\ne"));
    }
}
