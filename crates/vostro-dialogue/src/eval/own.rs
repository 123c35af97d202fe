//! The project's own texts: intents, out of scope, slots. None is trained on; their misses were read, so they are
//! development texts.

use jiff::civil::Date;
use vostro_bank::Portfolio;

use super::notation;
use super::report::{Report, Row, percent};
use crate::command::Understanding;
use crate::state::DialogueState;
use crate::understand::classifier::Classifier;
use crate::understand::intent::Label;
use crate::understand::{Context, understand};

/// The day on which the files' turns are spoken: Wednesday, 18 March 2026.
const TODAY: Date = Date::constant(2026, 3, 18);

/// The files under `evals/understanding/`, as text.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// Lines of `intent | message`.
    pub intents: &'a str,
    /// A message a line.
    pub out_of_scope: &'a str,
    /// Lines of `message | state | slots`.
    pub slots: &'a str,
    /// The customer whose accounts, payees and billers are spoken of.
    pub portfolio: &'a Portfolio,
}

/// Measures all three.
pub fn own(texts: Own<'_>) -> Report {
    let read = |message: &str, state: &DialogueState| {
        let context = Context {
            portfolio: texts.portfolio,
            state,
            today: TODAY,
        };
        understand(message, &context)
    };
    let mut report = Report::default();
    intents(texts.intents, &read, &mut report);
    out_of_scope(texts.out_of_scope, &read, &mut report);
    slots(texts.slots, &read, &mut report);
    report
}

type Read<'a> = &'a dyn Fn(&str, &DialogueState) -> Understanding;

fn intents(lines: &str, read: Read<'_>, report: &mut Report) {
    let topics = Classifier::get().topics();
    let (mut right, mut refused, mut all) = (0, 0, 0);
    for (name, message) in rows(lines).filter_map(|line| line.split_once(" | ")) {
        let topic = topics.iter().find(|topic| topic.name == name);
        let Some(expected) = topic.and_then(|topic| topic.label).and_then(Label::intent) else {
            report.wrong.push(format!("no intent {name}"));
            continue;
        };
        let understanding = read(message, &DialogueState::default());
        let found = understanding.intent(None).unwrap_or("-");
        all += 1;
        refused += usize::from(understanding.is_out_of_scope());
        if found == expected {
            right += 1;
        } else {
            report.wrong.push(format!(
                "intent: {message}: {name}, so {expected}; got {found}"
            ));
        }
    }
    let note = format!("{all} own messages (development, not trained on)");
    report
        .rows
        .push(row("intent, own messages", percent(right, all), "", &note));
    report
        .rows
        .push(row("in-scope refused", percent(refused, all), "≤ 5", &note));
}

fn out_of_scope(lines: &str, read: Read<'_>, report: &mut Report) {
    let (mut right, mut all) = (0, 0);
    for message in rows(lines) {
        all += 1;
        let understanding = read(message, &DialogueState::default());
        if understanding.is_out_of_scope() {
            right += 1;
        } else {
            let found = understanding.intent(None).unwrap_or("-");
            report
                .wrong
                .push(format!("out of scope: {message}; got {found}"));
        }
    }
    let note = format!("{all} own messages (development, not trained on)");
    report.rows.push(row(
        "out of scope recognised",
        percent(right, all),
        "≥ 90",
        &note,
    ));
}

fn slots(lines: &str, read: Read<'_>, report: &mut Report) {
    let (mut right, mut all) = (0, 0);
    for line in rows(lines) {
        let mut fields = line.rsplitn(3, " | ").map(str::trim);
        let (Some(expected), Some(state), Some(message)) =
            (fields.next(), fields.next(), fields.next())
        else {
            report
                .wrong
                .push(format!("slots: {line:?} has not three fields"));
            continue;
        };
        let Some(state) = notation::state(state) else {
            report.wrong.push(format!("slots: no state {state:?}"));
            continue;
        };
        let mut expected: Vec<&str> = expected.split(' ').filter(|slot| *slot != "-").collect();
        expected.sort_unstable();
        let found = notation::slots(&read(message, &state).commands);
        all += 1;
        if found == expected {
            right += 1;
        } else {
            let (expected, found) = (expected.join(" "), found.join(" "));
            report
                .wrong
                .push(format!("slots: {message}: {expected}; got {found}"));
        }
    }
    let note = format!("{all} own turns (development, not trained on)");
    report
        .rows
        .push(row("slot values exact", percent(right, all), "≥ 95", &note));
}

fn rows(lines: &str) -> impl Iterator<Item = &str> {
    lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn row(what: &str, value: f64, bar: &str, note: &str) -> Row {
    Row {
        what: what.to_owned(),
        without: Some(value),
        with: None,
        unit: "%".to_owned(),
        bar: bar.to_owned(),
        note: note.to_owned(),
    }
}
