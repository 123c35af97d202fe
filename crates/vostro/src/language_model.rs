//! The language model's client, put together from the configuration; none where no model is named.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use vostro_dialogue::{Advisor, AdvisorSettings};
use vostro_guardrails::Engine;
use vostro_http::client::GuardModel;
use vostro_llm::{InMemoryAllowance, LlmClient, Means};
use vostro_telemetry::Metrics;
use vostro_types::{Redacted, SystemClock, SystemEntropy};

use crate::config::{Config, ConfigError};
use crate::failure::Failure;
use crate::key_file;

/// A key is a line; a file much larger is not one.
const KEY_BYTES: usize = 4_096;

/// The client, where `[llm]` names a key or an address.
pub(crate) fn client(config: &Config, metrics: Arc<Metrics>) -> Result<Option<LlmClient>> {
    let llm = &config.llm;
    if !llm.enabled() {
        return Ok(None);
    }
    let key = match &llm.api_key_file {
        Some(path) => Some(read_key("llm.api_key_file", path)?),
        None => llm.together_key().cloned(),
    };
    let problems = |problem| ConfigError::Problems(vec![problem]);
    let settings = llm.settings(key).map_err(problems)?;
    let rules = config.bank.rules().map_err(ConfigError::Problems)?;
    let means = Means {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        time_zone: rules.time_zone,
        allowance: Arc::new(InMemoryAllowance::new(settings.caps)),
        metrics,
    };
    let client = LlmClient::new(settings, means).context("llm: the client cannot be made")?;
    Ok(Some(client))
}

/// The guardrails' guard model, where `[guardrails]` names one.
pub(crate) fn guard_model(config: &Config, metrics: Arc<Metrics>) -> Result<Option<GuardModel>> {
    let guardrails = &config.guardrails;
    let Some(url) = &guardrails.model_url else {
        return Ok(None);
    };
    let path = guardrails.model_key_file.as_deref();
    let key = path
        .map(|path| read_key("guardrails.model_key_file", path))
        .transpose()?;
    let settings = guardrails.model_client(url, key);
    let rules = config.bank.rules().map_err(ConfigError::Problems)?;
    let means = Means {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        time_zone: rules.time_zone,
        allowance: Arc::new(InMemoryAllowance::new(settings.caps)),
        metrics,
    };
    let client =
        LlmClient::new(settings, means).context("the guard model's client cannot be made")?;
    Ok(Some(GuardModel::new(
        Arc::new(client),
        guardrails.model_settings(),
    )))
}

/// The client with what a turn needs around it, and its readiness.
pub(crate) fn advisor(
    config: &Config,
    engine: Arc<Engine>,
    metrics: Arc<Metrics>,
) -> Result<Option<Advisor>> {
    let Some(client) = client(config, metrics)? else {
        return Ok(None);
    };
    let ms = |ms: u32| Duration::from_millis(u64::from(ms));
    let turn = ms(config.limits.turn_timeout_ms);
    let percent = u8::try_from(config.llm.ask_below_percent).unwrap_or(100);
    let settings = AdvisorSettings {
        ask_below: f32::from(percent) / 100.0,
        understanding: ms(config.llm.understanding_timeout_ms),
        words_answers: config.llm.words_answers,
        wording: ms(config.llm.wording_timeout_ms),
        // Time is left for approving and recording.
        turn: turn.mul_f32(0.8),
    };
    Ok(Some(Advisor::new(Arc::new(client), engine, settings)))
}

/// The first line of the file. Neither it nor any part of it is ever told.
fn read_key(setting: &str, path: &Path) -> Result<Redacted<String>> {
    let refuse = |reason: String| {
        Failure::usage(
            format!("{setting}: {} {reason}", path.display()),
            format!("{setting} names a file whose first line is the key"),
        )
    };
    let text = key_file::secret(setting, path)?;
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.trim_ascii();
    let sound = line.iter().all(u8::is_ascii_graphic);
    if line.is_empty() || line.len() > KEY_BYTES || !sound {
        return Err(refuse("holds no key".to_owned()).into());
    }
    Ok(Redacted::new(String::from_utf8_lossy(line).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_first_line_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let long = "k".repeat(5_000);
        for (text, key) in [
            ("sk-1\n", Some("sk-1")),
            ("  sk-2 \r\nsecond", Some("sk-2")),
            ("", None),
            ("\nsk", None),
            ("sk 3", None),
            ("sk-\u{0}", None),
            ("schlüssel", None),
            (long.as_str(), None),
        ] {
            std::fs::write(&path, text).unwrap();
            #[cfg(unix)]
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
                .unwrap();
            let read = read_key("llm.api_key_file", &path);
            if let Err(error) = &read {
                let told = format!("{error:#}");
                assert!(
                    text.trim().is_empty() || !told.contains(text.trim()),
                    "{told}"
                );
            }
            assert_eq!(
                read.ok().map(|key| key.expose().clone()).as_deref(),
                key,
                "{text:.20}"
            );
        }
        assert!(read_key("llm.api_key_file", &folder.path().join("none")).is_err());
    }
}
