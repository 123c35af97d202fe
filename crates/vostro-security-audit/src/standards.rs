//! Which requirements of which standards the rules speak to. A machine cannot show that a standard is met; it can show
//! where it is not, and what was looked at.

use crate::finding::Check;
use crate::rules::Rule;

/// One requirement, and the rules that speak to it.
#[derive(Debug)]
pub struct Requirement {
    /// The standard, with its edition.
    pub standard: &'static str,
    /// The requirement's number.
    pub number: &'static str,
    /// What it asks for.
    pub asks: &'static str,
    /// Ids of rules, or the starts of ids: `SEC` is all rules on secrets.
    pub rules: &'static [&'static str],
}

const fn row(
    standard: &'static str,
    number: &'static str,
    asks: &'static str,
    rules: &'static [&'static str],
) -> Requirement {
    Requirement {
        standard,
        number,
        asks,
        rules,
    }
}

const OWASP: &str = "OWASP Top 10:2025";
const PCI: &str = "PCI DSS 4.0.1";
const SSDF: &str = "NIST SSDF 1.1 (SP 800-218)";
const CIS: &str = "CIS Docker Benchmark, section 4 and 5";

/// The requirements of the report's table.
#[rustfmt::skip]
pub const REQUIREMENTS: &[Requirement] = &[
    row(OWASP, "A01", "Broken access control", &["PER", "ENV-008", "ENV-010"]),
    row(OWASP, "A02", "Security misconfiguration", &["ENV", "CON-001", "CON-011", "CON-014", "CON-015", "CON-016", "CON-017", "CON-018", "CON-019", "CON-020", "CON-021", "COD-012"]),
    row(OWASP, "A03", "Software supply chain failures", &["DEP", "CON-002", "CON-003", "CON-006", "CON-007", "CON-010", "CON-023"]),
    row(OWASP, "A04", "Cryptographic failures", &["COD-007", "COD-008", "COD-014", "ENV-009"]),
    row(OWASP, "A05", "Injection", &["COD-005", "COD-006", "COD-009", "COD-011"]),
    row(OWASP, "A07", "Authentication failures", &["SEC", "ENV-003", "ENV-004", "ENV-010", "ENV-011"]),
    row(OWASP, "A08", "Software or data integrity failures", &["COD-010", "DEP-005", "DEP-009", "CON-007"]),
    row(OWASP, "A10", "Mishandling of exceptional conditions", &["COD-002", "COD-004"]),
    row(PCI, "2.2.2", "Vendor default accounts are managed", &["ENV-004"]),
    row(PCI, "2.2.4", "Only necessary services, protocols and functions are enabled", &["ENV-005", "ENV-006", "ENV-007", "CON-011"]),
    row(PCI, "4.2.1", "Strong cryptography protects what crosses open networks", &["COD-007", "ENV-009", "DEP-008"]),
    row(PCI, "6.2.4", "Common software attacks are prevented", &["COD"]),
    row(PCI, "6.3.2", "Third-party components are inventoried (see the SBOM)", &["DEP-003", "DEP-004"]),
    row(PCI, "6.3.3", "Known vulnerabilities are mended", &["DEP-001", "DEP-002", "DEP-010", "CON-023"]),
    row(PCI, "8.6.2", "Passwords are not hard coded in scripts, configuration or source", &["SEC", "ENV-001", "ENV-003", "CON-004", "CON-005"]),
    row(SSDF, "PS.1.1", "Code is protected from unauthorized access", &["PER", "SEC"]),
    row(SSDF, "PS.3.2", "Provenance data of components is kept (SBOM)", &["DEP-003", "DEP-009"]),
    row(SSDF, "PW.4.4", "Acquired components are verified", &["DEP-001", "DEP-002", "DEP-005", "DEP-006", "DEP-008", "DEP-009", "CON-002"]),
    row(SSDF, "PW.7.2", "Code is analysed against coding standards", &["COD"]),
    row(SSDF, "PW.9.1", "Software is secure by default", &["ENV"]),
    row(CIS, "4.1", "A user for the container has been created", &["CON-001"]),
    row(CIS, "4.6", "HEALTHCHECK instructions have been added", &["CON-012"]),
    row(CIS, "4.9", "COPY is used instead of ADD for what is fetched", &["CON-006"]),
    row(CIS, "4.10", "Secrets are not stored in Dockerfiles", &["CON-004", "CON-005"]),
    row(CIS, "5", "Containers are run without rights of the host", &["CON-014", "CON-015", "CON-016", "CON-017", "CON-018", "CON-019", "CON-020", "CON-021"]),
];

