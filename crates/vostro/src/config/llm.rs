//! `[llm]`: the language model that helps where the local engine is unsure, and only where one is named.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_llm::{
    BreakerSettings, Caps, LlmSettings, ModelChoice, PlaceSettings, Price, Retries, Timeouts,
    check_base_url,
};
use vostro_types::Redacted;

use super::Problem;

/// Where Together.AI answers.
const TOGETHER: &str = "https://api.together.xyz/v1";

/// The language model. It is asked only when a key or an address is set (`TOGETHER_API_KEY` is enough);
/// without one the local engine does everything, and nothing leaves this machine. `docs/llm.md` has more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Llm {
    /// The root of an OpenAI-compatible interface, up to and with `/v1`: `https://`, or `http://` to this
    /// machine. Without one it is Together.AI's, where a key is set.
    pub base_url: Option<String>,
    /// The file with the key for `llm.base_url`, on its first line.
    pub api_key_file: Option<PathBuf>,
    /// The key for Together.AI, sent nowhere else. The variable `TOGETHER_API_KEY` sets it.
    #[schemars(with = "Option<String>", extend("x-secret" = true))]
    pub together_api_key: Option<Redacted<String>>,
    /// The model that is asked, by the server's name for it.
    pub model: String,
    /// Models that are asked when it fails, in their order, with commas between them.
    pub fallback_models: Option<String>,
    /// What models cost: `MODEL=PROMPT/ANSWER` in dollars for a million tokens, with commas between
    /// models. A model without a price costs nothing, and so no cost cap holds for it.
    pub prices: String,
    /// How long a connection may take, in milliseconds.
    #[schemars(range(min = 10, max = 60_000))]
    pub connect_timeout_ms: u32,
    /// How long the first token may take, in milliseconds.
    #[schemars(range(min = 10, max = 600_000))]
    pub first_token_timeout_ms: u32,
    /// How long each further token may take, in milliseconds.
    #[schemars(range(min = 10, max = 600_000))]
    pub next_token_timeout_ms: u32,
    /// How long an answer may take, retries included, in milliseconds. A turn's own deadline cuts it short.
    #[schemars(range(min = 10, max = 600_000))]
    pub answer_timeout_ms: u32,
    /// The most times that a server is asked for one answer, all models together.
    #[schemars(range(min = 1, max = 10))]
    pub attempts: u32,
    /// Retries for each hundred requests; ten are in reserve.
    #[schemars(range(min = 0, max = 100))]
    pub retry_percent: u32,
    /// Failures in a row after which a model is left alone for a while.
    #[schemars(range(min = 1, max = 1_000))]
    pub breaker_failures: u32,
    /// How long it is left alone at first, in milliseconds; twice as long after each try that failed.
    #[schemars(range(min = 100, max = 60_000))]
    pub breaker_rest_ms: u32,
    /// Answers that are made at once.
    #[schemars(range(min = 1, max = 10_000))]
    pub concurrent: u32,
    /// Requests that wait for one of them to end; further ones go without a model.
    #[schemars(range(min = 0, max = 100_000))]
    pub queued: u32,
    /// How long they wait, in milliseconds.
    #[schemars(range(min = 1, max = 60_000))]
    pub queue_timeout_ms: u32,
    /// Tokens that one customer may use in a day; 0 is no cap.
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub customer_daily_tokens: u32,
    /// Cents that one customer's use may cost in a day; 0 is no cap.
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub customer_daily_cents: u32,
    /// Seconds of models' work for one customer in a day; 0 is no cap.
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub customer_daily_seconds: u32,
    /// Messages that the rules understand with less confidence than this, in percent, are put to the model;
    /// 0 asks it about none.
    #[schemars(range(min = 0, max = 100))]
    pub ask_below_percent: u32,
    /// How long the model may take to understand a message, in milliseconds; then the rules' reading stands.
    #[schemars(range(min = 10, max = 60_000))]
    pub understanding_timeout_ms: u32,
    /// Put answers from the knowledge base into the model's words. Each sentence is compared with the passages
    /// that it cites; what does not hold is not said. Off, answers are quotations.
    pub words_answers: bool,
    /// How long wording an answer may take, in milliseconds; then the quotations stand.
    #[schemars(range(min = 10, max = 60_000))]
    pub wording_timeout_ms: u32,
    /// Go through the proxy that the environment names (`HTTPS_PROXY`).
    pub use_proxy: bool,
    /// Ask for token counts in streams; off for a server that refuses `stream_options`.
    pub ask_for_usage: bool,
}

