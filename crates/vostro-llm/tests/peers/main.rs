//! The client against servers that are not ours: llmock, which also grades its clients, and a small real
//! model behind llama.cpp's server. `make test-llm` starts both and runs this with `--ignored`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where its expectation fails"
)]

mod turn;
#[path = "../world/mod.rs"]
mod world;

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use futures::StreamExt;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use vostro_dialogue::model::{
    AnswerForm, Finish, LanguageModel, ModelError, ModelEvent, ModelRequest, PromptMessage,
    PromptText, Schema, Speaker, Wait,
};
use vostro_guardrails::{CheckRequest, Engine, Pseudonyms};
use vostro_llm::{InMemoryAllowance, LlmClient, LlmSettings, Means};
use vostro_telemetry::Metrics;
use vostro_testkit::SeededEntropy;
use vostro_types::{CustomerId, Redacted, SystemClock};

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::builtin);

fn address(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} names the server; run `make test-llm`"))
}

fn client(url: &str, model: &str, change: impl FnOnce(&mut LlmSettings)) -> LlmClient {
    let mut settings = LlmSettings::new(url, model);
    settings.api_key = Some(Redacted::new("sk-anything".to_owned()));
    // Two cores that also run tests: a small model may take its time.
    settings.timeouts.first_token = Duration::from_secs(40);
    settings.timeouts.next_token = Duration::from_secs(20);
    settings.timeouts.answer = Duration::from_mins(1);
    change(&mut settings);
    let means = Means {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SeededEntropy::new(1)),
        time_zone: TimeZone::UTC,
        allowance: Arc::new(InMemoryAllowance::new(settings.caps)),
        metrics: Arc::new(Metrics::new("test")),
    };
    LlmClient::new(settings, means).unwrap()
}

fn request(words: &str, form: AnswerForm, max_tokens: u32) -> ModelRequest {
    let hidden = Pseudonyms::default().pseudonymise(&ENGINE, words, &CheckRequest::default());
    ModelRequest {
        customer: CustomerId::new("anna").unwrap(),
        instructions: vec![PromptText::Written("You answer briefly.")],
        messages: vec![PromptMessage {
            speaker: Speaker::Customer,
            text: vec![PromptText::Hidden(hidden)],
        }],
        form,
        max_tokens,
    }
}

fn soon(seconds: u64) -> Instant {
    Instant::now() + Duration::from_secs(seconds)
}

/// llmock's own interface, beside the one it imitates.
struct Control {
    root: String,
    http: reqwest::Client,
}

impl Control {
    async fn post(&self, path: &str, body: &Value) {
        let call = self.http.post(format!("{}/_llmock/{path}", self.root));
        let body = body.to_string();
        let reply = call
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap();
        assert!(
            reply.status().is_success(),
            "{path}: {}",
            reply.text().await.unwrap()
        );
    }

    async fn script(&self, behaviours: Value) {
        self.post("reset", &json!({})).await;
        if behaviours.as_array().is_some_and(|list| !list.is_empty()) {
            self.post("scenario", &json!({ "behaviors": behaviours }))
                .await;
        }
    }

    async fn verdict(&self) -> Value {
        let reply = self
            .http
            .get(format!("{}/_llmock/verdict", self.root))
            .send()
            .await
            .unwrap();
        serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap()
    }
}

#[tokio::test]
#[ignore = "needs llmock: make test-llm"]
async fn llmock_finds_nothing_to_complain_of() {
    let root = address("VOSTRO_TEST_LLMOCK");
    let model = "meta-llama/Llama-3.3-70B-Instruct-Turbo";
    let url = format!("{root}/together/v1");
    let control = Control {
        root,
        http: reqwest::Client::builder().no_proxy().build().unwrap(),
    };
    let ask = |words: &'static str, change: fn(&mut LlmSettings)| {
        let client = client(&url, model, change);
        async move {
            client
                .complete(&request(words, AnswerForm::Text, 50), soon(20))
                .await
        }
    };
    let once = |settings: &mut LlmSettings| settings.retries.attempts = 1;
    let cases: [(&str, Value, Result<u32, ModelError>); 7] = [
        ("one", json!([]), Ok(1)),
        (
            "two",
            json!([{ "type": "fail", "status": 429, "retry_after": 1, "times": 1 }]),
            Ok(2),
        ),
        (
            "three",
            json!([{ "type": "fail", "status": 503, "times": 2 }]),
            Ok(3),
        ),
        (
            "four",
            json!([{ "type": "stream_fault", "kind": "disconnect", "after_chunks": 2 }]),
            Ok(2),
        ),
        (
            "five",
            json!([{ "type": "stream_fault", "kind": "truncate", "after_chunks": 2 }]),
            Ok(2),
        ),
        (
            "six",
            json!([{ "type": "stream_fault", "kind": "malformed", "after_chunks": 2 }]),
            Ok(2),
        ),
        (
            "seven",
            json!([{ "type": "fail", "status": 401 }]),
            Err(ModelError::Refused(401)),
        ),
    ];
    for (words, behaviours, expected) in cases {
        control.script(behaviours).await;
        let answer = ask(words, |_| {}).await;
        assert_eq!(answer.map(|answer| answer.attempts), expected, "{words}");
        let verdict = control.verdict().await;
        let findings = verdict["findings"]
            .as_array()
            .expect("a verdict has findings");
        let faults: Vec<_> = findings
            .iter()
            .filter(|f| f["severity"] != "warning")
            .collect();
        assert!(faults.is_empty(), "{words}: {verdict:#}");
    }
    control
        .script(
            json!([{ "type": "stream_fault", "kind": "stall", "after_chunks": 2, "stall_seconds": 5 }]),
        )
        .await;
    let stalled = ask("eight", |settings| {
        settings.retries.attempts = 1;
        settings.timeouts.next_token = Duration::from_millis(500);
    });
    assert_eq!(stalled.await, Err(ModelError::TimedOut(Wait::NextToken)));
    control
        .script(json!([{ "type": "stream_fault", "kind": "truncate", "after_chunks": 2 }]))
        .await;
    assert_eq!(ask("nine", once).await, Err(ModelError::Cut));
    let tool = Schema {
        name: "get_balance",
        about: "Reads a balance.",
        schema: &TOOL,
    };
    Box::pin(turn::over_llmock(control.root.clone(), &url, model)).await;
    control.script(json!([])).await;
    let asked = request("What is my balance?", AnswerForm::Tools(vec![tool]), 50);
    let answer = client(&url, model, |_| {})
        .complete(&asked, soon(20))
        .await
        .unwrap();
    assert_eq!(answer.tool_calls[0].name, "get_balance", "{answer:?}");
    assert!(
        serde_json::from_str::<Value>(&answer.tool_calls[0].arguments)
            .unwrap()
            .is_object()
    );
}

