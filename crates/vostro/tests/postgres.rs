//! The commands over a `PostgreSQL` database: replicas that seed at once, what `doctor` tells, and what a
//! start that cannot be says. Skipped, saying so, without `VOSTRO_TEST_DATABASE_URL`.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not within a test function"
)]

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tokio_postgres::NoTls;

/// A fresh database of one test.
struct Database {
    server: String,
    name: String,
}

impl Database {
    fn create(purpose: &str) -> Option<Self> {
        let Ok(server) = std::env::var("VOSTRO_TEST_DATABASE_URL") else {
            eprintln!("skipped: VOSTRO_TEST_DATABASE_URL is not set");
            return None;
        };
        let name = format!("vostro_cli_{purpose}_{}", std::process::id());
        admin(&server, &format!("CREATE DATABASE {name}"));
        Some(Self { server, name })
    }

    fn url(&self) -> String {
        self.named(&self.name)
    }

    fn named(&self, database: &str) -> String {
        let (base, _) = self.server.rsplit_once('/').unwrap();
        format!("{base}/{database}")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        admin(
            &self.server,
            &format!("DROP DATABASE {} WITH (FORCE)", self.name),
        );
    }
}

fn admin(server: &str, statement: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(statement).await.unwrap();
    });
}

fn vostro(folder: &Path, url: &str, args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_vostro"))
        .current_dir(folder)
        .args(args)
        .env("VOSTRO__DATABASE__URL", url)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run(folder: &Path, url: &str, args: &[&str]) -> Output {
    vostro(folder, url, args).wait_with_output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn replicas_that_seed_at_once_make_one_demo_bank() {
    let Some(database) = Database::create("seed") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let seed = ["seed", "--customers", "12", "--json"];
    let replicas: Vec<Child> = (0..3)
        .map(|_| vostro(folder.path(), &database.url(), &seed))
        .collect();
    let mut sum = (0, 0);
    for replica in replicas {
        let output = replica.wait_with_output().unwrap();
        let counts = json(&output);
        assert!(output.status.success());
        sum.0 += counts["created"].as_u64().unwrap();
        sum.1 += counts["already_there"].as_u64().unwrap();
    }
    assert_eq!(sum, (12, 24));

    let any_port = ["concierge", "rag", "guardrails"].map(|role| format!("server.{role}_port=0"));
    let mut args = vec!["doctor", "--json"];
    args.extend(any_port.iter().flat_map(|port| ["--set", port.as_str()]));
    let output = run(folder.path(), &database.url(), &args);
    let report = json(&output);
    assert!(output.status.success(), "{report:#}");
    let detail = |name: &str| {
        let checks = report["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["name"] == name).unwrap();
        check["detail"].as_str().unwrap().to_owned()
    };
    assert!(detail("database").contains("PostgreSQL 1"), "{report:#}");
    assert!(detail("database").contains("schema version"), "{report:#}");
    for setting in ["fsync on", "full_page_writes on", "synchronous_commit on"] {
        assert!(detail("durability").contains(setting), "{report:#}");
    }
    assert!(!detail("pgvector").is_empty());
    assert_eq!(detail("books"), "the trial balance holds");
    assert!(
        std::fs::read_dir(folder.path()).unwrap().next().is_none(),
        "nothing is kept in a file"
    );
}

#[test]
fn a_conversation_within_the_process_moves_money_there() {
    let Some(database) = Database::create("chat") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut talk = Command::new(env!("CARGO_BIN_EXE_vostro"))
        .current_dir(folder.path())
        .args(["chat", "--embedded", "--json", "--set", "demo.customers=1"])
        .env("VOSTRO__DATABASE__URL", database.url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let messages = b"Transfer $50 to account 67890\nyes\n";
    std::io::Write::write_all(&mut talk.stdin.take().unwrap(), messages).unwrap();
    let output = talk.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let last: Value = serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap();
    assert_eq!(last["receipts"][0]["movement"]["amount"]["minor"], 5_000);
}

/// What is asked for, and what of the refusal must be there.
#[test]
fn a_start_that_cannot_be_says_why_and_no_password() {
    let folder = tempfile::tempdir().unwrap();
    let mut cases = vec![
        (
            "postgres://ann:s3cret@127.0.0.1:1/bank".to_owned(),
            1,
            "cannot be reached",
        ),
        (
            "postgres://ann:s3cret@127.0.0.1:1/bank?sslmode=require".to_owned(),
            1,
            "cannot be reached",
        ),
        (
            "postgres://ann:s3cret@127.0.0.1:1/bank?sslmode=maybe".to_owned(),
            2,
            "sslmode",
        ),
        (
            "postgres://ann:s3cret@127.0.0.1:port/bank".to_owned(),
            2,
            "database.url",
        ),
    ];
    let database = Database::create("none");
    if let Some(database) = &database {
        let url = database
            .named("vostro_no_such_database")
            .replace("vostro@", "vostro:s3cret@");
        cases.push((url, 1, "no such database"));
    }
    for (url, code, expected) in cases {
        for args in [
            &["serve", "--port", "0"][..],
            &["seed"],
            &["chat", "--embedded"],
            &["doctor"],
        ] {
            let output = run(folder.path(), &url, args);
            let (out, err) = (
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr),
            );
            assert_eq!(output.status.code(), Some(code), "{args:?}: {out} {err}");
            assert!(
                out.contains(expected) || err.contains(expected),
                "{args:?}: {out} {err}"
            );
            assert!(
                !out.contains("s3cret") && !err.contains("s3cret"),
                "{args:?}: {out} {err}"
            );
        }
    }
    let url = "postgres://ann:s3cret@db/bank?password=s3cret2";
    for args in [&["config"][..], &["config", "--json"]] {
        let output = run(folder.path(), url, args);
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success());
        assert!(
            shown.contains("postgres://ann:***@db") && !shown.contains("s3cret"),
            "{shown}"
        );
    }
}
