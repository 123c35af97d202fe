//! Rows of figures, as text, as JSON, and compared with those of an earlier run.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A figure, without and with sentence vectors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What was measured; the same in every run.
    pub what: String,
    /// Without sentence vectors.
    pub without: Option<f64>,
    /// With them.
    pub with: Option<f64>,
    /// `%` or `µs`.
    pub unit: String,
    /// What is to be reached, as text; empty where there is no bar.
    pub bar: String,
    /// On how much and whose texts, or why there is no figure.
    pub note: String,
}

/// All figures, and what went wrong.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The figures.
    pub rows: Vec<Row>,
    /// Messages that were read otherwise than expected, with both readings.
    #[serde(default)]
    pub wrong: Vec<String>,
}

impl Report {
    /// Adds another report's rows.
    pub fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.wrong.extend(other.wrong);
    }

    /// How far each figure moved since an earlier run: `what: before → now`. Rows that are as good or
    /// better are left out; what was there and is missing now is a loss.
    pub fn losses(&self, baseline: &Self) -> Vec<String> {
        let mut losses = Vec::new();
        for old in &baseline.rows {
            let new = self.rows.iter().find(|row| row.what == old.what);
            for (column, before, now) in [
                ("without", old.without, new.and_then(|row| row.without)),
                ("with", old.with, new.and_then(|row| row.with)),
            ] {
                let Some(before) = before else { continue };
                let worse = match now {
                    None => true,
                    // Times depend on the machine: only a doubling is told.
                    Some(now) if old.unit == "µs" => now > before * 2.0,
                    Some(now) => now < before - 0.05,
                };
                let falls_well = old.what.contains("refused");
                let worse = if falls_well {
                    now.is_none_or(|now| now > before + 0.05)
                } else {
                    worse
                };
                if worse {
                    let now = now.map_or("missing".to_owned(), |now| format!("{now:.1}"));
                    losses.push(format!(
                        "{} ({column} vectors): {before:.1} → {now} {}",
                        old.what, old.unit
                    ));
                }
            }
        }
        losses
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| what | n-grams and cues | with sentence vectors | bar | measured on |"
        )?;
        writeln!(f, "|---|---|---|---|---|")?;
        for row in &self.rows {
            let figure = |value: Option<f64>| {
                value.map_or("–".to_owned(), |value| format!("{value:.1} {}", row.unit))
            };
            let (without, with) = (figure(row.without), figure(row.with));
            writeln!(
                f,
                "| {} | {without} | {with} | {} | {} |",
                row.what, row.bar, row.note
            )?;
        }
        Ok(())
    }
}

/// A share in percent.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of texts, far below 2^52"
)]
pub(super) fn percent(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(what: &str, without: Option<f64>, unit: &str) -> Report {
        let row = Row {
            what: what.to_owned(),
            without,
            with: None,
            unit: unit.to_owned(),
            bar: String::new(),
            note: String::new(),
        };
        Report {
            rows: vec![row],
            wrong: Vec::new(),
        }
    }

    #[test]
    fn losses_are_told_and_gains_are_not() {
        let cases = [
            ("accuracy", Some(90.0), Some(91.0), "%", 0),
            ("accuracy", Some(90.0), Some(89.0), "%", 1),
            ("accuracy", Some(90.0), None, "%", 1),
            ("accuracy", None, Some(50.0), "%", 0),
            ("in-scope refused", Some(4.0), Some(3.0), "%", 0),
            ("in-scope refused", Some(4.0), Some(5.0), "%", 1),
            ("time", Some(20.0), Some(35.0), "µs", 0),
            ("time", Some(20.0), Some(45.0), "µs", 1),
        ];
        for (what, before, now, unit, losses) in cases {
            let found = report(what, now, unit).losses(&report(what, before, unit));
            assert_eq!(found.len(), losses, "{what} {before:?} {now:?}");
        }
    }
}
