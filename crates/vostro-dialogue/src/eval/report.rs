//! Rows of figures, as text, as JSON, as a page, and compared with bars and with those of an earlier run.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

/// What is to be reached, a column each; `None` where there is no bar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Without sentence vectors.
    pub without: Option<f64>,
    /// With them.
    pub with: Option<f64>,
    /// Whether the figure is to be at most this, rather than at least.
    #[serde(default)]
    pub at_most: bool,
}

impl Bar {
    /// No bar.
    pub const fn none() -> Self {
        Self {
            without: None,
            with: None,
            at_most: false,
        }
    }

    /// At least so much, without and with vectors.
    pub const fn at_least(without: f64, with: f64) -> Self {
        Self {
            without: Some(without),
            with: Some(with),
            at_most: false,
        }
    }

    /// At most so much, in both columns.
    pub const fn at_most(most: f64) -> Self {
        Self {
            without: Some(most),
            with: Some(most),
            at_most: true,
        }
    }

    fn holds(self, bar: Option<f64>, value: Option<f64>) -> bool {
        let Some((bar, value)) = bar.zip(value) else {
            return true;
        };
        if self.at_most {
            value <= bar
        } else {
            value >= bar
        }
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.at_most { "≤" } else { "≥" };
        let shown =
            |bar: Option<f64>| bar.map_or_else(|| "–".to_owned(), |bar| format!("{sign} {bar}"));
        match (self.without, self.with) {
            (None, None) => Ok(()),
            (without, with) if without == with => f.write_str(&shown(without)),
            (without, with) => write!(f, "{} / {}", shown(without), shown(with)),
        }
    }
}

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
    /// What is to be reached.
    pub bar: Bar,
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

/// What a figure may fall by rounding.
const EXACT: f64 = 0.05;
/// What a figure with vectors may fall: their last digits differ between processors, and a message on the edge with them.
const NEARLY: f64 = 1.0;
/// The unit of times, which depend on the machine.
pub(super) const MICROSECONDS: &str = "µs";

