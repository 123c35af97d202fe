//! Rules on what comes in from others.

use super::{Rule, rule};
use crate::finding::Check::Dependencies as DEP;
use crate::finding::Severity::{High, Info, Low, Medium};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule("DEP-001", DEP, High, 1395, [
        "A dependency has a known vulnerability",
        "What is published about it can be used against everybody who runs this version.",
        "Update to a version that the advisory names as patched, or drop the dependency."]),
    rule("DEP-002", DEP, Low, 1104, [
        "A dependency is unmaintained, unsound or withdrawn",
        "Faults that are found from now on will not be mended.",
        "Move to a maintained replacement."]),
    rule("DEP-003", DEP, Medium, 1357, [
        "There is no lock file",
        "Every build may take in other versions than the one that was looked over.",
        "Commit the package manager's lock file."]),
    rule("DEP-004", DEP, Medium, 1357, [
        "A dependency is not pinned",
        "Every installation may take in another version, also one that somebody has taken over.",
        "Pin the exact version (`name==version`)."]),
    rule("DEP-005", DEP, Low, 494, [
        "Pinned requirements carry no hashes",
        "An index or a proxy can hand out other contents under the same version.",
        "Write hashes (`pip-compile --generate-hashes`) and install with `--require-hashes`."]),
    rule("DEP-006", DEP, Medium, 1357, [
        "A dependency comes from a repository without a fixed commit",
        "A branch or a tag can be moved to other contents.",
        "Name the full commit."]),
    rule("DEP-007", DEP, Medium, 1357, [
        "A dependency takes any version",
        "A new major version, or a package that changed hands, is taken in unseen.",
        "Give a version requirement."]),
    rule("DEP-008", DEP, High, 319, [
        "Packages are fetched over an unencrypted connection",
        "Anybody on the way can put their own code in.",
        "Use https."]),
    rule("DEP-009", DEP, Medium, 494, [
        "A locked package has no checksum",
        "Its contents can be exchanged without anybody noticing.",
        "Write the lock file anew with a package manager that records checksums."]),
    rule("DEP-010", DEP, Info, 1104, [
        "A newer version is out",
        "The further behind, the harder it is to take in a security fix in a hurry.",
        "Update when there is time, before there is need."]),
];
