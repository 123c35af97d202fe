//! Who answers: a concierge over HTTP, or one within this process.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use vostro_dialogue::principal::Principal;
use vostro_dialogue::{RawMessage, TurnError};
use vostro_http::Role;
use vostro_telemetry::StepMetrics;
use vostro_types::{CustomerId, SessionId};

use crate::config::{Config, check_url};
use crate::failure::Failure;
use crate::roles::Roles;

/// Longer than any turn may take at the server.
const DEADLINE: Duration = Duration::from_mins(2);

/// What came back for a message.
pub(in crate::commands) enum Answer {
    /// A reply, as it stands on the wire.
    Reply(Value),
    /// An error answer, in words.
    Refused(String),
}

/// Who answers.
pub(super) enum Partner {
    /// A concierge over HTTP.
    Http(Http),
    /// One within this process.
    Embedded(Box<Embedded>),
}

/// A concierge within this process.
pub(super) struct Embedded {
    roles: Roles,
    principal: Principal,
    whereabouts: String,
}

/// A concierge over HTTP.
pub(in crate::commands) struct Http {
    client: reqwest::Client,
    base: String,
    user: String,
    whereabouts: String,
}

impl Partner {
    /// A concierge at this URL.
    pub(super) fn http(url: &str, user: &str) -> Result<Self> {
        Http::new(url, user).map(Self::Http)
    }

    /// A concierge within this process, over the configured store.
    pub(super) async fn embedded(config: &Config, user: &str) -> Result<Self> {
        let customer = CustomerId::new(user)
            .map_err(|error| Failure::usage(format!("--user: {error}"), "give a plain name"))?;
        Ok(Self::Embedded(Box::new(Embedded {
            roles: Roles::assemble(config, &[Role::Concierge], &StepMetrics::default()).await?,
            principal: Principal::sandbox(customer),
            whereabouts: format!("Talking within this process as {user}"),
        })))
    }

    /// Where the other side is, for the first line of a conversation.
    pub(super) fn whereabouts(&self) -> &str {
        match self {
            Self::Http(http) => &http.whereabouts,
            Self::Embedded(embedded) => &embedded.whereabouts,
        }
    }

    /// Says something. An error means that nobody is there.
    pub(super) async fn say(&self, message: &str, session: Option<&str>) -> Result<Answer> {
        match self {
            Self::Http(http) => http.say(message, session).await,
            Self::Embedded(embedded) => embedded.say(message, session).await,
        }
    }

    /// Ends the conversation's means.
    pub(super) async fn close(&self) {
        match self {
            Self::Http(_) => {}
            Self::Embedded(embedded) => embedded.roles.close().await,
        }
    }
}

impl Embedded {
    async fn say(&self, message: &str, session: Option<&str>) -> Result<Answer> {
        if message.contains('\0') {
            return Ok(Answer::Refused("a message cannot hold U+0000".to_owned()));
        }
        let session = match session.map(SessionId::new).transpose() {
            Ok(session) => session,
            Err(error) => return Ok(Answer::Refused(format!("the session id: {error}"))),
        };
        let assistant = self.roles.assistant().context("there is no assistant")?;
        let raw = RawMessage {
            text: message.to_owned(),
            session,
        };
        match assistant.turn(&self.principal, raw).await {
            Ok(recorded) => Ok(Answer::Reply(serde_json::to_value(&recorded.reply)?)),
            Err(TurnError::Store(error)) => Err(error.into()),
            Err(error) => Ok(Answer::Refused(error.to_string())),
        }
    }
}

impl Http {
    /// A concierge at this URL.
    pub(in crate::commands) fn new(url: &str, user: &str) -> Result<Self> {
        check_url(url).map_err(|reason| Failure::usage(format!("--url: {reason}"), ""))?;
        let client = reqwest::Client::builder()
            .timeout(DEADLINE)
            .no_proxy()
            .build()
            .context("the HTTP client cannot be made")?;
        Ok(Self {
            client,
            base: url.trim_end_matches('/').to_owned(),
            user: user.to_owned(),
            whereabouts: format!("Talking to {url} as {user}"),
        })
    }

    /// Says something. An error means that nobody is there.
    pub(in crate::commands) async fn say(
        &self,
        message: &str,
        session: Option<&str>,
    ) -> Result<Answer> {
        let body = json!({
            "message": message,
            "session_id": session.unwrap_or_default(),
            "user_id": self.user,
        });
        self.post("/api/v1/chat", &body).await
    }

    /// Looks for passages of the bank's articles. An error means that nobody is there.
    pub(in crate::commands) async fn search(&self, question: &str, limit: u32) -> Result<Answer> {
        let body = json!({ "query": question, "limit": limit });
        self.post("/api/v1/rag/search", &body).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        let sent = self.client.post(format!("{}{path}", self.base)).json(body);
        let answer = sent.send().await.map_err(|error| {
            let message = if error.is_timeout() {
                format!("{} did not answer in time", self.base)
            } else {
                format!("no Vostro answers at {}", self.base)
            };
            Failure::new(
                message,
                "start one with `vostro serve`, name another with --url, or use --embedded",
            )
        })?;
        let status = answer.status();
        let body: Value = answer.json().await.map_err(|_| {
            Failure::new(
                format!("what answers at {} is no Vostro", self.base),
                "name the concierge's address with --url",
            )
        })?;
        Ok(if status.is_success() {
            Answer::Reply(body)
        } else {
            let field = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
            Answer::Refused(format!(
                "{} {}: {}",
                status.as_u16(),
                field("error"),
                field("detail")
            ))
        })
    }
}
