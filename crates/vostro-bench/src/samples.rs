//! What the processes use while the load runs: processor and memory, read at even distances.
//!
//! A Vostro says it in its metrics, near or far; other processes of this machine (the database, the load
//! generator itself) are read from `/proc`, with their children.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::customers::lock;
use crate::figures::rounded;
use crate::scrape::Page;
use crate::target::Target;

/// The unit of processor times in `/proc/*/stat`: 100 a second on every Linux since 2.6.
const TICKS_PER_SECOND: f64 = 100.0;
/// The most readings of a process that a report holds.
const MOST_READINGS: usize = 240;

/// A process over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// What it is called.
    pub name: String,
    /// Seconds since the run began.
    pub at: Vec<f64>,
    /// Percent of one processor, since the reading before.
    pub cpu_percent: Vec<f64>,
    /// Resident memory, in MB.
    pub memory_mb: Vec<f64>,
    /// Processor seconds of the whole run.
    pub cpu_seconds: f64,
}

/// One reading.
#[derive(Debug, Clone, Copy)]
struct Reading {
    at: f64,
    cpu_seconds: f64,
    memory_mb: f64,
}

type Readings = BTreeMap<String, Vec<Reading>>;

/// Reads in the background until it is stopped.
pub(crate) struct Sampler {
    readings: Arc<Mutex<Readings>>,
    task: JoinHandle<()>,
    target: Target,
    began: Instant,
}

/// The metrics of all watched processes, added up.
pub(crate) async fn metrics(target: &Target) -> Page {
    let mut all = Page::default();
    for watched in &target.watched {
        if let Some(page) = page(&client(), &watched.url).await {
            all.add(&page);
        }
    }
    all
}

fn client() -> reqwest::Client {
    let built = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(5))
        .build();
    built.unwrap_or_default()
}

async fn page(client: &reqwest::Client, url: &str) -> Option<Page> {
    let answer = client.get(format!("{url}/metrics")).send().await.ok()?;
    let is_page = answer.status().is_success();
    let text = answer.text().await.ok()?;
    is_page.then(|| Page::parse(&text))
}

impl Sampler {
    /// Begins to read every `period`.
    pub(crate) fn start(target: &Target, period: Duration) -> Self {
        let readings = Arc::new(Mutex::new(Readings::new()));
        let began = Instant::now();
        let (kept, watched) = (Arc::clone(&readings), target.clone());
        let task = tokio::spawn(async move {
            let client = client();
            let mut beat = interval(period);
            beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                beat.tick().await;
                read_all(&client, &watched, began, &kept).await;
            }
        });
        Self {
            readings,
            task,
            target: target.clone(),
            began,
        }
    }

    /// Reads once more, and stops.
    pub(crate) async fn stop(self) -> Vec<Process> {
        self.task.abort();
        read_all(&client(), &self.target, self.began, &self.readings).await;
        let readings = lock(&self.readings);
        readings
            .iter()
            .map(|(name, readings)| process(name, readings))
            .collect()
    }
}

async fn read_all(
    client: &reqwest::Client,
    target: &Target,
    began: Instant,
    kept: &Mutex<Readings>,
) {
    let at = began.elapsed().as_secs_f64();
    let mut now: Vec<(String, f64, f64)> = Vec::new();
    for watched in &target.watched {
        if let Some(page) = page(client, &watched.url).await
            && let Some(cpu) = page.value("process_cpu_seconds_total")
            && let Some(bytes) = page.value("process_resident_memory_bytes")
        {
            now.push((watched.name.clone(), cpu, bytes / 1e6));
        }
    }
    let own = ("load generator".to_owned(), std::process::id());
    for (name, pid) in target.local.iter().chain([&own]) {
        // Of this process only itself: the server that it started is its child.
        let with_children = *pid != own.1;
        if let Some((cpu, megabytes)) = local(*pid, with_children) {
            now.push((name.clone(), cpu, megabytes));
        }
    }
    let mut kept = lock(kept);
    for (name, cpu_seconds, memory_mb) in now {
        kept.entry(name).or_default().push(Reading {
            at,
            cpu_seconds,
            memory_mb,
        });
    }
}

fn process(name: &str, readings: &[Reading]) -> Process {
    let each = readings.len().div_ceil(MOST_READINGS).max(1);
    let mut process = Process {
        name: name.to_owned(),
        ..Process::default()
    };
    let kept: Vec<&Reading> = readings.iter().step_by(each).collect();
    for pair in kept.windows(2) {
        let [before, after] = pair else { continue };
        let took = after.at - before.at;
        if took <= 0.0 {
            continue;
        }
        process.at.push(rounded(after.at));
        // A process of several that ended takes its share along: less than nothing is nothing.
        let used = (after.cpu_seconds - before.cpu_seconds).max(0.0);
        process.cpu_percent.push(rounded(used / took * 100.0));
        process.memory_mb.push(rounded(after.memory_mb));
    }
    if let (Some(first), Some(last)) = (readings.first(), readings.last()) {
        process.cpu_seconds = rounded(last.cpu_seconds - first.cpu_seconds);
    }
    process
}

/// Processor seconds and resident megabytes of a process of this machine. Of a database also its
/// children's: theirs that ended count with their parent once it has waited for them.
fn local(pid: u32, with_children: bool) -> Option<(f64, f64)> {
    let (mut cpu, mut memory) = figures(pid)?;
    if with_children {
        let path = format!("/proc/{pid}/task/{pid}/children");
        let children = std::fs::read_to_string(path).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|id| id.parse().ok()) {
            if let Some((its_cpu, its_memory)) = local(child, true) {
                cpu += its_cpu;
                memory += its_memory;
            }
        }
    }
    Some((cpu, memory))
}

/// `man 5 proc`: utime, stime, cutime and cstime of `stat`, and what is resident without what is shared
/// (else a database's buffers would count once for each of its processes).
fn figures(pid: u32) -> Option<(f64, f64)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let ticks: f64 = rest
        .split_whitespace()
        .skip(11)
        .take(4)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    let statm = std::fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let mut pages = statm
        .split_whitespace()
        .skip(1)
        .filter_map(|field| field.parse::<f64>().ok());
    let (resident, shared) = (pages.next()?, pages.next()?);
    Some((
        ticks / TICKS_PER_SECOND,
        (resident - shared) * 4_096.0 / 1e6,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_a_processor_come_from_differences() {
        let reading = |at, cpu_seconds| Reading {
            at,
            cpu_seconds,
            memory_mb: 10.0,
        };
        let found = process(
            "vostro",
            &[reading(0.0, 1.0), reading(2.0, 2.0), reading(4.0, 6.0)],
        );
        assert_eq!(found.cpu_percent, [50.0, 200.0]);
        assert!((found.cpu_seconds - 5.0).abs() < 1e-9);
        assert_eq!(process("vostro", &[]).at, Vec::<f64>::new());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_of_this_machine_has_figures() {
        let (cpu, memory) = local(std::process::id(), false).unwrap();
        assert!(cpu >= 0.0 && memory > 0.1, "{cpu} {memory}");
        assert_eq!(local(u32::MAX, true), None);
    }
}
