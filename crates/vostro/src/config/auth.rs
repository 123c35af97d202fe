//! `[auth]`: who may talk to the assistant, and who may administer it.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_http::{ApiKey, JwtAlgorithm, JwtSettings, KeySource};
use vostro_types::Redacted;

use super::Problem;
use super::api_keys::ApiKeyEntry;
use super::problem::{FORGOTTEN, is_placeholder};

/// Shorter secrets could be guessed.
const SHORTEST_TOKEN: usize = 16;

/// Who may talk to the assistant, and who may administer it: `docs/security/access.md`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Auth {
    /// How customers show who they are.
    pub mode: AuthMode,
    /// The secret of operators in the sandbox (`Authorization: Bearer …`), at least 16 characters; answered to this
    /// machine only. It names nobody, so elsewhere administrators have keys or tokens.
    #[schemars(with = "Option<String>", extend("x-secret" = true))]
    pub admin_token: Option<Redacted<String>>,
    /// Keys of the bank's back end and of administrators, as `vostro api-key create` prints them; several may have
    /// one name while they change over. In the environment the same as a JSON array of objects.
    pub api_keys: Vec<ApiKeyEntry>,
    /// Which turns of the switch that stops all money take two administrators.
    pub two_people: TwoPeople,
    /// How long such an order waits for the second one, in minutes.
    #[schemars(range(min = 1, max = 1_440))]
    pub approval_minutes: u32,
    /// Mode `jwt`: who signs tokens, exactly as their `iss`.
    pub jwt_issuer: Option<String>,
    /// Mode `jwt`: for whom tokens are, one of their `aud`.
    pub jwt_audience: Option<String>,
    /// Mode `jwt`: the algorithms with which tokens may be signed: `RS256`, `PS256`, `ES256`, `EdDSA` and their kin.
    pub jwt_algorithms: Vec<String>,
    /// Mode `jwt`: where the issuer's public keys are (JSON Web Key Set): `https://…`; `http://` only to this machine.
    pub jwks_url: Option<String>,
    /// Mode `jwt`: the file with the issuer's public keys, instead of an address.
    pub jwks_file: Option<PathBuf>,
    /// Mode `jwt`: after how long the keys are read again, in seconds; at once when a token names a new one.
    #[schemars(range(min = 10, max = 86_400))]
    pub jwks_max_age_seconds: u32,
    /// Mode `jwt`: by how much the issuer's clock may differ from this machine's, in seconds.
    #[schemars(range(min = 0, max = 300))]
    pub jwt_leeway_seconds: u32,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            mode: AuthMode::Sandbox,
            admin_token: None,
            api_keys: Vec::new(),
            two_people: TwoPeople::Always,
            approval_minutes: 60,
            jwt_issuer: None,
            jwt_audience: None,
            jwt_algorithms: ["RS256", "PS256", "ES256", "EdDSA"]
                .map(str::to_owned)
                .to_vec(),
            jwks_url: None,
            jwks_file: None,
            jwks_max_age_seconds: 600,
            jwt_leeway_seconds: 30,
        }
    }
}

/// How customers show who they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AuthMode {
    /// Not at all: the request's `user_id` is believed. For trying out, on this machine.
    #[default]
    Sandbox,
    /// By a token of the bank's identity provider, whose subject is the customer.
    Jwt,
    /// The bank's back end shows a key with the scope `chat` and acts for its customers.
    #[serde(rename = "api-key")]
    ApiKey,
}

/// Which turns of the switch that stops all money take two administrators.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TwoPeople {
    /// Both: stopping it, and letting it go on.
    #[default]
    Always,
    /// Letting it go on; one administrator stops it.
    ToResume,
}

impl TwoPeople {
    /// The same at the edge.
    pub(crate) const fn policy(self) -> vostro_http::TwoPeople {
        match self {
            Self::Always => vostro_http::TwoPeople::Always,
            Self::ToResume => vostro_http::TwoPeople::ToResume,
        }
    }
}

impl Auth {
    /// The keys; those that `validate` refused are not among them.
    pub(crate) fn keys(&self) -> Vec<ApiKey> {
        let keys = self.api_keys.iter().map(ApiKeyEntry::key);
        keys.filter_map(Result::ok).collect()
    }

    /// Which tokens are accepted, in mode `jwt`.
    pub(crate) fn jwt(&self) -> Option<JwtSettings> {
        let keys = match (&self.jwks_url, &self.jwks_file) {
            (Some(url), _) => KeySource::Url(url.clone()),
            (None, Some(file)) => KeySource::File(file.clone()),
            (None, None) => return None,
        };
        let names = self.jwt_algorithms.iter();
        Some(JwtSettings {
            issuer: self.jwt_issuer.clone()?,
            audience: self.jwt_audience.clone()?,
            algorithms: names.filter_map(|name| JwtAlgorithm::named(name)).collect(),
            keys,
            keys_max_age: Duration::from_secs(self.jwks_max_age_seconds.into()),
            leeway: Duration::from_secs(self.jwt_leeway_seconds.into()),
        })
    }

