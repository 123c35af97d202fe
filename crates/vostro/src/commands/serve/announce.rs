//! Saying where to go next, to people and to programs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use anstyle::Style;
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use vostro_http::Role;

use crate::config::{Config, conceal};

/// Prints the page, the docs and one command that works when pasted.
pub(super) fn say(config: &Config, places: &[(Role, SocketAddr)]) -> Result<()> {
    let mut text = String::new();
    let line = |text: &mut String, what: &str, url: &str| {
        text.push_str(&format!("  {what:<12} {url}\n"));
    };
    let (bold, version) = (Style::new().bold(), env!("CARGO_PKG_VERSION"));
    text.push_str(&format!("\n{bold}Vostro {version} is ready.{bold:#}\n\n"));
    for (role, address) in places {
        let url = url(*address);
        match role {
            Role::Concierge => {
                line(&mut text, "page", &format!("{url}/"));
                line(&mut text, "API docs", &format!("{url}/docs"));
                line(&mut text, "store", &store(config));
            }
            Role::Rag => line(&mut text, "knowledge", &format!("{url}/")),
            Role::Guardrails => line(&mut text, "guardrails", &format!("{url}/")),
        }
    }
    if let Some((role, address)) = places.first() {
        text.push_str(&format!("\n{}", try_it(*role, &url(*address))));
    }
    text.push_str("\nCtrl-C stops it.\n\n");
    use std::io::Write;
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

fn store(config: &Config) -> String {
    let url = conceal(&config.database.url);
    if config.demo.enabled {
        format!(
            "{url}, demo customers demo_001 to demo_{:03}",
            config.demo.customers
        )
    } else {
        url
    }
}

fn try_it(role: Role, url: &str) -> String {
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
    let mut text =
        format!("  curl -s {url}{path} -H 'content-type: application/json' \\\n    -d '{body}'\n");
    if role == Role::Concierge {
        text.push_str(&format!("  vostro chat --url {url}\n"));
    }
    text
}

/// A URL at which this machine reaches the address.
fn url(address: SocketAddr) -> String {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(host, address.port()))
}

/// Writes `{"pid": …, "concierge": {"address": …, "port": …, "url": …}, …}`, whole or not at all.
pub(super) fn write_ports(file: &Path, places: &[(Role, SocketAddr)]) -> Result<()> {
    let mut ports = Map::from_iter([("pid".to_owned(), Value::from(std::process::id()))]);
    for (role, address) in places {
        let place = json!({
            "address": address.to_string(),
            "port": address.port(),
            "url": url(*address),
        });
        ports.insert(role.name().to_owned(), place);
    }
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
            assert_eq!(url(address.parse().unwrap()), expected);
        }
    }
}