impl Default for Llm {
    fn default() -> Self {
        Self {
            base_url: None,
            api_key_file: None,
            together_api_key: None,
            model: "meta-llama/Llama-3.3-70B-Instruct-Turbo".to_owned(),
            fallback_models: None,
            prices: "meta-llama/Llama-3.3-70B-Instruct-Turbo=0.88/0.88".to_owned(),
            connect_timeout_ms: 2_000,
            first_token_timeout_ms: 5_000,
            next_token_timeout_ms: 3_000,
            answer_timeout_ms: 15_000,
            attempts: 3,
            retry_percent: 20,
            breaker_failures: 5,
            breaker_rest_ms: 5_000,
            concurrent: 32,
            queued: 64,
            queue_timeout_ms: 2_000,
            customer_daily_tokens: 200_000,
            customer_daily_cents: 25,
            customer_daily_seconds: 600,
            ask_below_percent: 50,
            understanding_timeout_ms: 4_000,
            words_answers: true,
            wording_timeout_ms: 8_000,
            use_proxy: false,
            ask_for_usage: true,
        }
    }
}

impl Llm {
    /// Whether a model is to be asked at all.
    pub(crate) fn enabled(&self) -> bool {
        self.base_url.is_some() || self.api_key_file.is_some() || self.together_api_key.is_some()
    }

    /// The address that would be called.
    pub(crate) fn address(&self) -> &str {
        self.base_url.as_deref().unwrap_or(TOGETHER)
    }

    /// The key that may be sent to the address and is not in a file: Together's to Together only.
    pub(crate) fn together_key(&self) -> Option<&Redacted<String>> {
        let host = |url: &str| Some(check_base_url(url).ok()?.host_str()?.to_owned());
        let together = host(self.address())
            .is_some_and(|host| host == "api.together.xyz" || host == "api.together.ai");
        self.together_api_key.as_ref().filter(|_| together)
    }

    /// The client's settings; `key` comes from the file or from [`Llm::together_key`].
    pub(crate) fn settings(&self, key: Option<Redacted<String>>) -> Result<LlmSettings, Problem> {
        let ms = |ms: u32| Duration::from_millis(u64::from(ms));
        let usual = LlmSettings::new(self.address(), "");
        Ok(LlmSettings {
            api_key: key,
            models: self.models()?,
            timeouts: Timeouts {
                connect: ms(self.connect_timeout_ms),
                first_token: ms(self.first_token_timeout_ms),
                next_token: ms(self.next_token_timeout_ms),
                answer: ms(self.answer_timeout_ms),
            },
            retries: Retries {
                attempts: self.attempts,
                percent: self.retry_percent,
            },
            breaker: BreakerSettings {
                failures: self.breaker_failures,
                rest: ms(self.breaker_rest_ms),
                ..usual.breaker
            },
            places: PlaceSettings {
                concurrent: super::size(self.concurrent),
                queue: super::size(self.queued),
                patience: ms(self.queue_timeout_ms),
            },
            caps: Caps {
                tokens: u64::from(self.customer_daily_tokens),
                micro_dollars: u64::from(self.customer_daily_cents) * 10_000,
                millis: u64::from(self.customer_daily_seconds) * 1_000,
            },
            use_proxy: self.use_proxy,
            ask_for_usage: self.ask_for_usage,
            ..usual
        })
    }

    /// The models of the chain, with their prices.
    fn models(&self) -> Result<Vec<ModelChoice>, Problem> {
        let prices = self.price_list()?;
        let listed = self.fallback_models.as_deref().unwrap_or_default();
        let others = listed
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let mut chain: Vec<ModelChoice> = Vec::new();
        for name in std::iter::once(self.model.trim()).chain(others) {
            let key = if chain.is_empty() {
                "llm.model"
            } else {
                "llm.fallback_models"
            };
            if name.is_empty() || name.chars().any(|c| c.is_control() || c.is_whitespace()) {
                return Err(Problem::new(
                    key,
                    "is no model's name; allowed: text without spaces",
                ));
            }
            if chain.iter().any(|choice| choice.name == name) {
                return Err(Problem::new(key, format!("names `{name}` twice")));
            }
            let price = prices
                .iter()
                .find(|(model, _)| *model == name)
                .map(|(_, price)| *price);
            chain.push(ModelChoice {
                name: name.to_owned(),
                price,
            });
        }
        Ok(chain)
    }

