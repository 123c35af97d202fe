//! Rules on what the sources do.

use super::{Rule, rule};
use crate::finding::Check::Code as COD;
use crate::finding::Severity::{High, Info, Low, Medium};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule("COD-001", COD, Low, 710, [
        "A linter's warning",
        "The compiler's own linter knows this as a likely mistake.",
        "Follow the lint, or say beside it why not."]),
    rule("COD-002", COD, Medium, 119, [
        "Unsafe code without a reason",
        "The compiler does not check it, and nobody wrote down why it holds.",
        "Write a `// SAFETY:` comment above it, or do without."]),
    rule("COD-003", COD, Info, 119, [
        "Unsafe code",
        "The compiler does not check it; it is to be looked at when anything around it changes.",
        "Do without where a safe way exists; `unsafe_code = \"forbid\"` holds that."]),
    rule("COD-004", COD, Medium, 248, [
        "A panic where requests are served",
        "A request that makes it happen ends the work of others, or the process.",
        "Return an error."]),
    rule("COD-005", COD, High, 78, [
        "A shell command is put together from text",
        "Text that somebody sent in can hold a command of its own.",
        "Start the program itself, with a list of arguments."]),
    rule("COD-006", COD, High, 89, [
        "An SQL statement is put together from text",
        "Text that somebody sent in can hold a statement of its own.",
        "Bind parameters."]),
    rule("COD-007", COD, High, 295, [
        "Certificates are not checked",
        "Anybody on the way can pretend to be the other side.",
        "Take it out; trust the one certificate that is missing."]),
    rule("COD-008", COD, Medium, 327, [
        "A broken hash or cipher",
        "Collisions can be made, or the cipher be broken, with what everybody has at home.",
        "SHA-256 or better, AES-GCM or ChaCha20-Poly1305, Argon2 for passwords."]),
    rule("COD-009", COD, High, 95, [
        "Text is run as a program",
        "Text that somebody sent in becomes code with all rights of the process.",
        "Parse what is expected, and refuse the rest."]),
    rule("COD-010", COD, High, 502, [
        "Objects are read from bytes that may be anybody's",
        "The format can make arbitrary calls while it is read.",
        "Use a format that holds data only: JSON, `yaml.safe_load`."]),
    rule("COD-011", COD, Medium, 79, [
        "HTML is put into a page from text",
        "Text that somebody sent in becomes script in the reader's browser.",
        "Set `textContent`, or build elements."]),
    rule("COD-012", COD, Medium, 489, [
        "A debugging server is switched on",
        "It shows internals, and often runs what it is sent.",
        "Switch it on by a setting that is off by default."]),
    rule("COD-013", COD, Medium, 377, [
        "A temporary file with a name that others can guess",
        "Another user can put a link there first.",
        "`tempfile.mkstemp`, `NamedTemporaryFile`, or the platform's own."]),
    rule("COD-014", COD, Medium, 338, [
        "A secret from a generator that can be predicted",
        "Whoever saw some of its output knows the rest.",
        "Use the operating system's generator: `secrets`, `crypto.randomBytes`, `getrandom`."]),
    rule("COD-015", COD, Low, 710, [
        "Another scanner found something in the sources",
        "See what it says.",
        "See the scanner's page for the rule."]),
    rule("COD-016", COD, Low, 710, [
        "A source file that cannot be read as its language",
        "What cannot be read was not checked.",
        "Mend it, or take it out of the tree."]),
];
