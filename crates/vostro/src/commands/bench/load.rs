//! The scenarios, on servers that are started for them or on a deployment that is there.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use vostro_bench::compare::compare;
use vostro_bench::deployment::{Deployment, Wanted};
use vostro_bench::{Arrivals, MixKind, Report, Run, Scenario, Settings, Target, goals, report};

use super::told::Teller;
use super::{ReportArgs, length, made, this_program, wrong};
use crate::commands::version::print;
use crate::failure::FAILED;

/// How a scenario is run.
#[derive(Debug, Args)]
pub(super) struct LoadArgs {
    /// The concierge of a deployment that is there [default: a server of its own]
    #[arg(long, value_name = "URL", conflicts_with_all = ["database_url", "replicas"])]
    url: Option<String>,
    /// Its knowledge search, when that answers elsewhere
    #[arg(long, value_name = "URL", requires = "url")]
    rag_url: Option<String>,
    /// Its guardrails, when they answer elsewhere
    #[arg(long, value_name = "URL", requires = "url")]
    guardrails_url: Option<String>,
    /// The store of the server that is started: `sqlite` for a temporary file, or an address; may be
    /// repeated, and all is run on each
    #[arg(long, value_name = "URL", default_value = "sqlite")]
    database_url: Vec<String>,
    /// Processes that are started over the one store
    #[arg(long, value_name = "N", default_value_t = 1)]
    replicas: usize,
    /// What is sent; may be repeated
    #[arg(long, value_enum)]
    mix: Vec<Mix>,
    /// How long each scenario lasts [default: as the scenario says]
    #[arg(long, value_name = "TIME", value_parser = length)]
    duration: Option<Duration>,
    /// A factor on the scenarios' lengths
    #[arg(
        long,
        value_name = "FACTOR",
        default_value_t = 1.0,
        conflicts_with = "duration"
    )]
    scale: f64,
    /// Shorten all so that it takes about this long
    #[arg(long, value_name = "TIME", value_parser = length, conflicts_with_all = ["duration", "scale"])]
    within: Option<Duration>,
    /// How long a user waits between two requests
    #[arg(long, value_name = "TIME", value_parser = length, default_value = "800ms")]
    think: Duration,
    /// Users at the height of stress and spike
    #[arg(long, value_name = "N", default_value_t = 100)]
    peak: u32,
    /// The most users that the stress test goes on to
    #[arg(long, value_name = "N", default_value_t = 12_800)]
    most_users: u32,
    /// How many different customers are played
    #[arg(long, value_name = "N", default_value_t = 100)]
    customers: usize,
    /// Send requests at even distances rather than as customers come
    #[arg(long)]
    even: bool,
    /// After so long a request counts as failed
    #[arg(long, value_name = "TIME", value_parser = length, default_value = "10s")]
    timeout: Duration,
    /// The number that all choices are made from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// A process of this machine whose figures belong into the report, such as `postgres=4711`; may be repeated
    #[arg(long, value_name = "NAME=PID", value_parser = watched)]
    watch: Vec<(String, u32)>,
    /// Compare with an earlier report's JSON file at the end
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    #[command(flatten)]
    report: ReportArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mix {
    /// Balance 40 %, history 25 %, transfer 15 %, bill 10 %, health 10 %
    Customers,
    /// Searches alone
    Rag,
    /// Checks alone
    Guardrails,
}

impl Mix {
    const fn kind(self) -> MixKind {
        match self {
            Self::Customers => MixKind::Customers,
            Self::Rag => MixKind::Rag,
            Self::Guardrails => MixKind::Guardrails,
        }
    }
}

/// One run that is to be made.
struct Planned {
    scenario: Scenario,
    mix: MixKind,
    /// `None`: the deployment that is there.
    database: Option<String>,
    lasts: Duration,
}

/// Runs the scenarios.
pub(super) fn run(scenarios: &[Scenario], args: &LoadArgs) -> Result<ExitCode> {
    if !(args.scale > 0.0 && args.scale.is_finite()) {
        return Err(wrong(
            "--scale: a factor is more than zero",
            "such as `--scale 0.1`",
        ));
    }
    let planned = plan(scenarios, args);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    let began = Instant::now();
    let mut report = Report {
        made: made(&args.report),
        ..Report::default()
    };
    let teller = Arc::new(Teller::new());
    for (number, one) in planned.iter().enumerate() {
        let run = runtime.block_on(measure(one, number, args, &report, &teller))?;
        teller.say(&line(&run));
        report.runs.push(run);
    }
    teller.done();
    report.goals = goals::goals(&report.runs);
    report.made.machine.finish();
    report.made.seconds = began.elapsed().as_secs_f64();
    let [html, ..] = report::write(&report, &args.report.out)?;
    let mut text = format!("The report: {}\n", html.display());
    let mut good = report.passes();
    if let Some(file) = &args.compare {
        let found = compare(&report::read(file)?, &report, 0.1);
        text.push_str(&found.text);
        good &= found.worse == 0;
    }
    print(&text)?;
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    })
}

