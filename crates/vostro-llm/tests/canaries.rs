//! Personal data through a whole turn, over this client: what the server is sent, what is logged at the most
//! talkative level, and what the metrics hold. The server answers with the same data, cut into pieces.
//!
//! In a process of its own: `tracing` decides once per process whether a line is wanted at all.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod world;

use std::io::Write;
use std::sync::{Arc, Mutex};

use jiff::tz::TimeZone;
use vostro_dialogue::AdvisorSettings;
use vostro_llm::{InMemoryAllowance, LlmClient, LlmSettings, Means};
use vostro_scripted_llm::{Act, ScriptedServer};
use vostro_telemetry::{Exposition, LogFormat, LogSettings, Metrics};
use vostro_testkit::SeededEntropy;
use vostro_types::SystemClock;

use world::{SENTENCE, world};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const CANARIES: [(&str, &str); 5] = [
    ("my card is 4111 1111 1111 1111", "1111"),
    ("SSN 123-45-6789", "6789"),
    ("write to zebulon.quill@example.com", "zebulon"),
    ("my account number is 98765432109", "98765432109"),
    ("my name is Zebulon Quillfeather", "Quillfeather"),
];

#[tokio::test]
async fn nothing_personal_is_sent_logged_or_counted() {
    let captured = Captured::default();
    let writer = captured.clone();
    let settings = LogSettings {
        format: LogFormat::Json,
        filter: "trace".to_owned(),
    };
    let listeners = vostro_telemetry::Listeners::default();
    let subscriber =
        vostro_telemetry::subscriber(&settings, move || writer.clone(), false, listeners).unwrap();
    let logging = tracing::subscriber::set_default(subscriber);
    let server = ScriptedServer::new(None, &["m"]);
    let settings = LlmSettings::new("http://localhost/v1", "m");
    let metrics = Arc::new(Metrics::new("test"));
    let means = Means {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SeededEntropy::new(7)),
        time_zone: TimeZone::UTC,
        allowance: Arc::new(InMemoryAllowance::new(settings.caps)),
        metrics: Arc::clone(&metrics),
    };
    let client = LlmClient::with_transport(settings, means, Arc::new(server.transport())).unwrap();
    // However sure the rules are, every message is put to the model.
    let everything = AdvisorSettings {
        ask_below: 1.1,
        ..AdvisorSettings::default()
    };
    let world = world(client, everything);
    let mut replies = String::new();
    for (at, (canary, _)) in CANARIES.iter().enumerate() {
        let session = format!("s{at}");
        server.then([Act::says(&format!("{{\"commands\":[\"{canary}\"]}}"))]);
        world
            .say(&session, &format!("zzorp flimwit {canary}"))
            .await;
        server.then([Act::says("{\"commands\":[]}")]);
        world.say(&session, "zzorp flimwit once more").await;
        server.then([Act::says("{\"commands\":[]}")]);
        server.then([Act::says(&format!(
            "{SENTENCE} [1] {SENTENCE} {canary} [1]"
        ))]);
        let said = world.say(&session, "How do I transfer money?").await;
        replies.push_str(&serde_json::to_string(&said.events).unwrap());
    }
    drop(logging);
    assert_eq!(server.violations(), Vec::<String>::new());
    assert_eq!(server.requests().len(), CANARIES.len() * 4);
    let sent = format!("{:?}", server.requests());
    let logged = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    let counted = metrics.render(Exposition::Prometheus);
    for (canary, secret) in CANARIES {
        for (what, text) in [
            ("sent", &sent),
            ("logged", &logged),
            ("counted", &counted),
            ("replied", &replies),
        ] {
            assert!(!text.contains(secret), "{canary} is {what}: {text}");
        }
    }
}
