//! The command line as a user meets it: help, mistakes, exit codes, pipes. Nothing here serves.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not within a test function"
)]

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

/// The binary in an empty directory, with none of the caller's settings.
fn vostro(folder: &tempfile::TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vostro"));
    command.current_dir(folder.path());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VOSTRO_") {
            command.env_remove(name);
        }
    }
    command.env("NO_COLOR", "1");
    command
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn json(output: &[u8]) -> Value {
    serde_json::from_slice(output).unwrap_or_else(|error| {
        panic!("{error} in {}", String::from_utf8_lossy(output));
    })
}

fn json_lines(output: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(output);
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_command_has_help_with_an_example() {
    let folder = folder();
    let plain = ["intents", "version"];
    for command in [
        "serve",
        "chat",
        "seed",
        "doctor",
        "config",
        "guard",
        "openapi",
        "understand",
        "intents",
        "version",
    ] {
        let help = vostro(&folder).args([command, "--help"]).assert().success();
        let text = String::from_utf8_lossy(&help.get_output().stdout).into_owned();
        assert!(text.contains("Usage: vostro"), "{command}");
        assert!(
            plain.contains(&command) || text.contains("Examples:"),
            "{command}: {text}"
        );
        assert!(
            text.lines().all(|line| line.chars().count() <= 100),
            "{command}: {text}"
        );
        vostro(&folder)
            .arg("--help")
            .assert()
            .success()
            .stdout(contains(format!("\n  {command} ")));
    }
}

/// Arguments, exit code, and what standard error must say.
#[rustfmt::skip]
const MISTAKES: &[(&[&str], i32, &[&str])] = &[
    (&["srve"], 2, &["serve"]),
    (&["config", "--set", "server.host"], 2, &["KEY=VALUE"]),
    (&["config", "--set", "server.hots=::1"], 2, &["server.hots", "`server.host`", "--set"]),
    (&["config", "--set", "server.rag_port=65536"], 2, &["server.rag_port", "65535", "--set"]),
    (&["config", "--config", "nowhere.toml"], 2, &["nowhere.toml"]),
    (&["config", "--profile", "fast"], 2, &["bench"]),
    (&["serve", "--port", "65535"], 2, &["server.rag_port", "65536", "--port"]),
    (&["serve", "--host", "0.0.0.0"], 2, &["server.host", "--allow-non-loopback"]),
    (&["serve", "--host", "localhost"], 2, &["server.host", "IP address", "--host"]),
    (&["serve", "--concierge-port", "9", "--rag-port", "9"], 2, &["9", "the rag's port too", "--concierge-port"]),
    (&["serve", "--database-url", "postgres://u:hunter2@127.0.0.1:1/d"], 1, &["u:***@127.0.0.1", "cannot be reached", "vostro doctor"]),
    (&["serve", "--rag-url", "ftp://h"], 2, &["services.rag_url", "http://HOST:PORT"]),
    (&["seed", "--customers", "0"], 2, &["demo.customers", "--customers"]),
    (&["chat", "--url", "ftp://h"], 2, &["--url", "http://HOST:PORT"]),
    (&["chat", "--url", "https://127.0.0.1:1"], 1, &["no Vostro answers", "vostro serve"]),
    (&["chat", "--embedded", "--user", ""], 2, &["--user"]),
];

#[test]
fn a_mistake_is_one_clear_line_with_a_way_out() {
    let folder = folder();
    for (args, code, parts) in MISTAKES {
        let output = vostro(&folder)
            .args(*args)
            .write_stdin("hello\n")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(*code), "{args:?}: {text}");
        for part in *parts {
            assert!(
                text.contains(part),
                "{args:?} says {text:?} and not {part:?}"
            );
        }
        assert!(
            !text.contains("hunter2") && !text.contains("backtrace"),
            "{args:?}: {text}"
        );
        assert!(text.lines().count() <= 8, "{args:?} is long: {text}");
    }
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "a mistake left files"
    );
}

#[test]
fn a_file_in_the_working_directory_is_read_and_its_mistakes_are_named() {
    let folder = folder();
    let file = folder.path().join("vostro.toml");
    std::fs::write(&file, "[limits]\nrequests_per_minute = 7\n").unwrap();
    let found = vostro(&folder).args(["config", "--json"]).output().unwrap();
    let setting = &json(&found.stdout)["settings"]["limits.requests_per_minute"];
    assert_eq!(setting["value"], 7);
    assert_eq!(setting["origin"], "vostro.toml");
    std::fs::write(&file, "[limits]\nrequest_per_minute = 7\n").unwrap();
    vostro(&folder)
        .arg("config")
        .assert()
        .code(2)
        .stderr(contains("vostro.toml").and(contains("`limits.requests_per_minute`")));
}

#[test]
fn doctor_tells_what_there_is_and_fails_when_something_is_wrong() {
    let folder = folder();
    let any_port = [
        "--set",
        "server.concierge_port=0",
        "--set",
        "server.rag_port=0",
        "--set",
        "server.guardrails_port=0",
    ];
    let well = vostro(&folder)
        .args(["doctor", "--json"])
        .args(any_port)
        .output()
        .unwrap();
    let report = json(&well.stdout);
    assert!(well.status.success(), "{report:#}");
    assert_eq!(report["ok"], true);
    let status = |name: &str| {
        let checks = report["checks"].as_array().unwrap();
        checks.iter().find(|check| check["name"] == name).unwrap()["status"].clone()
    };
    for name in [
        "configuration",
        "store",
        "knowledge",
        "guardrails",
        "concierge port",
    ] {
        assert_eq!(status(name), "ok", "{name} in {report:#}");
    }
    assert_eq!(status("language model"), "off");

    std::fs::write(folder.path().join("broken.md"), "no front matter").unwrap();
    let ill = vostro(&folder)
        .args(["doctor", "--json", "--set", "knowledge.path=."])
        .args(any_port)
        .output()
        .unwrap();
    assert_eq!(ill.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ill.stdout).contains("broken.md"));

    let unusable = vostro(&folder)
        .args(["doctor", "--json", "--set", "log.format=xml"])
        .output()
        .unwrap();
    assert_eq!(unusable.status.code(), Some(2));
    assert!(
        json(&unusable.stdout)["checks"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("log.format")
    );
}

