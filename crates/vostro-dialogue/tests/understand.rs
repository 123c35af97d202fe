//! The understanding against tables of messages (`tests/understand/*.txt`), and against hostile input.
//!
//! A line is `message | state | commands`: states and slots in the evaluation's notation, commands as in
//! [`show`]: `transfer amount=50.00 target=#67890`, `-` for nothing understood.
//! The portfolio is `portfolio.json`; today is Wednesday, 18 March 2026.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::fmt::Write as _;
use std::time::Duration;

use jiff::civil::date;
use proptest::prelude::*;
use vostro_bank::Portfolio;
use vostro_dialogue::command::Command;
use vostro_dialogue::eval::notation;
use vostro_dialogue::state::DialogueState;
use vostro_dialogue::understand::{Context, Trace, explain};

const TABLES: &[(&str, &str)] = &[
    ("contract", include_str!("understand/contract.txt")),
    ("lookups", include_str!("understand/lookups.txt")),
    ("money", include_str!("understand/money.txt")),
    ("conversation", include_str!("understand/conversation.txt")),
    ("replies", include_str!("understand/replies.txt")),
    ("questions", include_str!("understand/questions.txt")),
    ("people", include_str!("understand/people.txt")),
    ("schedules", include_str!("understand/schedules.txt")),
    ("spanish", include_str!("understand/spanish.txt")),
];

fn portfolio() -> Portfolio {
    serde_json::from_str(include_str!("understand/portfolio.json")).unwrap()
}

fn state(name: &str) -> DialogueState {
    notation::state(name).unwrap_or_else(|| panic!("no state {name:?}"))
}

/// Commands in the tables' notation.
fn show(commands: &[Command]) -> String {
    let words: Vec<String> = commands.iter().map(show_command).collect();
    if words.is_empty() {
        "-".to_owned()
    } else {
        words.join(" ")
    }
}

fn show_command(command: &Command) -> String {
    match command {
        Command::StartFlow { flow } => flow.as_str().to_owned(),
        Command::SetSlot(value) => notation::slot(value),
        Command::Confirm => "confirm".to_owned(),
        Command::Deny => "deny".to_owned(),
        Command::Choose { take, leave } => {
            let list = |places: &[u32]| {
                let places: Vec<String> = places.iter().map(u32::to_string).collect();
                places.join("+")
            };
            format!("choose:{}-{}", list(take), list(leave))
        }
        Command::Cancel => "cancel".to_owned(),
        Command::Resume => "resume".to_owned(),
        Command::Unsure => "unsure".to_owned(),
        Command::Recall => "recall".to_owned(),
        Command::Ask => "ask".to_owned(),
        Command::ChitChat { kind } => format!("chit:{}", kind.as_str()),
        Command::HandOff { reason } => format!("hand_off:{}", reason.as_str()),
        Command::OutOfScope => "out_of_scope".to_owned(),
        Command::Again => "again".to_owned(),
    }
}

fn read(message: &str, state: &DialogueState, portfolio: &Portfolio) -> Trace {
    let context = Context {
        portfolio,
        state,
        today: date(2026, 3, 18),
        embedder: None,
    };
    explain(message, &context)
}

#[test]
fn messages_give_the_commands_of_the_tables() {
    let portfolio = portfolio();
    let (mut cases, mut wrong) = (0, String::new());
    for (name, table) in TABLES {
        for line in table
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with("# "))
        {
            let mut fields = line.rsplitn(3, " | ").map(str::trim);
            let (Some(expected), Some(preset), Some(message)) =
                (fields.next(), fields.next(), fields.next())
            else {
                panic!("{name}: {line:?} has not three fields");
            };
            cases += 1;
            let trace = read(message, &state(preset), &portfolio);
            let got = show(&trace.understanding.commands);
            if got != expected {
                let rule = trace.rule;
                let _ = writeln!(
                    wrong,
                    "{name}: {message} | {preset}\n  expected {expected}\n  got      {got}   ({rule})"
                );
            }
            let confidence = trace.understanding.confidence;
            assert!((0.0..=1.0).contains(&confidence), "{message}: {confidence}");
        }
    }
    assert!(cases >= 250, "only {cases} cases");
    assert!(wrong.is_empty(), "of {cases} cases:\n{wrong}");
}

