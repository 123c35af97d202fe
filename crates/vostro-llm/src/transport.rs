//! One HTTP exchange: [`Transport`], and the one over reqwest.
//!
//! The transport is a trait so that a test's server can be called in the same process, under a clock that
//! stands still. Timeouts other than the connection's are not here: the caller has them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use reqwest::header::HeaderMap;

use crate::settings::{LlmSettings, SetupError, check_base_url};

/// A call of the interface.
#[derive(Debug, Clone)]
pub struct Call {
    /// Below the interface's root: `/chat/completions`.
    pub path: &'static str,
    /// The headers; the key among them is marked as sensitive.
    pub headers: HeaderMap,
    /// What is posted; without it the call is a GET.
    pub body: Option<Bytes>,
}

/// An answer's head, and its body as it comes.
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: BoxStream<'static, Result<Bytes, TransportError>>,
}

/// Why there is no reply, or no more of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection, or no TLS.
    #[error("no connection")]
    Connect,
    /// No connection in time.
    #[error("no connection in time")]
    ConnectTimedOut,
    /// The exchange broke off.
    #[error("the exchange broke off")]
    Broken,
}

/// How calls reach the server.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a call and waits for the reply's head.
    async fn call(&self, call: Call) -> Result<Reply, TransportError>;
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn call(&self, call: Call) -> Result<Reply, TransportError> {
        (**self).call(call).await
    }
}

/// HTTP/1.1 over reqwest, TLS by rustls with the system's roots. No redirect is followed, no retry is made
/// behind the caller's back, and a proxy is used only where that was asked for.
#[derive(Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    root: String,
}

impl HttpTransport {
    /// A transport to the settings' address.
    pub fn new(settings: &LlmSettings) -> Result<Self, SetupError> {
        let url = check_base_url(&settings.base_url)?;
        let mut builder = reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            .connect_timeout(settings.timeouts.connect)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .tcp_keepalive(Duration::from_secs(30))
            .pool_idle_timeout(Duration::from_secs(30));
        if !settings.use_proxy {
            builder = builder.no_proxy();
        }
        Ok(Self {
            client: builder.build().map_err(SetupError::Client)?,
            root: url.as_str().trim_end_matches('/').to_owned(),
        })
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn call(&self, call: Call) -> Result<Reply, TransportError> {
        let url = format!("{}{}", self.root, call.path);
        let request = match call.body {
            Some(body) => self.client.post(url).body(body),
            None => self.client.get(url),
        };
        let response = request
            .headers(call.headers)
            .send()
            .await
            .map_err(|e| kind(&e))?;
        Ok(Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes_stream().map_err(|e| kind(&e)).boxed(),
        })
    }
}

fn kind(error: &reqwest::Error) -> TransportError {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => TransportError::ConnectTimedOut,
        (true, false) => TransportError::Connect,
        (false, _) => TransportError::Broken,
    }
}
