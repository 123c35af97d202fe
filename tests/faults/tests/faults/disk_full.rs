//! The disk fills up under a store: commands fail with "not available", reads go on, nothing that was
//! acknowledged is lost, and once there is room again the same confirmation is posted, once.
//!
//! The disk is a small tmpfs in a mount namespace of the test's own, so nobody else notices. Where such a
//! namespace may not be made the test says so and ends.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use vostro_bank::{Bank as _, Operations, PostOutcome, Store, StoreError};
use vostro_faults::{
    Server, cents_out, checking, context, portfolio, proposal, report, skipped, transfer, yes,
};
use vostro_ledger::Proposal;
use vostro_store::PostgresStore;
use vostro_types::SystemClock;

use crate::kill_postgres::{config, recovered};
use crate::kill_sqlite::open;

/// Set inside the namespace: where the small disk is.
const DISK: &str = "VOSTRO_FAULTS_DISK";
/// The most commands that it may take until the full disk is noticed.
const MOST: usize = 30_000;

/// Runs a test of this binary again with a small disk; gives why that is not possible, if so.
fn with_a_small_disk(test: &str, megabytes: u32) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let try_out = Command::new("unshare").args(["--mount", "true"]).output();
    let mut unshare = Command::new("unshare");
    match try_out {
        Ok(output) if output.status.success() => unshare.arg("--mount"),
        Ok(_) => unshare.args(["--mount", "--map-root-user"]),
        Err(why) => return Err(format!("no mount namespaces: unshare: {why}")),
    };
    let mount = "mount -t tmpfs -o \"size=$1,mode=755\" tmpfs \"$2\" || exit 77
        exec \"$3\" --exact \"$4\" --ignored --nocapture";
    let status = unshare
        .args(["sh", "-c", mount, "sh", &format!("{megabytes}m")])
        .arg(folder.path())
        .arg(std::env::current_exe().unwrap())
        .arg(format!("disk_full::{test}"))
        .env(DISK, folder.path())
        .status()
        .unwrap();
    match status.code() {
        Some(0) => Ok(()),
        Some(77 | 1) if !can_mount() => Err("mounting is not allowed here".to_owned()),
        code => panic!("{test} with a small disk: exit status {code:?}"),
    }
}

fn can_mount() -> bool {
    let mount = "mount -t tmpfs tmpfs /mnt";
    [vec!["--mount"], vec!["--mount", "--map-root-user"]]
        .iter()
        .any(|how| {
            let tried = Command::new("unshare")
                .args(how)
                .args(["sh", "-c", mount])
                .status();
            tried.is_ok_and(|status| status.success())
        })
}

fn disk() -> Option<PathBuf> {
    std::env::var_os(DISK).map(PathBuf::from)
}

/// Leaves no byte free; dropping it makes room again.
struct Ballast(PathBuf);

impl Ballast {
    fn fill(disk: &Path) -> Self {
        let path = disk.join("ballast");
        let mut file = File::create(&path).unwrap();
        for size in [1_048_576, 4_096] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        Self(path)
    }
}

impl Drop for Ballast {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

/// Transfers cents until one is refused for want of room; that proposal, and how many went through.
async fn until_refused(store: &dyn Store, ada: &vostro_bank::Portfolio) -> (Proposal, i64) {
    let mut acknowledged = 0;
    for _ in 0..MOST {
        let proposal = proposal(&SystemClock, cents_out(ada, 1));
        let context = context(&ada.customer.id);
        match store.propose(&proposal, &context).await {
            Ok(_) => {}
            Err(StoreError::Unavailable(_)) => return (proposal, acknowledged),
            Err(other) => panic!("not the error of a full disk: {other:?}"),
        }
        match store.confirm_and_post(yes(&proposal), &context).await {
            Ok(PostOutcome::Posted(_)) => acknowledged += 1,
            Err(StoreError::Unavailable(_)) => return (proposal, acknowledged),
            other => panic!("not the error of a full disk: {other:?}"),
        }
    }
    panic!("{MOST} transfers fit on a full disk");
}

/// The same proposal and the same yes, now that there is room.
async fn again(store: &dyn Store, proposal: &Proposal) {
    let context = context(&proposal.intent.customer);
    let asking = async {
        while store.propose(proposal, &context).await.is_err() {}
        loop {
            match store.confirm_and_post(yes(proposal), &context).await {
                Ok(PostOutcome::Posted(_) | PostOutcome::Replayed(_)) => return,
                Ok(other) => panic!("{other:?}"),
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), asking)
        .await
        .unwrap();
}

fn say(store: &str, tried: i64, acknowledged: i64, rows: i64) {
    report(
        &format!("disk-full-{store}"),
        &[
            ("after_it_was_full", &tried),
            ("acknowledged", &acknowledged),
            ("rows", &rows),
            ("lost", &(acknowledged - rows).max(0)),
            ("doubled", &(rows - acknowledged).max(0)),
        ],
    );
    assert_eq!(rows, acknowledged);
}

#[test]
fn sqlite() {
    if let Err(why) = with_a_small_disk("sqlite_on_a_small_disk", 12) {
        skipped("disk-full-sqlite", why);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the test `sqlite` in a mount namespace of its own"]
async fn sqlite_on_a_small_disk() {
    let Some(disk) = disk() else { return };
    let path = disk.join("bank.db");
    let store = open(&path);
    let before = portfolio(&store, "ada").await;
    let mut acknowledged = 0;
    let mut tried = 0;
    for _ in 0..3 {
        transfer(&store, &SystemClock, cents_out(&before, 1)).await;
        let ballast = Ballast::fill(&disk);
        let (refused, posted) = until_refused(&store, &before).await;
        let read = store.portfolio(&before.customer.id).await;
        assert!(read.is_ok(), "reads go on: {read:?}");
        drop(ballast);
        again(&store, &refused).await;
        tried += posted;
        acknowledged += posted + 2;
    }
    let after = portfolio(&store, "ada").await;
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
    store.close().await;
    let reopened = open(&path);
    assert_eq!(portfolio(&reopened, "ada").await, after);
    assert_eq!(
        reopened.trial_balance().await.unwrap(),
        Vec::<String>::new()
    );
    let rows = checking(&before).balance.minor - checking(&after).balance.minor;
    say("sqlite", tried, acknowledged, rows);
}

#[test]
fn postgres() {
    // initdb's own folder of data, and the programs where they must be copied.
    if let Err(why) = with_a_small_disk("postgres_on_a_small_disk", 700) {
        skipped("disk-full-postgres", why);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the test `postgres` in a mount namespace of its own"]
async fn postgres_on_a_small_disk() {
    let Some(disk) = disk() else { return };
    let server = match Server::start_in(Some(&disk)) {
        Ok(server) => server,
        Err(why) => return skipped("disk-full-postgres", why),
    };
    let store = PostgresStore::connect(server.url(), config())
        .await
        .unwrap();
    let store = Arc::new(store);
    let before = portfolio(store.as_ref(), "ada").await;
    transfer(store.as_ref(), &SystemClock, cents_out(&before, 1)).await;
    let ballast = Ballast::fill(&disk);
    let (refused, posted) = until_refused(store.as_ref(), &before).await;
    drop(ballast);
    recovered(&store).await;
    again(store.as_ref(), &refused).await;
    let after = portfolio(store.as_ref(), "ada").await;
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
    let rows = checking(&before).balance.minor - checking(&after).balance.minor;
    say("postgres", posted, posted + 2, rows);
}