/// Which runs there are, and how long each lasts.
fn plan(scenarios: &[Scenario], args: &LoadArgs) -> Vec<Planned> {
    let databases: Vec<Option<String>> = match args.url {
        Some(_) => vec![None],
        None => args.database_url.iter().cloned().map(Some).collect(),
    };
    let mut planned = Vec::new();
    for (place, database) in databases.into_iter().enumerate() {
        for &scenario in scenarios {
            let mixes: Vec<MixKind> = match args.mix.as_slice() {
                // Searches and checks do not know the store: once is enough.
                [] if scenario == Scenario::Capacity && scenarios.len() > 1 && place == 0 => {
                    vec![MixKind::Guardrails, MixKind::Rag, MixKind::Customers]
                }
                [] => vec![MixKind::Customers],
                chosen => chosen.iter().map(|mix| mix.kind()).collect(),
            };
            planned.extend(mixes.into_iter().map(|mix| {
                Planned {
                    scenario,
                    mix,
                    database: database.clone(),
                    lasts: args
                        .duration
                        .unwrap_or_else(|| scenario.usual().mul_f64(args.scale)),
                }
            }));
        }
    }
    if let Some(within) = args.within {
        // What starting a server and opening accounts takes is not there for the load.
        let load = within.mul_f64(0.8);
        let all: f64 = planned.iter().map(|one| weight(one.scenario)).sum();
        for one in &mut planned {
            one.lasts = load.mul_f64(weight(one.scenario) / all / beyond(one.scenario));
        }
    }
    planned
}

/// How much of the time a scenario gets where time is short.
const fn weight(scenario: Scenario) -> f64 {
    match scenario {
        Scenario::Baseline => 1.0,
        Scenario::Stress | Scenario::Soak => 2.5,
        Scenario::Spike => 1.5,
        Scenario::Capacity => 0.4,
    }
}

/// The stress test's steps beyond its peak come on top of its length.
const fn beyond(scenario: Scenario) -> f64 {
    match scenario {
        Scenario::Stress => 1.35,
        _ => 1.0,
    }
}

async fn measure(
    planned: &Planned,
    number: usize,
    args: &LoadArgs,
    report: &Report,
    teller: &Arc<Teller>,
) -> Result<Run> {
    let deployment = match &planned.database {
        Some(url) => Some(start(url, args).await?),
        None => None,
    };
    let mut target = match (&deployment, &args.url) {
        (Some(deployment), _) => deployment.target.clone(),
        (None, url) => {
            let (rag, guardrails) = (args.rag_url.as_deref(), args.guardrails_url.as_deref());
            Target::at(url.as_deref().unwrap_or_default(), rag, guardrails).await?
        }
    };
    target.local.extend(args.watch.iter().cloned());
    // Runs against one deployment play different customers.
    let name = report.made.at.replace(|c: char| !c.is_ascii_digit(), "");
    let settings = Settings {
        mix: planned.mix,
        duration: planned.lasts,
        peak: f64::from(args.peak.max(1)),
        think: args.think,
        arrivals: if args.even {
            Arrivals::Even
        } else {
            Arrivals::Poisson
        },
        timeout: args.timeout,
        customers: args.customers.max(1),
        most_users: f64::from(args.most_users),
        seed: args.seed,
        prefix: format!("bench_{name}_{number}"),
    };
    let books = || {
        let check = deployment.as_ref()?.command(&["ledger", "check"]).output();
        check.ok().map(|output| output.status.success())
    };
    let told = Arc::clone(teller);
    let mut run = vostro_bench::run(
        planned.scenario,
        &target,
        &settings,
        report.made.machine.processors,
        books,
        Arc::new(move |progress| told.tell(&progress)),
    )
    .await?;
    if let Some(deployment) = &deployment {
        run.start_seconds = Some(deployment.start_seconds);
        run.idle_mb = deployment.idle_mb;
    }
    Ok(run)
}

async fn start(url: &str, args: &LoadArgs) -> Result<Deployment> {
    let own_file = url == "sqlite";
    let store = match url.split(':').next() {
        Some("sqlite") => "SQLite",
        Some("postgres" | "postgresql") => "PostgreSQL",
        _ => {
            return Err(wrong(
                "--database-url: this names no store",
                "`sqlite`, `sqlite:PATH` or `postgres://…`",
            ));
        }
    };
    if args.replicas > 1 && store == "SQLite" {
        return Err(wrong(
            "--replicas: one process at a time opens an SQLite file",
            "give a PostgreSQL database with --database-url",
        ));
    }
    let name = match args.replicas {
        0 | 1 => store.to_owned(),
        replicas => format!("{store}, {replicas} replicas"),
    };
    Ok(Deployment::start(Wanted {
        program: this_program()?,
        name,
        database_url: (!own_file).then(|| url.to_owned()),
        replicas: args.replicas,
        settings: Vec::new(),
    })
    .await?)
}

/// What came of a run, in one line.
fn line(run: &Run) -> String {
    let mark = if run.passes() { "ok    " } else { "MISSED" };
    let latency = run.totals.response;
    let mut text = format!(
        "{mark} {}: {} requests, {:.1}/s right, {} wrong, {} failed, {} shed; P50 {} P95 {} P99 {} ms",
        run.title(),
        run.totals.requests,
        run.totals.per_second,
        run.totals.wrong,
        run.totals.failed,
        run.totals.shed,
        latency.p50,
        latency.p95,
        latency.p99
    );
    if let Some(ms) = run.cpu_ms_per_request {
        let _ = write!(text, "; {ms} ms of a processor a request");
    }
    if let Some(knee) = &run.knee {
        let _ = write!(text, "; knee {knee}");
    }
    if let Some(seconds) = run.recovery_seconds {
        let _ = write!(text, "; recovered in {seconds:.1} s");
    }
    text
}

fn watched(text: &str) -> Result<(String, u32), String> {
    let (name, pid) = text.split_once('=').ok_or("write it as `postgres=4711`")?;
    let pid = pid
        .parse()
        .map_err(|_| "the number of a process comes after the `=`")?;
    Ok((name.to_owned(), pid))
}