    fn price_list(&self) -> Result<Vec<(&str, Price)>, Problem> {
        let entries = self
            .prices
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        entries
            .map(|entry| {
                let problem = || {
                    let reason = format!("`{entry}` is no price; allowed: `MODEL=PROMPT/ANSWER` in dollars for a million tokens, such as `llama=0.88/0.88`");
                    Problem::new("llm.prices", reason)
                };
                let (model, price) = entry.rsplit_once('=').ok_or_else(problem)?;
                Ok((model.trim(), price.parse().map_err(|_| problem())?))
            })
            .collect()
    }

    /// The address must be safe to send a key and a conversation to; models and prices must be readable.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        if let Err(error) = check_base_url(self.address()) {
            let shown = super::conceal(self.address());
            problems.push(Problem::new("llm.base_url", format!("`{shown}`: {error}")));
        }
        match self.models() {
            Err(problem) => problems.push(problem),
            Ok(chain) if self.together_key().is_some() && self.customer_daily_cents > 0 => {
                for choice in chain.iter().filter(|choice| choice.price.is_none()) {
                    let reason = format!(
                        "has no price for `{}`, and llm.customer_daily_cents could not hold",
                        choice.name
                    );
                    problems.push(Problem::new("llm.prices", reason));
                }
            }
            Ok(_) => {}
        }
        if let Some(key) = &self.together_api_key
            && (key.expose().is_empty() || !key.expose().chars().all(|c| c.is_ascii_graphic()))
        {
            let reason = "cannot be used; allowed: ASCII characters without spaces";
            problems.push(Problem::new("llm.together_api_key", reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change<'a> = &'a dyn Fn(&mut Llm);

    #[test]
    fn it_is_off_until_a_key_or_an_address_is_set_and_keys_go_where_they_belong() {
        let key = || Some(Redacted::new("k".repeat(20)));
        let with = |base_url: Option<&str>, together_api_key| Llm {
            base_url: base_url.map(ToOwned::to_owned),
            together_api_key,
            ..Llm::default()
        };
        for (llm, enabled, sent) in [
            (with(None, None), false, false),
            (with(None, key()), true, true),
            (with(Some("https://api.together.ai/v1"), key()), true, true),
            (with(Some("http://127.0.0.1:8080/v1"), key()), true, false),
            (
                with(Some("https://together.example/v1"), key()),
                true,
                false,
            ),
        ] {
            assert_eq!(
                (llm.enabled(), llm.together_key().is_some()),
                (enabled, sent),
                "{llm:?}"
            );
            let mut problems = Vec::new();
            llm.validate(&mut problems);
            assert!(problems.is_empty(), "{problems:?}");
        }
    }

    #[test]
    fn the_chain_has_its_prices_and_mistakes_name_their_key() {
        let llm = |change: &dyn Fn(&mut Llm)| {
            let mut llm = Llm {
                base_url: Some("http://localhost:1/v1".to_owned()),
                ..Llm::default()
            };
            change(&mut llm);
            let mut problems = Vec::new();
            llm.validate(&mut problems);
            problems
                .first()
                .map(|problem| problem.key.clone())
                .ok_or_else(|| llm.models().unwrap())
        };
        let chain = llm(&|llm| {
            llm.model = "a=b".to_owned();
            llm.fallback_models = Some("c/d, e,".to_owned());
            llm.prices = "a=b=1/2, c/d=0.5/0".to_owned();
        });
        let chain: Vec<_> = chain
            .unwrap_err()
            .into_iter()
            .map(|c| (c.name, c.price.map(|p| p.prompt)))
            .collect();
        let expected = [
            ("a=b", Some(1_000_000)),
            ("c/d", Some(500_000)),
            ("e", None),
        ];
        assert_eq!(
            chain,
            expected.map(|(name, price)| (name.to_owned(), price))
        );
        let cases: [(&str, Change<'_>); 7] = [
            ("llm.model", &|llm| llm.model = " ".to_owned()),
            ("llm.model", &|llm| llm.model = "a b".to_owned()),
            ("llm.fallback_models", &|llm| {
                llm.fallback_models = Some(llm.model.clone());
            }),
            ("llm.prices", &|llm| llm.prices = "a=1".to_owned()),
            ("llm.prices", &|llm| {
                llm.base_url = None;
                llm.together_api_key = Some(Redacted::new("k".to_owned()));
                llm.prices = String::new();
            }),
            ("llm.base_url", &|llm| {
                llm.base_url = Some("http://llm.bank.example/v1".to_owned());
            }),
            ("llm.together_api_key", &|llm| {
                llm.together_api_key = Some(Redacted::new("a b".to_owned()));
            }),
        ];
        for (key, change) in cases {
            assert_eq!(llm(change).ok().as_deref(), Some(key));
        }
    }
}
