//! What holds for all bytes as a model server's answer, whole or streamed. Used by the fuzz target and by the replay of
//! its corpus.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use vostro_dialogue::model::{
    AnswerForm, LanguageModel as _, ModelEvent, ModelRequest, PromptMessage, PromptText, Speaker,
};
use vostro_guardrails::{Opinion, OpinionForm};
use vostro_llm::{
    Call, Caps, InMemoryAllowance, LlmClient, LlmSettings, Means, Reply, Retries, Transport,
    TransportError,
};
use vostro_telemetry::Metrics;
use vostro_types::{Clock, CustomerId, Entropy};

/// Answers every call with the same bytes, in pieces.
#[derive(Default)]
struct Saying(Mutex<(u16, Vec<Bytes>)>);

#[async_trait]
impl Transport for Saying {
    async fn call(&self, _: Call) -> Result<Reply, TransportError> {
        let (status, pieces) = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        Ok(Reply {
            status,
            headers: reqwest::header::HeaderMap::new(),
            body: stream::iter(pieces.into_iter().map(Ok)).boxed(),
        })
    }
}

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

impl Entropy for Still {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

static SAYING: LazyLock<Arc<Saying>> = LazyLock::new(Arc::default);

static CLIENT: LazyLock<Option<LlmClient>> = LazyLock::new(|| {
    let mut settings = LlmSettings::new("http://localhost/v1", "model");
    settings.caps = Caps {
        tokens: 0,
        micro_dollars: 0,
        millis: 0,
    };
    settings.retries = Retries {
        attempts: 1,
        ..settings.retries
    };
    settings.breaker.failures = u32::MAX;
    let means = Means {
        clock: Arc::new(Still),
        entropy: Arc::new(Still),
        time_zone: TimeZone::UTC,
        allowance: Arc::new(InMemoryAllowance::new(settings.caps)),
        metrics: Arc::new(Metrics::new("test")),
    };
    LlmClient::with_transport(settings, means, Arc::clone(&*SAYING) as _).ok()
});

/// The first byte tells the status and how the rest is cut. It ends in an answer within the bounds, or in an error that
/// repeats nothing; a stream ends once.
pub(crate) fn keep(data: &[u8]) {
    let Some((how, body)) = data.split_first() else {
        return;
    };
    let status = if how & 0x80 == 0 { 200 } else { 500 };
    let size = usize::from(how & 0x7f).max(1);
    let pieces = body.chunks(size).map(Bytes::copy_from_slice).collect();
    *SAYING.0.lock().unwrap_or_else(PoisonError::into_inner) = (status, pieces);
    let Some(client) = CLIENT.as_ref() else {
        panic!("the client cannot be made");
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let Ok(runtime) = runtime else {
        panic!("no runtime");
    };
    runtime.block_on(asked(client));
}

/// As a guard model's word: one of the forms, or none; and what has nothing against a text says so alone.
fn opinions(text: &str) {
    if let Ok(opinion) = Opinion::read(OpinionForm::LlamaGuard, text) {
        assert!(text.trim_start().starts_with("safe") == opinion.is_clean() || text.contains('S'));
    }
    if let Ok(opinion) = Opinion::read(OpinionForm::Json, text) {
        assert!(opinion.is_clean() || text.contains("true") || text.contains('['));
    }
}

async fn asked(client: &LlmClient) {
    let Ok(customer) = CustomerId::new("ada") else {
        return;
    };
    let request = ModelRequest {
        customer,
        instructions: vec![PromptText::Written("You help.")],
        messages: vec![PromptMessage {
            speaker: Speaker::Customer,
            text: vec![PromptText::Written("Hello")],
        }],
        form: AnswerForm::Text,
        max_tokens: 100,
    };
    let deadline = Instant::now() + Duration::from_secs(5);
    match client.complete(&request, deadline).await {
        Ok(answer) => {
            assert!(answer.text.len() <= 1 << 20 && answer.tool_calls.len() <= 1_000);
            opinions(&answer.text);
        }
        Err(error) => assert!(error.to_string().len() < 200),
    }
    let Ok(mut stream) = client.stream(&request, deadline).await else {
        return;
    };
    let mut heard = String::new();
    while let Some(event) = stream.next().await {
        match event {
            Ok(ModelEvent::Text(text)) => heard.push_str(&text),
            Ok(ModelEvent::Done(answer)) => {
                assert_eq!(heard, answer.text, "what was heard is what is told");
                assert!(stream.next().await.is_none(), "nothing follows the end");
                return;
            }
            Err(_) => {
                assert!(stream.next().await.is_none(), "nothing follows an error");
                return;
            }
        }
    }
    panic!("a stream ends with the answer or an error");
}
