//! The scenarios: which load when, and what is made of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::customers::Customers;
use crate::driver::{Driver, LoadSettings};
use crate::error::BenchError;
use crate::figures::{Figures, Sample, rounded, timeline};
use crate::findings::findings;
use crate::judging::{judge, keeps_up};
use crate::mix::{Kind, MixKind};
use crate::profile::{Arrivals, Phase};
use crate::report::model::{Named, PhaseFigures, Run};
use crate::samples::{Sampler, metrics};
use crate::scrape::Page;
use crate::target::Target;
use crate::verdict::cpu_ms_per_request;

/// A load test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// 10 users, 5 minutes.
    Baseline,
    /// 10 → 100 users in 10 minutes, then twice as many again and again until it cannot keep up.
    Stress,
    /// 10 → 100 → 10 users, 6 minutes: how it holds, and how soon it is as before.
    Spike,
    /// 50 users, 1 hour: whether memory grows.
    Soak,
    /// 10 connections, each sending its next request once the last was answered, 30 seconds: how much can
    /// be done, and what a request costs.
    Capacity,
}

impl Scenario {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Stress => "stress",
            Self::Spike => "spike",
            Self::Soak => "soak",
            Self::Capacity => "capacity",
        }
    }

    /// How long it lasts unless told otherwise; the stress test's steps beyond 100 users come on top.
    pub const fn usual(self) -> Duration {
        match self {
            Self::Baseline => Duration::from_mins(5),
            Self::Stress => Duration::from_mins(10),
            Self::Spike => Duration::from_mins(6),
            Self::Soak => Duration::from_hours(1),
            Self::Capacity => Duration::from_secs(30),
        }
    }

    /// The phases that are run in any case.
    fn phases(self, settings: &Settings) -> Vec<Phase> {
        let part = |share| settings.duration.mul_f64(share);
        let (few, many) = (10.0, settings.peak);
        match self {
            Self::Baseline => vec![Phase::steady("10 users", few, part(1.0))],
            Self::Stress => vec![
                Phase::ramp(format!("10 → {many} users"), few, many, part(0.8)),
                Phase::steady(format!("{many} users"), many, part(0.2)),
            ],
            Self::Spike => vec![
                Phase::steady("10 users", few, part(0.3)),
                Phase::steady(format!("spike: {many} users"), many, part(0.3)),
                Phase::steady("10 users again", few, part(0.4)),
            ],
            Self::Soak => vec![Phase::steady("50 users", 50.0, part(1.0))],
            Self::Capacity => vec![Phase::steady("10 connections", 10.0, part(1.0))],
        }
    }
}

/// How a scenario is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What is sent.
    pub mix: MixKind,
    /// How long it lasts.
    pub duration: Duration,
    /// Users at the height of stress and spike.
    pub peak: f64,
    /// How long a user waits between two requests.
    pub think: Duration,
    /// How requests are spread.
    pub arrivals: Arrivals,
    /// After so long a request counts as failed.
    pub timeout: Duration,
    /// How many different customers are played.
    pub customers: usize,
    /// The most users that the stress test goes on to.
    pub most_users: f64,
    /// The number that all choices are made from.
    pub seed: u64,
    /// What customers' names begin with: runs against one deployment have different ones.
    pub prefix: String,
}

/// What is going on.
#[derive(Debug, Clone)]
pub struct Progress {
    /// What is being done.
    pub doing: String,
    /// Seconds since the scenario's load began.
    pub elapsed: f64,
    /// Seconds that it will last, as far as that is known.
    pub expected: f64,
    /// Requests that ended.
    pub done: usize,
    /// Of the last of them, how many without the right answer.
    pub bad: usize,
}

/// Runs a scenario. `books` asks the deployment's own check of its books, where it can be reached.
///
/// # Errors
/// When the HTTP client cannot be set up. What the deployment does under load is in the run.
pub async fn run(
    scenario: Scenario,
    target: &Target,
    settings: &Settings,
    processors: usize,
    books: impl FnOnce() -> Option<bool>,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
) -> Result<Run, BenchError> {
    let talks = settings.mix == MixKind::Customers;
    let (driver, openings) = prepared(scenario, target, settings, &progress).await?;
    let before = metrics(target).await;
    let period =
        (settings.duration / 600).clamp(Duration::from_millis(500), Duration::from_secs(5));
    let watch = Sampler::start(target, period);
    let phases = carry_out(scenario, settings, &driver, &progress).await;
    let seconds = driver.elapsed();
    let processes = watch.stop().await;
    let after = metrics(target).await;
    let (samples, reasons) = driver.taken();
    let mut run = Run {
        scenario: scenario.name().to_owned(),
        mix: settings.mix.name().to_owned(),
        target: target.name.clone(),
        server_version: target.version.clone(),
        seconds: rounded(seconds),
        think_ms: u64::try_from(settings.think.as_millis()).unwrap_or_default(),
        customers: openings.len(),
        phases: figures_of(&phases, &samples),
        totals: Figures::of(samples.iter(), seconds),
        kinds: by(&samples, seconds, Kind::name),
        services: by(&samples, seconds, Kind::service),
        reasons,
        timeline: timeline(&samples, 240),
        ..told(&before, &after)
    };
    let servers = processes.iter().filter(|one| {
        let mut watched = target.watched.iter();
        watched.any(|server| server.name == one.name)
    });
    let cpu: f64 = servers.map(|server| server.cpu_seconds).sum();
    // A health check is no work: what is left is what a turn, a search or a check costs.
    let worked = samples
        .iter()
        .filter(|one| one.kind != Kind::Health)
        .count();
    run.cpu_ms_per_request = cpu_ms_per_request(cpu, worked as u64);
    judge(scenario, &mut run, &samples, &processes);
    run.processes = processes;
    if talks {
        let users = driver
            .customers()
            .money()
            .customers()
            .map(str::to_owned)
            .collect();
        let closing = driver.all_balances(users).await;
        let mut conservation = driver.customers().money().compare(&closing);
        conservation.unread += openings.values().filter(|one| one.is_none()).count() as u64;
        conservation.books = books();
        run.conservation = Some(conservation);
    }
    run.findings = findings(&run, processors);
    Ok(run)
}

