//! A trace of system calls shows the order: the log is written, the log is synced, the transfer is
//! acknowledged. Where there is no strace, or it may not trace, the test says so and ends.
//!
//! Which settings stop a start is tested where they are read: `connection.rs` of the `SQLite` driver, and
//! `refused_starts.rs` beside the `PostgreSQL` driver's tests.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use vostro_bank::Operations;
use vostro_faults::{
    Acknowledged, Server, Victim, cents_out, portfolio, report, skipped, transfer,
};
use vostro_store::PostgresStore;
use vostro_types::SystemClock;

use crate::VICTIM;
use crate::kill_postgres::config;
use crate::kill_sqlite::open;

const TRANSFERS: usize = 20;
/// The calls that write, that make durable, and that answer.
const CALLS: &str = "trace=write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,sendto,sendmsg";

/// Whether strace is there and may trace a process of ours.
fn can_trace() -> Result<(), String> {
    match Command::new("strace")
        .args(["-f", "-o", "/dev/null", "true"])
        .output()
    {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(why) => Err(format!("strace: {why}")),
    }
}

/// What a trace shows, call by call.
#[derive(Default)]
struct Order {
    /// Processes and threads whose writes to the log are not synced yet.
    unsynced: HashSet<String>,
    /// A sync that began and has not ended, by process or thread.
    under_way: HashMap<String, bool>,
    syncs: usize,
    answers: usize,
    /// Answers that went out before their writes were synced.
    early: Vec<String>,
}

impl Order {
    /// Reads a line of strace: `PID call(FD<path>, …) = RESULT`, or a call in two halves.
    fn read(&mut self, line: &str, log: &str, answer: impl Fn(&str) -> bool, one_log: bool) {
        let Some((pid, call)) = line.trim_start().split_once(char::is_whitespace) else {
            return;
        };
        let (pid, call) = (pid.to_owned(), call.trim_start());
        // In one process, whoever writes the log writes for all.
        let writer = if one_log { String::new() } else { pid.clone() };
        let is_log = call.contains(log);
        let is_sync = ["fsync(", "fdatasync("]
            .iter()
            .any(|name| call.starts_with(name));
        if call.contains(" resumed>") {
            if self.under_way.remove(&pid) == Some(true) && call.trim_end().ends_with("= 0") {
                self.synced(&writer);
            }
        } else if is_sync {
            if call.contains("<unfinished") {
                self.under_way.insert(pid, is_log);
            } else if is_log && call.trim_end().ends_with("= 0") {
                self.synced(&writer);
            }
        } else if is_log {
            self.unsynced.insert(writer);
        } else if answer(call) {
            self.answers += 1;
            if self.unsynced.contains(&writer) {
                self.early.push(line.to_owned());
            }
        }
    }

    fn synced(&mut self, writer: &str) {
        self.syncs += 1;
        self.unsynced.remove(writer);
    }

    fn of(path: &Path, log: &str, answer: impl Fn(&str) -> bool, one_log: bool) -> Self {
        let mut order = Self::default();
        for line in std::fs::read_to_string(path).unwrap().lines() {
            order.read(line, log, &answer, one_log);
        }
        order
    }

    fn say(&self, store: &str) {
        report(
            &format!("sync-trace-{store}"),
            &[
                ("acknowledged", &TRANSFERS),
                ("answers_traced", &self.answers),
                ("syncs", &self.syncs),
                ("before_their_sync", &self.early.len()),
            ],
        );
        assert_eq!(self.early, Vec::<String>::new());
        assert!(self.answers >= TRANSFERS, "{} answers", self.answers);
        // A proposal and a posting, one commit each.
        assert!(self.syncs >= 2 * TRANSFERS, "{} syncs", self.syncs);
    }
}

#[test]
fn the_reader_tells_early_answers() {
    let answer = |call: &str| call.contains("ACK");
    let table = [
        ("w s a", 0),
        ("w a s", 1),
        ("s w a", 1),
        ("w u a r", 1),
        ("w u r a", 0),
        ("w s a w a", 1),
    ];
    for (calls, early) in table {
        let mut order = Order::default();
        for call in calls.split(' ') {
            let line = match call {
                "w" => "11 pwrite64(7</d/bank.db-wal>, \"..\", 4096, 0) = 4096",
                "s" => "11 fdatasync(7</d/bank.db-wal>) = 0",
                "u" => "11 fdatasync(7</d/bank.db-wal> <unfinished ...>",
                "r" => "11 <... fdatasync resumed>) = 0",
                _ => "12 write(1<pipe:[1]>, \"ACK cnf\", 7) = 7",
            };
            order.read(line, "-wal>", answer, true);
        }
        assert_eq!(order.early.len(), early, "{calls}");
    }
}

#[test]
fn sqlite_syncs_before_it_acknowledges() {
    if let Err(why) = can_trace() {
        return skipped("sync-trace-sqlite", why);
    }
    let folder = tempfile::tempdir().unwrap();
    let (path, trace) = (folder.path().join("bank.db"), folder.path().join("trace"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = open(&path);
        portfolio(&store, "ada").await;
        store.close().await;
    });
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-s", "16", "-e", CALLS, "-o"]);
    command.arg(&trace).arg(VICTIM).arg("load").arg(&path);
    let mut victim = Victim::start(command.args(["ada", "1"]));
    let mut acknowledged = 0;
    while acknowledged < TRANSFERS {
        let line = victim.line().expect("the victim works");
        acknowledged += usize::from(Acknowledged::read(&line).is_some());
    }
    // The victim ends when nobody listens any more; killing strace would leave it running.
    victim.hung_up();
    let answer = |call: &str| call.starts_with("write(1<") && call.contains("\"ACK ");
    Order::of(&trace, "bank.db-wal>", answer, true).say("sqlite");
}

/// A trace of a server and of every process that it starts from now on.
struct Traced {
    strace: Child,
    /// Kept open: strace ends when nobody reads what it says.
    _said: BufReader<ChildStderr>,
}

impl Traced {
    fn attach(pid: u32, to: &Path) -> Self {
        let mut strace = Command::new("strace")
            .args(["-f", "-y", "-s", "16", "-e", CALLS, "-o"])
            .arg(to)
            .args(["-p", &pid.to_string()])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(strace.stderr.take().unwrap());
        let mut line = String::new();
        // "strace: Process 123 attached"
        said.read_line(&mut line).unwrap();
        assert!(line.contains("attached"), "{line}");
        Self {
            strace,
            _said: said,
        }
    }

    /// Ends the trace, which writes out what is left of it; the server goes on.
    fn end(mut self) {
        let pid = self.strace.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status().unwrap();
        self.strace.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_syncs_before_it_answers() {
    if let Err(why) = can_trace() {
        return skipped("sync-trace-postgres", why);
    }
    let server = match Server::start() {
        Ok(server) => server,
        Err(why) => return skipped("sync-trace-postgres", why),
    };
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let store = PostgresStore::connect(server.url(), config())
        .await
        .unwrap();
    let ada = portfolio(&store, "ada").await;
    store.close().await;
    let traced = Traced::attach(server.pid(), &trace);
    let store = PostgresStore::connect(server.url(), config())
        .await
        .unwrap();
    for _ in 0..TRANSFERS {
        transfer(&store, &SystemClock, cents_out(&ada, 1)).await;
    }
    store.close().await;
    drop(store);
    traced.end();
    let answer = |call: &str| call.starts_with("sendto(") || call.starts_with("sendmsg(");
    Order::of(&trace, "/pg_wal/", answer, false).say("postgres");
}
