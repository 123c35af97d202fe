//! The entries of `auth.api_keys`: who has a key, what it allows, when it ends.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_dialogue::principal::Scope;
use vostro_http::{ApiKey, KeyHash};

/// The most characters of a key's name, which is an operator's on the audit trail.
const LONGEST_NAME: usize = 64;

/// A key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiKeyEntry {
    /// Who has it: a system, or an administrator; it stands on the audit trail.
    pub name: String,
    /// The key's hash: `sha256:` and 64 hexadecimal digits.
    pub hash: String,
    /// What it allows: `chat`, `search`, `check`, `documents`, `insights`, `audit`, `desk`, `money`, `webhooks`,
    /// `policies`, `channels`, `customers`.
    pub scopes: Vec<String>,
    /// When it ends, such as `2027-01-31T00:00:00Z`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

impl ApiKeyEntry {
    /// The key, or which member is wrong and why.
    pub(crate) fn key(&self) -> Result<ApiKey, (&'static str, String)> {
        let name = self.name.trim();
        if name.is_empty()
            || name.chars().count() > LONGEST_NAME
            || name.chars().any(char::is_control)
        {
            let allowed = format!("allowed: one line of 1 to {LONGEST_NAME} characters");
            return Err(("name", format!("cannot be used; {allowed}")));
        }
        let hash = KeyHash::parse(&self.hash).ok_or((
            "hash",
            "is none; allowed: what `vostro api-key create` prints".to_owned(),
        ))?;
        let scopes = self.scopes.iter().map(|name| {
            Scope::named(name).ok_or_else(|| {
                let names = Scope::ALL.map(Scope::name).join("`, `");
                ("scopes", format!("has `{name}`; allowed: `{names}`"))
            })
        });
        let scopes = scopes.collect::<Result<BTreeSet<_>, _>>()?;
        if scopes.is_empty() {
            return Err(("scopes", "is empty: such a key allows nothing".to_owned()));
        }
        let expires_at = self
            .expires
            .as_deref()
            .map(str::parse::<Timestamp>)
            .transpose();
        let expires_at = expires_at.map_err(|_| {
            let allowed = "allowed: a time such as `2027-01-31T00:00:00Z`";
            ("expires", format!("cannot be read; {allowed}"))
        })?;
        Ok(ApiKey {
            name: name.to_owned(),
            hash,
            scopes,
            expires_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_when_its_entry_says() {
        let mut entry = ApiKeyEntry {
            name: "core".to_owned(),
            hash: KeyHash::of("a key").to_string(),
            scopes: vec!["chat".to_owned()],
            expires: None,
        };
        entry.expires = Some("2027-01-31T00:00:00Z".to_owned());
        let key = entry.key().unwrap();
        assert_eq!(
            key.expires_at,
            Some("2027-01-31T00:00:00Z".parse().unwrap())
        );
        entry.expires = Some("soon".to_owned());
        assert_eq!(entry.key().unwrap_err().0, "expires");
    }
}
