//! Why a load test could not be run. What a server under load answers is a result, never an error.

use std::path::PathBuf;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// The deployment does not answer, or not as a Vostro does.
    #[error("{url} does not answer as a Vostro: {reason}")]
    NoVostro {
        /// Where it was asked.
        url: String,
        /// What came instead.
        reason: String,
    },
    /// The server that is to be measured could not be started.
    #[error("the server under test does not start: {0}")]
    Start(String),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
    /// A file cannot be read or written.
    #[error("{path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is not a report of this program.
    #[error("{path} is no report of `vostro bench`")]
    NoReport {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A plot could not be drawn.
    #[error("a plot could not be drawn: {0}")]
    Plot(String),
}
