//! Saying where to go next, to people and to programs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use anstyle::Style;
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use vostro_http::Role;

use crate::commands::version::print;
use crate::config::{AuthMode, Config, conceal};

/// Prints the page, the docs and one command that works when pasted.
pub(super) fn say(config: &Config, places: &[(Role, SocketAddr)]) -> Result<()> {
    let scheme = match config.server.tls_certificate_file {
        Some(_) => "https",
        None => "http",
    };
    let (bold, version) = (Style::new().bold(), env!("CARGO_PKG_VERSION"));
    let mut lines = vec![
        String::new(),
        format!("{bold}Vostro {version} is ready.{bold:#}"),
        String::new(),
    ];
    for (role, address) in places {
        let url = url(scheme, *address);
        let shown = match role {
            Role::Concierge => vec![
                ("page", format!("{url}/")),
                ("API docs", format!("{url}/docs")),
                ("store", store(config)),
            ],
            Role::Rag => vec![("knowledge", format!("{url}/"))],
            Role::Guardrails => vec![("guardrails", format!("{url}/"))],
        };
        lines.extend(
            shown
                .into_iter()
                .map(|(what, place)| format!("  {what:<12} {place}")),
        );
    }
    lines.push(format!("  {:<12} {}", "access", access(config)));
    lines.push(String::new());
    if let Some((role, address)) = places.first() {
        lines.extend(try_it(*role, &url(scheme, *address)));
    }
    lines.extend(["", "Ctrl-C stops it.", "", ""].map(str::to_owned));
    print(&lines.join("\n"))
}

/// Who may talk to it.
fn access(config: &Config) -> &'static str {
    match config.auth.mode {
        AuthMode::Sandbox if config.server.host.is_loopback() => {
            "sandbox: any user id is believed, from this machine only"
        }
        AuthMode::Sandbox => {
            "sandbox: ANY USER ID IS BELIEVED, FROM ANY MACHINE THAT REACHES THIS ONE"
        }
        AuthMode::Jwt => "tokens of the identity provider (auth.mode = jwt)",
        AuthMode::ApiKey => "API keys (auth.mode = api-key)",
    }
}

fn store(config: &Config) -> String {
    let url = conceal(config.database.url.expose());
    if config.demo.enabled {
        format!(
            "{url}, demo customers demo_001 to demo_{:03}",
            config.demo.customers
        )
    } else {
        url
    }
}

fn try_it(role: Role, url: &str) -> Vec<String> {
    let (path, body) = match role {
        Role::Concierge => (
            "/api/v1/chat",
            json!({"message": "What is my balance?", "session_id": "", "user_id": "demo_001"}),
        ),
        Role::Rag => (
            "/api/v1/rag/search",
            json!({"query": "How do I transfer money?"}),
        ),
        Role::Guardrails => (
            "/api/v1/guardrails/check",
            json!({"text": "My SSN is 123-45-6789"}),
        ),
    };
    let mut lines = vec![
        format!("  curl -s {url}{path} -H 'content-type: application/json' \\"),
        format!("    -d '{body}'"),
    ];
    if role == Role::Concierge {
        lines.push(format!("  vostro chat --url {url}"));
    }
    lines
}

/// A URL at which this machine reaches the address.
fn url(scheme: &str, address: SocketAddr) -> String {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("{scheme}://{}", SocketAddr::new(host, address.port()))
}

/// Writes `{"concierge": 8000, "rag": 8001, "guardrails": 8002}`, whole or not at all.
pub(super) fn write_ports(file: &Path, places: &[(Role, SocketAddr)]) -> Result<()> {
    let ports: Map<String, Value> = places
        .iter()
        .map(|(role, address)| (role.name().to_owned(), address.port().into()))
        .collect();
    let mut unfinished = file.as_os_str().to_owned();
    unfinished.push(".unfinished");
    std::fs::write(&unfinished, format!("{:#}\n", Value::Object(ports)))
        .and_then(|()| std::fs::rename(&unfinished, file))
        .with_context(|| format!("--ports-file: {} cannot be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_one_that_can_be_pasted() {
        let cases = [
            ("127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("0.0.0.0:8000", "http://127.0.0.1:8000"),
            ("[::]:8000", "http://[::1]:8000"),
            ("10.1.2.3:80", "http://10.1.2.3:80"),
        ];
        for (address, expected) in cases {
            assert_eq!(url("http", address.parse().unwrap()), expected);
        }
    }
}
