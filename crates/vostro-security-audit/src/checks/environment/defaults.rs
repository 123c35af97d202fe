//! Defaults in configuration files, line by line: `key = value` in TOML and INI, `key: value` in YAML and JSON.

use crate::project::file_name;

const ENDINGS: [&str; 9] = [
    ".toml",
    ".yaml",
    ".yml",
    ".ini",
    ".cfg",
    ".conf",
    ".properties",
    ".json",
    ".env",
];
/// Files of tools that run on a developer's machine, and of data.
const OTHERS: [&str; 12] = [
    "Cargo.toml",
    "Cargo.lock",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "deny.toml",
    "clippy.toml",
    "rustfmt.toml",
    "nextest.toml",
    "rust-toolchain.toml",
    "pyproject.toml",
    "openapi.yaml",
];
const WORN_OUT: [&str; 17] = [
    "admin",
    "password",
    "passwd",
    "changeme",
    "change-me",
    "change_me",
    "root",
    "postgres",
    "secret",
    "guest",
    "123456",
    "12345678",
    "letmein",
    "qwerty",
    "default",
    "test",
    "minioadmin",
];

/// Whether a file holds settings that a service starts with. Manifests of containers have rules of their own, and must
/// listen on every address.
pub(super) fn is_one(path: &str, text: &str) -> bool {
    let folders = [
        "docs/",
        "tests/",
        "test/",
        "evals/",
        "fixtures/",
        "knowledge-base/",
        "node_modules/",
        "policies/",
    ];
    ENDINGS.iter().any(|ending| path.ends_with(ending))
        && !OTHERS.contains(&file_name(path))
        && !folders
            .iter()
            .any(|folder| path.starts_with(folder) || path.contains(&format!("/{folder}")))
        && !is_manifest(text)
}

fn is_manifest(text: &str) -> bool {
    let starts = |key: &str| text.lines().any(|line| line.starts_with(key));
    starts("services:") || (starts("apiVersion:") && starts("kind:")) || starts("openapi:")
}

/// Whether a setting of this name is a secret.
pub(super) fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = [
        "password",
        "passwd",
        "secret",
        "token",
        "api_key",
        "apikey",
        "private_key",
        "access_key",
    ];
    let of_file = [
        "_file", "_path", "_ttl", "_url", "_minutes", "_seconds", "_ms",
    ];
    words.iter().any(|word| name.contains(word))
        && !of_file.iter().any(|ending| name.ends_with(ending))
}

/// What is wrong with a file's defaults: the rule, the line from 0, what.
pub(super) fn breaches(text: &str) -> Vec<(&'static str, usize, String)> {
    let mut seen = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some((name, value)) = setting(line)
            && let Some(rule) = breach(&name, value)
        {
            seen.push((rule, index, format!("`{name}`")));
        }
    }
    seen
}

/// The name and the value on a line. The name is in small letters, its dotted path left out.
fn setting(line: &str) -> Option<(String, &str)> {
    let bare = line.trim();
    if bare.starts_with(['#', ';', '[']) || bare.starts_with("//") {
        return None;
    }
    let bare = bare.trim_start_matches("- ");
    let at = bare.find(['=', ':'])?;
    let (name, value) = (bare.get(..at)?, bare.get(at + 1..)?);
    let name = name.trim().trim_matches(['"', '\'']);
    let name = name
        .rsplit('.')
        .next()
        .unwrap_or(name)
        .to_ascii_lowercase()
        .replace('-', "_");
    let value = value.split(" #").next().unwrap_or_default();
    let value = value.trim().trim_end_matches(',').trim_end();
    let listed = value
        .strip_prefix('[')
        .and_then(|value| value.strip_suffix(']'));
    let value = listed.unwrap_or(value).trim_matches(['"', '\'']);
    (!name.is_empty() && !value.is_empty()).then_some((name, value))
}

fn breach(name: &str, value: &str) -> Option<&'static str> {
    let lower = value.to_ascii_lowercase();
    let is = |words: &[&str]| words.contains(&name);
    let on = ["true", "yes", "on", "1"].contains(&lower.as_str());
    let off = ["false", "no", "off", "0", "none", "disable", "disabled"].contains(&lower.as_str());
    let listens = is(&[
        "host",
        "bind",
        "listen",
        "address",
        "bind_address",
        "listen_address",
        "listen_addr",
        "bind_addr",
    ]);
    let everywhere = lower == "0.0.0.0"
        || lower.starts_with("0.0.0.0:")
        || lower == "::"
        || lower.starts_with("[::]");
    if names_a_secret(name) && WORN_OUT.contains(&lower.as_str()) {
        Some("ENV-004")
    } else if is(&["debug", "debug_mode", "flask_debug", "app_debug"]) && on {
        Some("ENV-005")
    } else if (listens || name.ends_with("_host") || name.ends_with("__host")) && everywhere {
        Some("ENV-006")
    } else if (name.contains("origin") || name.contains("cors"))
        && (lower == "*" || lower.contains("\"*\""))
    {
        Some("ENV-008")
    } else if lower.contains("sslmode=disable")
        || (is(&["sslmode", "ssl_mode"]) && lower == "disable")
        || (is(&[
            "ssl_verify",
            "tls_verify",
            "verify_ssl",
            "verify_tls",
            "verify_certificates",
        ]) && off)
        || (is(&["insecure_skip_verify", "tls_insecure", "skip_tls_verify"]) && on)
    {
        Some("ENV-009")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_in_every_notation() {
        let cases = [
            ("host = \"0.0.0.0\"", Some(("host", "0.0.0.0"))),
            ("  \"host\": \"0.0.0.0\",", Some(("host", "0.0.0.0"))),
            ("- server.bind-address: ::", Some(("bind_address", "::"))),
            ("listen = 0.0.0.0:80 # all", Some(("listen", "0.0.0.0:80"))),
            ("# host = \"0.0.0.0\"", None),
            ("[server]", None),
            ("host =", None),
            ("words", None),
        ];
        for (line, expected) in cases {
            let read = setting(line);
            let read = read.as_ref().map(|(name, value)| (name.as_str(), *value));
            assert_eq!(read, expected, "{line}");
        }
    }

    #[test]
    fn harmless_defaults_pass() {
        for line in [
            "host = \"127.0.0.1\"",
            "password = \"\"",
            "token_ttl_seconds = 1",
            "debug = false",
            "origins = [\"https://bank.example\"]",
            "sslmode = verify-full",
            "password_file = \"/run/secrets/password\"",
        ] {
            assert_eq!(breaches(line), [], "{line}");
        }
    }
}
