//! A record of a conversation that was altered afterwards: the replay says at which turn.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use vostro_bank::{JsonText, RecordedTurn};
use vostro_dialogue::{Replay, ReplayOutcome};

use vostro_knowledge::{KnowledgeBase, load_dir};
use vostro_transcripts::play::record;

fn knowledge() -> KnowledgeBase {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge-base");
    KnowledgeBase::build(load_dir(folder).unwrap().documents).unwrap()
}

/// Every alteration of a record, and what the replay says at that turn.
#[tokio::test]
async fn a_replay_finds_what_was_altered() {
    let messages = [
        "Send $25 to Anna",
        "make it $30",
        "How do I dispute a charge?",
        "yes",
        "What's in my savings?",
        "Send $10 to Anna",
        "cancel",
    ];
    let recorded = record(&messages, knowledge()).await.unwrap();
    let text = |turn: &RecordedTurn| format!("{}{:?}", turn.commands, turn.evidence);
    assert!(
        recorded.iter().all(|turn| !text(turn).contains("Anna")),
        "no names are kept"
    );
    let (amount, more) = (r#""minor":2500"#, r#""minor":250000"#);
    let alterations: [(usize, &str, &str, ReplayOutcome); 9] = [
        (0, amount, more, ReplayOutcome::OtherSteps),
        (0, "start_flow", "stop_flow", ReplayOutcome::Unreadable),
        (
            0,
            "[",
            "[{\"command\":\"deny\"},",
            ReplayOutcome::OtherSteps,
        ),
        (
            1,
            r#""minor":3000"#,
            r#""minor":300"#,
            ReplayOutcome::OtherSteps,
        ),
        (2, "ask", "deny", ReplayOutcome::OtherSteps),
        (3, "confirm", "deny", ReplayOutcome::OtherSteps),
        (4, "check_balance", "list_payees", ReplayOutcome::OtherSteps),
        (6, "cancel", "confirm", ReplayOutcome::OtherSteps),
        (6, "cancel", "deny", ReplayOutcome::Equal), // means the same here
    ];
    for (place, from, to, expected) in alterations {
        let mut turns = recorded.clone();
        let commands = turns[place].commands.to_string();
        assert!(commands.contains(from), "{commands}");
        turns[place].commands = serde_json::from_str(&commands.replacen(from, to, 1)).unwrap();
        assert_eq!(
            outcomes(&turns),
            parted_at(place, expected, turns.len()),
            "{from} to {to}"
        );
    }
    let mut turns = recorded.clone();
    turns[3].evidence.as_mut().unwrap().state_hash = "00".repeat(32);
    assert_eq!(outcomes(&turns), parted_at(3, ReplayOutcome::OtherState, 7));
    let mut turns = recorded.clone();
    let facts = &mut turns[3].evidence.as_mut().unwrap().facts;
    let mut altered = facts.to_value();
    altered["effects"] = serde_json::json!(["none", "none"]);
    *facts = JsonText::of(&altered);
    assert_eq!(
        outcomes(&turns),
        parted_at(3, ReplayOutcome::OtherOutcomes, 7)
    );
    let mut turns = recorded.clone();
    turns[5].evidence = None;
    assert_eq!(
        outcomes(&turns),
        parted_at(5, ReplayOutcome::NotRecorded, 7)
    );
    let mut turns = recorded;
    turns.remove(2);
    assert_eq!(outcomes(&turns), parted_at(2, ReplayOutcome::Gap, 6));
}

fn outcomes(turns: &[RecordedTurn]) -> Vec<ReplayOutcome> {
    let mut replay = Replay::new();
    turns.iter().map(|turn| replay.turn(turn).outcome).collect()
}

/// Equal up to a turn, this there, and nothing can be said of the rest.
fn parted_at(place: usize, outcome: ReplayOutcome, turns: usize) -> Vec<ReplayOutcome> {
    let mut expected = vec![ReplayOutcome::Equal; turns];
    expected[place] = outcome;
    if outcome != ReplayOutcome::Equal {
        expected[place + 1..].fill(ReplayOutcome::Unreached);
    }
    expected
}
