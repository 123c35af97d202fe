//! `vostro eval rag` against the binary: what it measures, and what it says about data that is not as it should be.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(
    dead_code,
    reason = "of the models that can be written, one is used here"
)]
#[path = "../../vostro-embed/tests/toy/mod.rs"]
mod toy;

use assert_cmd::Command;
use predicates::str::contains;
use serde_json::Value;

fn vostro(folder: &std::path::Path) -> Command {
    let mut command = Command::cargo_bin("vostro").unwrap();
    command.current_dir(folder).args(["eval", "rag"]);
    command
}

/// The shipped articles on their questions. Floors stand under what was measured: `docs/knowledge.md`.
#[test]
fn the_shipped_articles_answer_their_questions() {
    let folder = tempfile::tempdir().unwrap();
    let questions = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../evals/knowledge/questions.jsonl"
    );
    let ran = vostro(folder.path())
        .args(["--questions", questions, "--json"])
        .assert()
        .success();
    let told = String::from_utf8_lossy(&ran.get_output().stderr).into_owned();
    let rows: Vec<Value> = serde_json::from_slice(&ran.get_output().stdout).unwrap();
    if rows.len() == 2 {
        assert!(std::env::var_os("VOSTRO_REQUIRE_MODEL").is_none(), "{told}");
        println!("with meaning: skipped: {told}");
    }
    for row in &rows {
        let report = &row["report"];
        let share =
            |part: &str, all: &str| report[part].as_f64().unwrap() / report[all].as_f64().unwrap();
        let floors = match row["way"].as_str().unwrap() {
            "words" => [0.90, 0.96, 0.90],
            _ => [0.93, 0.98, 0.92],
        };
        let shares = [
            share("first", "answerable"),
            share("in_three", "answerable"),
            share("recognised", "unanswerable"),
        ];
        for (share, floor) in shares.iter().zip(floors) {
            assert!(
                *share >= floor,
                "{} {}: {shares:?}",
                row["way"],
                row["half"]
            );
        }
    }
}

#[test]
fn a_set_is_ranked_and_its_faults_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let fails = |told: &str| {
        let ran = vostro(folder.path())
            .args(["--data", "."])
            .assert()
            .failure();
        ran.stderr(contains(told.to_owned()));
    };
    vostro(folder.path())
        .args(["--data", "nowhere"])
        .assert()
        .failure()
        .stderr(contains("no folder"));
    fails("has no documents.jsonl");
    write(
        "documents.jsonl",
        "{\"id\": \"fees\", \"title\": \"Fees\"}\n",
    );
    fails("documents.jsonl:1: missing field `content`");
    write(
        "documents.jsonl",
        "{\"id\": \"fees\", \"title\": \"Fees\", \"content\": \"A wire costs $25.\"}\n",
    );
    fails("no queries*.jsonl");
    write(
        "queries.jsonl",
        "{\"query\": \"what does a wire cost\", \"relevant\": [\"fees\"]}\n",
    );
    let ran = vostro(folder.path())
        .args(["--data", ".", "--json"])
        .assert()
        .success();
    let report: Value = serde_json::from_slice(&ran.get_output().stdout).unwrap();
    assert_eq!(report["rows"][0]["way"], "BM25");
    assert_eq!(report["rows"][0]["recall_at_10"], 1.0);
}

/// Documents as files, relevant ones in a file of judgements, and `--set` for `--data`.
#[test]
fn a_set_may_be_files_and_judgements() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir_all(folder.path().join("documents")).unwrap();
    std::fs::create_dir_all(folder.path().join("qrels")).unwrap();
    write("documents/fees.md", "# Fees\n\nA wire costs $25.");
    write("documents/cards.txt", "A lost card is frozen.");
    write(
        "queries.jsonl",
        "{\"_id\": \"q1\", \"text\": \"what does a wire cost\"}\n",
    );
    write(
        "qrels/test.tsv",
        "query-id\tcorpus-id\tscore\nq1\tfees\t1\n",
    );
    let ran = vostro(folder.path())
        .args(["--set", ".", "--json"])
        .assert()
        .success();
    let report: Value = serde_json::from_slice(&ran.get_output().stdout).unwrap();
    assert_eq!(
        (&report["documents"], &report["queries"]),
        (&Value::from(2), &Value::from(1))
    );
    assert_eq!(report["rows"][1]["mrr"], 1.0);
}

/// With a folder for it there is a row of what a model makes of the order; with a bad one that is said.
#[test]
fn a_reranking_model_is_a_row_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    toy::write(folder.path(), toy::Gives::Score);
    write(
        "documents.jsonl",
        "{\"id\": \"fee\", \"title\": \"Fee\", \"content\": \"A fee.\"}\n\
         {\"id\": \"none\", \"title\": \"Prices\", \"content\": \"No fee here, no fee there, and no fee at any other time of the day.\"}\n",
    );
    write(
        "queries.jsonl",
        "{\"query\": \"fee\", \"relevant\": [\"none\"]}\n",
    );
    write(
        "questions.jsonl",
        "{\"question\": \"What does a wire cost?\", \"articles\": [\"fees\"]}\n",
    );
    let measured = |what: &[&str], model: &str| -> (Vec<Value>, String) {
        let model = format!("reranking.model={model}");
        let ran = vostro(folder.path())
            .args(what)
            .args([
                "--json",
                "--set",
                &model,
                "--set",
                "embedding.enabled=false",
            ])
            .assert()
            .success();
        let output = ran.get_output();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let rows = report.get("rows").unwrap_or(&report).as_array().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        (rows.clone(), told)
    };
    let (rows, _) = measured(&["--data", "."], ".");
    let first: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["way"].as_str().unwrap(),
                row["recall_at_1"].as_f64().unwrap() > 0.5,
            )
        })
        .collect();
    assert_eq!(first[1..], [("lexical", false), ("reranked", true)]);
    let (rows, _) = measured(&["--questions", "questions.jsonl"], ".");
    assert_eq!((rows.len(), &rows[2]["way"]), (4, &Value::from("reranked")));
    assert_eq!(rows[2]["report"]["answerable"], 1);
    let (rows, told) = measured(&["--data", "."], "nowhere");
    assert_eq!(rows.len(), 2);
    assert!(told.contains("without the reranking model"), "{told}");
}
