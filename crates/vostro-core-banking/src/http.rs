//! The client: the port over HTTP, with a deadline for each call and a bound for each answer.
//!
//! A call is made once; asking again is `carry_out.rs`'s. An error holds no byte of what was sent or answered.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use vostro_bank::{HistoryOrder, HistoryPage, HistoryQuery, Portfolio, SpendingSummary};
use vostro_types::{CustomerId, Redacted};

use crate::contract::{TransferKey, TransferOrder, TransferState};
use crate::port::{Breach, CoreBanking, CoreError};

/// The largest answer that is read, in bytes: a page of 200 transactions has a tenth of it.
const ANSWER_BYTES_MAX: usize = 1_000_000;

/// Where the core is and how it is called.
#[derive(Debug, Clone)]
pub struct CoreSettings {
    /// Its address, without `/v1`.
    pub url: String,
    /// For the connection.
    pub connect_timeout: Duration,
    /// For each call, the answer's body included.
    pub timeout: Duration,
    /// The secret that the core asks for, as a bearer token.
    pub token: Option<Redacted<String>>,
}

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address cannot be called.
    #[error("`{0}` is no http:// or https:// address without query and credentials")]
    Address(String),
    /// The token has characters that a header cannot have.
    #[error("the token cannot stand in a header")]
    Token,
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
}

/// A core banking system over HTTP.
#[derive(Debug)]
pub struct HttpCore {
    client: reqwest::Client,
    base: Url,
}

impl HttpCore {
    /// The core at this address. No proxy is used and no redirect followed.
    pub fn new(settings: &CoreSettings) -> Result<Self, SetupError> {
        let mut headers = HeaderMap::new();
        if let Some(token) = &settings.token {
            let value = HeaderValue::try_from(format!("Bearer {}", token.expose()));
            let mut value = value.map_err(|_| SetupError::Token)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let client = reqwest::Client::builder()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout)
            .default_headers(headers)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true)
            .build()
            .map_err(SetupError::Client)?;
        Ok(Self {
            client,
            base: Self::check_url(&settings.url)?,
        })
    }

    /// An address has a host, and neither query nor credentials.
    pub fn check_url(text: &str) -> Result<Url, SetupError> {
        let refused = || SetupError::Address(text.chars().take(200).collect());
        let mut url = Url::parse(text).map_err(|_| refused())?;
        let fits = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !fits {
            return Err(refused());
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(url)
    }

    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("v1").extend(segments);
        }
        url
    }

    fn call(&self, method: Method, segments: &[&str]) -> RequestBuilder {
        self.client.request(method, self.url(segments))
    }

    async fn read<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        query: &impl Serialize,
    ) -> Result<Option<T>, CoreError> {
        let mut url = self.url(segments);
        let query = serde_urlencoded::to_string(query);
        let query = query.map_err(|_| CoreError::Refused { status: 400 })?;
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        answer(self.client.get(url)).await
    }

    async fn order(&self, request: RequestBuilder) -> Result<TransferState, CoreError> {
        let state = answer(request).await?;
        state.ok_or(CoreError::Refused { status: 404 })
    }
}

/// Sends a request and reads its answer; 404 is `None`.
async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<Option<T>, CoreError> {
    let response = match request.send().await {
        Ok(response) => response,
        // Without the address, which has ids in it.
        Err(error) if error.is_connect() => {
            return Err(CoreError::Unreachable(Box::new(error.without_url())));
        }
        Err(error) if error.is_builder() => return Err(CoreError::Refused { status: 400 }),
        Err(_) => return Err(CoreError::Unknown),
    };
    match response.status() {
        StatusCode::OK | StatusCode::CREATED => body(response).await.map(Some),
        StatusCode::NOT_FOUND => Ok(None),
        // Overload and everything that went wrong over there: perhaps after it was done.
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Err(CoreError::Unknown)
        }
        status if status == StatusCode::REQUEST_TIMEOUT => Err(CoreError::Unknown),
        status => Err(CoreError::Refused {
            status: status.as_u16(),
        }),
    }
}

