//! What the guardrails' endpoint costs of a processor beside a bare JSON echo, both measured in one run.
//!
//! `make bench-endpoint` (or `cargo bench -p vostro-http --bench endpoint`) starts itself twice, as a bare
//! axum server that echoes a JSON text and as the guardrails' port with its limits, headers, metrics and log
//! lines on, and sends the same requests to both in turns. What is compared is the processor time of each
//! process, all its threads, as the kernel counts it (`/proc/PID/task/*/schedstat`): neighbours on the machine
//! change it little. The engine alone is measured in the same rounds, by the time of its thread. It fails when
//! the endpoint takes more than the echo, the engine and [`ALLOWED`] together; medians of the rounds.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a bench ends at the first thing that is wrong; counts are far below 2^52"
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs, hint};

use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use vostro_guardrails::{CheckRequest, Engine};
use vostro_http::client::InProcessGuard;
use vostro_http::{Edge, EdgeSettings, GuardrailsService, RateLimits, Readiness};
use vostro_telemetry::{Listeners, LogSettings, Metrics};
use vostro_types::{SystemClock, SystemEntropy};

const TEXT: &str = "What is the fee for a transfer to my savings account abroad?";
const ROUNDS: usize = 9;
const REQUESTS: usize = 3_000;
const CONNECTIONS: usize = 4;
/// Microseconds a request that the edge may add to the echo and the engine.
const ALLOWED: f64 = 10.0;

#[derive(Serialize, Deserialize)]
struct Text {
    text: String,
}

fn main() -> ExitCode {
    let runtime = |threads| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build()
            .unwrap()
    };
    match env::args().nth(1).as_deref() {
        Some("serve-echo") => runtime(2).block_on(echo()),
        Some("serve-guard") => runtime(2).block_on(guard()),
        _ if !Path::new("/proc/self/schedstat").exists() => {
            println!(
                "endpoint: this system does not count processor time by thread, nothing was measured"
            );
        }
        _ => return runtime(1).block_on(measure()),
    }
    ExitCode::SUCCESS
}

/// Tells the port on standard output, as the parent waits for it.
async fn listener() -> tokio::net::TcpListener {
    let listener = vostro_http::listen(([127, 0, 0, 1], 0).into()).unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    tokio::task::yield_now().await;
    listener
}

async fn echo() {
    let echo = post(|Json(text): Json<Text>| async { Json(text) });
    let router = Router::new().route("/api/v1/guardrails/check", echo);
    axum::serve(listener().await, router).await.unwrap();
}

async fn guard() {
    vostro_telemetry::init(&LogSettings::default(), Listeners::default()).unwrap();
    let settings = EdgeSettings {
        // Everything is counted and nothing refused.
        limits: RateLimits {
            per_minute: 100_000_000,
            flood_per_minute: 100_000_000,
            concurrent: 1_000,
            ..RateLimits::default()
        },
        ..EdgeSettings::new("bench")
    };
    let metrics = Arc::new(Metrics::new("bench"));
    let engine = Arc::new(Engine::builtin());
    let service = GuardrailsService {
        guard: Arc::new(InProcessGuard::new(engine, Arc::clone(&metrics))),
        readiness: Readiness::new(),
    };
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let edge = Edge::new(settings, clock, entropy, metrics);
    let router = vostro_http::guardrails_router(&edge, service);
    let never = std::future::pending();
    vostro_http::serve(listener().await, router, &edge, never, Duration::ZERO).await;
}

/// A server of this program in a process of its own, killed when it is dropped.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(role: &str) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .arg(role)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = process.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let url = format!("http://127.0.0.1:{}/api/v1/guardrails/check", line.trim());
        Self { process, url }
    }

    /// Nanoseconds of a processor so far.
    fn spent(&self) -> u64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.process.id())).unwrap();
        tasks.map(|task| schedstat(&task.unwrap().path())).sum()
    }

    /// Microseconds a request.
    async fn round(&self, client: &reqwest::Client, requests: usize) -> f64 {
        let body = serde_json::json!({ "text": TEXT }).to_string();
        let before = self.spent();
        let senders = (0..CONNECTIONS).map(|_| async {
            for _ in 0..requests / CONNECTIONS {
                let request = client
                    .post(&self.url)
                    .header(CONTENT_TYPE, "application/json");
                let answer = request.body(body.clone()).send().await.unwrap();
                assert!(answer.status().is_success(), "{}", answer.status());
                answer.bytes().await.unwrap();
            }
        });
        futures::future::join_all(senders).await;
        (self.spent() - before) as f64 / 1_000.0 / requests as f64
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn schedstat(task: &Path) -> u64 {
    let line = fs::read_to_string(task.join("schedstat")).unwrap_or_default();
    let first = line.split(' ').next().and_then(|n| n.parse().ok());
    first.unwrap_or(0)
}

/// Microseconds that the engine takes for the text, by this thread's own time.
fn engine_alone(engine: &Engine) -> f64 {
    const TIMES: u32 = 4_000;
    let thread = Path::new("/proc/thread-self");
    let before = schedstat(thread);
    for _ in 0..TIMES {
        hint::black_box(engine.check(hint::black_box(TEXT), &CheckRequest::default()));
    }
    (schedstat(thread) - before) as f64 / 1_000.0 / f64::from(TIMES)
}

async fn measure() -> ExitCode {
    let (echo, guard) = (Server::start("serve-echo"), Server::start("serve-guard"));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let engine = Engine::builtin();
    for server in [&echo, &guard] {
        server.round(&client, REQUESTS).await;
    }
    engine_alone(&engine);
    let mut rounds = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        let (bare, engine) = (echo.round(&client, REQUESTS).await, engine_alone(&engine));
        let whole = guard.round(&client, REQUESTS).await;
        let figures = [bare, engine, whole, whole - bare - engine];
        rounds
            .iter_mut()
            .zip(figures)
            .for_each(|(all, one)| all.push(one));
    }
    println!("| processor time, µs a request | median | least | most |\n|---|---|---|---|");
    let mut added = 0.0;
    let names = [
        "bare JSON echo",
        "engine",
        "guardrails endpoint",
        "added by the edge",
    ];
    for (name, mut all) in names.into_iter().zip(rounds) {
        all.sort_unstable_by(f64::total_cmp);
        added = all[ROUNDS / 2];
        println!(
            "| {name} | {added:.1} | {:.1} | {:.1} |",
            all[0],
            all[ROUNDS - 1]
        );
    }
    println!(
        "\n{ROUNDS} rounds of {REQUESTS} requests each, {CONNECTIONS} connections, bar +{ALLOWED} µs"
    );
    if added <= ALLOWED {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