/// One line of the checklist.
#[derive(Debug)]
pub struct Item {
    /// What is to hold.
    pub holds: &'static str,
    /// The check whose parts must have run.
    pub check: Check,
    /// Rules that must have found nothing.
    pub rules: &'static [&'static str],
    /// The one part that looks for it, where there is one: with nothing there for it, nothing was looked at.
    pub part: Option<&'static str>,
}

/// The part that looks at the configuration of the audited program itself.
pub const OWN_CONFIGURATION: &str = "this program's own configuration";

/// The checklist of the report.
#[rustfmt::skip]
pub const CHECKLIST: &[Item] = &[
    Item { holds: "No hardcoded secrets, in the tree or its history", check: Check::Secrets, rules: &["SEC"], part: None },
    Item { holds: "`.env` is ignored, and none is in the repository", check: Check::Environment, rules: &["ENV-001", "ENV-002"], part: None },
    Item { holds: "Secrets come from the environment; templates hold none", check: Check::Environment, rules: &["ENV-003", "ENV-004"], part: None },
    Item { holds: "No known vulnerability in a dependency", check: Check::Dependencies, rules: &["DEP-001", "DEP-002"], part: None },
    Item { holds: "Dependencies are locked, pinned and checked", check: Check::Dependencies, rules: &["DEP-003", "DEP-004", "DEP-005", "DEP-006", "DEP-007", "DEP-008", "DEP-009"], part: None },
    Item { holds: "Dependencies are up to date", check: Check::Dependencies, rules: &["DEP-010"], part: None },
    Item { holds: "Container images hold no secrets and no known vulnerability", check: Check::Containers, rules: &["CON-004", "CON-005", "CON-006", "CON-007", "CON-008", "CON-010", "CON-023"], part: None },
    Item { holds: "Containers do not run as root, nor with rights of the host", check: Check::Containers, rules: &["CON-001", "CON-014", "CON-015", "CON-016", "CON-017", "CON-018", "CON-021"], part: None },
    Item { holds: "No dangerous pattern in the sources", check: Check::Code, rules: &["COD"], part: None },
    Item { holds: "Nothing listens on every address, and debugging is off, by default", check: Check::Environment, rules: &["ENV-005", "ENV-006", "ENV-007", "ENV-008", "ENV-009", "ENV-010"], part: None },
    Item { holds: "Rate limiting is configured", check: Check::Environment, rules: &["ENV-011"], part: Some(OWN_CONFIGURATION) },
    Item { holds: "Guardrails are active", check: Check::Environment, rules: &["ENV-012"], part: Some(OWN_CONFIGURATION) },
    Item { holds: "File permissions are tight", check: Check::Permissions, rules: &["PER"], part: None },
];

/// Whether a rule is among these ids or starts of ids.
pub fn is_among(rule: &Rule, ids: &[&str]) -> bool {
    ids.iter().any(|id| rule.id.starts_with(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    #[test]
    fn every_id_names_a_rule_and_every_rule_is_in_the_table_or_the_list() {
        let ids = REQUIREMENTS
            .iter()
            .flat_map(|it| it.rules)
            .chain(CHECKLIST.iter().flat_map(|it| it.rules));
        for id in ids {
            assert!(
                rules::all().any(|rule| rule.id.starts_with(id)),
                "{id} names nothing"
            );
        }
        let spoken_for = |rule: &Rule| REQUIREMENTS.iter().any(|it| is_among(rule, it.rules));
        let left: Vec<_> = rules::all()
            .filter(|rule| !spoken_for(rule))
            .map(|rule| rule.id)
            .collect();
        // Hygiene that no listed standard asks for by itself.
        assert_eq!(left, ["CON-008", "CON-009", "CON-013", "CON-022"]);
    }
}
