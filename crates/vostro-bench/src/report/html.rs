//! The report as one HTML file: no script, nothing fetched.

use std::fmt::Write as _;

use super::html_run::of_run;
use super::markdown::money;
use super::model::Report;
use super::plot::{Line, lines};
use crate::curves::Curve;
use crate::error::BenchError;
use crate::verdict::Verdict;

const STYLE: &str = "\
body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #ddd;padding-bottom:.3rem}\
table{border-collapse:collapse;margin:1rem 0;font-size:13px;display:block;overflow-x:auto}\
td,th{border-bottom:1px solid #ddd;padding:.3rem .6rem;text-align:right;font-variant-numeric:tabular-nums}\
td:first-child,th:first-child{text-align:left}\
.met{color:#00674a}.missed{color:#fff;background:#b3261e;padding:0 .3rem}.not{color:#666}\
figure{margin:1rem 0}figcaption{color:#444;font-size:13px}svg{max-width:100%;height:auto}\
.verdict{font-size:1.2rem;padding:.8rem 1rem;border-left:6px solid;background:#f6f6f6}\
li{margin:.4rem 0}.advice{color:#444}";

/// The page.
///
/// # Errors
/// [`BenchError::Plot`].
pub fn html(report: &Report) -> Result<String, BenchError> {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Vostro benchmark</title><style>{STYLE}</style></head><body>\n<h1>Vostro benchmark</h1>\n"
    );
    page.push_str(&verdict(report));
    page.push_str(&made(report));
    for run in &report.runs {
        page.push_str(&of_run(run)?);
    }
    page.push_str(&goals(report));
    for curve in &report.curves {
        page.push_str(&of_curve(curve)?);
    }
    page.push_str("</body></html>\n");
    Ok(page)
}

/// Text within a page.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}

fn cell(verdict: Verdict, text: &str) -> String {
    let (class, mark) = match verdict {
        Verdict::Met => ("met", "✓"),
        Verdict::Missed => ("missed", "✗"),
        Verdict::NotAsked => ("not", "–"),
    };
    format!("<span class=\"{class}\">{mark} {}</span>", escape(text))
}

pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = "<table><thead><tr>".to_owned();
    for name in head {
        let _ = write!(text, "<th>{}</th>", escape(name));
    }
    text.push_str("</tr></thead><tbody>");
    for row in rows {
        text.push_str("<tr>");
        for cell in row {
            // Cells are made here, from escaped parts.
            let _ = write!(text, "<td>{cell}</td>");
        }
        text.push_str("</tr>");
    }
    text + "</tbody></table>\n"
}

fn verdict(report: &Report) -> String {
    if report.runs.is_empty() {
        return String::new();
    }
    let (class, word) = if report.passes() {
        ("met", "All service levels that were asked are met.")
    } else {
        ("missed", "Not all service levels are met.")
    };
    let mut head = vec!["run"];
    if let Some(run) = report.runs.first() {
        head.extend(run.levels.iter().map(|level| level.name.as_str()));
    }
    head.extend(["wrong answers", "money"]);
    let rows: Vec<Vec<String>> = report
        .runs
        .iter()
        .map(|run| {
            let mut row = vec![escape(&run.title())];
            row.extend(run.levels.iter().map(|level| {
                let told = format!("{} ({})", level.measured, level.promised);
                cell(level.verdict, &told)
            }));
            row.push(run.totals.wrong.to_string());
            row.push(escape(&money(run)));
            row
        })
        .collect();
    format!(
        "<p class=\"verdict\"><span class=\"{class}\">{word}</span></p>\n{}",
        table(&head, &rows)
    )
}

fn made(report: &Report) -> String {
    let made = &report.made;
    let machine = &made.machine;
    format!(
        "<p>Made {} by version {}, commit {} ({} build), on {}, {} processors, {} MB, {}; load average {} before, {} after; took {:.0} s.<br><code>{}</code></p>\n",
        escape(&made.at),
        escape(&made.version),
        escape(&made.commit),
        escape(&made.build),
        escape(&machine.processor),
        machine.processors,
        machine.memory_mb,
        escape(&machine.system),
        escape(&machine.load_before),
        escape(&machine.load_after),
        made.seconds,
        escape(&made.command),
    )
}

/// A plot with its caption.
pub(super) fn figure(caption: &str, svg: &str) -> String {
    format!(
        "<figure><figcaption>{}</figcaption>{svg}</figure>\n",
        escape(caption)
    )
}

fn goals(report: &Report) -> String {
    if report.goals.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = report
        .goals
        .iter()
        .map(|goal| {
            let texts = [
                &goal.name,
                &goal.predecessor,
                &goal.gate,
                &goal.stretch,
                &goal.measured,
            ];
            let mut row: Vec<String> = texts.iter().map(|text| escape(text)).collect();
            row.push(cell(goal.verdict, goal.verdict.word()));
            row
        })
        .collect();
    let head = ["goal", "predecessor", "gate", "stretch", "measured", ""];
    format!(
        "<h2>Goals, beside the predecessor's figures</h2>\n{}",
        table(&head, &rows)
    )
}

fn of_curve(curve: &Curve) -> Result<String, BenchError> {
    let points = |value: fn(&crate::curves::Point) -> f64| -> Vec<(f64, f64)> {
        #[expect(clippy::cast_precision_loss, reason = "sizes that are plotted")]
        let all = curve
            .points
            .iter()
            .map(|point| (point.size as f64, value(point)));
        all.collect()
    };
    let latency = [
        Line {
            name: "P50",
            points: points(|point| point.figures.service.p50),
        },
        Line {
            name: "P95",
            points: points(|point| point.figures.service.p95),
        },
        Line {
            name: "P99",
            points: points(|point| point.figures.service.p99),
        },
    ];
    let rate = [Line {
        name: "requests/s",
        points: points(|point| point.figures.per_second),
    }];
    let mut text = format!(
        "<h2>Curve: {}</h2>\n<p>{}</p>\n",
        escape(&curve.title),
        escape(&curve.about)
    );
    text.push_str(&figure(
        "Latency",
        &lines((&curve.axis, "ms"), &latency, true)?,
    ));
    text.push_str(&figure(
        "Throughput, closed loop",
        &lines((&curve.axis, "requests/s"), &rate, true)?,
    ));
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::{Made, Run};

    #[test]
    fn the_page_needs_nothing_else_and_escapes_what_it_is_told() {
        let report = Report {
            made: Made {
                command: "vostro bench <script>alert(1)</script>".to_owned(),
                ..Made::default()
            },
            runs: vec![Run {
                scenario: "baseline".to_owned(),
                target: "http://\"x\"<b>".to_owned(),
                ..Run::default()
            }],
            ..Report::default()
        };
        let page = html(&report).unwrap();
        assert!(
            !page.contains("<script>") && !page.contains("<b>"),
            "{page}"
        );
        // A namespace's name is no address that is fetched.
        let page = page.replace("http://www.w3.org/2000/svg", "");
        for outside in ["src=", "href=", "url(", "@import", "http://www", "https://"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
}
