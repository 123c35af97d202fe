//! The conversations of `evals/transcripts/` go as written, and cover every skill.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use vostro_knowledge::{KnowledgeBase, load_dir};
use vostro_transcripts::{Baseline, Report, Script, play_all, read_folder};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn knowledge() -> KnowledgeBase {
    let loaded = load_dir(root().join("knowledge-base")).unwrap();
    KnowledgeBase::build(loaded.documents).unwrap()
}

#[tokio::test]
async fn conversations_go_as_written() {
    let scripts = read_folder(&root().join("evals/transcripts")).unwrap();
    let names: BTreeSet<String> = scripts.iter().map(Script::name).collect();
    assert_eq!(
        names.len(),
        scripts.len(),
        "two conversations have one name"
    );
    let played = play_all(&scripts, knowledge()).await.unwrap();
    let before = std::fs::read_to_string(root().join("evals/transcripts/baseline.json")).unwrap();
    let before: Baseline = serde_json::from_str(&before).unwrap();
    let report = Report::of(&played, Some(&before));
    assert!(report.holds(), "{report}");
    assert_eq!(
        report.missing,
        Vec::<String>::new(),
        "write the baseline anew"
    );
    assert!(report.conversations >= 300, "{}", report.conversations);
}

/// A conversation that does not go as written is told, with its place.
#[tokio::test]
async fn what_does_not_hold_is_told() {
    let lines = [
        ("> what's my balance?\n< unicorns", "the reply is otherwise"),
        (
            "> what's my balance?\n@ transfer",
            "the intent is check_balance",
        ),
        ("> what's my balance?\n$ Savings 5.00", "Savings changed by"),
        ("> what's my balance?\n& posted 1", "0 of them on record"),
        ("> what's my balance?\n= cases 1", "cases is 0"),
        ("> what's my balance?\n^ receipt", "its cards are"),
        ("> what's my balance?\n* blocked", "guardrails passed"),
        ("> what's my balance?\n?? x", "not a line"),
    ];
    for (lines, expected) in lines {
        let text = format!("# one | check_balance straight\n{lines}\n");
        let scripts = vostro_transcripts::script::read("seeded", &text).unwrap();
        let played = play_all(&scripts, knowledge()).await.unwrap();
        let failures = played[0].failures.join("\n");
        assert!(failures.contains(expected), "{lines}: {failures}");
    }
}
