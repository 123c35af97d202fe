//! The operator's commands over a store: audit-log, ledger check, replay.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not within a test function"
)]

use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

fn vostro(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vostro"));
    command.current_dir(folder).args(args);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VOSTRO_") {
            command.env_remove(name);
        }
    }
    command.env("NO_COLOR", "1");
    command
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let output = vostro(folder, args).assert().success();
    serde_json::from_slice(&output.get_output().stdout).unwrap()
}

/// Seed, begin and rotate the chain, verify it with pins and a checkpoint, check the books.
#[test]
fn a_seeded_store_is_verified_and_its_books_are_right() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for args in [
        ["audit-log", "verify"],
        ["ledger", "check"],
        ["replay", "x"],
    ] {
        let missing = vostro(here, &args).assert().code(1);
        missing.stderr(contains("there is no database"));
    }
    vostro(here, &["seed", "--customers", "2"])
        .assert()
        .success();
    let report = json(here, &["audit-log", "verify", "--json"]);
    assert_eq!(
        (&report["clean"], &report["unsealed"]),
        (&true.into(), &2.into())
    );
    let nothing = vostro(here, &["audit-log", "checkpoint"]).assert().code(1);
    nothing.stderr(contains("nothing is sealed yet"));
    let none = vostro(here, &["audit-log", "rotate-key"]).assert().code(1);
    none.stderr(contains("restore it from its copy"));

    let key = here.join("data/audit-key.pem");
    std::fs::write(&key, "07".repeat(32)).unwrap();
    let owner_alone = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&key, owner_alone).unwrap();
    let rotated = vostro(here, &["audit-log", "rotate-key"])
        .assert()
        .success();
    rotated.stdout(contains("from seal 2 on"));
    let keys = json(here, &["audit-log", "keys", "--json"]);
    let ids: Vec<_> = keys
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 2);
    let pem = vostro(here, &["audit-log", "keys", "--pem"])
        .assert()
        .success();
    std::fs::write(here.join("bank.pub"), &pem.get_output().stdout).unwrap();
    let checkpoint = vostro(here, &["audit-log", "checkpoint"])
        .assert()
        .success();
    std::fs::write(here.join("check.json"), &checkpoint.get_output().stdout).unwrap();
    let verify = [
        "audit-log",
        "verify",
        "--trusted-key",
        ids[0],
        "--trusted-key",
        "bank.pub",
        "--checkpoint",
        "check.json",
    ];
    vostro(here, &verify)
        .assert()
        .success()
        .stdout(contains("Nothing was changed."));
    let stranger = "0".repeat(32);
    let absent = vostro(here, &["audit-log", "verify", "--trusted-key", &stranger])
        .assert()
        .code(1);
    absent.stdout(contains("trusted, but not in the chain"));
    std::fs::write(here.join("check.json"), "{}").unwrap();
    vostro(here, &verify)
        .assert()
        .code(2)
        .stderr(contains("is no checkpoint"));

    let listed = vostro(here, &["audit-log", "list", "--customer", "demo_002"])
        .assert()
        .success();
    listed.stdout(contains("customer_opened").and(contains("demo_001").not()));
    let books = json(here, &["ledger", "check", "--json"]);
    assert_eq!(books["ok"], true);
    vostro(here, &["ledger", "check"])
        .assert()
        .success()
        .stdout(contains("The books are right."));
    let nobody = vostro(here, &["replay", "ses_none"]).assert().code(1);
    nobody.stderr(contains("there is no conversation ses_none"));
}
