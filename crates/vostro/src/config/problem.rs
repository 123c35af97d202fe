//! What is wrong with a configuration: each problem names its dotted key and what is allowed.

use std::fmt;
use std::path::Path;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The dotted key, such as `server.rag_port`.
    pub key: String,
    /// What is wrong, and what is allowed.
    pub reason: String,
    /// The layer that the value came from, once known.
    pub origin: Option<String>,
}

impl Problem {
    /// A problem of a key.
    pub(crate) fn new(key: &str, reason: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            reason: reason.into(),
            origin: None,
        }
    }

    /// The same, with the layer the value came from.
    pub(crate) fn from(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.reason)?;
        match &self.origin {
            // What nobody set is wrong because of something else that the reason names.
            Some(origin) if origin != "default" => write!(f, " (from {origin})"),
            _ => Ok(()),
        }
    }
}

/// Why there is no configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ConfigError {
    /// The file cannot be read or is no TOML.
    File(String),
    /// Values that cannot be used; at least one.
    Problems(Vec<Problem>),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(reason) => f.write_str(reason),
            Self::Problems(problems) => {
                for (index, problem) in problems.iter().enumerate() {
                    if index > 0 {
                        f.write_str("\n")?;
                    }
                    write!(f, "{problem}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ConfigError {}

/// A folder that is named must be there.
pub(super) fn require_folder(key: &str, path: Option<&Path>, problems: &mut Vec<Problem>) {
    if let Some(path) = path
        && !path.is_dir()
    {
        problems.push(Problem::new(
            key,
            format!(
                "`{}` is no folder; allowed: a folder that exists",
                path.display()
            ),
        ));
    }
}
