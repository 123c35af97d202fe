//! The report as a Markdown page.

use std::fmt::Write as _;

use super::model::{Report, Run};
use crate::curves::Curve;
use crate::figures::Figures;
use crate::goals::Goal;
use crate::verdict::Verdict;

/// The page.
pub fn markdown(report: &Report) -> String {
    let mut page = String::from("# Benchmark report\n\n");
    page.push_str("<!-- Made by `vostro bench`; not edited by hand. -->\n\n");
    page.push_str(&made(report));
    page.push_str(&verdicts(report));
    for run in &report.runs {
        page.push_str(&of_run(run));
    }
    if !report.goals.is_empty() {
        page.push_str(&goals(&report.goals));
    }
    for curve in &report.curves {
        page.push_str(&of_curve(curve));
    }
    page
}

fn made(report: &Report) -> String {
    let made = &report.made;
    let machine = &made.machine;
    format!(
        "| | |\n|---|---|\n| made | {} |\n| version, commit | {}, {} ({} build) |\n| machine | {}, {} processors, {} MB, {} |\n| load average before, after | {}, {} |\n| took | {:.0} s |\n| command | `{}` |\n\n\
         The load generator ran on the same machine unless the address says otherwise, and other work may have: compare ratios, and processor time before rates.\n\n",
        made.at,
        made.version,
        made.commit,
        made.build,
        machine.processor,
        machine.processors,
        machine.memory_mb,
        machine.system,
        machine.load_before,
        machine.load_after,
        made.seconds,
        made.command,
    )
}

/// The service levels of all runs in one table: what is asked first.
fn verdicts(report: &Report) -> String {
    if report.runs.is_empty() {
        return String::new();
    }
    let word = if report.passes() { "met" } else { "NOT met" };
    let mut text = format!("## Service levels: {word}\n\n| run |");
    let names: Vec<&str> = report
        .runs
        .first()
        .map(|run| run.levels.iter().map(|level| level.name.as_str()).collect())
        .unwrap_or_default();
    for name in &names {
        let _ = write!(text, " {name} |");
    }
    let _ = write!(
        text,
        " right answers | money |\n|---|{}",
        "---|".repeat(names.len() + 2)
    );
    text.push('\n');
    for run in &report.runs {
        let _ = write!(text, "| {} |", run.title());
        for level in &run.levels {
            let mark = mark(level.verdict);
            let _ = write!(text, " {mark} {} ({}) |", level.measured, level.promised);
        }
        let answered = run.totals.right + run.totals.wrong;
        let _ = writeln!(
            text,
            " {} of {answered} | {} |",
            run.totals.right,
            money(run)
        );
    }
    text + "\n"
}

fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "✓",
        Verdict::Missed => "✗",
        Verdict::NotAsked => "–",
    }
}

/// What became of the money, in a few words.
pub(super) fn money(run: &Run) -> String {
    let Some(money) = &run.conservation else {
        return "–".to_owned();
    };
    let mark = if money.holds() { "✓" } else { "✗" };
    let books = match money.books {
        Some(true) => ", books reconcile",
        Some(false) => ", BOOKS DEVIATE",
        None => "",
    };
    #[expect(clippy::cast_precision_loss, reason = "shown, not reckoned with")]
    let paid = money.paid_minor as f64 / 100.0;
    let mut text = format!(
        "{mark} {} receipts over {paid:.2}, {} customers compared, {} deviate{books}",
        money.receipts, money.customers, money.deviations
    );
    if money.unanswered + money.unread + money.changed > 0 {
        let _ = write!(
            text,
            "; {} confirmations unanswered, {} balances unread, {} receipts changed",
            money.unanswered, money.unread, money.changed
        );
    }
    text
}

const HEAD: &str = "| | requests | right/s | shed | errors | P50 | P95 | P99 | P99.9 | max | service P95 | service P99 |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n";

fn row(name: &str, figures: &Figures) -> String {
    let (response, service) = (figures.response, figures.service);
    format!(
        "| {name} | {} | {:.1} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        figures.requests,
        figures.per_second,
        figures.shed,
        figures.failed + figures.wrong,
        response.p50,
        response.p95,
        response.p99,
        response.p999,
        response.max,
        service.p95,
        service.p99,
    )
}