    /// Secrets cannot be guessed, keys can be read, and each mode has what it needs.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        self.validate_admin_token(problems);
        for (index, entry) in self.api_keys.iter().enumerate() {
            if let Err((member, reason)) = entry.key() {
                problems.push(Problem::new(
                    &format!("auth.api_keys[{index}].{member}"),
                    reason,
                ));
            }
        }
        match self.mode {
            AuthMode::Sandbox => {}
            AuthMode::Jwt => self.validate_jwt(problems),
            AuthMode::ApiKey => {
                let acts = |entry: &ApiKeyEntry| entry.scopes.iter().any(|it| it == "chat");
                if !self.api_keys.iter().any(acts) {
                    problems.push(Problem::new(
                        "auth.api_keys",
                        "has no key with the scope `chat`, so nobody could talk to the assistant"
                            .to_owned(),
                    ));
                }
            }
        }
    }

    fn validate_admin_token(&self, problems: &mut Vec<Problem>) {
        let Some(token) = &self.admin_token else {
            return;
        };
        let mut refuse = |reason: String| problems.push(Problem::new("auth.admin_token", reason));
        if token.expose().trim().chars().count() < SHORTEST_TOKEN {
            refuse(format!(
                "is too short; allowed: {SHORTEST_TOKEN} characters and more"
            ));
        }
        if is_placeholder(token.expose()) {
            refuse(FORGOTTEN.to_owned());
        }
        if self.mode != AuthMode::Sandbox {
            refuse(
                "is the sandbox's and names nobody; give each administrator a key (auth.api_keys) or a token with scopes"
                    .to_owned(),
            );
        }
    }

    fn validate_jwt(&self, problems: &mut Vec<Problem>) {
        let mut refuse =
            |key: &str, reason: &str| problems.push(Problem::new(key, reason.to_owned()));
        let is_blank =
            |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        if is_blank(&self.jwt_issuer) {
            refuse("auth.jwt_issuer", "is missing, and auth.mode is `jwt`");
        }
        if is_blank(&self.jwt_audience) {
            refuse("auth.jwt_audience", "is missing, and auth.mode is `jwt`");
        }
        if self.jwt_algorithms.is_empty() {
            refuse(
                "auth.jwt_algorithms",
                "is empty, so no token could be accepted",
            );
        }
        let wrong = self
            .jwt_algorithms
            .iter()
            .any(|name| JwtAlgorithm::named(name).is_none());
        if wrong {
            let names = JwtAlgorithm::NAMES.join("`, `");
            let reason = format!("has one that is not for public keys; allowed: `{names}`");
            refuse("auth.jwt_algorithms", &reason);
        }
        match (&self.jwks_url, &self.jwks_file) {
            (Some(_), Some(_)) => refuse(
                "auth.jwks_file",
                "is one too many; allowed: it, or `auth.jwks_url`",
            ),
            (None, None) => refuse(
                "auth.jwks_url",
                "is missing; allowed: it, or `auth.jwks_file`",
            ),
            (Some(url), None) if !is_trustworthy(url) => refuse(
                "auth.jwks_url",
                "cannot be used; allowed: `https://…`, and `http://` to this machine",
            ),
            _ => {}
        }
    }
}

/// Keys that decide who is believed come over an encrypted line, or from this machine.
fn is_trustworthy(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match url.scheme() {
        "https" => !host.is_empty(),
        "http" => host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use vostro_http::KeyHash;

    use super::*;

    fn entry(scopes: &[&str]) -> ApiKeyEntry {
        ApiKeyEntry {
            name: "core".to_owned(),
            hash: KeyHash::of("a key").to_string(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            expires: None,
        }
    }

    fn jwt() -> Auth {
        Auth {
            mode: AuthMode::Jwt,
            jwt_issuer: Some("https://idp.bank.example".to_owned()),
            jwt_audience: Some("vostro".to_owned()),
            jwks_url: Some("https://idp.bank.example/keys".to_owned()),
            ..Auth::default()
        }
    }

    #[test]
    fn each_mode_has_what_it_needs_or_is_refused() {
        let some = |text: &str| Some(text.to_owned());
        let api_key = |entry: ApiKeyEntry| Auth {
            mode: AuthMode::ApiKey,
            api_keys: vec![entry],
            ..Auth::default()
        };
        let cases: [(Auth, &[&str]); 14] = [
            (Auth::default(), &[]),
            (jwt(), &[]),
            (
                Auth {
                    jwks_url: some("http://127.0.0.1:9/keys"),
                    ..jwt()
                },
                &[],
            ),
            (
                Auth {
                    jwks_url: some("http://idp.bank.example/keys"),
                    ..jwt()
                },
                &["auth.jwks_url"],
            ),
            (
                Auth {
                    jwks_url: None,
                    ..jwt()
                },
                &["auth.jwks_url"],
            ),
            (
                Auth {
                    jwks_file: Some("keys.json".into()),
                    ..jwt()
                },
                &["auth.jwks_file"],
            ),
            (
                Auth {
                    jwt_issuer: some(" "),
                    jwt_audience: None,
                    ..jwt()
                },
                &["auth.jwt_issuer", "auth.jwt_audience"],
            ),
            (
                Auth {
                    jwt_algorithms: vec!["HS256".to_owned()],
                    ..jwt()
                },
                &["auth.jwt_algorithms"],
            ),
            (
                Auth {
                    jwt_algorithms: vec!["none".to_owned()],
                    ..jwt()
                },
                &["auth.jwt_algorithms"],
            ),
            (
                Auth {
                    admin_token: Some(Redacted::new("a-secret-of-operators".to_owned())),
                    ..jwt()
                },
                &["auth.admin_token"],
            ),
            (api_key(entry(&["chat"])), &[]),
            (api_key(entry(&["money"])), &["auth.api_keys"]),
            (
                api_key(entry(&["chat", "root"])),
                &["auth.api_keys[0].scopes"],
            ),
            (
                api_key(ApiKeyEntry {
                    hash: "a key".to_owned(),
                    ..entry(&["chat"])
                }),
                &["auth.api_keys[0].hash"],
            ),
        ];
        for (auth, expected) in cases {
            let mut problems = Vec::new();
            auth.validate(&mut problems);
            let keys: Vec<_> = problems
                .iter()
                .map(|problem| problem.key.as_str())
                .collect();
            assert_eq!(keys, expected, "{auth:?}");
        }
    }
}
