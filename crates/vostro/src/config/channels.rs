//! `[channels]`: gateways through which customers write elsewhere.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_bank::channel_endpoint;
use vostro_webhooks::{Endpoint, PrivateAddresses as Addresses};

use super::Problem;

/// Where customers write beside the bank's own pages, such as SMS, through gateways: `docs/how-to/connect-a-channel.md`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Channels {
    /// Gateways that speak the generic webhook; in the environment the same as a JSON array of objects. How often a
    /// reply is tried, and whether private addresses are allowed, is said in `webhooks`.
    pub gateways: Vec<Gateway>,
}

/// A gateway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gateway {
    /// The channel's name: part of its address here, and with `channel-` before it a label in metrics.
    pub name: String,
    /// Where replies are sent: `https://HOST/PATH`; `http://` only to this machine.
    pub url: String,
    /// The file with the secret that replies are signed with, `whsec_` and base64; two, one a line, while it changes over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_file: Option<PathBuf>,
    /// The environment variable with that secret, instead of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_env: Option<String>,
    /// The file with the secret that the gateway signs customers' messages with; another one than that of replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbound_secret_file: Option<PathBuf>,
    /// The environment variable with that secret, instead of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbound_secret_env: Option<String>,
    /// How long sending a reply may take, in milliseconds.
    #[serde(default = "ten_seconds")]
    #[schemars(range(min = 100, max = 60_000))]
    pub timeout_ms: u32,
}

const fn ten_seconds() -> u32 {
    10_000
}

impl Channels {
    /// Names are told apart, addresses are such as may be called, each direction has one source of secrets.
    pub(super) fn validate(&self, addresses: Addresses, problems: &mut Vec<Problem>) {
        for (index, gateway) in self.gateways.iter().enumerate() {
            let mut refuse = |field: &str, reason: String| {
                let key = format!("channels.gateways[{index}].{field}");
                problems.push(Problem::new(&key, reason));
            };
            let name = Endpoint::check_name(&gateway.name)
                .and_then(|()| Endpoint::check_name(&channel_endpoint(&gateway.name)));
            if let Err(error) = name {
                refuse("name", error.to_string());
            }
            if let Err(error) = Endpoint::check_url(&gateway.url, addresses) {
                refuse("url", error.to_string());
            }
            let mut before = self.gateways.iter().take(index);
            if before.any(|other| other.name == gateway.name) {
                refuse("name", format!("`{}` is taken already", gateway.name));
            }
            for (prefix, file, variable) in [
                ("", &gateway.secret_file, &gateway.secret_env),
                (
                    "inbound_",
                    &gateway.inbound_secret_file,
                    &gateway.inbound_secret_env,
                ),
            ] {
                let (file_key, variable_key) = (
                    format!("{prefix}secret_file"),
                    format!("{prefix}secret_env"),
                );
                match (file, variable) {
                    (Some(_), Some(_)) => refuse(
                        &variable_key,
                        format!("is one too many; allowed: it, or `{file_key}`"),
                    ),
                    (None, None) => refuse(
                        &file_key,
                        format!("is missing; allowed: a file, or `{variable_key}`"),
                    ),
                    _ => {}
                }
            }
        }
    }
}
