//! Rules on files' modes.

use super::{Rule, rule};
use crate::finding::Check::Permissions as PER;
use crate::finding::Severity::{High, Low, Medium};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule("PER-001", PER, High, 732, [
        "Everybody on the machine can write a file",
        "Another user can change what is built or run.",
        "`chmod o-w`."]),
    rule("PER-002", PER, High, 732, [
        "A file of secrets can be read by others",
        "Another user on the machine has the secret.",
        "`chmod 600`."]),
    rule("PER-003", PER, High, 732, [
        "A file runs with its owner's or group's rights",
        "A fault in it gives those rights to whoever starts it.",
        "`chmod u-s,g-s`."]),
    rule("PER-004", PER, Low, 732, [
        "A file of data can be run",
        "It is one step nearer to being run by mistake.",
        "`chmod -x`."]),
    rule("PER-005", PER, Medium, 59, [
        "A link leads out of the project",
        "Tools that follow it read or write files elsewhere.",
        "Put the file itself there, or a path in the configuration."]),
];
