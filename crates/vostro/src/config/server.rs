//! `[server]`: where the roles listen, and how they stop.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

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
    /// Origins such as `https://www.example.com` whose pages may call the concierge from a browser: where the
    /// widget is embedded. None by default; a browser asks, other programs do not.
    pub allowed_origins: Vec<String>,
    /// Origins such as `https://www.example.com` whose pages may show the customer's page in a frame. None by default;
    /// the desk is shown in none at all.
    pub frame_ancestors: Vec<String>,
    /// The file with the certificate of every port, in PEM, its chain behind it; with it the ports speak HTTPS.
    /// It is read again when it changes.
    pub tls_certificate_file: Option<PathBuf>,
    /// The file with the certificate's private key, in PEM, readable to its owner alone.
    pub tls_key_file: Option<PathBuf>,
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
            allowed_origins: Vec::new(),
            frame_ancestors: Vec::new(),
            tls_certificate_file: None,
            tls_key_file: None,
            shutdown_grace_seconds: 20,
        }
    }
}

impl Server {
    /// Which ports must differ depends on the roles that are run, and is not checked here.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        if self.tls_certificate_file.is_some() != self.tls_key_file.is_some() {
            problems.push(Problem::new(
                "server.tls_certificate_file",
                "and `server.tls_key_file` belong together: give both or neither",
            ));
        }
        for (key, origins) in [
            ("server.allowed_origins", &self.allowed_origins),
            ("server.frame_ancestors", &self.frame_ancestors),
        ] {
            if !origins.iter().all(|origin| is_origin(origin)) {
                problems.push(Problem::new(
                    key,
                    "each is a scheme, a host and, where it is not the usual one, a port: `https://www.example.com`",
                ));
            }
        }
    }
}

/// Whether a text is an origin as a browser sends it (RFC 6454, section 6.1): nothing after host and port.
fn is_origin(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or(text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".:-[]".contains(&byte)
        };
        !rest.is_empty() && rest.bytes().all(plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_a_port() {
        for (text, is_one) in [
            ("https://www.example.com", true),
            ("http://localhost:5173", true),
            ("http://[::1]:80", true),
            ("https://www.example.com/", false),
            ("https://WWW.example.com", false),
            ("https://", false),
            ("www.example.com", false),
            ("*", false),
            ("null", false),
        ] {
            assert_eq!(is_origin(text), is_one, "{text}");
        }
    }
}
