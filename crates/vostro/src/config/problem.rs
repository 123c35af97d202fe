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

/// Words of secrets that stand in templates and tutorials, and were to be replaced.
const PLACEHOLDERS: [&str; 7] = [
    "changeme",
    "replaceme",
    "placeholder",
    "example",
    "default",
    "password",
    "yoursecret",
];

/// What is said of one.
pub(super) const FORGOTTEN: &str =
    "looks like a template's; choose one, for instance with `openssl rand -hex 32`";

/// Whether a secret looks like one that somebody forgot to choose: a template's word, or hardly any characters.
pub(super) fn is_placeholder(secret: &str) -> bool {
    let letters = |c: &char| c.is_alphanumeric();
    let plain: String = secret
        .chars()
        .filter(letters)
        .collect::<String>()
        .to_lowercase();
    let distinct: std::collections::BTreeSet<char> = secret.chars().collect();
    distinct.len() < 5 || PLACEHOLDERS.iter().any(|word| plain.contains(word))
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
        write!(f, "{}: {}", Plain(&self.key), Plain(&self.reason))?;
        match &self.origin {
            // What nobody set is wrong because of something else that the reason names.
            Some(origin) if origin != "default" => write!(f, " (from {})", Plain(origin)),
            _ => Ok(()),
        }
    }
}

/// Text of a file or the environment on one line, with its control characters written out: it is shown on terminals.
struct Plain<'a>(&'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        self.0.chars().try_for_each(|c| {
            if c == '\n' {
                f.write_char(' ')
            } else if c.is_control() {
                write!(f, "{}", c.escape_default())
            } else {
                f.write_char(c)
            }
        })
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
            Self::File(reason) => write!(f, "{}", Plain(reason)),
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

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn a_secret_of_a_template_is_told_from_one_that_was_chosen() {
        for forgotten in [
            "change-me-please-now",
            "CHANGE_ME_0123456789",
            "<replace-me-with-a-secret>",
            "password12345678",
            "an-example-token-0000",
            "aaaaaaaaaaaaaaaaaaaa",
            "12121212121212121212",
        ] {
            assert!(is_placeholder(forgotten), "{forgotten}");
        }
        for chosen in [
            "an-operators-secret",
            "a-token-of-services",
            "5f2b9c0e7d41a8366b1f",
        ] {
            assert!(!is_placeholder(chosen), "{chosen}");
        }
    }
}
