//! Webhooks, put together from the configuration: the endpoints with their secrets, and the dispatcher, which
//! delivers to channels as well.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::SignedDuration;
use vostro_bank::Store;
use vostro_telemetry::Metrics;
use vostro_types::{SystemClock, SystemEntropy};
use vostro_webhooks::{
    Dispatcher, DispatcherSettings, Endpoint, Keep, RetryPolicy, Secrets, Sender,
};
use zeroize::Zeroizing;

use crate::channels;
use crate::config::Config;
use crate::failure::Failure;
use crate::key_file;

/// The endpoints, with their secrets read.
pub(crate) fn endpoints(config: &Config) -> Result<Vec<Endpoint>> {
    let endpoints = config.webhooks.endpoints.iter().enumerate();
    endpoints
        .map(|(index, endpoint)| {
            let timeout = Duration::from_millis(u64::from(endpoint.timeout_ms));
            Ok(Endpoint::new(
                &endpoint.name,
                &endpoint.url,
                &endpoint.topics,
                secrets(&SecretSource {
                    section: format!("webhooks.endpoints[{index}]."),
                    page: "docs/operations/webhooks.md",
                    file: endpoint.secret_file.as_ref(),
                    variable: endpoint.secret_env.as_ref(),
                })?,
                timeout,
                config.webhooks.addresses(),
            )?)
        })
        .collect()
}

/// Where secrets are read from.
pub(crate) struct SecretSource<'a> {
    /// The setting's dotted key, up to `secret_file` or `secret_env`.
    pub(crate) section: String,
    /// The page that says how a secret is made.
    pub(crate) page: &'static str,
    pub(crate) file: Option<&'a PathBuf>,
    pub(crate) variable: Option<&'a String>,
}

/// Reads secrets.
pub(crate) fn secrets(source: &SecretSource<'_>) -> Result<Secrets> {
    let refused = |field: &str, why: String| {
        let help = format!("{} says how a secret is made", source.page);
        Failure::usage(format!("{}{field}: {why}", source.section), help)
    };
    let (field, text) = match (source.file, source.variable) {
        (Some(path), _) => {
            let bytes = key_file::secret(&format!("{}secret_file", source.section), path)?;
            let text = std::str::from_utf8(&bytes)
                .map_err(|_| refused("secret_file", "is no text".to_owned()))?;
            ("secret_file", Zeroizing::new(text.to_owned()))
        }
        (None, Some(name)) => {
            let text = std::env::var(name)
                .map_err(|_| refused("secret_env", format!("`{name}` is not set")))?;
            ("secret_env", Zeroizing::new(text))
        }
        (None, None) => ("secret_file", Zeroizing::default()),
    };
    Ok(Secrets::parse(&text).map_err(|error| refused(field, error.to_string()))?)
}

/// What makes attempts.
pub(crate) fn sender(config: &Config) -> Result<Sender> {
    Sender::new(config.webhooks.addresses()).context("webhooks cannot be sent")
}

/// What delivers the store's outbox.
pub(crate) fn dispatcher(
    config: &Config,
    store: &Arc<dyn Store>,
    metrics: &Arc<Metrics>,
) -> Result<Dispatcher> {
    let webhooks = &config.webhooks;
    let days = |days: u32| SignedDuration::from_hours(i64::from(days) * 24);
    let mut endpoints = endpoints(config)?;
    endpoints.extend(channels::endpoints(config, store)?);
    Ok(Dispatcher {
        outbox: Arc::clone(store) as _,
        endpoints,
        sender: sender(config)?,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        metrics: Arc::clone(metrics),
        settings: DispatcherSettings {
            at_once: webhooks.at_once,
            retry: RetryPolicy {
                attempts: webhooks.attempts,
                ..RetryPolicy::default()
            },
            keep: Keep {
                delivered: days(webhooks.retention_days),
                dead: days(webhooks.dead_letter_days),
            },
            ..DispatcherSettings::default()
        },
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn secrets_are_read_from_files_that_only_their_owner_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let good = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n";
        for (text, mode, why) in [
            (good.as_bytes(), 0o600, None),
            (good.as_bytes(), 0o644, Some("everybody")),
            (b"whsec_c2hvcnQ=", 0o600, Some("from 24 to 64 bytes")),
            (b"\xff\xfe", 0o600, Some("is no text")),
            (b"", 0o600, Some("one secret or two")),
        ] {
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let found = secrets(&SecretSource {
                section: "webhooks.endpoints[0].".to_owned(),
                page: "docs/operations/webhooks.md",
                file: Some(&path),
                variable: None,
            });
            let told = found.as_ref().err().map(|error| format!("{error:#}"));
            assert_eq!(told.is_some(), why.is_some(), "{told:?}");
            if let (Some(told), Some(why)) = (told, why) {
                assert!(told.contains("webhooks.endpoints[0].secret_file"), "{told}");
                assert!(told.contains(why) && !told.contains("c2hvcnQ"), "{told}");
            }
        }
        let missing = secrets(&SecretSource {
            section: "webhooks.endpoints[0].".to_owned(),
            page: "docs/operations/webhooks.md",
            file: Some(&folder.path().join("none")),
            variable: None,
        });
        assert!(missing.unwrap_err().to_string().contains("cannot be read"));
    }
}
