//! A copy of the books taken while they are in use, and a bank that is opened from it: on both stores.

use std::path::Path;
use std::process::{Command, Output};

use vostro_journeys::process::{Process, binary};
use vostro_journeys::{Database, Deployment, Shape, postgres_program};

const CHECKING: &str = "Everyday Checking";

fn run(program: &Path, arguments: &[&str], database: &str) -> Output {
    let output = Command::new(program)
        .args(arguments)
        .env("VOSTRO__DATABASE__URL", database)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    output
}

#[tokio::test]
async fn a_copy_of_the_embedded_store_is_whole_and_opens() {
    let bank = Deployment::start(Shape::OneProcess).await;
    let mut ada = bank.customer("journey_backup");
    ada.say("Send $5 to Anna").await.proposes();
    ada.say("yes").await.posts(500);
    let then = ada.balances().await;
    let at = |name: &str| bank.folder().join(name).display().to_string();
    let (store, copy) = (format!("sqlite:{}", at("vostro.db")), at("copy.db"));
    run(&binary(), &["backup", &copy], &store);
    // What comes after the copy is not in it.
    ada.say("Send $7 to Anna").await.proposes();
    ada.say("yes").await.posts(700);

    let again = Command::new(binary())
        .args(["backup", &copy])
        .env("VOSTRO__DATABASE__URL", &store)
        .output()
        .unwrap();
    assert_eq!(
        again.status.code(),
        Some(2),
        "a copy never takes another's place: {again:?}"
    );
    let restored = format!("sqlite:{copy}");
    run(&binary(), &["ledger", "check"], &restored);
    let folder = tempfile::tempdir().unwrap();
    let settings = [("VOSTRO__DATABASE__URL", restored.as_str())];
    let opened = Process::start(folder.path(), "all", &settings).await;
    let ada = opened.customer("journey_backup");
    assert_eq!(ada.balances().await, then);
    assert_eq!(
        bank.customer("journey_backup").balances().await[CHECKING],
        then[CHECKING] - 700
    );
}

#[tokio::test]
async fn a_dump_of_postgresql_is_restored_and_opens() {
    let (Some(database), Some(restored)) = (Database::create().await, Database::create().await)
    else {
        return;
    };
    let (Some(dump), Some(restore)) = (postgres_program("pg_dump"), postgres_program("pg_restore"))
    else {
        eprintln!("skipped: there is no pg_dump");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let url = database.url();
    let bank = Process::start(folder.path(), "all", &[("VOSTRO__DATABASE__URL", &url)]).await;
    let mut ada = bank.customer("journey_dump");
    ada.say("Send $5 to Anna").await.proposes();
    ada.say("yes").await.posts(500);
    let then = ada.balances().await;
    let file = folder.path().join("bank.dump").display().to_string();
    run(&dump, &["--format=custom", "--file", &file, &url], &url);
    drop(bank);

    let copy = restored.url();
    run(
        &restore,
        &["--no-owner", "--exit-on-error", "--dbname", &copy, &file],
        &copy,
    );
    run(&binary(), &["ledger", "check"], &copy);
    let opened = Process::start(folder.path(), "all", &[("VOSTRO__DATABASE__URL", &copy)]).await;
    assert_eq!(opened.customer("journey_dump").balances().await, then);
}
