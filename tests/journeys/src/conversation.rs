//! A customer's side of a conversation, and plain HTTP for everything that is not one.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::reply::{Balances, Reply};

/// One customer in one session.
#[derive(Debug, Clone)]
pub struct Conversation {
    client: reqwest::Client,
    url: String,
    /// Who speaks.
    pub user: String,
    /// The session; empty until the first reply.
    pub session: String,
}

/// An HTTP answer as it came.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as text.
    pub text: String,
}

impl Conversation {
    pub(crate) fn new(url: &str, user: &str) -> Self {
        Self {
            client: reqwest::Client::new(),
            url: url.to_owned(),
            user: user.to_owned(),
            session: String::new(),
        }
    }

    /// Another conversation of the same customer.
    #[must_use]
    pub fn elsewhere(&self) -> Self {
        Self {
            session: String::new(),
            ..self.clone()
        }
    }

    /// Sends a message and takes the reply, which must be a 200.
    pub async fn say(&mut self, text: &str) -> Reply {
        let response = self.send(text).await;
        assert_eq!(response.status, 200, "{text:?}: {}", response.text);
        let reply = Reply::new(text, response.json());
        reply.session().clone_into(&mut self.session);
        reply
    }

    /// Sends a message and takes whatever comes back; the session stays as it is.
    pub async fn send(&self, text: &str) -> Response {
        let body = json!({"message": text, "session_id": self.session, "user_id": self.user});
        let request = self
            .client
            .post(format!("{}/api/v1/chat", self.url))
            .json(&body);
        Response::of(request).await
    }

    /// Sends a message under an `Idempotency-Key` and takes whatever comes back.
    pub async fn send_keyed(&self, text: &str, key: &str) -> Response {
        let body = json!({"message": text, "session_id": self.session, "user_id": self.user});
        let request = self
            .client
            .post(format!("{}/api/v1/chat", self.url))
            .json(&body);
        Response::of(request.header("idempotency-key", key)).await
    }

    /// Sends a message and takes the reply as an event stream.
    pub async fn stream(&self, text: &str) -> Response {
        let body = json!({"message": text, "session_id": self.session, "user_id": self.user});
        let request = self
            .client
            .post(format!("{}/api/v1/chat", self.url))
            .json(&body);
        Response::of(request.header("accept", "text/event-stream")).await
    }

    /// The balances of all accounts, asked in a conversation of its own.
    pub async fn balances(&self) -> Balances {
        self.elsewhere()
            .say("What are the balances of all my accounts?")
            .await
            .balances()
    }
}

impl Response {
    /// Sends the request.
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("the server answers");
        let headers = response.headers().iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        Self {
            status: response.status().as_u16(),
            headers: headers.collect(),
            text: response.text().await.expect("the body can be read"),
        }
    }

    /// Gets a page.
    pub async fn get(url: String) -> Self {
        Self::of(reqwest::Client::new().get(url)).await
    }

    /// Posts a JSON value.
    pub async fn post(url: String, body: &Value) -> Self {
        Self::of(reqwest::Client::new().post(url).json(body)).await
    }

    /// Sends these bytes as they are and reads until the server closes: for what no HTTP client would send.
    pub async fn raw(url: &str, request: &str) -> Self {
        let address = url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)
            .await
            .expect("the server listens");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("the request can be sent");
        let mut answer = Vec::new();
        // A server that does not want the rest may reset the connection after its answer.
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .expect("an answer with a head");
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let headers = lines.filter_map(|line| line.split_once(": "));
        Self {
            status: status.expect("a status line"),
            headers: headers
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect(),
            text: body.to_owned(),
        }
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text))
    }

    /// Checks that this is the problem that the contract says, with its members.
    pub fn is_problem(&self, status: u16, error: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        let kind = self.header("content-type");
        assert!(
            kind.starts_with("application/problem+json"),
            "{kind}: {}",
            self.text
        );
        let body = self.json();
        assert_eq!(body["error"], error, "{body}");
        assert!(
            body["detail"]
                .as_str()
                .is_some_and(|detail| !detail.is_empty()),
            "{body}"
        );
        assert!(body["timestamp"].is_f64(), "{body}");
        assert_eq!(body["status"], status, "RFC 9457's member: {body}");
    }

    /// The events of a stream: id, name, data.
    pub fn events(&self) -> Vec<(String, String, Value)> {
        let blocks = self
            .text
            .split("\n\n")
            .filter(|block| !block.trim().is_empty());
        let field = |block: &str, name: &str| {
            let lines = block.lines().filter_map(|line| line.strip_prefix(name));
            lines
                .map(|value| value.strip_prefix(' ').unwrap_or(value))
                .collect::<String>()
        };
        blocks
            .filter(|block| block.lines().any(|line| line.starts_with("data:")))
            .map(|block| {
                let data = field(block, "data:");
                let data = serde_json::from_str(&data).unwrap_or(Value::String(data));
                (field(block, "id:"), field(block, "event:"), data)
            })
            .collect()
    }
}
