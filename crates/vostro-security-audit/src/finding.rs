//! A finding: which rule, where, what was seen, and a fingerprint that survives edits elsewhere in the file.

use std::fmt;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::rules::Rule;

/// One of the six checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Known vulnerabilities and unsafe ways of taking in what others wrote.
    Dependencies,
    /// Secrets in the tree and in its history.
    Secrets,
    /// Images, compose files, Kubernetes manifests.
    Containers,
    /// What the sources do.
    Code,
    /// Files with settings, and their defaults.
    Environment,
    /// Who may read, write and run the files.
    Permissions,
}

impl Check {
    /// All six, in the order of the report.
    pub const ALL: [Self; 6] = [
        Self::Dependencies,
        Self::Secrets,
        Self::Containers,
        Self::Code,
        Self::Environment,
        Self::Permissions,
    ];

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Dependencies => "Dependency vulnerabilities",
            Self::Secrets => "Secret scanning",
            Self::Containers => "Container security",
            Self::Code => "Code quality",
            Self::Environment => "Environment security",
            Self::Permissions => "File permissions",
        }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing to do today.
    Info,
    /// Weakens a defence that others still hold.
    Low,
    /// To be mended in the ordinary course of work.
    Medium,
    /// To be mended before the next release.
    High,
    /// To be mended now; what leaked is to be revoked.
    Critical,
}

impl Severity {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Where a finding is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Path from the project's root, with `/`.
    pub path: String,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The commit that brought it in, when it was found in the history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

impl Place {
    /// A file as a whole.
    pub fn file(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: None,
            commit: None,
        }
    }

    /// A line of a file; `index` counts from 0.
    pub fn line(path: impl Into<String>, index: usize) -> Self {
        Self {
            line: u32::try_from(index + 1).ok(),
            ..Self::file(path)
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(commit) = &self.commit {
            write!(f, "{commit}:")?;
        }
        f.write_str(&self.path)?;
        match self.line {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// How bad it is: the rule's severity, or that of the advisory behind it.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What was seen, without any secret.
    pub what: String,
    /// How to mend it here, when there is more to say than the rule says.
    pub mend: Option<String>,
    /// 16 hexadecimal digits that name it: of rule, path and what was seen, not of the line's number.
    pub fingerprint: String,
    /// Until when the baseline accepts it, and why.
    pub accepted: Option<String>,
}

impl Finding {
    /// A finding of this rule. `what` is part of the fingerprint.
    pub fn new(rule: &'static Rule, place: Place, what: impl Into<String>) -> Self {
        let what = printable(&what.into());
        let fingerprint = fingerprint(rule.id, &place.path, &what);
        Self {
            rule,
            severity: rule.severity,
            place,
            what,
            mend: None,
            fingerprint,
            accepted: None,
        }
    }

    /// The same with another severity than the rule's.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same with its own way to mend it.
    #[must_use]
    pub fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(printable(&mend.into()));
        self
    }

    /// The same named by `salient` instead of by what is shown: for secrets, of which nothing is shown.
    #[must_use]
    pub(crate) fn named_by(mut self, salient: &str) -> Self {
        self.fingerprint = fingerprint(self.rule.id, &self.place.path, salient);
        self
    }

    /// How to mend it.
    pub fn how(&self) -> &str {
        self.mend.as_deref().unwrap_or(self.rule.mend)
    }
}

fn fingerprint(rule: &str, path: &str, salient: &str) -> String {
    let mut hash = Sha256::new();
    for part in [rule, path, salient] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    hex::encode(digest.get(..8).unwrap_or_default())
}

/// Text of a hostile tree for terminals and pages: no control characters, and not endless.
pub(crate) fn printable(text: &str) -> String {
    const CHARS_MAX: usize = 300;
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut out: String = text.chars().take(CHARS_MAX).map(clean).collect();
    if text.chars().nth(CHARS_MAX).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::find;

    #[test]
    fn a_fingerprint_outlives_a_move_and_not_a_change() {
        let rule = find("ENV-002").unwrap();
        let at = |line, what: &str| Finding::new(rule, Place::line("a", line), what).fingerprint;
        assert_eq!(at(1, "x"), at(9, "x"));
        assert_ne!(at(1, "x"), at(1, "y"));
        assert_eq!(at(1, "x").len(), 16);
    }

    #[test]
    fn nothing_of_a_hostile_tree_reaches_the_terminal() {
        assert_eq!(
            printable("a\u{1b}[2Jb\r\n"),
            "a\u{fffd}[2Jb\u{fffd}\u{fffd}"
        );
        assert_eq!(printable(&"x".repeat(999)).chars().count(), 301);
    }
}
