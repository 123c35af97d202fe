//! Where the load goes, and whose figures are read.

use std::time::Duration;

use serde_json::Value;

use crate::error::BenchError;

/// How long the deployment may take to say what it is.
const PATIENCE: Duration = Duration::from_secs(10);

/// A process whose metrics can be read.
#[derive(Debug, Clone)]
pub struct Watched {
    /// What it is called in the report.
    pub name: String,
    /// Where it answers `/metrics`.
    pub url: String,
}

/// A deployment.
#[derive(Debug, Clone)]
pub struct Target {
    /// What it is called in the report: the store that it stands on, or its address.
    pub name: String,
    /// Where the concierge answers: each replica's address.
    pub concierge: Vec<String>,
    /// Where the knowledge search answers.
    pub rag: String,
    /// Where the guardrails answer.
    pub guardrails: String,
    /// The processes whose metrics are read.
    pub watched: Vec<Watched>,
    /// Processes of this machine whose figures are read from `/proc`, with their children: name and id.
    pub local: Vec<(String, u32)>,
    /// The version that it says it is.
    pub version: String,
}

impl Target {
    /// A deployment at these addresses; the services are taken to answer where the concierge does when
    /// they have no address of their own.
    ///
    /// # Errors
    /// [`BenchError::NoVostro`] when nothing answers there, or something else does.
    pub async fn at(
        url: &str,
        rag: Option<&str>,
        guardrails: Option<&str>,
    ) -> Result<Self, BenchError> {
        let trimmed = |url: &str| url.trim_end_matches('/').to_owned();
        let url = trimmed(url);
        let version = version(&url).await?;
        let (rag, guardrails) = (rag.map(trimmed), guardrails.map(trimmed));
        let mut watched = vec![Watched {
            name: "concierge".to_owned(),
            url: url.clone(),
        }];
        for (name, at) in [("rag", &rag), ("guardrails", &guardrails)] {
            if let Some(at) = at.as_ref().filter(|at| **at != url) {
                watched.push(Watched {
                    name: name.to_owned(),
                    url: at.clone(),
                });
            }
        }
        Ok(Self {
            name: url.clone(),
            concierge: vec![url.clone()],
            rag: rag.unwrap_or_else(|| url.clone()),
            guardrails: guardrails.unwrap_or(url),
            watched,
            local: Vec::new(),
            version,
        })
    }
}

/// The version that a deployment says it is.
pub(crate) async fn version(url: &str) -> Result<String, BenchError> {
    let refused = |reason: String| BenchError::NoVostro {
        url: url.to_owned(),
        reason,
    };
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .build();
    let asked = client
        .map_err(BenchError::Client)?
        .get(format!("{url}/health"))
        .send();
    let answer = asked.await.map_err(|error| refused(told(&error)))?;
    let status = answer.status();
    let body: Value = answer.json().await.unwrap_or_default();
    match body["version"].as_str() {
        Some(version) if status.is_success() => Ok(version.to_owned()),
        _ => Err(refused(format!(
            "GET /health answered {status} without a version"
        ))),
    }
}

/// Why a request failed, in few words and without its address.
pub(crate) fn told(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "no answer in time".to_owned()
    } else if error.is_connect() {
        "no connection".to_owned()
    } else if error.is_builder() {
        "this is no address".to_owned()
    } else {
        "the connection broke".to_owned()
    }
}
