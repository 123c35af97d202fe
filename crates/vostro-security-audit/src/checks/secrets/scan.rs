//! Secrets in lines of text: providers' formats, private keys, and random-looking values under a secret's name.

use std::sync::LazyLock;

use regex::Regex;
use sha2::{Digest as _, Sha256};

use super::patterns::{COMPILED, FORMATS};

/// Lines after the head of a private key in which its body must begin.
const KEY_LINES: usize = 5;
/// Bits a character from which a value looks random; text and identifiers have less.
const RANDOM_BITS: f64 = 3.5;
const RANDOM_BITS_HEX: f64 = 3.0;
const RANDOM_CHARS: usize = 16;

/// A secret that was found.
pub(super) struct Hit {
    pub(super) rule: &'static str,
    /// From 0.
    pub(super) line: usize,
    what: &'static str,
    secret: String,
}

impl Hit {
    /// What may be shown of it.
    pub(super) fn shown(&self) -> String {
        let start: String = self.secret.chars().take(4).collect();
        let length = self.secret.chars().count();
        format!("{}: `{start}…`, {length} characters", self.what)
    }

    /// A name for it from which it cannot be read.
    pub(super) fn name(&self) -> String {
        hex::encode(Sha256::digest(self.secret.as_bytes()))
    }
}

