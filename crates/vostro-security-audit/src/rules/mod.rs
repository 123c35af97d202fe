//! The catalogue: every rule with its id, severity, why it matters and how to mend it.
//!
//! Ids never change their meaning and are never given twice; a rule that goes leaves a gap.

mod code;
mod containers;
mod dependencies;
mod environment;
mod permissions;
mod secrets;

use crate::finding::{Check, Severity};

/// One rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `DEP-001`: the check's letters and a number.
    pub id: &'static str,
    /// The check it belongs to.
    pub check: Check,
    /// How bad a breach is, unless a finding says otherwise.
    pub severity: Severity,
    /// The weakness by its number in the Common Weakness Enumeration.
    pub cwe: u16,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it.
    pub mend: &'static str,
}

const fn rule(
    id: &'static str,
    check: Check,
    severity: Severity,
    cwe: u16,
    words: [&'static str; 3],
) -> Rule {
    let [title, why, mend] = words;
    Rule {
        id,
        check,
        severity,
        cwe,
        title,
        why,
        mend,
    }
}

/// All rules, by check.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        dependencies::RULES,
        secrets::RULES,
        containers::RULES,
        code::RULES,
        environment::RULES,
        permissions::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// The rule with this id, for the checks of this crate: each id that they name is in the catalogue, and a test looks
/// that up in the sources.
pub(crate) fn the(id: &'static str) -> &'static Rule {
    static UNKNOWN: Rule = rule(
        "AUD-000",
        Check::Code,
        Severity::High,
        1059,
        [
            "An unknown rule",
            "The audit itself is broken.",
            "Report it.",
        ],
    );
    find(id).unwrap_or(&UNKNOWN)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_belong_to_their_check() {
        let mut seen = BTreeSet::new();
        for rule in all() {
            assert!(seen.insert(rule.id), "{} is there twice", rule.id);
            let letters = match rule.check {
                Check::Dependencies => "DEP",
                Check::Secrets => "SEC",
                Check::Containers => "CON",
                Check::Code => "COD",
                Check::Environment => "ENV",
                Check::Permissions => "PER",
            };
            assert!(rule.id.starts_with(letters), "{}", rule.id);
            for sentence in [rule.why, rule.mend] {
                assert!(sentence.ends_with('.'), "{}: {sentence}", rule.id);
            }
            assert!(!rule.title.ends_with('.') && rule.cwe > 0, "{}", rule.id);
        }
    }

    #[test]
    fn every_id_that_a_check_names_is_in_the_catalogue_and_the_reverse() {
        let sources = sources(std::path::Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/checks"
        )));
        let pattern = regex::Regex::new("\"([A-Z]{3}-[0-9]{3})\"").unwrap();
        let named: BTreeSet<&str> = pattern
            .captures_iter(&sources)
            .filter_map(|hit| Some(hit.get(1)?.as_str()))
            .collect();
        let known: BTreeSet<&str> = all().map(|rule| rule.id).collect();
        assert_eq!(named, known);
    }

    fn sources(folder: &std::path::Path) -> String {
        let mut text = String::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                text += &sources(&path);
            } else {
                text += &std::fs::read_to_string(path).unwrap();
            }
        }
        text
    }
}
