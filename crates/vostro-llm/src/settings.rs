//! How a model's server is reached and how much is put up with, with defaults for a conversation.

use std::net::IpAddr;
use std::time::Duration;

use vostro_types::Redacted;

use crate::allowance::Caps;

/// Everything that [`crate::LlmClient`] has to be told.
#[derive(Debug, Clone)]
pub struct LlmSettings {
    /// The interface's root, up to and with `/v1`: `https://`, or `http://` to this machine.
    pub base_url: String,
    /// The key, sent as a bearer token.
    pub api_key: Option<Redacted<String>>,
    /// The models, the preferred one first; the others take over when it fails.
    pub models: Vec<ModelChoice>,
    /// How long each waiting may last.
    pub timeouts: Timeouts,
    /// How large things may be.
    pub bounds: Bounds,
    /// How often to ask again.
    pub retries: Retries,
    /// When to leave a model alone.
    pub breaker: BreakerSettings,
    /// How many requests at once.
    pub places: PlaceSettings,
    /// What one customer may use in a day.
    pub caps: Caps,
    /// Whether to go through the proxy that the environment names.
    pub use_proxy: bool,
    /// Whether to ask for token counts in streams (`stream_options`); servers that refuse the field exist.
    pub ask_for_usage: bool,
    /// What the client calls itself.
    pub user_agent: String,
}

impl LlmSettings {
    /// A server and a model, everything else as usual.
    pub fn new(base_url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            api_key: None,
            models: vec![ModelChoice {
                name: model.into(),
                price: None,
            }],
            timeouts: Timeouts::default(),
            bounds: Bounds::default(),
            retries: Retries::default(),
            breaker: BreakerSettings::default(),
            places: PlaceSettings::default(),
            caps: Caps::default(),
            use_proxy: false,
            ask_for_usage: true,
            user_agent: concat!("vostro/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// A model of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelChoice {
    /// Its name, as the server knows it.
    pub name: String,
    /// What it costs; nothing without one.
    pub price: Option<Price>,
}

/// What a model costs, in millionths of a dollar for a million tokens: the figure of a price list
/// (dollars for a million tokens) times 1,000,000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    /// For a million tokens of prompts.
    pub prompt: u64,
    /// For a million tokens of answers.
    pub completion: u64,
}

/// Why a text is no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a price is dollars for a million tokens, `PROMPT/ANSWER`, such as `0.88/0.88`")]
pub struct PriceError;

impl Price {
    /// The price of an answer in millionths of a dollar, rounded up.
    ///
    /// ```
    /// use vostro_llm::Price;
    /// let price: Price = "0.88/1.2".parse().unwrap();
    /// assert_eq!(price.of(1_000_000, 0), 880_000);
    /// assert_eq!(price.of(1, 1), 3);
    /// assert!("0.88".parse::<Price>().is_err());
    /// ```
    pub fn of(self, prompt_tokens: u64, completion_tokens: u64) -> u64 {
        let part = |price, tokens| u128::from(price) * u128::from(tokens);
        let total = part(self.prompt, prompt_tokens)
            .saturating_add(part(self.completion, completion_tokens));
        u64::try_from(total.div_ceil(1_000_000)).unwrap_or(u64::MAX)
    }
}

impl std::str::FromStr for Price {
    type Err = PriceError;

    fn from_str(text: &str) -> Result<Self, PriceError> {
        let (prompt, completion) = text.split_once('/').ok_or(PriceError)?;
        Ok(Self {
            prompt: micro_dollars(prompt)?,
            completion: micro_dollars(completion)?,
        })
    }
}

/// Dollars with at most six decimals, and less than a million of them.
fn micro_dollars(text: &str) -> Result<u64, PriceError> {
    let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || decimals.len() > 6 {
        return Err(PriceError);
    }
    if !digits(whole) || !digits(decimals) {
        return Err(PriceError);
    }
    let micros = format!("{whole}{decimals:0<6}");
    micros.parse().map_err(|_| PriceError)
}

/// How long each waiting may last. The turn's deadline cuts every one of them short.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// From sending a request to the first token.
    pub first_token: Duration,
    /// From one token to the next.
    pub next_token: Duration,
    /// For a whole answer, retries included.
    pub answer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            first_token: Duration::from_secs(5),
            next_token: Duration::from_secs(3),
            answer: Duration::from_secs(15),
        }
    }
}