static KEY_HEAD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----").ok());
static KEY_BODY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9+/]{40,}=*").ok());
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)\b([a-z0-9_.-]*(?:secret|token|passwd|password|passphrase|pwd|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|encryption[_-]?key|signing[_-]?key|credential)[a-z0-9_.-]*)["']?\s*(?::=|=>|=|:)\s*(["']?)([^\s"'`,;<>{}()\[\]$]{6,})"#,
    )
    .ok()
});

/// Scans a file's text.
pub(super) fn text(path: &str, text: &str) -> Vec<Hit> {
    let lines: Vec<&str> = text.lines().collect();
    let mut hits = Vec::new();
    for index in 0..lines.len() {
        hits.extend(line(path, index, lines.get(index..).unwrap_or_default()));
    }
    hits
}

/// Scans the first of `lines`; those after it show whether a key follows. `index` is where it stands.
pub(super) fn line(path: &str, index: usize, lines: &[&str]) -> Vec<Hit> {
    let Some((text, after)) = lines.split_first() else {
        return Vec::new();
    };
    let mut hits = Vec::new();
    let mut add = |rule, what, secret: &str| {
        hits.push(Hit {
            rule,
            line: index,
            what,
            secret: secret.to_owned(),
        });
    };
    let mut taken = Vec::new();
    for at in COMPILED.set.matches(text) {
        let (Some(format), Some(pattern)) = (FORMATS.get(at), COMPILED.each.get(at)) else {
            continue;
        };
        for found in pattern.captures_iter(text) {
            let Some(secret) = found.get(1).or_else(|| found.get(0)) else {
                continue;
            };
            if !is_placeholder(secret.as_str()) {
                taken.push(secret.range());
                add(format.rule, format.name, secret.as_str());
            }
        }
    }
    if let Some(body) = private_key(text, after) {
        add("SEC-001", "a key in PEM", body);
    }
    for found in NAMED.iter().flat_map(|named| named.captures_iter(text)) {
        let (Some(name), Some(value)) = (found.get(1), found.get(3)) else {
            continue;
        };
        let overlaps =
            |range: &std::ops::Range<usize>| range.start < value.end() && value.start() < range.end;
        let quoted = found.get(2).is_some_and(|quote| !quote.is_empty());
        if !taken.iter().any(overlaps) {
            let value = value.as_str();
            if is_random(value) && !is_placeholder(value) {
                add("SEC-012", "a value", value);
            } else if is_password(path, name.as_str(), value, quoted) {
                add("SEC-013", "a password", value);
            }
        }
    }
    hits
}

/// The body of a private key whose head stands in `text`. A head alone, as in code that reads keys, is no key.
fn private_key<'a>(text: &'a str, after: &[&'a str]) -> Option<&'a str> {
    let head = KEY_HEAD.as_ref()?.find(text)?;
    let rest = text.get(head.end()..).unwrap_or_default();
    let body = KEY_BODY.as_ref()?;
    let lines = std::iter::once(rest).chain(after.iter().copied().take(KEY_LINES));
    lines
        .into_iter()
        .find_map(|line| body.find(line))
        .map(|found| found.as_str())
}

/// Whether a value looks drawn at random: long, of letters and digits, and with many different ones.
fn is_random(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-.~".contains(&byte);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    if value.len() < RANDOM_CHARS || !value.bytes().all(plain) || digits < 2 || letters < 2 {
        return false;
    }
    let hex = value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bits = entropy(value);
    // Words, paths and file names joined by marks are no secrets, however many letters they use.
    let wordy = value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .all(|part| part.len() < 12 || part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    !wordy && bits >= if hex { RANDOM_BITS_HEX } else { RANDOM_BITS }
}

/// Shannon's entropy in bits a character.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a line's length")]
    let total = value.len() as f64;
    let share = |count: &u32| f64::from(*count) / total;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(share)
        .map(|p| -p * p.log2())
        .sum()
}

/// Whether a password is written down: under its name, as a literal, and not the word for it.
fn is_password(path: &str, name: &str, value: &str, quoted: bool) -> bool {
    const PLAIN: [&str; 7] = [
        ".yaml",
        ".yml",
        ".ini",
        ".conf",
        ".cfg",
        ".properties",
        ".env",
    ];
    let name = name.to_ascii_lowercase();
    let of_password = ["password", "passwd", "passphrase", "pwd"]
        .iter()
        .any(|it| name.ends_with(it));
    let literal = quoted || PLAIN.iter().any(|ending| path.ends_with(ending));
    let letters = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    let others = value.bytes().any(|byte| !byte.is_ascii_alphabetic());
    of_password
        && literal
        && letters
        && others
        && value.len() >= 8
        && !is_placeholder(value)
        && !value.starts_with(['/', '.', '%', '&', '*'])
        && !value.contains("::")
}

/// What stands where a secret would be: words for it, one repeated character, a row of digits.
pub(super) fn is_placeholder(value: &str) -> bool {
    const WORDS: [&str; 22] = [
        "example",
        "placeholder",
        "changeme",
        "change-me",
        "change_me",
        "your",
        "xxxx",
        "****",
        "....",
        "dummy",
        "sample",
        "redacted",
        "insert",
        "replace",
        "<",
        "${",
        "{{",
        "%(",
        "01234567",
        "12345678",
        "abcdefgh",
        "user:pass",
    ];
    const WHOLE: [&str; 10] = [
        "password", "passwd", "pass", "pwd", "secret", "token", "key", "...", "hunter2", "s3cret",
    ];
    let lower = value.to_ascii_lowercase();
    let mut chars = lower.chars();
    let first = chars.next();
    WORDS.iter().any(|word| lower.contains(word))
        || WHOLE.contains(&lower.as_str())
        || chars.all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_values_are_told_from_words() {
        let cases = [
            ("Zm9vYmFyMTIzNDU2Nzg5MGFiYw", true),
            ("9f86d081884c7d659a2feaa0c55ad015", true),
            ("an-operators-secret-of-length", false),
            ("services.token_for_v2.example", false),
            ("crates/vostro-http/src/auth2", false),
            ("aaaaaaaaaaaaaaaaaaaaaa11", false),
            ("short1", false),
            ("2026-11-22T12:00:00Z", false),
        ];
        for (value, expected) in cases {
            assert_eq!(is_random(value), expected, "{value} {}", entropy(value));
        }
    }

    #[test]
    fn nothing_of_a_secret_is_shown_but_its_start() {
        let hit = Hit {
            rule: "SEC-012",
            line: 0,
            what: "a value",
            secret: "abcd".repeat(9),
        };
        assert_eq!(hit.shown(), "a value: `abcd…`, 36 characters");
        assert_eq!(hit.name().len(), 64);
    }
}
