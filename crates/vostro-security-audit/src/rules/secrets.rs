//! Rules on secrets. Providers' own formats have a rule each, so that what to revoke is clear.

use super::{Rule, rule};
use crate::finding::Check::Secrets as SEC;
use crate::finding::Severity::{Critical, High, Medium};

const WHY: &str = "Whoever can read the repository or a copy of it can use it, and it stays in the history after it is deleted.";
const MEND: &str = "Revoke it at its provider, put the new one into a secret store or the environment, and take it out of the history.";

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule("SEC-001", SEC, Critical, 321, ["A private key", WHY, MEND]),
    rule("SEC-002", SEC, Critical, 798, ["An AWS access key", WHY, MEND]),
    rule("SEC-003", SEC, Critical, 798, ["A GitHub token", WHY, MEND]),
    rule("SEC-004", SEC, Critical, 798, ["A GitLab token", WHY, MEND]),
    rule("SEC-005", SEC, Critical, 798, ["A Slack token or webhook", WHY, MEND]),
    rule("SEC-006", SEC, Critical, 798, ["A payment provider's live key", WHY, MEND]),
    rule("SEC-007", SEC, High, 798, ["A Google API key or client secret", WHY, MEND]),
    rule("SEC-008", SEC, Critical, 798, ["A language model provider's key", WHY, MEND]),
    rule("SEC-009", SEC, Critical, 798, ["A package registry's token", WHY, MEND]),
    rule("SEC-010", SEC, High, 522, ["A signed bearer token (JWT)", WHY, MEND]),
    rule("SEC-011", SEC, High, 798, ["An address with a password in it", WHY, MEND]),
    rule("SEC-012", SEC, High, 798, ["A random-looking value under a secret's name", WHY, MEND]),
    rule("SEC-013", SEC, Medium, 259, ["A password written into a file", WHY, MEND]),
    rule("SEC-014", SEC, Critical, 798, ["A messaging provider's key", WHY, MEND]),
    rule("SEC-015", SEC, Critical, 798, ["An Azure storage key", WHY, MEND]),
    rule("SEC-016", SEC, Critical, 798, ["A HashiCorp Vault token", WHY, MEND]),
    rule("SEC-017", SEC, Critical, 798, ["A hosting provider's token", WHY, MEND]),
    rule("SEC-018", SEC, High, 256, ["A file of credentials", WHY, MEND]),
    rule("SEC-019", SEC, High, 798, ["Another scanner found a secret", WHY, MEND]),
];
