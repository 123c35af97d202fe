//! `[server]`: where the roles listen, and how they stop.

use std::net::{IpAddr, Ipv4Addr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// Where the roles listen, and how they stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Server {
    /// The IP address that every role listens on. Anything but a loopback address also needs
    /// `server.allow_non_loopback` while `auth.mode` is `sandbox`.
    pub host: IpAddr,
    /// Whether the sandbox, which believes any `user_id`, may listen beyond this machine. The flag is
    /// `--allow-non-loopback`.
    pub allow_non_loopback: bool,
    /// The concierge's port; 0 lets the system choose.
    pub concierge_port: u16,
    /// The knowledge search's port; 0 lets the system choose.
    pub rag_port: u16,
    /// The guardrails' port; 0 lets the system choose.
    pub guardrails_port: u16,
    /// How long requests in flight may take to finish after the process was told to stop, in seconds.
    #[schemars(range(min = 1, max = 600))]
    pub shutdown_grace_seconds: u32,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            allow_non_loopback: false,
            concierge_port: 8000,
            rag_port: 8001,
            guardrails_port: 8002,
            shutdown_grace_seconds: 20,
        }
    }
}

impl Server {
    /// Nothing beyond types and ranges: which ports must differ depends on the roles that are run.
    #[allow(clippy::unused_self, reason = "every section has the same shape")]
    pub(super) fn validate(&self, _problems: &mut Vec<Problem>) {}
}