/// A driver whose customers have accounts, and what was on them. Its time begins when all is prepared.
async fn prepared(
    scenario: Scenario,
    target: &Target,
    settings: &Settings,
    progress: &Arc<dyn Fn(Progress) + Send + Sync>,
) -> Result<(Arc<Driver>, BTreeMap<String, Option<i64>>), BenchError> {
    let load = LoadSettings {
        mix: settings.mix,
        text: None,
        think: settings.think,
        arrivals: settings.arrivals,
        timeout: settings.timeout,
        seed: settings.seed,
    };
    let talks = settings.mix == MixKind::Customers;
    let count = if talks { settings.customers } else { 0 };
    let mut openings = BTreeMap::new();
    if talks {
        progress(Progress {
            doing: format!("{}: opening {count} customers' accounts", scenario.name()),
            elapsed: 0.0,
            expected: 0.0,
            done: 0,
            bad: 0,
        });
        let customers = Customers::named(&settings.prefix, count);
        let users = customers.users().to_vec();
        let first = Driver::new(target.clone(), customers, load.clone())?;
        openings = first.all_balances(users).await;
    }
    let customers = Customers::named(&settings.prefix, count);
    let driver = Driver::new(target.clone(), customers, load)?;
    for (user, balances) in &openings {
        if let Some(minor) = balances {
            driver.customers().money().opened(user, *minor);
        }
    }
    Ok((driver, openings))
}

/// What the servers measured of themselves between two pages of metrics.
fn told(before: &Page, after: &Page) -> Run {
    let mut run = Run {
        routes: after.spent(before, "http_request_duration_seconds", "route"),
        steps: after.spent(before, "vostro_turn_step_duration_seconds", "step"),
        tools: after.spent(before, "vostro_tool_duration_seconds", "tool"),
        ..Run::default()
    };
    for (name, label) in [
        ("vostro_turns_total", "outcome"),
        ("vostro_guardrail_verdicts_total", "finding"),
        ("vostro_rate_limited_total", "limit"),
        ("vostro_shed_total", "reason"),
        ("vostro_guard_fallbacks_total", "outcome"),
    ] {
        let grown = after.growth(before, name, label);
        if !grown.is_empty() {
            run.counters.insert(name.to_owned(), grown);
        }
    }
    run
}

/// Sends the load, telling how it goes; gives the phases that there were.
async fn carry_out(
    scenario: Scenario,
    settings: &Settings,
    driver: &Arc<Driver>,
    progress: &Arc<dyn Fn(Progress) + Send + Sync>,
) -> Vec<Phase> {
    let mut phases = scenario.phases(settings);
    let stop = Arc::new(AtomicBool::new(false));
    let expected: f64 = phases.iter().map(|phase| phase.seconds).sum();
    let teller = {
        let (driver, progress) = (Arc::clone(driver), Arc::clone(progress));
        let name = scenario.name();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(500)).await;
                let (done, bad) = driver.counts();
                progress(Progress {
                    doing: name.to_owned(),
                    elapsed: driver.elapsed(),
                    expected,
                    done,
                    bad,
                });
            }
        })
    };
    if scenario == Scenario::Capacity {
        driver.saturate(10, settings.duration, 0).await;
    } else {
        driver.drive(&phases, 0, &stop).await;
    }
    if scenario == Scenario::Stress {
        let lasts = settings.duration.mul_f64(0.05).max(Duration::from_secs(3));
        let mut users = settings.peak;
        loop {
            users *= 2.0;
            if users > settings.most_users {
                break;
            }
            let more = Phase::steady(format!("{users} users"), users, lasts);
            let place = u16::try_from(phases.len()).unwrap_or(u16::MAX);
            driver
                .drive(std::slice::from_ref(&more), place, &stop)
                .await;
            phases.push(more);
            let (samples, _) = driver.taken();
            let of_it = samples.iter().filter(|sample| sample.phase == place);
            if !keeps_up(&Figures::of(of_it, lasts.as_secs_f64())) {
                break;
            }
        }
    }
    teller.abort();
    phases
}

fn by(samples: &[Sample], seconds: f64, name: impl Fn(Kind) -> &'static str) -> Vec<Named> {
    let mut names: Vec<&'static str> = samples.iter().map(|sample| name(sample.kind)).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|one| Named {
            name: one.to_owned(),
            figures: Figures::of(
                samples.iter().filter(|sample| name(sample.kind) == one),
                seconds,
            ),
        })
        .collect()
}

fn figures_of(phases: &[Phase], samples: &[Sample]) -> Vec<PhaseFigures> {
    (0_u16..)
        .zip(phases)
        .map(|(place, phase)| PhaseFigures {
            figures: Figures::of(
                samples.iter().filter(|sample| sample.phase == place),
                phase.seconds,
            ),
            phase: phase.clone(),
        })
        .collect()
}
