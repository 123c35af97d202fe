//! A request's span: what OpenTelemetry's conventions for generative AI name, and not a word of what was said.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Subscriber, subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use vostro_scripted_llm::Act;

use crate::support::fixture;

type Fields = BTreeMap<String, String>;

/// The fields of the spans of models.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<BTreeMap<u64, Fields>>>);

struct Fill<'a>(&'a mut Fields);

impl Visit for Fill<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl<S: Subscriber> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if attributes.metadata().target() == "vostro::model" {
            let mut spans = self.0.lock().unwrap();
            let fields = spans.entry(id.into_u64()).or_default();
            attributes.record(&mut Fill(fields));
        }
    }
    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        if let Some(fields) = self.0.lock().unwrap().get_mut(&id.into_u64()) {
            values.record(&mut Fill(fields));
        }
    }
}

#[tokio::test]
async fn a_request_has_a_span_with_the_conventions_names() {
    let spans = Spans::default();
    let registry = tracing_subscriber::registry().with(spans.clone());
    let _listening = subscriber::set_default(registry);
    let fixture = fixture(
        &["a", "b"],
        |_| {},
        [Act::status(500), Act::says("a secret"), Act::status(401)],
    );
    let answer = fixture.ask("another secret").await.unwrap();
    assert!(fixture.ask("a third secret").await.is_err());
    let spans = spans.0.lock().unwrap();
    let spans: Vec<&Fields> = spans.values().collect();
    let [answered, refused] = spans.as_slice() else {
        panic!("a span for each request: {spans:?}");
    };
    let tokens = answer.usage;
    for (name, value) in [
        ("otel.name", "chat a".to_owned()),
        ("otel.kind", "client".to_owned()),
        ("gen_ai.operation.name", "chat".to_owned()),
        ("gen_ai.request.model", "a".to_owned()),
        ("gen_ai.request.max_tokens", "100".to_owned()),
        ("gen_ai.response.model", answer.model.clone()),
        (
            "gen_ai.usage.input_tokens",
            tokens.prompt_tokens.to_string(),
        ),
        (
            "gen_ai.usage.output_tokens",
            tokens.completion_tokens.to_string(),
        ),
    ] {
        assert_eq!(answered.get(name), Some(&value), "{name} of {answered:?}");
    }
    assert_eq!(answered.get("error.type"), None);
    assert_eq!(refused["error.type"], "refused");
    assert!(!format!("{spans:?}").contains("secret"));
}
