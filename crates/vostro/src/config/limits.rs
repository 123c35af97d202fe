//! `[limits]`: how much one caller may ask for.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_types::Redacted;

use super::Problem;

/// How much one caller may ask for. Profile `bench` raises these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    /// Requests that one user may make in a minute (one address, where there is no user); beyond it
    /// the answer is 429 with `Retry-After`.
    #[schemars(range(min = 1, max = 100_000_000))]
    pub requests_per_minute: u32,
    /// Turns of one user that may be in progress at once.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub concurrent_turns: u32,
    /// Turns of all users that one process works on at once; beyond it the answer is 503 with
    /// `Retry-After`, so that those which are let in keep their speed.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub turns_at_once: u32,
    /// Requests in a minute from one address, whatever they are: a shield before anything is parsed.
    /// Behind a proxy all customers share one address, so it is generous.
    #[schemars(range(min = 1, max = 100_000_000))]
    pub flood_per_minute: u32,
    /// Requests in a minute of a caller that shows `services.token`.
    #[schemars(range(min = 1, max = 100_000_000))]
    pub service_per_minute: u32,
    /// Credentials in a minute from one address that are not accepted; beyond it the answer to further ones is 429
    /// instead of 401. Those that are accepted are heard nevertheless.
    #[schemars(range(min = 1, max = 100_000_000))]
    pub failed_auth_per_minute: u32,
    /// Money movements in a minute that one customer may ask for, beside their requests; beyond it the assistant
    /// says so and proposes nothing.
    #[schemars(range(min = 1, max = 100_000_000))]
    pub money_per_minute: u32,
    /// Where replicas count requests, failed authentication and money movements together: a Valkey or Redis server,
    /// `redis://HOST:PORT`, or `rediss://` over TLS. Without it, and while it does not answer, each replica counts for itself.
    #[schemars(with = "Option<String>")]
    pub valkey_url: Option<Redacted<String>>,
    /// The file with the certificates (PEM) of the authority that signs the one of `limits.valkey_url`. Without it the
    /// system's authorities count.
    pub valkey_ca_file: Option<PathBuf>,
    /// The largest request body that is read, in bytes; beyond it the answer is 413.
    #[schemars(range(min = 1_024, max = 67_108_864))]
    pub max_body_bytes: u32,
    /// The longest chat message, in Unicode code points; beyond it the answer is 422.
    #[schemars(range(min = 100, max = 1_000_000))]
    pub max_message_chars: u32,
    /// The longest search query, in Unicode code points; beyond it the answer is 422.
    #[schemars(range(min = 100, max = 1_000_000))]
    pub max_query_chars: u32,
    /// Connections that each port holds at once; further ones wait.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_connections: u32,
    /// How long a turn may take before its client is answered with 408, in milliseconds. The turn goes
    /// on and is recorded.
    #[schemars(range(min = 100, max = 600_000))]
    pub turn_timeout_ms: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: 100,
            concurrent_turns: 20,
            turns_at_once: 256,
            flood_per_minute: 60_000,
            service_per_minute: 600_000,
            failed_auth_per_minute: 60,
            money_per_minute: 30,
            valkey_url: None,
            valkey_ca_file: None,
            max_body_bytes: 65_536,
            max_message_chars: 10_000,
            max_query_chars: 2_000,
            max_connections: 8_192,
            turn_timeout_ms: 30_000,
        }
    }
}

impl Limits {
    /// An address is one that this build can call.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        let is_wrong =
            |url: &Redacted<String>| !vostro_http::SharedLimits::is_address(url.expose());
        if self.valkey_url.as_ref().is_some_and(is_wrong) {
            let reason =
                "cannot be used; allowed: `redis://HOST:PORT`, `rediss://HOST:PORT` over TLS";
            problems.push(Problem::new("limits.valkey_url", reason));
        }
    }
}
