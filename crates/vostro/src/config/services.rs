//! `[services]`: where a concierge that runs alone finds the other two roles.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_types::Redacted;

use super::Problem;
use super::problem::{FORGOTTEN, is_placeholder};

/// A shorter token could be guessed.
const TOKEN_LENGTH: usize = 16;

/// Where a concierge that runs alone finds the other two roles. Without a URL the role is part of
/// the same process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Services {
    /// The knowledge search: `http://HOST:PORT`, or `https://`. While it does not answer, the assistant says so and
    /// does everything else.
    pub rag_url: Option<String>,
    /// The guardrails: `http://HOST:PORT`, or `https://`. While they do not answer, the engine in this process
    /// takes over.
    pub guardrails_url: Option<String>,
    /// The secret with which Vostro's own services call each other; the same in each of them. A caller
    /// that shows it is limited by `limits.service_per_minute` and not by its address.
    #[schemars(with = "Option<String>", extend("x-secret" = true))]
    pub token: Option<Redacted<String>>,
    /// The file with the certificates (PEM) of the authority that signs those of the other two roles, where they are
    /// called over TLS. Without it the system's authorities count; with it no other does.
    pub ca_file: Option<PathBuf>,
    /// How long one call may take, in milliseconds.
    #[schemars(range(min = 10, max = 60_000))]
    pub timeout_ms: u32,
    /// A call that takes longer than this, in milliseconds, is made a second time beside the first, and whichever
    /// answers first counts; a tenth of the calls at most. 0 for never.
    #[schemars(range(min = 0, max = 60_000))]
    pub hedge_after_ms: u32,
}

impl Default for Services {
    fn default() -> Self {
        Self {
            rag_url: None,
            guardrails_url: None,
            token: None,
            ca_file: None,
            timeout_ms: 2_000,
            hedge_after_ms: 150,
        }
    }
}

impl Services {
    /// URLs must be HTTP with a host; a token must be one that a header can carry.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        for (key, url) in [
            ("services.rag_url", &self.rag_url),
            ("services.guardrails_url", &self.guardrails_url),
        ] {
            if let Some(url) = url
                && let Err(reason) = check_url(url)
            {
                problems.push(Problem::new(key, reason));
            }
        }
        if let Some(token) = &self.token {
            let sound = token.expose().chars().all(|c| c.is_ascii_graphic());
            if !sound || token.expose().len() < TOKEN_LENGTH {
                problems.push(Problem::new(
                    "services.token",
                    format!("cannot be used; allowed: {TOKEN_LENGTH} or more ASCII characters without spaces"),
                ));
            } else if is_placeholder(token.expose()) {
                problems.push(Problem::new("services.token", FORGOTTEN));
            }
        }
    }
}

/// Whether a URL is one of a role of ours.
pub(crate) fn check_url(url: &str) -> Result<reqwest::Url, String> {
    check(url, &["http", "https"])
}

/// Whether a URL is one that is called without TLS.
pub(crate) fn check_http_url(url: &str) -> Result<reqwest::Url, String> {
    check(url, &["http"])
}

fn check(url: &str, schemes: &[&str]) -> Result<reqwest::Url, String> {
    let allowed: Vec<_> = schemes
        .iter()
        .map(|it| format!("`{it}://HOST:PORT`"))
        .collect();
    let allowed = format!("allowed: {}", allowed.join(", "));
    let parsed = reqwest::Url::parse(url)
        .map_err(|error| format!("`{}` is no URL ({error}); {allowed}", super::conceal(url)))?;
    match parsed.scheme() {
        scheme if schemes.contains(&scheme) && parsed.has_host() => Ok(parsed),
        other => Err(format!("`{other}:` cannot be called; {allowed}")),
    }
}
