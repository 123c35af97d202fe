//! What is logged of a request, at the most talkative level: nothing that a customer said or is.
//!
//! In a process of its own: `tracing` decides once per process whether a line is wanted at all, and
//! threads without a subscriber have a say in it.

#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in test functions, not in their helpers"
)]

#[allow(dead_code, reason = "not all of it is needed here")]
#[path = "../http/store.rs"]
mod store;
#[allow(dead_code, reason = "not all of it is needed here")]
#[path = "../http/store_controls.rs"]
mod store_controls;
#[allow(dead_code, reason = "not all of it is needed here")]
#[path = "../http/world.rs"]
mod world;

use std::io::Write;
use std::sync::{Arc, Mutex};

use vostro_telemetry::{LogFormat, LogSettings};

use crate::store::Health;
use crate::world::{Mood, chat, get, post, send, with, world};

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

#[tokio::test]
async fn no_text_no_user_no_session_no_number() {
    let captured = Captured::default();
    let writer = captured.clone();
    let settings = LogSettings {
        format: LogFormat::Json,
        filter: "trace".to_owned(),
    };
    let subscriber = vostro_telemetry::subscriber(
        &settings,
        move || writer.clone(),
        false,
        vostro_telemetry::Listeners::default(),
    )
    .unwrap();
    let logging = tracing::subscriber::set_default(subscriber);
    let world = world();
    let says = "Transfer $50 to account 987654321, my SSN is 123-45-6789, zanzibar";
    send(&world.concierge, chat("user_mallory", "session_xyz", says)).await;
    send(
        &world.concierge,
        chat("user_mallory", "session_xyz", "I want to harm zanzibar"),
    )
    .await;
    send(
        &world.concierge,
        post(
            "/api/v1/guardrails/check",
            format!(r#"{{"text":"{says}"}}"#),
        ),
    )
    .await;
    send(
        &world.concierge,
        post("/api/v1/rag/search", format!(r#"{{"query":"{says}"}}"#)),
    )
    .await;
    send(
        &world.concierge,
        post("/api/v1/chat", format!("zanzibar {says}")),
    )
    .await;
    send(
        &world.concierge,
        get("/api/v1/chat/trn_x/events?user_id=user_mallory"),
    )
    .await;
    send(&world.concierge, get("/zanzibar?user=user_mallory")).await;
    send(
        &world.concierge,
        with(get("/health"), "authorization", "Bearer zanzibar"),
    )
    .await;
    world.store.set(Health::Broken);
    send(&world.concierge, chat("user_mallory", "session_xyz", says)).await;
    world.store.set(Health::Well);
    world.guard.set(Mood::Panicking);
    send(&world.concierge, chat("user_mallory", "session_xyz", says)).await;
    drop(logging);
    let bytes = captured.0.lock().unwrap().clone();
    let text = String::from_utf8(bytes).unwrap();
    let lines = text
        .lines()
        .filter(|line| line.contains("vostro::request"))
        .count();
    assert_eq!(lines, 10, "one line a request:\n{text}");
    for secret in [
        "zanzibar",
        "987654321",
        "6789",
        "mallory",
        "session_xyz",
        "4000123498764321",
        "$50",
    ] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
    for line in text.lines() {
        assert!(
            serde_json::from_str::<serde_json::Value>(line).is_ok(),
            "{line}"
        );
    }
}
