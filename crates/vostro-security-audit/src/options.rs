//! What an audit may use, and what it is told.

use std::path::PathBuf;
use std::time::Duration;

use crate::baseline::Baseline;
use crate::checks::Posture;

/// Settings of one audit. The default reads files and asks git, and does nothing else.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folders in which a `RustSec` advisory database may be; the first that has one counts.
    pub advisory_dbs: Vec<PathBuf>,
    /// After how many days an advisory database is told to be old.
    pub advisory_db_days: i64,
    /// Whether to compile the project for clippy. This runs its build scripts.
    pub clippy: bool,
    /// Whether to ask registries: npm's and pip's advisories, newer versions.
    pub online: bool,
    /// Whether to read the history for secrets.
    pub history: bool,
    /// An image for the image scanner, when one is there.
    pub image: Option<String>,
    /// Parts of paths on which requests are served; a panic there is told. Empty: all Rust sources but tests, build
    /// scripts, examples and benches.
    pub request_paths: Vec<String>,
    /// How this program itself is set, when its own configuration is part of the audit.
    pub posture: Option<Posture>,
    /// What was accepted before.
    pub baseline: Baseline,
    /// How long another tool may take.
    pub tool_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            advisory_dbs: Vec::new(),
            advisory_db_days: 30,
            clippy: false,
            online: false,
            history: true,
            image: None,
            request_paths: Vec::new(),
            posture: None,
            baseline: Baseline::default(),
            tool_timeout: Duration::from_mins(30),
        }
    }
}
