//! Calls from one Vostro service to another: JSON over HTTP, with deadlines and careful second calls.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::Certificate;
use serde::de::DeserializeOwned;
use vostro_telemetry::Metrics;
use vostro_types::Redacted;

use super::again::SecondCalls;
use super::breaker::Breaker;

/// How another service is called.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Where it is: `http://rag:8001`, or over TLS `https://rag:8001`.
    pub base_url: String,
    /// For the connection.
    pub connect_timeout: Duration,
    /// For the whole call, a second one included.
    pub timeout: Duration,
    /// A call that takes longer is made a second time beside the first; `None` for never.
    pub hedge_after: Option<Duration>,
    /// The secret that Vostro's services share; without one a call counts against the limits of this
    /// process's address.
    pub service_token: Option<Redacted<String>>,
    /// The certificates (PEM) of the only authority that counts over TLS; without them the system's do.
    pub authority: Option<Vec<u8>>,
}

impl ClientSettings {
    /// The service at this address, with half a second for a call.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            connect_timeout: Duration::from_millis(200),
            timeout: Duration::from_millis(500),
            hedge_after: Some(Duration::from_millis(150)),
            service_token: None,
            authority: None,
        }
    }
}

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientSetupError {
    /// The address is not an absolute URL of HTTP.
    #[error("`{0}` is not an http:// or https:// address")]
    Address(String),
    /// The authority's file has no certificate.
    #[error("the authority holds no certificate in PEM")]
    Authority,
    /// The token has characters that a header cannot have.
    #[error("the service token cannot stand in a header")]
    Token,
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
}

/// Why a call gave nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    #[error("the service did not answer")]
    Silent(#[source] reqwest::Error),
    #[error("the service did not answer in time")]
    TimedOut,
    #[error("the service did not answer a moment ago and is left alone")]
    Resting,
    #[error("the service limits this process by its address; give both the same service token")]
    Limited,
    #[error("the service answered with status {0}")]
    Status(StatusCode),
    #[error("the service's answer cannot be read")]
    Answer(#[source] reqwest::Error),
}

impl CallError {
    /// Its name in metrics.
    const fn outcome(&self) -> &'static str {
        match self {
            Self::Silent(_) => "silent",
            Self::TimedOut => "timed_out",
            Self::Resting => "resting",
            Self::Limited => "limited",
            Self::Status(_) => "status",
            Self::Answer(_) => "unreadable",
        }
    }
}

/// Another service.
pub(super) struct Service {
    /// Its name in metrics.
    name: &'static str,
    client: reqwest::Client,
    base_url: String,
    timeout: Duration,
    breaker: Breaker,
    second_calls: SecondCalls,
    metrics: Arc<Metrics>,
}

impl Service {
    pub(super) fn new(
        name: &'static str,
        settings: &ClientSettings,
        metrics: Arc<Metrics>,
    ) -> Result<Self, ClientSetupError> {
        let base_url = settings.base_url.trim_end_matches('/').to_owned();
        let address = || ClientSetupError::Address(base_url.clone());
        let url = reqwest::Url::parse(&base_url).map_err(|_| address())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(address());
        }
        let mut headers = HeaderMap::new();
        if let Some(token) = &settings.service_token {
            let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
                .map_err(|_| ClientSetupError::Token)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let mut client = reqwest::Client::builder();
        if let Some(pem) = &settings.authority {
            let found = Certificate::from_pem_bundle(pem).ok();
            let found = found.filter(|found| !found.is_empty());
            client = client.tls_certs_only(found.ok_or(ClientSetupError::Authority)?);
        }
        let client = client
            .connect_timeout(settings.connect_timeout)
            .default_headers(headers)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true)
            .build()
            .map_err(ClientSetupError::Client)?;
        metrics.calls().resting(name, false);
        Ok(Self {
            name,
            client,
            base_url,
            timeout: settings.timeout,
            breaker: Breaker::default(),
            second_calls: SecondCalls::new(settings.hedge_after),
            metrics,
        })
    }

    /// Posts JSON that only asks, and reads JSON. Only a 200 counts. A service that was silent is left alone for
    /// a moment.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<T, CallError> {
        let began = Instant::now();
        let calls = self.metrics.calls();
        if !self.breaker.may_call(began) {
            calls.ended(self.name, CallError::Resting.outcome(), Duration::ZERO);
            return Err(CallError::Resting);
        }
        let once = || self.post_once(path, body);
        let call = self
            .second_calls
            .call(once, |why| calls.again(self.name, why));
        let answer = tokio::time::timeout(self.timeout, call).await;
        let answer = answer.unwrap_or(Err(CallError::TimedOut));
        let is_silent = matches!(answer, Err(CallError::Silent(_) | CallError::TimedOut));
        if is_silent {
            self.breaker.was_silent(Instant::now());
        } else {
            self.breaker.answered();
        }
        calls.resting(self.name, is_silent);
        let outcome = answer.as_ref().err().map_or("answered", CallError::outcome);
        calls.ended(self.name, outcome, began.elapsed());
        answer
    }

    async fn post_once<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<T, CallError> {
        let url = format!("{}{path}", self.base_url);
        let response = self.client.post(url).json(body).send().await;
        // Without the URL, which may one day hold what no log should.
        let response = response.map_err(|error| CallError::Silent(error.without_url()))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::TOO_MANY_REQUESTS => return Err(CallError::Limited),
            status => return Err(CallError::Status(status)),
        }
        let answer = response.json().await;
        answer.map_err(|error| CallError::Answer(error.without_url()))
    }

    /// Whether the service says that it is ready.
    pub(super) async fn is_ready(&self) -> bool {
        let asked = self.client.get(format!("{}/ready", self.base_url));
        let answer = tokio::time::timeout(self.timeout, asked.send()).await;
        matches!(answer, Ok(Ok(response)) if response.status() == StatusCode::OK)
    }
}
