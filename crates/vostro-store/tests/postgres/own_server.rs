//! A server of one test's own, brought by `scripts/test-postgres.sh`, for what would disturb the others.

use std::path::PathBuf;
use std::process::Command;

use crate::database::server;

/// Stopped and removed when dropped.
pub(crate) struct Server(String);

impl Server {
    /// Gives the server and its address; `None`, which is said, where tests have no `PostgreSQL`.
    pub(crate) fn start(purpose: &str) -> Option<(Self, String)> {
        if let Err(why) = server() {
            eprintln!("skipped: {why}");
            return None;
        }
        let name = format!("{purpose}-{}", std::process::id());
        let output = script(&["start", &name]);
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
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../scripts/test-postgres.sh"
    );
    Command::new(path).args(arguments).output().unwrap()
}