async fn body<T: DeserializeOwned>(mut response: reqwest::Response) -> Result<T, CoreError> {
    let mut bytes = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|_| CoreError::Unknown)? {
        if bytes.len() + part.len() > ANSWER_BYTES_MAX {
            return Err(CoreError::Breach(Breach::TooLarge));
        }
        bytes.extend_from_slice(&part);
    }
    serde_json::from_slice(&bytes).map_err(|_| CoreError::Breach(Breach::Unreadable))
}

#[async_trait]
impl CoreBanking for HttpCore {
    async fn portfolio(&self, customer: &CustomerId) -> Result<Option<Portfolio>, CoreError> {
        let found: Option<Portfolio> = self.read(&["customers", customer.as_str()], &()).await?;
        match found {
            Some(found) if found.customer.id != *customer => Err(CoreError::Breach(Breach::Intent)),
            found => Ok(found),
        }
    }

    async fn history(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<HistoryPage, CoreError> {
        let path = ["customers", customer.as_str(), "transactions"];
        let page: HistoryPage = self.read(&path, query).await?.unwrap_or_default();
        if query.order == HistoryOrder::Largest && !page.has_largest_first() {
            return Err(CoreError::Breach(Breach::Order));
        }
        Ok(page)
    }

    async fn spending(
        &self,
        customer: &CustomerId,
        query: &HistoryQuery,
    ) -> Result<SpendingSummary, CoreError> {
        let path = ["customers", customer.as_str(), "spending"];
        let found = self.read(&path, query).await?;
        found.ok_or(CoreError::Refused { status: 404 })
    }

    async fn place(
        &self,
        key: &TransferKey,
        order: &TransferOrder,
    ) -> Result<TransferState, CoreError> {
        let path = transfer_path(&order.intent.customer, key, None);
        self.order(self.call(Method::PUT, &path).json(order)).await
    }

    async fn post(
        &self,
        customer: &CustomerId,
        key: &TransferKey,
    ) -> Result<TransferState, CoreError> {
        let path = transfer_path(customer, key, Some("post"));
        self.order(self.call(Method::POST, &path)).await
    }

    async fn void(
        &self,
        customer: &CustomerId,
        key: &TransferKey,
    ) -> Result<TransferState, CoreError> {
        let path = transfer_path(customer, key, Some("void"));
        self.order(self.call(Method::POST, &path)).await
    }

    async fn transfer(
        &self,
        customer: &CustomerId,
        key: &TransferKey,
    ) -> Result<Option<TransferState>, CoreError> {
        self.read(&transfer_path(customer, key, None), &()).await
    }

    async fn is_ready(&self) -> bool {
        let asked = self.call(Method::GET, &["ready"]).send().await;
        asked.is_ok_and(|response| response.status() == StatusCode::OK)
    }
}

fn transfer_path<'a>(
    customer: &'a CustomerId,
    key: &'a TransferKey,
    order: Option<&'static str>,
) -> Vec<&'a str> {
    let mut path = vec!["customers", customer.as_str(), "transfers", key.as_str()];
    path.extend(order);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked() {
        for (text, is_one) in [
            ("http://core.bank.test", true),
            ("https://core.bank.test:8443/adapter", true),
            ("ftp://core.bank.test", false),
            ("http://ann:s3cret@core.bank.test", false),
            ("http://core.bank.test/?a=b", false),
            ("core.bank.test", false),
            ("", false),
        ] {
            assert_eq!(HttpCore::check_url(text).is_ok(), is_one, "{text}");
        }
    }

    #[test]
    fn ids_cannot_leave_their_place_in_the_path() {
        let settings = CoreSettings {
            url: "http://core.bank.test/adapter".to_owned(),
            connect_timeout: Duration::from_secs(1),
            timeout: Duration::from_secs(1),
            token: None,
        };
        let core = HttpCore::new(&settings).unwrap();
        for (id, path) in [
            ("ada", "/adapter/v1/customers/ada"),
            ("a/b", "/adapter/v1/customers/a%2Fb"),
            ("a?b#c", "/adapter/v1/customers/a%3Fb%23c"),
        ] {
            let request = core.call(Method::GET, &["customers", id]).build().unwrap();
            assert_eq!(request.url().path(), path);
        }
    }
}
