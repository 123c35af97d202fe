//! One running `vostro serve`: how it is started, found ready, told to stop, and what it wrote.
//!
//! Ports are chosen by the system and read back from the file that the process writes once it listens, so
//! tests never race for a port.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::conversation::Conversation;

/// How long a start or a stop may take before the test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// A setting by its environment variable, such as `("VOSTRO__LIMITS__REQUESTS_PER_MINUTE", "5")`.
pub type Setting<'a> = (&'a str, &'a str);

/// A running `vostro serve`, killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
    /// Role to `http://127.0.0.1:PORT`.
    pub urls: BTreeMap<String, String>,
}

impl Process {
    /// Starts the roles (`all` or one of them) and waits until every port answers `/ready` with 200.
    pub async fn start(folder: &Path, roles: &str, settings: &[Setting<'_>]) -> Self {
        let name = format!("{roles}-{}", count_files(folder));
        let log = folder.join(format!("{name}.log"));
        let ports = folder.join(format!("{name}.ports.json"));
        let output = File::create(&log).expect("the log file can be made");
        let child = Command::new(binary())
            .args(["serve", "--role", roles, "--port", "0", "--ports-file"])
            .arg(&ports)
            .current_dir(folder)
            .env_clear()
            .env(
                "VOSTRO__DATABASE__URL",
                format!("sqlite:{}", folder.join("vostro.db").display()),
            )
            // Answers by words alone: the same wherever the model is, and before it is loaded.
            .env("VOSTRO__EMBEDDING__ENABLED", "false")
            .env("VOSTRO__DEMO__CUSTOMERS", "1")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(output.try_clone().expect("a file can be shared"))
            .stderr(output)
            .spawn()
            .expect("the binary starts");
        let mut process = Self {
            child,
            log,
            urls: BTreeMap::new(),
        };
        process.wait_for_ports(&ports).await;
        process.wait_until_ready().await;
        process
    }

    /// A customer who begins a conversation with this process's concierge.
    pub fn customer(&self, user: &str) -> Conversation {
        let url = self
            .urls
            .get("concierge")
            .expect("this process has the role");
        Conversation::new(url, user)
    }

    /// Everything the process wrote so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Asks the process to finish what it is doing and end.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(
            sent.is_ok_and(|status| status.success()),
            "the signal can be sent"
        );
    }

    /// Waits for the process to end by itself.
    pub async fn wait(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self
                .child
                .try_wait()
                .expect("the process can be waited for")
            {
                return status;
            }
            self.patience(began, "did not end").await;
        }
    }

    /// Ends the process at once, as a crash would.
    pub fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }

    async fn wait_for_ports(&mut self, file: &Path) {
        let began = Instant::now();
        loop {
            if let Ok(json) = std::fs::read(file) {
                self.urls = read_urls(&json);
                return;
            }
            self.check_alive();
            self.patience(began, "opened no ports").await;
        }
    }

    async fn wait_until_ready(&mut self) {
        for url in self.urls.clone().into_values() {
            let began = Instant::now();
            while !reqwest::get(format!("{url}/ready"))
                .await
                .is_ok_and(|r| r.status().is_success())
            {
                self.check_alive();
                self.patience(began, "did not become ready").await;
            }
        }
    }

    fn check_alive(&mut self) {
        if let Ok(Some(status)) = self.child.try_wait() {
            panic!(
                "the process ended with {status} while it started:\n{}",
                self.log()
            );
        }
    }

    /// The one place that waits: for another process, never for a fixed time.
    async fn patience(&self, began: Instant, what: &str) {
        assert!(
            began.elapsed() < PATIENCE,
            "the process {what}:\n{}",
            self.log()
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The binary under test: `VOSTRO_BIN`, or the one beside this test, brought up to date first.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("VOSTRO_BIN") {
        return path.into();
    }
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--package", "vostro", "--bin", "vostro"])
        .status();
    assert!(
        built.is_ok_and(|status| status.success()),
        "the binary can be built"
    );
    let here = std::env::current_exe().expect("a test knows where it is");
    let folder = here
        .ancestors()
        .nth(2)
        .expect("tests are built into a folder of the target folder");
    folder.join("vostro")
}

/// `{"concierge": PORT, …}`, which is written whole or not at all.
fn read_urls(json: &[u8]) -> BTreeMap<String, String> {
    let ports: BTreeMap<String, u16> = serde_json::from_slice(json).expect("roles and ports");
    ports
        .into_iter()
        .map(|(role, port)| (role, format!("http://127.0.0.1:{port}")))
        .collect()
}

fn count_files(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}