/// What this thread has had of a processor, where Linux says so: a busy machine's other work does not count.
fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = told.split(' ').next().and_then(|n| n.parse().ok());
    Duration::from_nanos(spent.unwrap_or(0))
}

#[test]
fn hostile_messages_are_read_in_bounded_time_and_move_nothing() {
    let portfolio = portfolio();
    let cases = [
        "a".repeat(100_000),
        "yes ".repeat(25_000),
        "$50 ".repeat(25_000),
        "transfer ".repeat(10_000),
        "to john ".repeat(10_000),
        "7".repeat(10_000),
        "between ".repeat(500),
        "and then ".repeat(500),
        "my electricity bill ".repeat(200),
        "\u{200B}".repeat(5_000),
        "\u{1F602}".repeat(3_000),
        "\u{0}".repeat(100),
        "\u{FDFA}".repeat(2_000),
        "\u{202E}\u{05D0}\u{05D1} yes \u{202C}".to_owned(),
        "e\u{301}".repeat(1_000),
        "'".repeat(3_000),
        ".".repeat(3_000),
        "1.".repeat(1_000),
        "-$".repeat(1_000),
        "   ".to_owned(),
        String::new(),
    ];
    let presets = "empty transfer?yes transfer?amount transfer?target after:transfer";
    for message in cases {
        for preset in presets.split(' ') {
            let begun = processor_time();
            let understanding = read(&message, &state(preset), &portfolio).understanding;
            let took = processor_time().saturating_sub(begun);
            assert!(took.as_millis() < 500, "{message:.20} took {took:?}");
            assert!(
                !understanding.commands.contains(&Command::Confirm),
                "{message:.20} is no yes"
            );
        }
    }
}

#[test]
fn whatever_hides_in_a_message_it_says_what_it_says() {
    let portfolio = portfolio();
    let cases = [
        ("y\u{200B}es", "confirm"),
        ("\u{FF39}\u{FF25}\u{FF33}", "confirm"),
        ("yes\u{0}", "confirm"),
        ("\u{1F44D}", "confirm"),
        ("\u{1F44D}\u{1F3FD}", "confirm"),
        ("\u{1F44E}", "deny"),
        ("yes \u{1F602}", "confirm"),
        ("\u{202E}on", "-"),
    ];
    for (message, expected) in cases {
        let got = read(message, &state("transfer?yes"), &portfolio)
            .understanding
            .commands;
        assert_eq!(show(&got), expected, "{message:?}");
    }
}

/// Words whose combinations reach far into the finders.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("transfer"),
        Just("$"),
        Just("50"),
        Just("to"),
        Just("from"),
        Just("john"),
        Just("'s"),
        Just("and"),
        Just("savings"),
        Just("last"),
        Just("March"),
        Just("between"),
        Just("-"),
        Just("1e9"),
        Just("."),
        Just("bill"),
        Just("pay"),
        Just("twenty"),
        Just("hundred"),
        Just("account"),
        Just("yes"),
        Just("no"),
        Just("?"),
        Just("at"),
        Just("the"),
        Just("one"),
        Just("9999-99-99"),
        Just("31/31"),
        Just("Q9"),
        Just("since"),
        Just("\u{20AC}"),
        Just("1,2,3"),
    ];
    proptest::collection::vec(word, 0..24).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn nothing_panics_and_the_same_is_read_twice(
        message in prop_oneof![any::<String>(), words(), "\\PC{0,80}"],
        preset in prop_oneof![
            Just("empty"), Just("transfer?amount"), Just("transfer?target"), Just("transfer?yes"),
            Just("bill?biller"), Just("balance?account"), Just("after:transfer"), Just("after:spending"),
        ],
    ) {
        let portfolio = portfolio();
        let state = state(preset);
        let first = read(&message, &state, &portfolio).understanding;
        prop_assert_eq!(&first, &read(&message, &state, &portfolio).understanding);
        prop_assert!((0.0..=1.0).contains(&first.confidence));
    }

    #[test]
    fn a_yes_has_no_figure_and_no_question(
        before in "(yes|ok|sure|go ahead)[ ,]{1,2}",
        rest in "(60|\\$5|from savings|to anna|\\?|but|if|maybe|how|should i|network)( [a-z]{1,8})?",
    ) {
        let message = format!("{before}{rest}");
        let read = read(&message, &state("transfer?yes"), &portfolio()).understanding;
        prop_assert!(!read.commands.contains(&Command::Confirm), "{}", message);
    }
}
