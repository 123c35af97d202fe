//! A server of one test's own, brought by `scripts/test-postgres.sh`, for what would disturb the others.

use std::path::PathBuf;
use std::process::Command;

use crate::database::server;

/// Stopped and removed when dropped.
pub(crate) struct Server(String);

impl Server {
    /// Gives the server and its address; `None`, which is said, where tests have no `PostgreSQL`.
    pub(crate) fn start(purpose: &str) -> Option<(Self, String)> {
        Self::start_with(purpose, None)
    }

    /// The same with the system's own build, which can encrypt; the one that is fetched for tests cannot.
    pub(crate) fn start_encrypting(purpose: &str) -> Option<(Self, String)> {
        let builds = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten();
        let mut found: Vec<PathBuf> = builds
            .filter_map(|folder| Some(folder.ok()?.path().join("bin")))
            .filter(|folder| folder.join("initdb").is_file())
            .collect();
        found.sort();
        let Some(newest) = found.pop() else {
            eprintln!("skipped: no PostgreSQL under /usr/lib/postgresql, which could encrypt");
            return None;
        };
        Self::start_with(purpose, Some(newest))
    }

    fn start_with(purpose: &str, programs: Option<PathBuf>) -> Option<(Self, String)> {
        if let Err(why) = server() {
            eprintln!("skipped: {why}");
            return None;
        }
        let name = format!("{purpose}-{}", std::process::id());
        let mut start = command(&["start", &name]);
        if let Some(programs) = programs {
            start.env("VOSTRO_TEST_POSTGRES_BIN", programs);
        }
        let output = start.output().unwrap();
        if output.status.code() == Some(3) {
            eprintln!("skipped: {}", String::from_utf8_lossy(&output.stderr));
            return None;
        }
        assert!(output.status.success(), "{output:?}");
        let url = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        Some((Self(name), url))
    }

    /// `crash` or `resume`.
    pub(crate) fn run(&self, command: &str) {
        let output = script(&[command, &self.0]);
        assert!(output.status.success(), "{output:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        script(&["stop", &self.0]);
    }
}

/// The folder of a server's data, told by its address: the socket is beside it.
pub(crate) fn data_folder(url: &str) -> PathBuf {
    let host = url.split(['@', '/']).nth(3).unwrap();
    PathBuf::from(host.replace("%2F", "/")).join("data")
}

fn script(arguments: &[&str]) -> std::process::Output {
    command(arguments).output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../scripts/test-postgres.sh"
    );
    let mut command = Command::new(path);
    command.args(arguments);
    command
}