fn of_run(run: &Run) -> String {
    let mut text = format!(
        "## {}\n\n{:.0} s, think time {} ms, {} customers. Latencies in ms: from when a request was due, and (service) from when it was sent.\n\n{HEAD}",
        run.title(),
        run.seconds,
        run.think_ms,
        run.customers
    );
    for phase in &run.phases {
        text.push_str(&row(&phase.phase.name, &phase.figures));
    }
    for (what, all) in [("kind", &run.kinds), ("service", &run.services)] {
        for one in all {
            text.push_str(&row(&format!("{what}: {}", one.name), &one.figures));
        }
    }
    text.push('\n');
    if let Some(knee) = &run.knee {
        let _ = writeln!(text, "Knee: {knee}.\n");
    }
    if let Some(seconds) = run.recovery_seconds {
        let _ = writeln!(text, "Recovery after the spike: {seconds:.1} s.\n");
    }
    for slope in &run.slopes {
        let _ = writeln!(
            text,
            "Memory of {}: {} MB on average, {} % per 15 min, 95 % interval [{}, {}], over {:.0} s.\n",
            slope.process,
            slope.mean_mb,
            slope.percent_per_15_min,
            slope.lower,
            slope.upper,
            slope.seconds
        );
    }
    text.push_str(&processes(run));
    text.push_str(&inside(run));
    if !run.findings.is_empty() {
        text.push_str("### What limits it\n\n");
        for finding in &run.findings {
            let _ = writeln!(text, "- {} **{}**", finding.seen, finding.advice);
        }
        text.push('\n');
    }
    text
}

fn processes(run: &Run) -> String {
    if run.processes.is_empty() {
        return String::new();
    }
    let mut text =
        "| process | processor seconds | highest processor share | highest memory |\n|---|---|---|---|\n".to_owned();
    for process in &run.processes {
        let most = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
        let _ = writeln!(
            text,
            "| {} | {:.1} | {:.0} % | {:.0} MB |",
            process.name,
            process.cpu_seconds,
            most(&process.cpu_percent),
            most(&process.memory_mb)
        );
    }
    if let Some(ms) = run.cpu_ms_per_request {
        let _ = writeln!(
            text,
            "\nProcessor time of the servers a request, health checks aside: {ms} ms."
        );
    }
    text + "\n"
}

/// What the servers measured of themselves.
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
        let _ = writeln!(
            text,
            "| {title} | times | seconds | mean ms | P95 ms |\n|---|---|---|---|---|"
        );
        for one in all {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} |",
                one.name, one.count, one.seconds, one.mean_ms, one.p95_ms
            );
        }
        text.push('\n');
    }
    for (reason, count) in &run.reasons {
        let _ = writeln!(text, "- {count} × {reason}");
    }
    if !run.reasons.is_empty() {
        text.push('\n');
    }
    text
}

fn goals(goals: &[Goal]) -> String {
    let mut text = "## Goals, beside the predecessor's figures\n\n| goal | predecessor | gate | stretch | measured | |\n|---|---|---|---|---|---|\n".to_owned();
    for goal in goals {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            goal.name,
            goal.predecessor,
            goal.gate,
            goal.stretch,
            goal.measured,
            goal.verdict.word()
        );
    }
    text + "\n"
}

fn of_curve(curve: &Curve) -> String {
    let mut text = format!(
        "## Curve: {}\n\n{}\n\n| {} | requests/s, closed loop | P50 ms | P95 ms | P99 ms | processor ms a request | memory MB |\n|---|---|---|---|---|---|---|\n",
        curve.title, curve.about, curve.axis
    );
    for point in &curve.points {
        let figures = &point.figures;
        let _ = writeln!(
            text,
            "| {} | {:.0} | {} | {} | {} | {} | {:.0} |",
            point.size,
            figures.per_second,
            figures.service.p50,
            figures.service.p95,
            figures.service.p99,
            point
                .cpu_ms
                .map_or_else(|| "–".to_owned(), |ms| ms.to_string()),
            point.memory_mb
        );
    }
    text + "\n"
}
