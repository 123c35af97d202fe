//! The certificate's files: read at the start, and again when they change.

use std::time::Duration;

use anyhow::Result;
use tokio::time::{MissedTickBehavior, interval};
use vostro_http::Tls;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::failure::Failure;
use crate::key_file;

/// How often the files are looked at.
const PERIOD: Duration = Duration::from_secs(10);

/// The certificate of the ports, where one is configured.
pub(crate) fn load(config: &Config) -> Result<Option<Tls>> {
    let Some((certificate, key)) = read(config)? else {
        return Ok(None);
    };
    let tls = Tls::new(&certificate, &key)
        .map_err(|error| Failure::usage(format!("server.tls_certificate_file: {error}"), ""))?;
    Ok(Some(tls))
}

type Pem = Zeroizing<Vec<u8>>;

fn read(config: &Config) -> Result<Option<(Pem, Pem)>> {
    let server = &config.server;
    let (Some(certificate), Some(key)) = (&server.tls_certificate_file, &server.tls_key_file)
    else {
        return Ok(None);
    };
    let certificate = key_file::public("server.tls_certificate_file", certificate)?;
    let key = key_file::secret("server.tls_key_file", key)?;
    Ok(Some((certificate, key)))
}

/// Takes changed files up, until it is aborted. While they cannot be used the old certificate stays: a file may be
/// half written, or its key a moment behind.
pub(crate) async fn keep(config: Config, tls: Tls) {
    let mut beat = interval(PERIOD);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last = None;
    loop {
        beat.tick().await;
        match read(&config) {
            Ok(Some(files)) if last.as_ref() != Some(&files) => {
                match tls.replace(&files.0, &files.1) {
                    Ok(()) if last.is_some() => {
                        tracing::info!(target: "vostro", "the certificate was replaced");
                    }
                    Ok(()) => {}
                    Err(error) => {
                        tracing::warn!(target: "vostro", %error, "the old certificate stays");
                    }
                }
                last = Some(files);
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(target: "vostro", %error, "the old certificate stays");
            }
        }
    }
}
