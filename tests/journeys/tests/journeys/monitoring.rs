//! Dashboard and alerts ask for metrics that a real scrape has.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use vostro_journeys::{Deployment, Response, Role, Shape};

/// What only a bank with a language model or with webhooks has; `vostro-telemetry` tests their names.
const ONLY_WITH: [&str; 2] = ["vostro_model_", "vostro_webhook_"];
/// What Prometheus itself makes.
const OF_PROMETHEUS: [&str; 2] = ["up", "ALERTS"];

fn monitoring(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../deploy/monitoring")
        .join(name)
}

/// The expressions of a file: `"expr": "…"` in the dashboard, `expr: …` in the rules.
fn expressions(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(monitoring(name)).unwrap();
    if Path::new(name).extension() == Some("json".as_ref()) {
        let dashboard: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut found = Vec::new();
        collect(&dashboard, &mut found);
        return found;
    }
    // A rule's expression goes on over the lines that are indented further.
    let mut found: Vec<String> = Vec::new();
    let mut depth = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if let Some(rest) = line.trim_start().strip_prefix("expr:") {
            found.push(rest.to_owned());
            depth = Some(indent);
        } else if depth.is_some_and(|depth| indent > depth) {
            found.last_mut().unwrap().push_str(line);
        } else {
            depth = None;
        }
    }
    found
}

fn collect(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            if let Some(expr) = members.get("expr").and_then(serde_json::Value::as_str) {
                found.push(expr.to_owned());
            }
            members.values().for_each(|member| collect(member, found));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// The metrics that an expression asks for: words that are no function, keyword or label.
fn metrics(expression: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    // Selectors' labels, ranges and what is grouped by stand in brackets after a name or `by`.
    let mut plain = String::new();
    let mut depth = 0_u32;
    for character in expression.chars() {
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            other if depth == 0 => plain.push(other),
            _ => {}
        }
    }
    let mut rest = plain.as_str();
    let mut unlabelled = String::new();
    while let Some(at) = ["by (", "without (", "on (", "ignoring (", "group_left ("]
        .iter()
        .filter_map(|word| rest.find(word))
        .min()
    {
        unlabelled.push_str(&rest[..at]);
        rest = rest[at..].split_once(')').map_or("", |(_, after)| after);
    }
    unlabelled.push_str(rest);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut words = unlabelled.as_str();
    while let Some(start) = words.find(|c: char| c.is_ascii_alphabetic() || c == '_') {
        words = &words[start..];
        let end = words.find(|c| !is_part(c)).unwrap_or(words.len());
        let (word, after) = words.split_at(end);
        let is_call = after.trim_start().starts_with('(');
        let is_keyword = ["or", "and", "unless", "offset", "bool"].contains(&word);
        // What is left of `5m` or `1d` once the number was passed over.
        let is_unit = word.len() <= 2 && word != "up";
        if !(is_call || is_keyword || is_unit) {
            names.insert(word.to_owned());
        }
        words = after;
    }
    names
}

#[test]
fn names_are_read_out_of_expressions() {
    let table = [
        ("up == 0", "up"),
        (
            "sum by (le, role) (rate(http_x_bucket{route!~\"/a|/b\"}[5m])) > 0.5",
            "http_x_bucket",
        ),
        ("a_total / b_total offset 1d > 3", "a_total b_total"),
        (
            "histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m]))) and on (job) y_total",
            "x_bucket y_total",
        ),
    ];
    for (expression, expected) in table {
        let found: Vec<String> = metrics(expression).into_iter().collect();
        assert_eq!(found.join(" "), expected, "{expression}");
    }
}

#[tokio::test]
async fn every_metric_that_is_asked_for_exists() {
    let bank = Deployment::start(Shape::OneProcess).await;
    let mut ada = bank.customer("journey_monitoring");
    for text in [
        "What's my balance?",
        "How do I transfer money?",
        "Show me my recent transactions",
        "I want to harm someone",
    ] {
        ada.say(text).await;
    }
    let page = Response::get(format!("{}/metrics", bank.url(Role::Concierge)))
        .await
        .text;
    let there: BTreeSet<&str> = page
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let mut asked = 0;
    for file in ["alerts.yml", "grafana/vostro.json"] {
        for expression in expressions(file) {
            for name in metrics(&expression) {
                let known = there.contains(name.as_str())
                    || OF_PROMETHEUS.contains(&name.as_str())
                    || ONLY_WITH.iter().any(|prefix| name.starts_with(prefix));
                assert!(
                    known,
                    "{file}: there is no metric {name}, which {expression} asks for"
                );
                asked += 1;
            }
        }
    }
    assert!(
        asked > 40,
        "only {asked} metrics were found in the two files"
    );
}

/// Every alert has a page in the runbook, and every page its alert.
#[test]
fn every_alert_has_its_page() {
    let rules = std::fs::read_to_string(monitoring("alerts.yml")).unwrap();
    let alerts: BTreeSet<&str> = rules
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("- alert: "))
        .collect();
    let runbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations/runbook.md");
    let runbook = std::fs::read_to_string(runbook).unwrap();
    let pages: BTreeSet<&str> = runbook
        .lines()
        .filter_map(|line| line.strip_prefix("## Vostro").map(|_| &line[3..]))
        .collect();
    assert!(alerts.len() >= 14, "{alerts:?}");
    assert_eq!(alerts, pages);
}
