//! The pure crates stay pure: no runtime, HTTP stack or database driver in what they themselves depend on.
//!
//! Each crate's own `cargo tree` is read, not the workspace's, where features of other members would be mixed in.
//! Dev-dependencies may do as they like.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use super::Finding;

const PURE: [&str; 8] = [
    "vostro-types",
    "vostro-ledger",
    "vostro-audit",
    "vostro-bank",
    "vostro-classifier",
    "vostro-guardrails",
    "vostro-knowledge",
    "vostro-dialogue",
];

const BANNED: [&str; 14] = [
    "tokio",
    "async-std",
    "smol",
    "axum",
    "hyper",
    "tower-http",
    "reqwest",
    "ureq",
    "rusqlite",
    "libsqlite3-sys",
    "tokio-postgres",
    "deadpool-postgres",
    "refinery",
    "redis",
];

/// Asks cargo for each pure crate's dependencies.
pub(super) fn check(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for name in PURE {
        let tree = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args([
                "tree",
                "--locked",
                "--all-features",
                "--edges",
                "normal,build",
            ])
            .args(["--prefix", "none", "--format", "{p}", "--package", name])
            .current_dir(root)
            .output()
            .context("cargo is needed to read the dependencies")?;
        anyhow::ensure!(
            tree.status.success(),
            "cargo tree of {name}: {}",
            String::from_utf8_lossy(&tree.stderr)
        );
        findings.extend(breaches(name, &String::from_utf8_lossy(&tree.stdout)));
    }
    Ok(findings)
}

/// The banned packages in the output of `cargo tree --prefix none`: `name version …`, one a line.
fn breaches(name: &str, tree: &str) -> Vec<Finding> {
    let packages = tree.lines().filter_map(|line| line.split(' ').next());
    let mut banned: Vec<&str> = packages
        .filter(|package| BANNED.contains(package))
        .collect();
    banned.sort_unstable();
    banned.dedup();
    banned
        .into_iter()
        .map(|package| {
            let place = format!("crates/{name}/Cargo.toml");
            Finding::new(place, format!("brings in {package}; {name} does no I/O"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_in_a_pure_crate_is_found_once() {
        let clean = "vostro-ledger v0.1.0 (crates)\njiff v0.2.1\nserde v1.0.0 (*)\n";
        assert_eq!(breaches("vostro-ledger", clean), []);
        let tainted = format!("{clean}tokio v1.48.0\ntokio v1.48.0 (*)\ntokio-util v0.7.0\n");
        let found = breaches("vostro-ledger", &tainted);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
