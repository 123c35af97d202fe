//! `[guardrails]`: the checks on every text that goes in or out.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_guardrails::{Band, OpinionForm};
use vostro_http::client::{GuardModelSettings, WithoutOpinion};
use vostro_llm::{Caps, LlmSettings, Retries, Timeouts, check_base_url};
use vostro_types::Redacted;

use super::Problem;
use super::problem::require_folder;

/// The checks on every text that goes in or out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Guardrails {
    /// A folder of policy files (`*.toml`) that are read after the built-in ones, in the order of
    /// their names: settings and word lists replace, rules add up.
    pub policies: Option<PathBuf>,
    /// The root of an OpenAI-compatible interface to a guard model, up to and with `/v1`: `https://`, or
    /// `http://` to this machine. Without one there is no such tier. It is asked only about texts that the
    /// engine is not sure of, with personal data replaced by names.
    pub model_url: Option<String>,
    /// The guard model, by the server's name for it.
    pub model: String,
    /// The file with the key for `guardrails.model_url`, on its first line.
    pub model_key_file: Option<PathBuf>,
    /// How it answers: `llama_guard` (`safe`, or `unsafe` and codes), or `json`, for a model that follows
    /// instructions.
    pub model_form: ModelForm,
    /// How long it may take, in milliseconds.
    #[schemars(range(min = 10, max = 60_000))]
    pub model_timeout_ms: u32,
    /// What happens to a text that it was to decide on and gave no opinion: `open`, the engine's own word
    /// stands; `closed`, the text is stopped.
    pub model_failure: ModelFailure,
    /// From this score on, in percent, a text is put to it.
    #[schemars(range(min = 0, max = 100))]
    pub model_from_percent: u32,
    /// From this score on, in percent, the engine is sure by itself.
    #[schemars(range(min = 0, max = 101))]
    pub model_to_percent: u32,
}

/// How a guard model answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ModelForm {
    /// `safe`, or `unsafe` and codes.
    #[default]
    LlamaGuard,
    /// An object.
    Json,
}

/// What holds without a guard model's answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ModelFailure {
    /// The engine's own word stands.
    #[default]
    Open,
    /// The text is stopped.
    Closed,
}

impl Default for Guardrails {
    fn default() -> Self {
        Self {
            policies: None,
            model_url: None,
            model: "llama-guard".to_owned(),
            model_key_file: None,
            model_form: ModelForm::default(),
            model_timeout_ms: 1_000,
            model_failure: ModelFailure::default(),
            model_from_percent: 15,
            model_to_percent: 95,
        }
    }
}

impl Guardrails {
    /// The folder must be there; what its files say is checked when they are read. The guard model's
    /// address must be safe to send a text to.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        require_folder("guardrails.policies", self.policies.as_deref(), problems);
        if let Some(url) = &self.model_url
            && let Err(error) = check_base_url(url)
        {
            let shown = super::conceal(url);
            problems.push(Problem::new(
                "guardrails.model_url",
                format!("`{shown}`: {error}"),
            ));
        }
        if self.model.is_empty()
            || self
                .model
                .chars()
                .any(|c| c.is_control() || c.is_whitespace())
        {
            let reason = "is no model's name; allowed: text without spaces";
            problems.push(Problem::new("guardrails.model", reason));
        }
        if self.model_from_percent >= self.model_to_percent {
            let reason =
                "leaves nothing to ask about; allowed: less than guardrails.model_to_percent";
            problems.push(Problem::new("guardrails.model_from_percent", reason));
        }
    }

    /// How the guard model is used.
    pub(crate) fn model_settings(&self) -> GuardModelSettings {
        let share = |percent: u32| f32::from(u8::try_from(percent).unwrap_or(101)) / 100.0;
        GuardModelSettings {
            band: Band {
                from: share(self.model_from_percent),
                to: share(self.model_to_percent),
            },
            form: match self.model_form {
                ModelForm::LlamaGuard => OpinionForm::LlamaGuard,
                ModelForm::Json => OpinionForm::Json,
            },
            timeout: self.model_timeout(),
            failure: match self.model_failure {
                ModelFailure::Open => WithoutOpinion::Open,
                ModelFailure::Closed => WithoutOpinion::Closed,
            },
        }
    }

    fn model_timeout(&self) -> Duration {
        Duration::from_millis(u64::from(self.model_timeout_ms))
    }

    /// How the guard model is reached: one try within the deadline, no cap for a customer.
    pub(crate) fn model_client(&self, url: &str, key: Option<Redacted<String>>) -> LlmSettings {
        let usual = LlmSettings::new(url, self.model.as_str());
        let whole = self.model_timeout();
        LlmSettings {
            api_key: key,
            timeouts: Timeouts {
                connect: whole,
                first_token: whole,
                next_token: whole,
                answer: whole,
            },
            retries: Retries {
                attempts: 1,
                ..usual.retries
            },
            caps: Caps {
                tokens: 0,
                micro_dollars: 0,
                millis: 0,
            },
            ..usual
        }
    }
}
