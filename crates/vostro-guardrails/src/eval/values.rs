//! Values as people write them to a bank (`evals/guardrails/proxies/values.txt`), kind by kind, and numbers that
//! are nobody's.
//!
//! As in `adversarial.rs` every second line of a kind was held out until the detectors were settled.

use super::{Miss, Report, share};
use crate::{CheckRequest, Engine};
use std::collections::BTreeMap;

const TEXTS: &str = include_str!("../../../../evals/guardrails/proxies/values.txt");

struct Case {
    /// The kind's name; `-` where there is no value.
    kind: &'static str,
    held_out: bool,
    text: String,
    /// In code points; empty where there is no value.
    start: usize,
    end: usize,
}

fn cases() -> Vec<Case> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let lines = TEXTS.lines().filter(|l| !l.starts_with('#'));
    let cases = lines.filter_map(|l| l.split_once(' ')).map(|(kind, rest)| {
        let number = numbers.entry(kind).or_default();
        *number += 1;
        let text = unescaped(rest);
        let at = |mark: &str| text.find(mark).map(|byte| text[..byte].chars().count());
        let (start, end) = match (at("{{"), at("}}")) {
            (Some(start), Some(end)) => (start, end - 2),
            _ => (0, 0),
        };
        Case {
            kind,
            held_out: number.is_multiple_of(2),
            text: text.replace("{{", "").replace("}}", ""),
            start,
            end,
        }
    });
    cases.collect()
}

/// Puts characters in the place of `\u{…}`.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').unwrap_or(("", part));
        let number = u32::from_str_radix(code, 16).ok();
        out.extend(number.and_then(char::from_u32));
        out.push_str(rest);
    }
    out
}

/// Whether it is as it should be: nine tenths of the value masked, or nothing found where there is none.
fn right(engine: &Engine, case: &Case) -> bool {
    let verdict = engine.check(&case.text, &CheckRequest::default());
    let covered = verdict.pii_matches.iter().map(|m| {
        let (from, to) = (m.start.max(case.start), m.end.min(case.end));
        to.saturating_sub(from)
    });
    if case.kind == "-" {
        !verdict.has_pii
    } else {
        covered.sum::<usize>() * 10 >= (case.end - case.start) * 9
    }
}

pub(super) fn measure(engine: &Engine, report: &mut Report) {
    let cases = cases();
    for (half, part) in [(true, "held out"), (false, "development part")] {
        let of = |none: bool| {
            let of = cases
                .iter()
                .filter(move |c| c.held_out == half && (c.kind == "-") == none);
            of.map(|c| (right(engine, c), c.kind)).collect::<Vec<_>>()
        };
        let (planted, numbers) = (of(false), of(true));
        let masked = planted.iter().filter(|v| v.0).count();
        let mut weakest: Vec<&str> = planted.iter().filter(|v| !v.0).map(|v| v.1).collect();
        weakest.dedup();
        let note = format!(
            "own proxy, {part}, {} values of 18 kinds; missed among {}",
            planted.len(),
            weakest.join(", ")
        );
        report.add(
            "values as people write them, masked",
            share(masked, planted.len()),
            "",
            note,
        );
        let wrong = numbers.iter().filter(|v| !v.0).count();
        let note = format!("own proxy, {part}, {} texts", numbers.len());
        report.add(
            "… numbers of nobody, false positives",
            share(wrong, numbers.len()),
            "",
            note,
        );
    }
}

/// The lines of the development part that are read wrongly.
pub(super) fn misses(engine: &Engine) -> Vec<Miss> {
    let wrong = cases()
        .into_iter()
        .filter(|c| !c.held_out && !right(engine, c));
    wrong
        .map(|c| Miss {
            section: c.kind.to_owned(),
            text: c.text,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() {
        let cases = cases();
        let first = cases.first().unwrap();
        let value: String = first
            .text
            .chars()
            .skip(first.start)
            .take(first.end - first.start)
            .collect();
        assert_eq!(value, "5105 1051 0510 5100");
        let kinds: std::collections::BTreeSet<_> = cases.iter().map(|c| c.kind).collect();
        assert_eq!(kinds.len(), 19, "{kinds:?}");
        assert_eq!(unescaped("a\\u{41}b"), "aAb");
        assert!(cases.iter().all(|c| (c.end > c.start) == (c.kind != "-")));
    }
}
