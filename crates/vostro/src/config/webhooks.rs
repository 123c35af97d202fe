//! `[webhooks]`: the bank's systems that are told what happened.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_webhooks::{Endpoint, EndpointError, PrivateAddresses as Addresses};

use super::Problem;

/// The bank's systems that are told what happened: `docs/operations/webhooks.md`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Webhooks {
    /// Who is told; in the environment the same as a JSON array of objects.
    pub endpoints: Vec<WebhookEndpoint>,
    /// Whether endpoints may be in private networks. Link-local addresses never are.
    pub private_addresses: PrivateAddresses,
    /// How many deliveries one endpoint gets at once from each process.
    #[schemars(range(min = 1, max = 100))]
    pub at_once: u32,
    /// After how many attempts a delivery is given up.
    #[schemars(range(min = 1, max = 100))]
    pub attempts: u32,
    /// For how many days what was delivered is kept.
    #[schemars(range(min = 1, max = 3_650))]
    pub retention_days: u32,
    /// For how many days what was given up is kept.
    #[schemars(range(min = 1, max = 3_650))]
    pub dead_letter_days: u32,
}

impl Default for Webhooks {
    fn default() -> Self {
        Self {
            endpoints: Vec::new(),
            private_addresses: PrivateAddresses::Allow,
            at_once: 8,
            attempts: 24,
            retention_days: 3,
            dead_letter_days: 90,
        }
    }
}

/// Whether endpoints may be in private networks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PrivateAddresses {
    /// Yes: the bank's own network is where most are.
    #[default]
    Allow,
    /// No: only addresses of the internet.
    Refuse,
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookEndpoint {
    /// Its name: a label in metrics, and part of each message's id.
    pub name: String,
    /// Where it is: `https://HOST/PATH`; `http://` only to this machine.
    pub url: String,
    /// What it is told: `*`, a family such as `transfer.*`, or topics.
    #[serde(default = "all")]
    pub topics: Vec<String>,
    /// The file with its secret, `whsec_` and base64; two, one a line, while it changes over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_file: Option<PathBuf>,
    /// The environment variable with its secret, instead of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_env: Option<String>,
    /// How long an attempt may take, in milliseconds.
    #[serde(default = "ten_seconds")]
    #[schemars(range(min = 100, max = 60_000))]
    pub timeout_ms: u32,
}

fn all() -> Vec<String> {
    vec!["*".to_owned()]
}

const fn ten_seconds() -> u32 {
    10_000
}

impl Webhooks {
    /// Which addresses endpoints may have.
    pub(crate) const fn addresses(&self) -> Addresses {
        match self.private_addresses {
            PrivateAddresses::Allow => Addresses::Allow,
            PrivateAddresses::Refuse => Addresses::Refuse,
        }
    }

    /// Names are told apart, addresses are such as may be called, each endpoint has one source of secrets.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        for (index, endpoint) in self.endpoints.iter().enumerate() {
            let mut refuse = |field: &str, reason: String| {
                let key = format!("webhooks.endpoints[{index}].{field}");
                problems.push(Problem::new(&key, reason));
            };
            let mut check = |field, outcome: Result<(), EndpointError>| {
                if let Err(error) = outcome {
                    refuse(field, error.to_string());
                }
            };
            check("name", Endpoint::check_name(&endpoint.name));
            let url = Endpoint::check_url(&endpoint.url, self.addresses());
            check("url", url.map(drop));
            check("topics", Endpoint::check_topics(&endpoint.topics));
            if endpoint.name.starts_with("channel-") {
                let reason = "cannot begin with `channel-`: that is how channels are named";
                refuse("name", reason.to_owned());
            }
            let before = self.endpoints.iter().take(index);
            if before.clone().any(|other| other.name == endpoint.name) {
                refuse("name", format!("`{}` is taken already", endpoint.name));
            }
            match (&endpoint.secret_file, &endpoint.secret_env) {
                (Some(_), Some(_)) => refuse(
                    "secret_env",
                    "is one too many; allowed: it, or `secret_file`".to_owned(),
                ),
                (None, None) => refuse(
                    "secret_file",
                    "is missing; allowed: a file, or `secret_env`".to_owned(),
                ),
                _ => {}
            }
        }
    }
}