impl Report {
    /// Adds another report's rows.
    pub fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.wrong.extend(other.wrong);
    }

    /// Figures that miss their bar. Times are told and not judged: on a machine with other work they say
    /// little.
    pub fn misses(&self) -> Vec<String> {
        let mut misses = Vec::new();
        for row in self.rows.iter().filter(|row| row.unit != MICROSECONDS) {
            for (column, bar, value) in [
                ("without", row.bar.without, row.without),
                ("with", row.bar.with, row.with),
            ] {
                if !row.bar.holds(bar, value) {
                    let value = value.unwrap_or_default();
                    misses.push(format!(
                        "{} ({column} vectors): {value:.1} {}, to be {}",
                        row.what, row.unit, row.bar
                    ));
                }
            }
        }
        misses
    }

    /// How far each figure moved since an earlier run: `what: before → now`. Rows that are as good or
    /// better are left out; what was there and is missing now is a loss, but for the whole column of a model that is
    /// not there.
    pub fn losses(&self, baseline: &Self) -> Vec<String> {
        let mut losses = Vec::new();
        let has_vectors = self.rows.iter().any(|row| row.with.is_some());
        for old in &baseline.rows {
            let new = self.rows.iter().find(|row| row.what == old.what);
            let with = old.with.filter(|_| has_vectors);
            for (column, before, now, slack) in [
                (
                    "without",
                    old.without,
                    new.and_then(|row| row.without),
                    EXACT,
                ),
                ("with", with, new.and_then(|row| row.with), NEARLY),
            ] {
                let Some(before) = before else { continue };
                let worse = match now {
                    None => true,
                    // Times depend on the machine: only a doubling is told.
                    Some(now) if old.unit == MICROSECONDS => now > before * 2.0,
                    Some(now) if old.bar.at_most => now > before + slack,
                    Some(now) => now < before - slack,
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

    /// The report as a page of its own.
    pub fn html(&self) -> String {
        let mut page = String::from(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Understanding</title>\n\
             <style>body{font:14px sans-serif;margin:2em}td,th{padding:.2em .6em;text-align:left}\
             .bad{background:#fdd}pre{white-space:pre-wrap}</style>\n<h1>Understanding</h1>\n<table>\n\
             <tr><th>what</th><th>n-grams and cues</th><th>with sentence vectors</th><th>bar</th>\
             <th>measured on</th></tr>\n",
        );
        for row in &self.rows {
            let cell = |bar, value| {
                let bad = !row.bar.holds(bar, value);
                let class = if bad { " class=\"bad\"" } else { "" };
                format!("<td{class}>{}</td>", row.figure(value))
            };
            let _ = writeln!(
                page,
                "<tr><td>{}</td>{}{}<td>{}</td><td>{}</td></tr>",
                escaped(&row.what),
                cell(row.bar.without, row.without),
                cell(row.bar.with, row.with),
                row.bar,
                escaped(&row.note)
            );
        }
        page += "</table>\n";
        for wrong in &self.wrong {
            let _ = writeln!(page, "<pre>{}</pre>", escaped(wrong));
        }
        page + "</html>\n"
    }
}

impl Row {
    fn figure(&self, value: Option<f64>) -> String {
        value.map_or("–".to_owned(), |value| {
            format!("{value:.1} {}", self.unit)
        })
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
            writeln!(
                f,
                "| {} | {} | {} | {} | {} |",
                row.what,
                row.figure(row.without),
                row.figure(row.with),
                row.bar,
                row.note
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(what: &str, without: Option<f64>, unit: &str, bar: Bar) -> Report {
        let row = Row {
            what: what.to_owned(),
            without,
            with: None,
            unit: unit.to_owned(),
            bar,
            note: String::new(),
        };
        Report {
            rows: vec![row],
            wrong: Vec::new(),
        }
    }

    #[test]
    fn losses_are_told_and_gains_are_not() {
        let refused = Bar::at_most(5.0);
        let cases = [
            (Some(90.0), Some(91.0), "%", Bar::none(), 0),
            (Some(90.0), Some(89.0), "%", Bar::none(), 1),
            (Some(90.0), None, "%", Bar::none(), 1),
            (None, Some(50.0), "%", Bar::none(), 0),
            (Some(4.0), Some(3.0), "%", refused, 0),
            (Some(4.0), Some(5.0), "%", refused, 1),
            (Some(20.0), Some(35.0), "µs", Bar::none(), 0),
            (Some(20.0), Some(45.0), "µs", Bar::none(), 1),
        ];
        let both = |with| {
            let mut report = report("it", Some(90.0), "%", Bar::none());
            report.rows[0].with = with;
            report
        };
        for (now, losses) in [(None, 0), (Some(92.5), 0), (Some(91.0), 1)] {
            let found = both(now).losses(&both(Some(93.0)));
            assert_eq!(found.len(), losses, "{now:?}");
        }
        for (before, now, unit, bar, losses) in cases {
            let found = report("it", now, unit, bar).losses(&report("it", before, unit, bar));
            assert_eq!(found.len(), losses, "{before:?} {now:?}");
        }
    }

    #[test]
    fn a_bar_is_missed_from_its_own_side_and_never_by_time() {
        let cases = [
            (Some(90.0), "%", Bar::at_least(91.0, 94.0), 1),
            (Some(91.0), "%", Bar::at_least(91.0, 94.0), 0),
            (Some(6.0), "%", Bar::at_most(5.0), 1),
            (Some(5.0), "%", Bar::at_most(5.0), 0),
            (Some(60.0), "µs", Bar::at_most(50.0), 0),
            (None, "%", Bar::at_least(91.0, 94.0), 0),
        ];
        for (value, unit, bar, misses) in cases {
            let report = report("it", value, unit, bar);
            assert_eq!(report.misses().len(), misses, "{value:?} {bar}");
        }
        assert_eq!(Bar::at_least(91.0, 93.5).to_string(), "≥ 91 / ≥ 93.5");
        assert_eq!(Bar::at_most(5.0).to_string(), "≤ 5");
        assert!(
            report("<it>", None, "%", Bar::none())
                .html()
                .contains("&lt;it&gt;")
        );
    }
}
