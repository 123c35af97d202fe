//! A `PostgreSQL` server of one journey's own, which it may crash, and the programs that come with it.

use std::path::PathBuf;
use std::process::{Command, Output};

/// The script's exit status when no server is to be had.
const NONE_TO_BE_HAD: i32 = 3;

/// Stopped and removed when dropped.
#[derive(Debug)]
pub struct OwnServer {
    name: String,
    /// Its address, as `database.url` takes it.
    pub url: String,
}

impl OwnServer {
    /// `None`, which is said, where tests have no `PostgreSQL`.
    pub fn start(purpose: &str) -> Option<Self> {
        if std::env::var_os("VOSTRO_TEST_DATABASE_URL").is_none() {
            eprintln!("skipped: VOSTRO_TEST_DATABASE_URL is not set");
            return None;
        }
        let name = format!("journey-{purpose}-{}", std::process::id());
        let output = script(&["start", &name]);
        if output.status.code() == Some(NONE_TO_BE_HAD) {
            eprintln!("skipped: {}", String::from_utf8_lossy(&output.stderr));
            return None;
        }
        assert!(output.status.success(), "{output:?}");
        let url = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Some(Self { name, url })
    }

    /// `crash` or `resume`.
    pub fn run(&self, command: &str) {
        let output = script(&[command, &self.name]);
        assert!(output.status.success(), "{output:?}");
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        script(&["stop", &self.name]);
    }
}

/// A program of the server that tests use, such as `pg_dump`; `None` when it has none.
pub fn postgres_program(name: &str) -> Option<PathBuf> {
    let output = script(&["fetch"]);
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let program = PathBuf::from(folder).join(name);
    (output.status.success() && program.is_file()).then_some(program)
}

fn script(arguments: &[&str]) -> Output {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../scripts/test-postgres.sh"
    );
    Command::new(path)
        .args(arguments)
        .output()
        .expect("the script can be run")
}
