//! Files that are made for credentials, by their names.

use crate::project::{Project, file_name};

/// The files of a project that hold credentials, and what they are.
pub(super) fn of(project: &Project) -> Vec<(&str, &'static str)> {
    let named = project.files().filter_map(|(path, file)| {
        let text = file.text.as_deref();
        Some((path, kind(path, text)?))
    });
    named.collect()
}

fn kind(path: &str, text: Option<&str>) -> Option<&'static str> {
    let holds = |needle: &str| text.is_some_and(|text| text.contains(needle));
    let literal = |name: &str| {
        let mut lines = text.unwrap_or_default().lines();
        let value = |line: &str| {
            let value = line
                .split_once(name)?
                .1
                .trim_start_matches([' ', '=', ':', '\t'])
                .to_owned();
            (!value.is_empty()).then_some(value)
        };
        lines.any(|line| value(line).is_some_and(|value| !super::scan::is_placeholder(&value)))
    };
    let name = file_name(path);
    let ending = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    match name {
        ".netrc" | "_netrc" if literal("password") => Some("logins of network programs"),
        ".pgpass" | ".git-credentials" if text.is_some_and(|text| !text.trim().is_empty()) => {
            Some("logins")
        }
        ".npmrc" if literal("_authToken") => Some("a registry's token"),
        ".pypirc" if literal("password") => Some("a registry's login"),
        ".htpasswd" if holds(":") => Some("password hashes"),
        "credentials" if path.contains(".aws/") => Some("AWS logins"),
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" => Some("a private key for SSH"),
        "kubeconfig" if holds("client-key-data:") => Some("a cluster's login"),
        _ if ending(&[".tfstate"]) => Some("Terraform's state, which holds secrets in the clear"),
        _ if ending(&[".p12", ".pfx", ".jks", ".keystore", ".kdbx"]) => Some("a store of keys"),
        _ => None,
    }
}
