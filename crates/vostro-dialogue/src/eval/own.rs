//! The project's own texts: intents, out of scope, slots. None is trained on. The misses of the development halves were
//! read while rules and training texts were mended; those of the held-out halves are counted and not named.

use jiff::civil::Date;
use vostro_bank::Portfolio;
use vostro_embed::Embedder;

use super::notation;
use super::report::{Bar, Report, Row, percent};
use crate::command::Understanding;
use crate::state::DialogueState;
use crate::understand::classifier::Classifier;
use crate::understand::intent::Label;
use crate::understand::{Context, understand};

/// The day on which the files' turns are spoken: Wednesday, 18 March 2026.
const TODAY: Date = Date::constant(2026, 3, 18);

/// One half of the texts, as files below `evals/understanding/` hold them.
#[derive(Debug, Clone, Copy)]
pub struct Half<'a> {
    /// What the rows call it.
    pub name: &'static str,
    /// Whether its slots are held to the bar of the project's own turns.
    pub barred: bool,
    /// Whether its misses are to stay unread.
    pub held_out: bool,
    /// Lines of `intent | message`.
    pub intents: &'a str,
    /// A message a line.
    pub out_of_scope: &'a str,
    /// Lines of `message | state | slots`.
    pub slots: &'a str,
}

/// The texts with what they are read against.
#[derive(Clone, Copy)]
pub struct Own<'a> {
    /// The halves, each with rows of its own.
    pub halves: &'a [Half<'a>],
    /// The customer whose accounts, payees and billers are spoken of.
    pub portfolio: &'a Portfolio,
    /// For the second column.
    pub embedder: Option<&'a dyn Embedder>,
}

/// What one line came to: a miss is said in words.
type Outcome = Result<(), String>;

impl Own<'_> {
    fn read(&self, message: &str, state: &DialogueState, with: bool) -> Understanding {
        let context = Context {
            portfolio: self.portfolio,
            state,
            today: TODAY,
            embedder: self.embedder.filter(|_| with),
        };
        understand(message, &context)
    }

    /// A row over lines: how many hold, without and with vectors.
    fn row(
        &self,
        what: &str,
        bar: Bar,
        half: &Half<'_>,
        lines: &str,
        holds: impl Fn(&str, bool) -> Outcome,
        report: &mut Report,
    ) {
        let (mut all, mut without, mut with) = (0, 0, 0);
        for line in rows(lines) {
            all += 1;
            let mut judge = |column: &str, vectors: bool| match holds(line, vectors) {
                Ok(()) => 1,
                Err(miss) => {
                    if !half.held_out {
                        report.wrong.push(format!("{what} ({column}): {miss}"));
                    }
                    0
                }
            };
            without += judge("words", false);
            if self.embedder.is_some() {
                with += judge("vectors", true);
            }
        }
        report.rows.push(Row {
            what: format!("{what}, {}", half.name),
            without: Some(percent(without, all)),
            with: self.embedder.map(|_| percent(with, all)),
            unit: "%".to_owned(),
            bar,
            note: format!("{all} own messages"),
        });
    }
}

/// Intents: right ones, in-scope messages refused, out-of-scope ones recognised.
pub fn intents(own: Own<'_>) -> Report {
    let mut report = Report::default();
    for half in own.halves {
        let right = |line: &str, with: bool| {
            let (expected, message) = expected(line)?;
            let understanding = own.read(message, &DialogueState::default(), with);
            let found = understanding.intent(None).unwrap_or("-");
            if found == expected {
                Ok(())
            } else {
                Err(format!("{message}: {expected}; got {found}"))
            }
        };
        let refused = |line: &str, with: bool| {
            let (_, message) = expected(line)?;
            let understanding = own.read(message, &DialogueState::default(), with);
            if understanding.is_out_of_scope() {
                Ok(())
            } else {
                // Not refused is as it should be, and no miss to name.
                Err(String::new())
            }
        };
        let recognised = |message: &str, with: bool| {
            let understanding = own.read(message, &DialogueState::default(), with);
            if understanding.is_out_of_scope() {
                Ok(())
            } else {
                let found = understanding.intent(None).unwrap_or("-");
                Err(format!("{message}; got {found}"))
            }
        };
        own.row(
            "intent",
            Bar::none(),
            half,
            half.intents,
            right,
            &mut report,
        );
        let wrong = report.wrong.len();
        own.row(
            "in-scope refused",
            Bar::at_most(5.0),
            half,
            half.intents,
            refused,
            &mut report,
        );
        report.wrong.truncate(wrong);
        own.row(
            "out of scope recognised",
            Bar::at_least(90.0, 90.0),
            half,
            half.out_of_scope,
            recognised,
            &mut report,
        );
    }
    report
}

/// The intent and the message of a line. The file names a topic; what it speaks for is asked.
fn expected(line: &str) -> Result<(&'static str, &str), String> {
    let (name, message) = line
        .split_once(" | ")
        .ok_or_else(|| format!("{line:?} has not two fields"))?;
    let topics = Classifier::get().topics();
    let topic = topics.iter().find(|topic| topic.name == name);
    let intent = topic.and_then(|topic| topic.label).and_then(Label::intent);
    Ok((intent.ok_or_else(|| format!("no intent {name}"))?, message))
}

/// Slots: turns whose values are all read, and no others.
pub fn slots(own: Own<'_>) -> Report {
    let mut report = Report::default();
    for half in own.halves {
        let exact = |line: &str, with: bool| {
            let mut fields = line.rsplitn(3, " | ").map(str::trim);
            let (Some(expected), Some(state), Some(message)) =
                (fields.next(), fields.next(), fields.next())
            else {
                return Err(format!("{line:?} has not three fields"));
            };
            let state = notation::state(state).ok_or_else(|| format!("no state {state:?}"))?;
            let mut expected: Vec<&str> = expected.split(' ').filter(|slot| *slot != "-").collect();
            expected.sort_unstable();
            let found = notation::slots(&own.read(message, &state, with).commands);
            if found == expected {
                return Ok(());
            }
            let (expected, found) = (expected.join(" "), found.join(" "));
            Err(format!("{message}: {expected}; got {found}"))
        };
        let bar = if half.barred {
            Bar::at_least(95.0, 95.0)
        } else {
            Bar::none()
        };
        own.row(
            "slot values exact",
            bar,
            half,
            half.slots,
            exact,
            &mut report,
        );
    }
    report
}

fn rows(lines: &str) -> impl Iterator<Item = &str> {
    lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}
