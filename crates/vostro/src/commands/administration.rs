//! What orders of administrators have in common: who gives them and why, and how a running server is asked.

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;
use tokio::runtime::Runtime;
use vostro_types::{ApprovalId, Redacted};

use super::ledger::operator;
use crate::config::{Config, check_url};
use crate::failure::Failure;

/// How long a server may take to answer: it may wait for commands under way.
const DEADLINE: Duration = Duration::from_secs(30);
/// The variable with the administrator's key or token; not a flag, which other users of the machine could see.
const TOKEN: &str = "VOSTRO_TOKEN";

#[derive(Debug, Args)]
pub(super) struct OrderArgs {
    /// Why, for the audit trail
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,
    /// Who orders it [default: $USER, or the name of the credential]
    #[arg(long, value_name = "NAME")]
    pub(super) by: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct DecisionArgs {
    /// The request
    pub(super) request: String,
    #[command(flatten)]
    pub(super) order: OrderArgs,
}

impl DecisionArgs {
    /// The request's id, if it could be one.
    pub(super) fn id(&self) -> Option<ApprovalId> {
        ApprovalId::new(self.request.as_str()).ok()
    }

    /// Where a server takes this decision.
    pub(super) fn path(&self, base: &str, decision: &str, status: &str) -> Result<String, Failure> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let id = self.id().filter(|id| id.as_str().bytes().all(is_plain));
        let id = id.ok_or_else(|| not_open(status))?;
        Ok(format!("{base}/requests/{}/{decision}", id.as_str()))
    }
}

/// There is nothing to decide; `status` lists what there is.
pub(super) fn not_open(status: &str) -> Failure {
    let why = "there is no such request that could still be decided";
    Failure::new(why, format!("`{status}` lists those that wait"))
}

pub(super) fn same_person() -> Failure {
    let why = "this takes two administrators: who approves is not who asked";
    Failure::new(why, "another administrator approves it")
}

/// A running server, asked with an administrator's credential.
pub(super) struct Administrator {
    runtime: Runtime,
    client: reqwest::Client,
    url: String,
    token: Redacted<String>,
    signs: bool,
}

impl Administrator {
    pub(super) fn new(url: &str, config: &Config) -> Result<Self> {
        check_url(url).map_err(|reason| Failure::usage(format!("--url: {reason}"), ""))?;
        let own = std::env::var(TOKEN).ok().filter(|token| !token.is_empty());
        let own = own.map(Redacted::new);
        let Some(token) = own.or_else(|| config.auth.admin_token.clone()) else {
            let hint =
                "put your key or token into VOSTRO_TOKEN; in the sandbox auth.admin_token will do";
            let why = "asking a server takes an administrator's credential";
            return Err(Failure::usage(why, hint).into());
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let client = reqwest::Client::builder()
            .timeout(DEADLINE)
            .no_proxy()
            .build()?;
        Ok(Self {
            runtime,
            client,
            url: url.trim_end_matches('/').to_owned(),
            token,
            signs: config.auth.admin_token.is_some(),
        })
    }

    /// The name that an order has. In the sandbox the secret names nobody; elsewhere the credential does.
    pub(super) fn by(&self, order: &OrderArgs) -> Option<String> {
        if self.signs {
            Some(operator(order.by.as_deref()))
        } else {
            order.by.clone()
        }
    }

    pub(super) fn get(&self, path: &str) -> Result<Value> {
        self.ask(self.client.get(format!("{}{path}", self.url)))
    }

    pub(super) fn put(&self, path: &str, body: &Value) -> Result<Value> {
        self.ask(self.client.put(format!("{}{path}", self.url)).json(body))
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.ask(self.client.post(format!("{}{path}", self.url)).json(body))
    }

    fn ask(&self, request: reqwest::RequestBuilder) -> Result<Value> {
        let url = &self.url;
        self.runtime.block_on(async {
            let answer = request.bearer_auth(self.token.expose()).send().await;
            let answer = answer.with_context(|| format!("{url} does not answer"))?;
            let is_success = answer.status().is_success();
            let body: Value = answer.json().await.context("the answer cannot be read")?;
            if !is_success {
                let detail = body["detail"].as_str().unwrap_or("no detail was given");
                return Err(Failure::new(format!("{url} refused: {detail}"), "").into());
            }
            Ok(body)
        })
    }
}
