//! Whether the language model's server is there, takes the key and offers the models that are configured.

use std::sync::Arc;
use std::time::Duration;

use vostro_telemetry::Metrics;

use super::{Check, Status};
use crate::config::{Config, conceal};
use crate::language_model;

const NAME: &str = "language model";
/// How long an answer is waited for.
const DEADLINE: Duration = Duration::from_secs(5);

/// Asks the server for its models; nothing else is sent. Off, nothing is asked at all.
pub(super) async fn check(config: &Config) -> Check {
    let metrics = Arc::new(Metrics::new(env!("CARGO_PKG_VERSION")));
    let client = match language_model::client(config, metrics) {
        Ok(Some(client)) => client,
        Ok(None) => {
            let detail =
                "no key: the local engine understands messages; nothing leaves this machine";
            return Check::new(NAME, Status::Off, detail);
        }
        Err(error) => return Check::new(NAME, Status::Failed, format!("{error:#}")),
    };
    let shown = conceal(config.llm.address());
    let offered = match client.models(DEADLINE).await {
        Ok(offered) => offered,
        Err(error) => {
            return Check::new(NAME, Status::Warning, format!("{shown}: {error}"))
                .hint("without it the local engine understands messages");
        }
    };
    let wanted = client.model_names();
    let missing: Vec<&str> = wanted
        .filter(|name| !offered.iter().any(|o| o == name))
        .collect();
    let detail = format!("{shown}: answers, {} models", offered.len());
    if missing.is_empty() {
        return Check::new(NAME, Status::Ok, detail);
    }
    let detail = format!("{detail}; not among them: {}", missing.join(", "));
    Check::new(NAME, Status::Warning, detail)
        .hint("llm.model and llm.fallback_models name them as the server does")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_is_off_without_a_key_and_a_silent_server_is_a_warning() {
        let mut config = Config::default();
        assert_eq!(check(&config).await.status, Status::Off);
        let nobody = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        config.llm.base_url = Some(format!("http://{nobody}/v1"));
        let found = check(&config).await;
        assert_eq!(found.status, Status::Warning, "{found:?}");
        config.llm.api_key_file = Some("no-such-file".into());
        assert_eq!(check(&config).await.status, Status::Failed);
    }
}
