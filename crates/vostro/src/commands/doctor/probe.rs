//! Asking what is at a port or behind a URL, with a deadline.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::Duration;

use serde_json::Value;

/// How long an answer is waited for.
const DEADLINE: Duration = Duration::from_secs(2);

/// What is at a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Port {
    /// Nothing: it can be listened on.
    Free,
    /// A Vostro of this version answers.
    Vostro(String),
    /// Something else has it.
    Taken,
    /// It cannot be listened on, for the reason given.
    Refused(String),
}

/// Looks at a port, by trying to listen on it and, if it is taken, by asking who is there.
pub(super) async fn port(host: IpAddr, port: u16) -> Port {
    match TcpListener::bind(SocketAddr::new(host, port)) {
        Ok(_) => Port::Free,
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let host = if host.is_unspecified() {
                loopback_of(host)
            } else {
                host
            };
            match health(&format!("http://{}", SocketAddr::new(host, port))).await {
                Ok(version) => Port::Vostro(version),
                Err(_) => Port::Taken,
            }
        }
        Err(error) => Port::Refused(error.to_string()),
    }
}

/// Asks an address; gives its status, as a success or as why it is none.
pub(super) async fn succeeds(url: &str) -> Result<String, String> {
    let ask = async {
        let client = reqwest::Client::builder()
            .timeout(DEADLINE)
            .no_proxy()
            .build()?;
        client.get(url).send().await
    };
    match ask.await {
        Ok(answer) if answer.status().is_success() => Ok(answer.status().to_string()),
        Ok(answer) => Err(answer.status().to_string()),
        Err(error) if error.is_builder() => Err("this is no address".to_owned()),
        Err(error) if error.is_timeout() => Err("no answer in time".to_owned()),
        Err(_) => Err("nothing answers there".to_owned()),
    }
}

/// Asks a service for its health; gives its version, or why it counts as unreachable.
pub(super) async fn health(base: &str) -> Result<String, String> {
    let ask = async {
        let client = reqwest::Client::builder()
            .timeout(DEADLINE)
            .no_proxy()
            .build()?;
        let answer = client
            .get(format!("{}/health", base.trim_end_matches('/')))
            .send()
            .await?;
        answer.error_for_status()?.json::<Value>().await
    };
    let body = ask.await.map_err(|error| {
        let reason = if error.is_timeout() {
            "no answer in time"
        } else if error.is_connect() {
            "nothing listens there"
        } else {
            "the answer is not that of a Vostro"
        };
        reason.to_owned()
    })?;
    let field = |name: &str| body.get(name).and_then(Value::as_str);
    match (field("status"), field("version")) {
        (Some("healthy"), Some(version)) => Ok(version.to_owned()),
        (Some(status), _) => Err(format!("it says that it is {status}")),
        _ => Err("the answer is not that of a Vostro".to_owned()),
    }
}

fn loopback_of(host: IpAddr) -> IpAddr {
    match host {
        IpAddr::V4(_) => IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        IpAddr::V6(_) => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
    }
}
