//! One attempt over HTTP: signed, bounded in time and in what is read, redirects not followed.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER, USER_AGENT};
use reqwest::{Client, Response, StatusCode};

use crate::address::{ForbiddenAddress, GuardedResolver, PrivateAddresses};
use crate::attempt::Outcome;
use crate::endpoint::Endpoint;
use crate::message::Message;
use crate::signature::sign;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How much of an answer is read, so that its connection can be used again. What it says does not matter.
const ANSWER_BYTES: usize = 16 << 10;
/// How long reading it may take.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// Why there is no sender.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client for webhooks could not be set up")]
pub struct SenderError(#[source] reqwest::Error);

/// An attempt that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took, to the answer's head.
    pub took: Duration,
}

/// Makes attempts. Certificates are checked against the system's store of trusted roots.
#[derive(Debug, Clone)]
pub struct Sender {
    client: Client,
}

impl Sender {
    /// A sender that connects where it is allowed to. Does not use proxies of the environment: what an
    /// address leads to could not be checked then.
    pub fn new(private: PrivateAddresses) -> Result<Self, SenderError> {
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(GuardedResolver(private))
            .no_proxy()
            .tcp_nodelay(true)
            .build()
            .map_err(SenderError)?;
        Ok(Self { client })
    }

    /// Sends a message to an endpoint, once. `now` is what the signature says.
    pub async fn send(&self, endpoint: &Endpoint, message: &Message, now: Timestamp) -> Attempt {
        let began = Instant::now();
        let answer = tokio::time::timeout(endpoint.timeout(), self.post(endpoint, message, now));
        let answer = answer.await;
        let took = began.elapsed();
        let outcome = match answer {
            Err(_) => Outcome::TimedOut,
            Ok(Err(error)) => failed(&error),
            Ok(Ok(response)) => {
                let outcome = answered(response.status(), response.headers(), now);
                let _ = tokio::time::timeout(ANSWER_TIME, discard(response)).await;
                outcome
            }
        };
        Attempt { outcome, took }
    }

    async fn post(
        &self,
        endpoint: &Endpoint,
        message: &Message,
        now: Timestamp,
    ) -> Result<Response, reqwest::Error> {
        let timestamp = now.as_second();
        let signature = sign(endpoint.secrets(), &message.id, timestamp, &message.body);
        self.client
            .post(endpoint.url().clone())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("vostro/", env!("CARGO_PKG_VERSION")))
            // Replaces what is there by the same name.
            .headers(message.headers.clone())
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(message.body.clone())
            .send()
            .await
    }
}

async fn discard(mut response: Response) {
    let mut read = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        read += chunk.len();
        if read > ANSWER_BYTES {
            return;
        }
    }
}

fn answered(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Outcome {
    match status {
        StatusCode::GONE => Outcome::Gone,
        status if status.is_success() => Outcome::Acknowledged(status.as_u16()),
        status if status.is_redirection() => Outcome::Redirected(status.as_u16()),
        status => Outcome::Refused {
            status: status.as_u16(),
            retry_after: headers
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok())
                .and_then(|text| retry_after(text, now)),
        },
    }
}

/// `Retry-After` as RFC 9110 has it: seconds, or a date.
fn retry_after(text: &str, now: Timestamp) -> Option<SignedDuration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.parse().unwrap_or(i64::MAX);
        return Some(SignedDuration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(at.timestamp().duration_since(now).max(SignedDuration::ZERO))
}

/// What an error of the HTTP client means. Its text is not kept: it may have the URL in it.
fn failed(error: &reqwest::Error) -> Outcome {
    if caused_by::<ForbiddenAddress>(error) {
        Outcome::Forbidden
    } else if caused_by::<rustls::Error>(error) {
        Outcome::Untrusted
    } else if error.is_connect() {
        Outcome::Unreachable
    } else if error.is_timeout() {
        Outcome::TimedOut
    } else {
        Outcome::Interrupted
    }
}

/// Whether an error of this kind is among the causes, those inside I/O errors too.
fn caused_by<T: std::error::Error + 'static>(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(cause) = next {
        if cause.is::<T>() {
            return true;
        }
        let inner = cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = "2026-03-11T16:00:00Z".parse().unwrap();
        let cases = [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("99999999999999999999", Some(i64::MAX)),
            ("Wed, 11 Mar 2026 16:02:00 GMT", Some(120)),
            ("Wed, 11 Mar 2026 15:00:00 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("2026-03-11T16:02:00Z", None),
        ];
        for (text, seconds) in cases {
            let expected = seconds.map(SignedDuration::from_secs);
            assert_eq!(retry_after(text, now), expected, "{text}");
        }
    }
}