#[test]
fn guard_gives_the_contract_s_verdicts() {
    let folder = folder();
    let texts = "My SSN is 123-45-6789\nI want to harm someone\r\nWhat's my account balance?\n\nnul \0 and \u{1f600}";
    let output = vostro(&folder)
        .args(["guard", "--json"])
        .write_stdin(texts)
        .output()
        .unwrap();
    let verdicts = json_lines(&output.stdout);
    assert_eq!(verdicts.len(), 5);
    assert_eq!(verdicts[0]["has_pii"], true);
    assert_eq!(verdicts[0]["masked_text"], "My SSN is ***-**-****");
    assert_eq!(verdicts[0]["pii_matches"][0]["pii_type"], "ssn");
    assert_eq!(verdicts[1]["is_safe"], false);
    assert_eq!(verdicts[1]["safety_violations"][0]["category"], "violence");
    for harmless in &verdicts[2..4] {
        assert_eq!(harmless["is_safe"], true);
        assert_eq!(harmless["has_pii"], false);
        assert_eq!(harmless["is_injection"], false);
    }
    vostro(&folder)
        .args(["guard", "--json", "--skip", "pii,safety"])
        .write_stdin("My SSN is 123-45-6789")
        .assert()
        .success()
        .stdout(contains("\"has_pii\":false"));
    vostro(&folder)
        .args(["guard", "--whole"])
        .write_stdin("My SSN is\n123-45-6789\n")
        .assert()
        .success()
        .stdout(contains("ssn").and(contains("6789").not()));
    vostro(&folder)
        .arg("guard")
        .write_stdin(b"fine\n\xff\xfe\n".as_slice())
        .assert()
        .code(1)
        .stderr(contains("text 2").and(contains("UTF-8")));
}

#[test]
fn seeding_again_changes_nothing() {
    let folder = folder();
    let seed = [
        "seed",
        "--customers",
        "2",
        "--json",
        "--database-url",
        "sqlite:./deep/er/bank.db",
    ];
    for (created, already_there) in [(2, 0), (0, 2)] {
        let output = vostro(&folder).args(seed).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let counts = json(&output.stdout);
        assert_eq!(counts["created"], created);
        assert_eq!(counts["already_there"], already_there);
    }
    assert!(folder.path().join("deep/er/bank.db").is_file());
}

#[test]
fn understanding_is_named_for_every_line_and_every_intent_is_described() {
    let folder = folder();
    let output = vostro(&folder)
        .args(["intents", "--json"])
        .output()
        .unwrap();
    let intents: Vec<String> = json(&output.stdout)
        .as_array()
        .unwrap()
        .iter()
        .inspect(|one| assert!(one["description"].as_str().unwrap().len() > 4, "{one}"))
        .map(|one| one["intent"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        intents.len() >= 18 && intents.contains(&"check_balance".to_owned()),
        "{intents:?}"
    );

    let messages = "What's my account balance?\nTransfer $50 to account 67890\nyes\n";
    let output = vostro(&folder)
        .args(["understand", "--json"])
        .write_stdin(messages)
        .output()
        .unwrap();
    let understood = json_lines(&output.stdout);
    assert_eq!(
        understood.len(),
        3,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(understood[0]["intent"], "check_balance");
    assert_eq!(understood[1]["intent"], "transfer");
    assert!(
        understood[1]["slots"]["amount"]
            .as_str()
            .unwrap()
            .contains("50"),
        "{understood:?}"
    );
    for one in &understood {
        for field in ["intent", "commands", "slots", "out_of_scope", "confidence"] {
            assert!(one.get(field).is_some(), "{field} is missing in {one}");
        }
    }
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "a store was made"
    );
}

#[test]
fn chat_says_so_when_nobody_is_there_and_talks_without_a_server() {
    let folder = folder();
    vostro(&folder)
        .args(["chat", "--url", "http://127.0.0.1:1"])
        .write_stdin("hello\n")
        .assert()
        .code(1)
        .stderr(contains("http://127.0.0.1:1").and(contains("vostro serve")));
    let output = vostro(&folder)
        .args(["chat", "--embedded", "--json", "--set", "demo.customers=1"])
        .args(["--set", "database.url=sqlite::memory:"])
        .write_stdin("What's my balance?\n\nShow me my recent transactions\n")
        .output()
        .unwrap();
    let replies = json_lines(&output.stdout);
    assert_eq!(
        replies.len(),
        2,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        replies[0]["message"].as_str().unwrap().contains('$'),
        "{}",
        replies[0]
    );
    assert_eq!(replies[0]["session_id"], replies[1]["session_id"]);
}

#[test]
fn the_documents_are_printed() {
    let folder = folder();
    let output = vostro(&folder).arg("openapi").output().unwrap();
    assert!(json(&output.stdout)["paths"]["/api/v1/chat"]["post"].is_object());
    vostro(&folder)
        .args(["openapi", "--format", "yaml-3.0"])
        .assert()
        .success()
        .stdout(contains("openapi: 3.0.3"));
    vostro(&folder)
        .arg("version")
        .assert()
        .success()
        .stdout(contains(env!("CARGO_PKG_VERSION")));
}
