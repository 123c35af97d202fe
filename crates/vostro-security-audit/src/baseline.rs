//! What was looked over and accepted, each with a reason and a day on which that ends.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The longest time for which something can be accepted, in days.
const DAYS_MAX: i32 = 366;

/// One accepted finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The finding's fingerprint.
    pub fingerprint: String,
    /// Its rule, for the reader; checked against the finding.
    pub rule: String,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub until: Date,
}

/// The accepted findings of a project: a TOML file with one `[[accepted]]` table each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The entries.
    #[serde(default)]
    pub accepted: Vec<Accepted>,
}

/// Why a baseline is refused.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is no such file.
    #[error("the baseline cannot be read: {}", .0.message())]
    Format(#[from] toml::de::Error),
    /// An entry says not why.
    #[error("the baseline accepts {0} without a reason")]
    NoReason(String),
    /// An entry would hold for too long.
    #[error("the baseline accepts {0} until {1}; the longest is {DAYS_MAX} days ahead")]
    TooLong(String, Date),
}

impl Baseline {
    /// Reads a baseline as it stands `today`.
    pub fn parse(text: &str, today: Date) -> Result<Self, BaselineError> {
        let read: Self = toml::from_str(text)?;
        for entry in &read.accepted {
            if entry.reason.trim().is_empty() {
                return Err(BaselineError::NoReason(entry.fingerprint.clone()));
            }
            let days = (entry.until - today).get_days();
            if days > DAYS_MAX {
                let name = entry.fingerprint.clone();
                return Err(BaselineError::TooLong(name, entry.until));
            }
        }
        Ok(read)
    }

    /// The entry for a finding.
    pub(crate) fn entry(&self, rule: &str, fingerprint: &str) -> Option<&Accepted> {
        let fits = |entry: &&Accepted| entry.fingerprint == fingerprint && entry.rule == rule;
        self.accepted.iter().find(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 22);

    fn entry(reason: &str, until: &str) -> String {
        format!(
            "[[accepted]]\nfingerprint = \"0011223344556677\"\nrule = \"CON-002\"\nreason = \"{reason}\"\nuntil = \"{until}\"\n"
        )
    }

    #[test]
    fn a_baseline_gives_reasons_and_ends() {
        let cases = [
            ("", true),
            (&entry("known", "2027-11-22"), true),
            (&entry("known", "2020-01-01"), true),
            (&entry(" ", "2027-01-01"), false),
            (&entry("known", "2029-01-01"), false),
            (&entry("known", "soon"), false),
            ("[[accepted]]\nfingerprint = \"x\"\n", false),
            ("[[acepted]]\n", false),
            ("=", false),
        ];
        for (text, sound) in cases {
            assert_eq!(Baseline::parse(text, TODAY).is_ok(), sound, "{text}");
        }
    }

    #[test]
    fn an_entry_fits_one_finding_of_its_rule() {
        let baseline = Baseline::parse(&entry("known", "2027-01-01"), TODAY).unwrap();
        assert!(baseline.entry("CON-002", "0011223344556677").is_some());
        assert!(baseline.entry("CON-003", "0011223344556677").is_none());
        assert!(baseline.entry("CON-002", "0011223344556678").is_none());
    }
}