/// How large things may be, in bytes. A stream's framing takes some 300 bytes a token.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The request's body.
    pub prompt: usize,
    /// One line of a stream.
    pub line: usize,
    /// One event of a stream.
    pub event: usize,
    /// Everything that a server sends for one request.
    pub body: usize,
    /// The words of an answer.
    pub text: usize,
    /// Tool calls in one answer: a number.
    pub tool_calls: usize,
    /// The arguments of all of them.
    pub arguments: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            prompt: 256 << 10,
            line: 128 << 10,
            event: 256 << 10,
            body: 4 << 20,
            text: 64 << 10,
            tool_calls: 16,
            arguments: 32 << 10,
        }
    }
}

/// How often to ask again.
#[derive(Debug, Clone, Copy)]
pub struct Retries {
    /// The most times that a server is asked for one answer, all models together.
    pub attempts: u32,
    /// For each hundred requests, so many may be asked again; ten are in reserve for a quiet hour.
    pub percent: u32,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            attempts: 3,
            percent: 20,
        }
    }
}

/// When to leave a model alone.
#[derive(Debug, Clone, Copy)]
pub struct BreakerSettings {
    /// After so many failures in a row.
    pub failures: u32,
    /// For so long at first; twice as long after each try that failed.
    pub rest: Duration,
    /// For no longer than this.
    pub longest_rest: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            failures: 5,
            rest: Duration::from_secs(5),
            longest_rest: Duration::from_mins(1),
        }
    }
}

/// How many requests at once.
#[derive(Debug, Clone, Copy)]
pub struct PlaceSettings {
    /// Answers being made.
    pub concurrent: usize,
    /// Requests that wait for one of them to end.
    pub queue: usize,
    /// How long they wait.
    pub patience: Duration,
}

impl Default for PlaceSettings {
    fn default() -> Self {
        Self {
            concurrent: 32,
            queue: 64,
            patience: Duration::from_secs(2),
        }
    }
}

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address is not one that may be called; the words say why.
    #[error("the model's address {0}")]
    Address(&'static str),
    /// No model is named.
    #[error("no model is named")]
    NoModel,
    /// The key has characters that a header cannot have.
    #[error("the API key cannot stand in a header")]
    Key,
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
}

/// Whether an address may be called: prompts and the key go over TLS, except to this machine itself.
///
/// ```
/// use vostro_llm::check_base_url;
/// for good in ["https://llm.bank.example/v1", "http://127.0.0.1:8080/v1", "http://[::1]:1", "http://localhost:11434/v1"] {
///     assert!(check_base_url(good).is_ok(), "{good}");
/// }
/// for bad in ["http://llm.bank.example/v1", "http://10.0.0.7", "https://user:pass@h/v1", "https://h/v1?k=1", "file:///x", "h", ""] {
///     assert!(check_base_url(bad).is_err(), "{bad}");
/// }
/// ```
pub fn check_base_url(text: &str) -> Result<reqwest::Url, SetupError> {
    let address = |why| Err(SetupError::Address(why));
    let Ok(url) = reqwest::Url::parse(text) else {
        return address("is no URL");
    };
    let Some(host) = url.host_str() else {
        return address("names no host");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return address("must not hold a user or a password; the key has a setting of its own");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return address("must end with its path");
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let here = host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        "http" => address("must be https:// unless it is on this machine"),
        _ => address("must be https://, or http:// to this machine"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_exactly_or_not_at_all() {
        let price = |prompt, completion| Some(Price { prompt, completion });
        let cases = [
            ("0.88/0.88", price(880_000, 880_000)),
            (" 1 / 2.5 ", price(1_000_000, 2_500_000)),
            ("0.000001/0", price(1, 0)),
            ("999999.999999/0", price(999_999_999_999, 0)),
            ("0.0000001/0", None),
            ("1000000/0", None),
            ("-1/0", None),
            ("1e3/0", None),
            ("NaN/0", None),
            (".5/1", None),
            ("1/", None),
            ("1", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse().ok(), expected, "{text}");
        }
        let dear = Price {
            prompt: u64::MAX,
            completion: u64::MAX,
        };
        assert_eq!(dear.of(u64::MAX, u64::MAX), u64::MAX);
    }
}
