//! Patterns of what is dangerous in each language, line by line, comments left out.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use regex::Regex;

use super::Seen;
use crate::project::ends;

struct Pattern {
    rule: &'static str,
    endings: &'static [&'static str],
    matches: Regex,
}

const RUST: &[&str] = &[".rs"];
const PYTHON: &[&str] = &[".py"];
const SCRIPT: &[&str] = &[".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx"];
const SHELL: &[&str] = &[".sh", ".bash"];

#[rustfmt::skip]
const PATTERNS: &[(&str, &[&str], &str)] = &[
    ("COD-005", RUST, r#"Command::new\(\s*"(?:/bin/)?(?:ba)?sh"\s*\).*\.args?\(.*"-c".*format!"#),
    ("COD-006", RUST, r#"(?i)(?:query|execute|prepare)\w*\(\s*&?\s*format!\(\s*r?#?"\s*(?:select|insert|update|delete|drop|alter)\b"#),
    ("COD-007", RUST, r"danger_accept_invalid_(?:certs|hostnames)\(\s*true|dangerous\(\)\s*\.set_certificate_verifier|SslVerifyMode::(?:NONE)"),
    ("COD-008", RUST, r"\b(?:Md5|Md4|Sha1|Rc4|Des|TdesEde3)::(?:new|digest|compute)\b|\bmd5::compute\("),
    ("COD-005", PYTHON, r"\b(?:os\.(?:system|popen)|subprocess\.(?:getoutput|getstatusoutput))\(|\bsubprocess\.\w+\(.*shell\s*=\s*True"),
    ("COD-006", PYTHON, r#"(?i)\.execute(?:many)?\(\s*(?:f["']|["'][^"']*["']\s*(?:%|\+|\.format\())\s*"#),
    ("COD-007", PYTHON, r"\bverify\s*=\s*False\b|ssl\._create_unverified_context|CERT_NONE|check_hostname\s*=\s*False"),
    ("COD-008", PYTHON, r"\bhashlib\.(?:md5|sha1)\((?:[^)]*usedforsecurity\s*=\s*True|[^)]*$|[^)]*\))|\b(?:ARC4|DES|Blowfish)\.new\("),
    ("COD-009", PYTHON, r"(?:^|[^.\w])(?:eval|exec)\(\s*[^)\s]"),
    ("COD-010", PYTHON, r"\b(?:c?pickle|dill|shelve|marshal)\.(?:loads?|open)\(|\byaml\.load\((?:[^,)]*\)|.*Loader\s*=\s*yaml\.(?:Unsafe|Full)?Loader)"),
    ("COD-012", PYTHON, r"\.run\(.*debug\s*=\s*True|^\s*DEBUG\s*=\s*True"),
    ("COD-013", PYTHON, r"\btempfile\.mktemp\("),
    ("COD-014", PYTHON, r"(?i)\b\w*(?:token|secret|password|otp|nonce|session_?id)\w*\s*=.*\brandom\.(?:choice|choices|randint|random|getrandbits|sample)\("),
    ("COD-005", SCRIPT, r"\b(?:child_process\.)?exec(?:Sync)?\(\s*(?:`[^`]*\$\{|[\x22'][^\x22']*[\x22']\s*\+)"),
    ("COD-006", SCRIPT, r"(?i)\.(?:query|execute)\(\s*(?:`\s*(?:select|insert|update|delete)[^`]*\$\{|[\x22']\s*(?:select|insert|update|delete)[^\x22']*[\x22']\s*\+)"),
    ("COD-007", SCRIPT, r"\brejectUnauthorized\s*:\s*false|NODE_TLS_REJECT_UNAUTHORIZED\s*=\s*[\x22']?0"),
    ("COD-008", SCRIPT, r"\bcreateHash\(\s*[\x22'](?:md5|sha1)[\x22']|\bcreateCipher\("),
    ("COD-009", SCRIPT, r"(?:^|[^.\w])eval\(\s*[^)\s]|\bnew\s+Function\("),
    ("COD-011", SCRIPT, r"\.(?:inner|outer)HTML\s*\+?=[^=]|\.insertAdjacentHTML\(|\bdocument\.write(?:ln)?\(|dangerouslySetInnerHTML|\bunsafeHTML\("),
    ("COD-014", SCRIPT, r"(?i)\b\w*(?:token|secret|password|otp|nonce|session_?id)\w*\s*[=:][^;]*\bMath\.random\("),
    ("COD-009", SHELL, r#"(?:^|[;&|]\s*)eval\s+["']?\$"#),
    ("COD-007", SHELL, r"\bcurl\s+(?:\S+\s+)*?(?:-[a-zA-Z]*k\b|--insecure)|\bwget\b.*--no-check-certificate"),
    ("COD-013", SHELL, r">\s*/tmp/[\w.-]+(?:\s|$)"),
];

static COMPILED: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let compiled = PATTERNS.iter().filter_map(|(rule, endings, pattern)| {
        Some(Pattern {
            rule,
            endings,
            matches: Regex::new(pattern).ok()?,
        })
    });
    compiled.collect()
});

/// Whether there are patterns for a file besides Rust's.
pub(super) fn is_known(path: &str) -> bool {
    [PYTHON, SCRIPT, SHELL]
        .iter()
        .any(|endings| ends(path, endings))
}

/// What is wrong with a file; lines in `left_out` are not looked at.
pub(super) fn breaches(path: &str, text: &str, left_out: &[RangeInclusive<usize>]) -> Vec<Seen> {
    let patterns: Vec<&Pattern> = COMPILED
        .iter()
        .filter(|it| ends(path, it.endings))
        .collect();
    if patterns.is_empty() || is_minified(path) {
        return Vec::new();
    }
    let mut seen = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let bare = line.trim_start();
        if left_out.iter().any(|range| range.contains(&index))
            || ["//", "#", "*", "/*"]
                .iter()
                .any(|mark| bare.starts_with(mark))
        {
            continue;
        }
        for pattern in &patterns {
            if let Some(found) = pattern.matches.find(line) {
                seen.push((pattern.rule, index, format!("`{}`", found.as_str().trim())));
            }
        }
    }
    seen
}

fn is_minified(path: &str) -> bool {
    path.contains(".min.") || path.contains("/dist/") || path.contains("vendor/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_compile() {
        assert_eq!(COMPILED.len(), PATTERNS.len());
    }
}
