//! The primary of three hosts is lost under load, by kill -9 of everything on it or by its network: another host
//! takes over (Patroni over etcd, synchronous replication), the store finds it by itself, every acknowledged
//! transfer is there, none twice, the books balance.
//!
//! The hosts are namespaces of the network, which take root and minutes: `make test-ha` asks for it.

use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use vostro_bank::{Bank as _, Operations, Portfolio, PostOutcome, Receipt};
use vostro_faults::{
    cents_out, checking, context, portfolio, proposal, report, scaled, skipped, yes,
};
use vostro_store::PostgresStore;
use vostro_types::SystemClock;

use crate::kill_postgres::{config, posted};

const CLIENTS: usize = 8;
const LOSSES: u32 = 4;
/// Acknowledged transfers before a primary is lost, and after another has taken over.
const UNDER_LOAD: usize = 200;
/// The longest that anything here may take: an election, a host's way back.
const PATIENCE: Duration = Duration::from_mins(3);
const AGAIN_AFTER: Duration = Duration::from_millis(50);
const CANNOT: i32 = 77;

/// The three hosts; gone when dropped.
struct Cluster;

impl Cluster {
    fn up() -> Result<(Self, String), String> {
        let cluster = Self;
        let output = Cluster::ask(&["up"]);
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.code() == Some(CANNOT) {
            return Err(said(&output.stderr));
        }
        assert!(output.status.success(), "{}", said(&output.stderr));
        Ok((cluster, said(&output.stdout)))
    }

    fn ask(arguments: &[&str]) -> Output {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/ha-cluster.sh");
        Command::new(script).args(arguments).output().unwrap()
    }

    fn tell(command: &str, host: &str) {
        let output = Self::ask(&[command, host]);
        assert!(output.status.success(), "{command} {host}: {output:?}");
    }

    fn primary() -> Option<String> {
        let output = Self::ask(&["primary"]);
        let host = String::from_utf8(output.stdout).unwrap();
        output.status.success().then(|| host.trim().to_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        Self::ask(&["down"]);
    }
}

/// The receipts of all clients, with the instant of each.
#[derive(Default)]
struct Acknowledged(Mutex<Vec<(Instant, Receipt)>>);

impl Acknowledged {
    fn add(&self, receipt: Receipt) {
        self.0.lock().unwrap().push((Instant::now(), receipt));
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// The longest time without an acknowledgement, from number `from` on.
    fn longest_silence(&self, from: usize) -> Duration {
        let all = self.0.lock().unwrap();
        let pairs = all[from..].windows(2);
        pairs.map(|pair| pair[1].0 - pair[0].0).max().unwrap()
    }
}

/// Posts cents until told to stop. What has no answer is asked again, the same confirmation with it.
async fn client(
    store: Arc<PostgresStore>,
    ada: Portfolio,
    acknowledged: Arc<Acknowledged>,
    stop: Arc<AtomicBool>,
) {
    while !stop.load(Ordering::Relaxed) {
        let proposal = proposal(&SystemClock, cents_out(&ada, 1));
        let context = context(&ada.customer.id);
        while store.propose(&proposal, &context).await.is_err() {
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        let receipt = loop {
            match store.confirm_and_post(yes(&proposal), &context).await {
                Ok(PostOutcome::Posted(receipt) | PostOutcome::Replayed(receipt)) => break receipt,
                Ok(other) => panic!("{other:?}"),
                Err(_) => tokio::time::sleep(AGAIN_AFTER).await,
            }
        };
        acknowledged.add(*receipt);
    }
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what} takes too long");
        tokio::time::sleep(AGAIN_AFTER).await;
    }
    println!("{what}: {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_primary_loses_nothing_that_was_acknowledged() {
    if std::env::var_os("VOSTRO_HA").is_none() {
        return skipped("lost-primary", "`make test-ha` asks for it");
    }
    let (_cluster, url) = match Cluster::up() {
        Ok(up) => up,
        Err(why) => return skipped("lost-primary", why),
    };
    let store = Arc::new(PostgresStore::connect(&url, config()).await.unwrap());
    let acknowledged = Arc::new(Acknowledged::default());
    let stop = Arc::new(AtomicBool::new(false));
    let mut portfolios = Vec::new();
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let ada = portfolio(store.as_ref(), &format!("client_{number}")).await;
        let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
        let posting = client(Arc::clone(&store), ada.clone(), acknowledged, stop);
        clients.push(tokio::spawn(posting));
        portfolios.push(ada);
    }
    let mut silences = Vec::new();
    for number in 0..scaled(LOSSES) {
        let before = acknowledged.count();
        until("load", || acknowledged.count() >= before + UNDER_LOAD).await;
        let lost = Cluster::primary().unwrap();
        let (blow, restore) = if number % 2 == 0 {
            ("kill", "start")
        } else {
            ("cut", "join")
        };
        let from = acknowledged.count();
        Cluster::tell(blow, &lost);
        until("a new primary", || {
            Cluster::primary().is_some_and(|host| host != lost)
        })
        .await;
        let taken_over = acknowledged.count();
        until("load on the new primary", || {
            acknowledged.count() >= taken_over + UNDER_LOAD
        })
        .await;
        let silence = acknowledged.longest_silence(from);
        println!("{blow} of host {lost}: {silence:?} without an answer");
        silences.push((blow, silence));
        Cluster::tell(restore, &lost);
        until("the way back", || Cluster::ask(&["ready"]).status.success()).await;
    }
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    assert_eq!(store.trial_balance().await.unwrap(), Vec::<String>::new());
    let posted = posted(&store).await;
    let receipts = std::mem::take(&mut *acknowledged.0.lock().unwrap());
    let is_lost = |(_, receipt): &&(Instant, Receipt)| {
        let confirmation = receipt.confirmation.as_str();
        !posted.contains_key(confirmation)
    };
    let lost = receipts.iter().filter(is_lost).count();
    let doubled = posted.values().filter(|times| **times > 1).count();
    let mut moved = 0;
    for ada in &portfolios {
        let now = portfolio(store.as_ref(), ada.customer.id.as_str()).await;
        moved += checking(ada).balance.minor - checking(&now).balance.minor;
    }
    let silences: Vec<String> = silences
        .iter()
        .map(|(how, silence)| format!("{how}:{:.1}s", silence.as_secs_f64()))
        .collect();
    report(
        "lost-primary",
        &[
            ("losses", &silences.len()),
            ("acknowledged", &receipts.len()),
            ("posted", &posted.len()),
            ("moved", &moved),
            ("lost", &lost),
            ("doubled", &doubled),
            ("without_an_answer", &silences.join(",")),
        ],
    );
    assert_eq!((lost, doubled), (0, 0));
    assert_eq!(posted.len(), receipts.len(), "every client had its answer");
    assert_eq!(usize::try_from(moved).unwrap(), posted.len());
}
