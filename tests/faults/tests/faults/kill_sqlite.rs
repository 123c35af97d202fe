//! kill -9 of a process that posts transfers on a file, at random points of its life: every acknowledged
//! transfer is there, none is there twice, the books balance.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use jiff::tz::TimeZone;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vostro_bank::{Bank as _, Operations};
use vostro_faults::{Acknowledged, Victim, checking, customer, portfolio, report, scaled, usd};
use vostro_ledger::{Calendar, Limits};
use vostro_store::{SqliteStore, StoreConfig};
use vostro_types::{ConfirmationId, Entropy, SystemClock, SystemEntropy};

use crate::VICTIM;

const ROUNDS: u32 = 200;
const CLIENTS: &str = "8";
/// The longest that a victim lives, counted from its first word or from its start.
const LIFE: Duration = Duration::from_millis(120);

/// A store on the file, as the victim opens it.
pub(crate) fn open(path: &Path) -> SqliteStore {
    let config = StoreConfig {
        limits: Limits {
            per_transfer: usd(i64::MAX),
            per_day: usd(i64::MAX),
        },
        calendar: Calendar::every_day(TimeZone::UTC),
        clock: std::sync::Arc::new(SystemClock),
        entropy: std::sync::Arc::new(SystemEntropy),
        demo_customers: true,
        money_stopped: false,
    };
    SqliteStore::open(path, config).unwrap()
}

/// What the books say, read on from where they were read last.
#[derive(Default)]
struct Books {
    /// Confirmation to transfer.
    posted: HashMap<String, String>,
    doubled: usize,
    read_to: i64,
}

impl Books {
    /// Reads the trail's new rows, and checks that the books balance and that what left the account is what is
    /// on record as posted.
    async fn read(&mut self, path: &Path, opening_minor: i64) {
        let store = open(path);
        loop {
            let page = store.audit_trail(self.read_to, 10_000).await.unwrap();
            let Some(last) = page.last() else { break };
            self.read_to = last.sequence;
            for row in page.iter().filter(|row| row.kind == "posted") {
                let detail = row.detail.as_ref().unwrap();
                let text = |name: &str| detail[name].as_str().unwrap().to_owned();
                let before = self.posted.insert(text("confirmation"), text("transfer"));
                self.doubled += usize::from(before.is_some());
            }
        }
        let ada = portfolio(&store, "ada").await;
        let moved = opening_minor - checking(&ada).balance.minor;
        assert_eq!(usize::try_from(moved).unwrap(), self.posted.len());
        assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
        store.close().await;
    }

    fn lost(&self, acknowledged: &[Acknowledged]) -> usize {
        let is_there = |it: &&Acknowledged| self.posted.get(&it.confirmation) == Some(&it.transfer);
        acknowledged.len() - acknowledged.iter().filter(is_there).count()
    }
}

/// Lets a victim live for a while, which may end before it has opened the file.
fn killed_after(path: &Path, life: Duration, from_start: bool) -> Vec<Acknowledged> {
    let mut command = Command::new(VICTIM);
    command.arg("load").arg(path).args(["ada", CLIENTS]);
    let mut victim = Victim::start(&mut command);
    if !from_start {
        assert_eq!(victim.line().as_deref(), Some("READY"));
    }
    std::thread::sleep(life);
    victim.kill();
    let lines = victim.rest();
    lines
        .iter()
        .filter_map(|line| Acknowledged::read(line))
        .collect()
}

#[test]
fn a_killed_process_loses_and_doubles_nothing() {
    let rounds = scaled(ROUNDS);
    let mut seed = [0; 32];
    SystemEntropy.fill(&mut seed);
    let mut rng = ChaCha8Rng::from_seed(seed);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.db");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let opening = runtime.block_on(async {
        let store = open(&path);
        let ada = portfolio(&store, "ada").await;
        store.close().await;
        checking(&ada).balance.minor
    });
    let mut books = Books::default();
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        let life = LIFE.mul_f64(rng.random());
        let said = killed_after(&path, life, rng.random_ratio(1, 4));
        runtime.block_on(books.read(&path, opening));
        assert_eq!(books.lost(&said), 0, "round {round}: acknowledged and lost");
        acknowledged.extend(said);
    }
    // Once more from the beginning: nothing that was there has gone.
    let mut whole = Books::default();
    runtime.block_on(whole.read(&path, opening));
    let lost = whole.lost(&acknowledged);
    report(
        "kill-sqlite",
        &[
            ("rounds", &rounds),
            ("acknowledged", &acknowledged.len()),
            ("posted", &whole.posted.len()),
            ("lost", &lost),
            ("doubled", &whole.doubled),
        ],
    );
    assert_eq!((lost, whole.doubled), (0, 0));
    assert!(acknowledged.len() > rounds as usize, "the victims worked");
    let receipt = runtime.block_on(async {
        let id = ConfirmationId::new(acknowledged[0].confirmation.as_str()).unwrap();
        open(&path).receipt(&customer("ada"), &id).await.unwrap()
    });
    assert_eq!(receipt.unwrap().transfer.as_str(), acknowledged[0].transfer);
}
