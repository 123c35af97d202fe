//! A client, its server and what both were told.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use futures::StreamExt;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use vostro_dialogue::model::{
    AnswerForm, LanguageModel, ModelAnswer, ModelError, ModelEvent, ModelRequest, PromptMessage,
    PromptText, Schema, Speaker,
};
use vostro_guardrails::{CheckRequest, Engine, Pseudonyms};
use vostro_llm::{InMemoryAllowance, LlmClient, LlmSettings, Means, ModelChoice};
use vostro_scripted_llm::{Act, ScriptedServer};
use vostro_telemetry::{Exposition, Metrics};
use vostro_testkit::{ManualClock, SeededEntropy};
use vostro_types::{CustomerId, Redacted};

pub(crate) const KEY: &str = "sk-test-0123456789";

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::builtin);
static SCHEMA: LazyLock<Value> = LazyLock::new(|| json!({ "type": "object" }));

pub(crate) struct Fixture {
    pub server: ScriptedServer,
    pub client: LlmClient,
    metrics: Arc<Metrics>,
}

/// A client of models `a` and so on, with settings changed as wanted, and its server's script.
pub(crate) fn fixture(
    models: &[&str],
    change: impl FnOnce(&mut LlmSettings),
    script: impl IntoIterator<Item = Act>,
) -> Fixture {
    let server = ScriptedServer::new(Some(KEY), models);
    server.then(script);
    let settings = settings("http://localhost/v1", models, change);
    let (means, metrics) = means(&settings);
    let transport = Arc::new(server.transport());
    let client = LlmClient::with_transport(settings, means, transport).unwrap();
    Fixture {
        server,
        client,
        metrics,
    }
}

pub(crate) fn settings(
    url: &str,
    models: &[&str],
    change: impl FnOnce(&mut LlmSettings),
) -> LlmSettings {
    let mut settings = LlmSettings::new(url, "");
    settings.models = models
        .iter()
        .map(|&name| ModelChoice {
            name: name.to_owned(),
            price: Some("1/2".parse().unwrap()),
        })
        .collect();
    settings.api_key = Some(Redacted::new(KEY.to_owned()));
    change(&mut settings);
    settings
}

pub(crate) fn means(settings: &LlmSettings) -> (Means, Arc<Metrics>) {
    let metrics = Arc::new(Metrics::new("test"));
    let means = Means {
        clock: Arc::new(ManualClock::at("2026-11-22T20:00:00Z")),
        entropy: Arc::new(SeededEntropy::new(7)),
        time_zone: TimeZone::UTC,
        allowance: Arc::new(InMemoryAllowance::new(settings.caps)),
        metrics: Arc::clone(&metrics),
    };
    (means, metrics)
}

/// What a customer says, as it may be sent.
pub(crate) fn request(words: &str) -> ModelRequest {
    let hidden = Pseudonyms::default().pseudonymise(&ENGINE, words, &CheckRequest::default());
    ModelRequest {
        customer: CustomerId::new("anna").unwrap(),
        instructions: vec![PromptText::Written("You help.")],
        messages: vec![PromptMessage {
            speaker: Speaker::Customer,
            text: vec![PromptText::Hidden(hidden)],
        }],
        form: AnswerForm::Text,
        max_tokens: 100,
    }
}

pub(crate) fn schema() -> Schema {
    Schema {
        name: "commands",
        about: "What to do.",
        schema: &SCHEMA,
    }
}

pub(crate) fn within(seconds: u64) -> Instant {
    tokio::time::Instant::now().into_std() + Duration::from_secs(seconds)
}

impl Fixture {
    pub(crate) async fn ask(&self, words: &str) -> Result<ModelAnswer, ModelError> {
        self.client.complete(&request(words), within(60)).await
    }

    /// The same by the streaming way: the words that came, and how it ended.
    pub(crate) async fn ask_streaming(
        &self,
        words: &str,
    ) -> (String, Result<ModelAnswer, ModelError>) {
        let mut heard = String::new();
        let mut stream = match self.client.stream(&request(words), within(60)).await {
            Ok(stream) => stream,
            Err(error) => return (heard, Err(error)),
        };
        while let Some(event) = stream.next().await {
            match event {
                Ok(ModelEvent::Text(text)) => heard.push_str(&text),
                Ok(ModelEvent::Done(answer)) => {
                    assert!(stream.next().await.is_none(), "nothing follows the end");
                    return (heard, Ok(*answer));
                }
                Err(error) => {
                    assert!(stream.next().await.is_none(), "nothing follows an error");
                    return (heard, Err(error));
                }
            }
        }
        panic!("a stream ends with the answer or an error")
    }

    pub(crate) fn asked(&self) -> usize {
        self.server.requests().len()
    }

    /// Whether the metrics have this line.
    pub(crate) fn has_metric(&self, line: &str) -> bool {
        let text = self.metrics.render(Exposition::Prometheus);
        text.lines().any(|found| found == line)
    }

    /// The server has nothing to object to.
    pub(crate) fn check(&self) {
        assert_eq!(self.server.violations(), Vec::<String>::new());
    }
}
