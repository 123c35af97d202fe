//! A deployment of our own to measure: servers on ports that the system chooses, with the limits of the
//! `bench` profile and data of their own, ended when it is dropped.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::error::BenchError;
use crate::target::{Target, Watched, version};

/// How long a start or an end may take.
const PATIENCE: Duration = Duration::from_mins(2);
/// After its start, before its memory is called idle.
const SETTLE: Duration = Duration::from_secs(2);
/// How many arenas the allocator of the C library may open (`docs/decisions/0063-one-arena.md`).
const ARENAS: &str = "MALLOC_ARENA_MAX";

/// What to start.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The program.
    pub program: PathBuf,
    /// What it is called in the report.
    pub name: String,
    /// The store; `None` is an `SQLite` file in a temporary folder.
    pub database_url: Option<String>,
    /// Processes that answer as the concierge.
    pub replicas: usize,
    /// More settings, as `KEY=VALUE`.
    pub settings: Vec<String>,
}

/// Running servers.
#[derive(Debug)]
pub struct Deployment {
    /// Where they answer.
    pub target: Target,
    /// From the start of the first process to its first `ready`.
    pub start_seconds: f64,
    /// Its resident memory before any load, in MB.
    pub idle_mb: Option<f64>,
    wanted: Wanted,
    servers: Vec<Child>,
    folder: tempfile::TempDir,
}

impl Deployment {
    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// [`BenchError::Start`] with what the server wrote.
    pub async fn start(wanted: Wanted) -> Result<Self, BenchError> {
        let folder = tempfile::Builder::new()
            .prefix("vostro-bench-")
            .tempdir()
            .map_err(|error| BenchError::Start(error.to_string()))?;
        let target = Target {
            name: wanted.name.clone(),
            concierge: Vec::new(),
            rag: String::new(),
            guardrails: String::new(),
            watched: Vec::new(),
            local: Vec::new(),
            version: String::new(),
        };
        let mut deployment = Self {
            target,
            start_seconds: 0.0,
            idle_mb: None,
            servers: Vec::new(),
            folder,
            wanted,
        };
        for number in 0..deployment.wanted.replicas.max(1) {
            deployment.add(number).await?;
        }
        tokio::time::sleep(SETTLE).await;
        let page = crate::samples::metrics(&deployment.target).await;
        deployment.idle_mb = page
            .value("process_resident_memory_bytes")
            .filter(|_| deployment.servers.len() == 1)
            .map(|bytes| bytes / 1e6);
        Ok(deployment)
    }

    /// The store of the deployment, as `database.url` takes it.
    pub fn database_url(&self) -> String {
        let file = || format!("sqlite:{}", self.folder.path().join("vostro.db").display());
        self.wanted.database_url.clone().unwrap_or_else(file)
    }

    /// A command of the program on the deployment's store.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.wanted.program);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("VOSTRO__DATABASE__URL", self.database_url());
        // As what is shipped under `deploy/` sets it.
        if std::env::var_os(ARENAS).is_none() {
            command.env(ARENAS, "1");
        }
        command
    }

    async fn add(&mut self, number: usize) -> Result<(), BenchError> {
        let began = Instant::now();
        let ports = self.folder.path().join(format!("ports-{number}.json"));
        let log = self.folder.path().join(format!("server-{number}.log"));
        let failed = |error: std::io::Error| BenchError::Start(error.to_string());
        let output = File::create(&log).map_err(failed)?;
        let mut command = self.command(&["--profile", "bench"]);
        for setting in &self.wanted.settings {
            command.args(["--set", setting]);
        }
        let server = command
            .args(["serve", "--port", "0", "--ports-file"])
            .arg(&ports)
            .stdin(Stdio::null())
            .stdout(output.try_clone().map_err(failed)?)
            .stderr(output)
            .spawn()
            .map_err(failed)?;
        self.servers.push(server);
        let urls = self.wait_for_ports(&ports, &log).await?;
        let url = |role: &str| urls.get(role).cloned().unwrap_or_default();
        self.wait_until_ready(&url("concierge"), &log).await?;
        if number == 0 {
            self.start_seconds = began.elapsed().as_secs_f64();
            self.target.rag = url("rag");
            self.target.guardrails = url("guardrails");
            self.target.version = version(&url("concierge")).await?;
        }
        let name = match number {
            0 if self.wanted.replicas <= 1 => "vostro".to_owned(),
            _ => format!("vostro {}", number + 1),
        };
        self.target.watched.push(Watched {
            name,
            url: url("concierge"),
        });
        self.target.concierge.push(url("concierge"));
        Ok(())
    }

    async fn wait_for_ports(
        &mut self,
        file: &Path,
        log: &Path,
    ) -> Result<BTreeMap<String, String>, BenchError> {
        let began = Instant::now();
        loop {
            // The file is written whole or not at all.
            if let Ok(json) = std::fs::read(file)
                && let Ok(ports) = serde_json::from_slice::<BTreeMap<String, u16>>(&json)
            {
                let urls = ports.into_iter();
                return Ok(urls
                    .map(|(role, port)| (role, format!("http://127.0.0.1:{port}")))
                    .collect());
            }
            self.still_there(began, log).await?;
        }
    }

    async fn wait_until_ready(&mut self, url: &str, log: &Path) -> Result<(), BenchError> {
        let client = reqwest::Client::builder().no_proxy().build();
        let client = client.map_err(BenchError::Client)?;
        let began = Instant::now();
        loop {
            let asked = client.get(format!("{url}/ready")).send().await;
            if asked.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            self.still_there(began, log).await?;
        }
    }

    async fn still_there(&mut self, began: Instant, log: &Path) -> Result<(), BenchError> {
        let ended = self.servers.last_mut().map(Child::try_wait);
        if began.elapsed() > PATIENCE || matches!(ended, Some(Ok(Some(_)))) {
            let log = std::fs::read_to_string(log).unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(5).collect();
            let last: Vec<&str> = last.into_iter().rev().collect();
            return Err(BenchError::Start(last.join(" | ")));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(())
    }
}

impl Drop for Deployment {
    fn drop(&mut self) {
        for server in &self.servers {
            // As an operator would; a process that is gone already has nothing to be told.
            let told = Command::new("kill")
                .args(["-TERM", &server.id().to_string()])
                .stderr(Stdio::null())
                .status();
            drop(told);
        }
        let began = Instant::now();
        for server in &mut self.servers {
            while matches!(server.try_wait(), Ok(None)) {
                if began.elapsed() > Duration::from_secs(10) {
                    drop(server.kill());
                    drop(server.wait());
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
}
