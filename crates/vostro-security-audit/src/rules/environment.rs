//! Rules on settings and their defaults.

use super::{Rule, rule};
use crate::finding::Check::Environment as ENV;
use crate::finding::Severity::{Critical, High, Medium};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule("ENV-001", ENV, Critical, 538, [
        "A file of environment variables is in the repository",
        "It is made for secrets, and everybody who has the repository has them.",
        "Take it out of the repository and its history, revoke what it held, and ignore it."]),
    rule("ENV-002", ENV, Medium, 538, [
        "`.env` is not ignored",
        "The next `git add` takes it in.",
        "Write `.env` into `.gitignore`."]),
    rule("ENV-003", ENV, High, 798, [
        "A template holds a value for a secret",
        "Templates are copied as they are: the value ends up in production.",
        "Leave the value empty."]),
    rule("ENV-004", ENV, High, 1392, [
        "A default password",
        "It is the first one that is tried.",
        "Have no default: refuse to start without one."]),
    rule("ENV-005", ENV, Medium, 489, [
        "Debugging is on by default",
        "It shows internals to whoever asks.",
        "Off by default."]),
    rule("ENV-006", ENV, Medium, 1327, [
        "Listens on every address by default",
        "A service that was meant for this machine is reachable from the network.",
        "Listen on 127.0.0.1 by default, and let the operator open it."]),
    rule("ENV-007", ENV, Medium, 1125, [
        "A database or an operator's port is published",
        "It is reachable for everybody who reaches the host.",
        "Publish it on 127.0.0.1, or not at all."]),
    rule("ENV-008", ENV, Medium, 942, [
        "Any web page may call",
        "A page that a customer has open elsewhere can act in their name.",
        "List the origins."]),
    rule("ENV-009", ENV, High, 319, [
        "Encryption or its check is switched off",
        "Anybody on the way can read and change what is sent.",
        "Switch it on, with certificates checked (`sslmode=verify-full`)."]),
    rule("ENV-010", ENV, High, 306, [
        "Nobody is asked who they are on an open address",
        "Everybody on the network can act as any customer.",
        "Set `auth.mode`, or listen on 127.0.0.1."]),
    rule("ENV-011", ENV, Medium, 770, [
        "Requests are not limited",
        "One caller can use up what is there for all, and guess without end.",
        "Set `limits.requests_per_minute` to what a person needs."]),
    rule("ENV-012", ENV, High, 693, [
        "The guardrails do not hold what they must",
        "Unsafe content or personal data would pass.",
        "Look at the policies in `guardrails.policies`; `vostro guard` shows what they make of a text."]),
];