static TOOL: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "type": "object",
        "properties": { "account": { "type": "string", "enum": ["savings", "checking"] } },
        "required": ["account"],
        "additionalProperties": false,
    })
});

/// One test, since the model has one place and its loading is seen once.
#[tokio::test]
#[ignore = "needs llama.cpp's server: make test-llm"]
async fn a_real_model_loads_streams_keeps_to_a_schema_and_is_cut_off() {
    let url = address("VOSTRO_TEST_LLAMA");
    let small = |words: &str, form, tokens| request(words, form, tokens);
    // While it loads it says 503: that is the server's capacity, and asked again within the deadline. It may be done
    // loading at any moment, so how often it was asked is not known beforehand; a 503 taken for anything else fails.
    wait_for_head(&url).await;
    let patient = client(&url, "smollm2", |settings| {
        settings.retries.attempts = 1_000;
        settings.retries.percent = 100;
        settings.breaker.failures = 10_000;
    });
    let mut answer = Err(ModelError::Overloaded);
    let by = soon(60);
    while answer == Err(ModelError::Overloaded) && Instant::now() < by {
        answer = patient
            .complete(&small("Say hello.", AnswerForm::Text, 6), by)
            .await;
    }
    let answer = answer.unwrap();
    assert!(
        !answer.text.is_empty() && !answer.usage.estimated,
        "{answer:?}"
    );
    assert!(
        answer.usage.prompt_tokens > 10 && answer.usage.completion_tokens <= 6,
        "{answer:?}"
    );
    assert_eq!(answer.finish, Finish::Length);

    let stream = patient
        .stream(&small("Count to three.", AnswerForm::Text, 6), soon(60))
        .await
        .unwrap();
    let events: Vec<_> = stream.collect().await;
    let mut heard = String::new();
    for event in &events {
        match event.as_ref().unwrap() {
            ModelEvent::Text(text) => heard.push_str(text),
            ModelEvent::Done(answer) => assert_eq!(answer.text, heard),
        }
    }
    assert!(events.len() >= 3, "token by token: {events:?}");

    let schema = Schema {
        name: "account",
        about: "An account.",
        schema: &TOOL,
    };
    let asked = small(
        "Which account has my savings?",
        AnswerForm::Json(schema),
        40,
    );
    let answer = patient.complete(&asked, soon(60)).await.unwrap();
    let value: Value = serde_json::from_str(&answer.text).unwrap();
    assert!(
        ["savings", "checking"].contains(&value["account"].as_str().unwrap()),
        "{value}"
    );

    // Hung up on in the middle, the server goes on with the next.
    let mut stream = patient
        .stream(&small("Tell a story.", AnswerForm::Text, 60), soon(60))
        .await
        .unwrap();
    assert!(matches!(stream.next().await, Some(Ok(ModelEvent::Text(_)))));
    drop(stream);
    let cut = client(&url, "smollm2", |settings| {
        settings.timeouts.answer = Duration::from_millis(400);
    });
    let asked = small("Tell a long story about a bank.", AnswerForm::Text, 500);
    assert_eq!(
        cut.complete(&asked, soon(60)).await,
        Err(ModelError::TimedOut(Wait::Answer))
    );
    assert!(
        patient
            .complete(&small("Say yes.", AnswerForm::Text, 3), soon(60))
            .await
            .is_ok()
    );
}

/// Waits until the server listens, loaded or not.
async fn wait_for_head(url: &str) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let health = url.replace("/v1", "/health");
    let by = soon(60);
    loop {
        match http.get(&health).send().await {
            Ok(_) => return,
            Err(error) if Instant::now() > by => panic!("{error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
