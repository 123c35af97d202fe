//! A `PostgreSQL` server of a test's own, which it may crash, fill up or set badly.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, Config};

use crate::database::connect;

/// The script's exit status when no server is to be had.
const NONE_TO_BE_HAD: i32 = 3;

/// A running server, stopped and removed when it is dropped.
#[derive(Debug)]
pub struct Server {
    name: String,
    url: String,
    folder: Option<std::path::PathBuf>,
}

impl Server {
    /// Starts one, or says why there is none to be had.
    ///
    /// # Panics
    /// When it does not start, and when `VOSTRO_REQUIRE_POSTGRES` is set and there is none.
    pub fn start() -> Result<Self, String> {
        Self::start_in(None)
    }

    /// Starts one that keeps its data below this folder.
    pub fn start_in(folder: Option<&Path>) -> Result<Self, String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("faults-{}-{count}", std::process::id());
        let mut server = Self {
            name,
            url: String::new(),
            folder: folder.map(Path::to_owned),
        };
        let output = server.script("start");
        if output.status.code() == Some(NONE_TO_BE_HAD) {
            let is_required = std::env::var_os("VOSTRO_REQUIRE_POSTGRES").is_some();
            assert!(!is_required, "PostgreSQL is required: {output:?}");
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        }
        assert!(output.status.success(), "{output:?}");
        let url = String::from_utf8(output.stdout).unwrap();
        url.trim().clone_into(&mut server.url);
        Ok(server)
    }

    /// Its address: a database of its superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder that it keeps everything in.
    pub fn folder(&self) -> String {
        let config: Config = self.url.parse().unwrap();
        match &config.get_hosts()[0] {
            tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
            tokio_postgres::config::Host::Tcp(host) => panic!("not a socket: {host}"),
        }
    }

    /// The process id of its first process.
    pub fn pid(&self) -> u32 {
        let file = format!("{}/data/postmaster.pid", self.folder());
        let text = std::fs::read_to_string(file).unwrap();
        text.lines().next().unwrap().trim().parse().unwrap()
    }

    /// A client of its own, for what no command does.
    pub async fn client(&self) -> Client {
        connect(&self.url.parse().unwrap()).await
    }

    /// kill -9 of the server and all its processes.
    pub fn crash(&self) {
        let output = self.script("crash");
        assert!(output.status.success(), "{output:?}");
    }

    /// Starts it again after a crash.
    pub fn resume(&self) {
        let output = self.script("resume");
        assert!(output.status.success(), "{output:?}");
    }

    fn script(&self, command: &str) -> Output {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../scripts/test-postgres.sh"
        );
        let mut script = Command::new(path);
        script.args([command, &self.name]);
        if let Some(folder) = &self.folder {
            script.env("TMPDIR", folder);
        }
        script.output().expect("the script can be run")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.script("stop");
    }
}
