//! A run on the HTML page: its tables, plots and findings.

use std::fmt::Write as _;

use super::html::{escape, figure, table};
use super::model::Run;
use super::plot::{Line, lines};
use crate::error::BenchError;
use crate::figures::{Figures, Moment};

fn row(name: &str, figures: &Figures) -> Vec<String> {
    let (response, service) = (figures.response, figures.service);
    let mut row = vec![
        escape(name),
        figures.requests.to_string(),
        format!("{:.1}", figures.per_second),
        figures.shed.to_string(),
        (figures.failed + figures.wrong).to_string(),
    ];
    let times = [
        response.p50,
        response.p95,
        response.p99,
        response.p999,
        response.max,
        service.p95,
        service.p99,
    ];
    row.extend(times.map(|ms| ms.to_string()));
    row
}

const HEAD: [&str; 12] = [
    "",
    "requests",
    "right/s",
    "shed",
    "errors",
    "P50 ms",
    "P95",
    "P99",
    "P99.9",
    "max",
    "service P95",
    "service P99",
];

pub(super) fn of_run(run: &Run) -> Result<String, BenchError> {
    let mut text = format!(
        "<h2>{}</h2>\n<p>{:.0} s, think time {} ms, {} customers.</p>\n",
        escape(&run.title()),
        run.seconds,
        run.think_ms,
        run.customers
    );
    let mut rows: Vec<Vec<String>> = Vec::new();
    rows.extend(
        run.phases
            .iter()
            .map(|phase| row(&phase.phase.name, &phase.figures)),
    );
    rows.extend(
        run.kinds
            .iter()
            .map(|one| row(&format!("kind: {}", one.name), &one.figures)),
    );
    rows.extend(
        run.services
            .iter()
            .map(|one| row(&format!("service: {}", one.name), &one.figures)),
    );
    text.push_str(&table(&HEAD, &rows));
    for told in [
        run.knee.as_ref().map(|knee| format!("Knee: {knee}.")),
        run.recovery_seconds
            .map(|s| format!("Recovery after the spike: {s:.1} s.")),
    ]
    .into_iter()
    .flatten()
    {
        let _ = writeln!(text, "<p>{}</p>", escape(&told));
    }
    for slope in &run.slopes {
        let _ = writeln!(
            text,
            "<p>Memory of {}: {} MB on average, {} % per 15 min, 95 % interval [{}, {}].</p>",
            escape(&slope.process),
            slope.mean_mb,
            slope.percent_per_15_min,
            slope.lower,
            slope.upper
        );
    }
    text.push_str(&plots(run)?);
    text.push_str(&inside(run));
    if !run.findings.is_empty() {
        text.push_str("<h3>What limits it</h3><ul>");
        for finding in &run.findings {
            let _ = write!(
                text,
                "<li>{} <span class=\"advice\">{}</span></li>",
                escape(&finding.seen),
                escape(&finding.advice)
            );
        }
        text.push_str("</ul>\n");
    }
    Ok(text)
}

fn plots(run: &Run) -> Result<String, BenchError> {
    let moments = |value: fn(&Moment) -> f64| -> Vec<(f64, f64)> {
        run.timeline
            .iter()
            .map(|moment| (moment.at, value(moment)))
            .collect()
    };
    let line = |name, points| Line { name, points };
    let rate = [
        line("offered", moments(|moment| moment.offered)),
        line("answered rightly", moments(|moment| moment.answered)),
        line("shed", moments(|moment| moment.shed)),
        line("errors", moments(|moment| moment.errors)),
    ];
    let latency = [
        line("P50", moments(|moment| moment.p50)),
        line("P95", moments(|moment| moment.p95)),
        line("P99", moments(|moment| moment.p99)),
    ];
    let over = |values: fn(&crate::samples::Process) -> &Vec<f64>| -> Vec<Line<'_>> {
        run.processes
            .iter()
            .map(|process| {
                let at = process.at.iter().copied();
                line(
                    &process.name,
                    at.zip(values(process).iter().copied()).collect(),
                )
            })
            .collect()
    };
    let x = "seconds";
    Ok([
        figure(
            "Requests a second",
            &lines((x, "requests/s"), &rate, false)?,
        ),
        figure(
            "Response time, from when requests were due",
            &lines((x, "ms"), &latency, false)?,
        ),
        figure(
            "Processor",
            &lines(
                (x, "% of one"),
                &over(|process| &process.cpu_percent),
                false,
            )?,
        ),
        figure(
            "Memory",
            &lines((x, "MB"), &over(|process| &process.memory_mb), false)?,
        ),
    ]
    .concat())
}

fn inside(run: &Run) -> String {
    let mut text = String::new();
    for (title, all) in [
        ("step of a turn", &run.steps),
        ("asked of the store", &run.tools),
        ("route", &run.routes),
    ] {
        if all.is_empty() {
            continue;
        }
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|one| {
                vec![
                    escape(&one.name),
                    one.count.to_string(),
                    one.seconds.to_string(),
                    one.mean_ms.to_string(),
                    one.p95_ms.to_string(),
                ]
            })
            .collect();
        text.push_str(&table(
            &[title, "times", "seconds", "mean ms", "P95 ms"],
            &rows,
        ));
    }
    if !run.reasons.is_empty() {
        text.push_str("<ul>");
        for (reason, count) in &run.reasons {
            let _ = write!(text, "<li>{count} × {}</li>", escape(reason));
        }
        text.push_str("</ul>\n");
    }
    text
}
