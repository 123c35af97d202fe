//! Whole turns over servers that are not ours.

use std::time::{Duration, Instant};

use serde_json::json;
use vostro_dialogue::reply::{Card, Recorded};
use vostro_dialogue::{AdvisorSettings, UseOutcome};

use crate::world::{SENTENCE, world};
use crate::{Control, address, client, wait_for_head};

const MUDDLE: &str = "sort out the account stuff with the flimwit";

fn patient(seconds: u64) -> AdvisorSettings {
    let time = Duration::from_secs(seconds);
    AdvisorSettings {
        understanding: time,
        wording: time,
        turn: time * 2,
        ..AdvisorSettings::default()
    }
}

/// Whether nothing was moved and nothing is proposed to be.
fn moves_nothing(said: &Recorded) -> bool {
    let cards = said.reply.cards();
    !cards
        .iter()
        .any(|card| matches!(card, Card::Receipt { .. } | Card::Confirmation { .. }))
}

/// llmock is no banker: whatever it answers, or breaks off, the turn ends as it does without a model.
pub(crate) async fn over_llmock(root: String, url: &str, model: &str) {
    let control = Control {
        root,
        http: reqwest::Client::builder().no_proxy().build().unwrap(),
    };
    for (at, behaviours) in [
        json!([]),
        json!([{ "type": "fail", "status": 503, "times": 1 }]),
        json!([{ "type": "stream_fault", "kind": "disconnect", "after_chunks": 2, "times": 9 }]),
        json!([{ "type": "stream_fault", "kind": "malformed", "after_chunks": 1, "times": 9 }]),
    ]
    .into_iter()
    .enumerate()
    {
        control.script(behaviours).await;
        let world = world(client(url, model, |_| {}), patient(20));
        let session = format!("s{at}");
        let said = world.say(&session, MUDDLE).await;
        let used = said.account.understanding.unwrap();
        // It makes answers that fit the schema: what it proposes may be looked up, and moves nothing.
        assert!(moves_nothing(&said), "{used:?}: {}", said.reply.message());
        assert!(!said.reply.message().is_empty());
        let told = world.say(&session, "How do I transfer money?").await;
        assert!(
            told.reply.message().contains(SENTENCE),
            "{}",
            told.reply.message()
        );
        assert!(told.account.wording.is_some());
        let verdict = control.verdict().await;
        let findings = verdict["findings"].as_array().unwrap();
        let faults = findings.iter().filter(|it| it["severity"] != "warning");
        assert_eq!(faults.count(), 0, "{verdict:#}");
    }
}

/// A small model understands little. What it proposes fits the schema, what it says holds or is not said, and the
/// turn ends well either way.
#[tokio::test]
#[ignore = "needs llama.cpp's server: make test-llm"]
async fn a_small_model_in_a_whole_turn() {
    let url = address("VOSTRO_TEST_LLAMA");
    wait_for_head(&url).await;
    let client = client(&url, "smollm2", |settings| {
        settings.retries.attempts = 1_000;
        settings.retries.percent = 100;
        settings.breaker.failures = 10_000;
        settings.timeouts.first_token = Duration::from_mins(3);
        settings.timeouts.answer = Duration::from_mins(4);
        settings.places.patience = Duration::from_mins(3);
    });
    let world = world(client, patient(240));
    let began = Instant::now();
    let said = world.say("s", MUDDLE).await;
    let used = said.account.understanding.unwrap();
    // A model of this size may run out of room before its answer is whole; then the turn goes on without it.
    assert!(
        used.outcome == UseOutcome::Failed
            || (!used.usage.estimated && used.usage.prompt_tokens > 300),
        "{used:?}"
    );
    assert!(moves_nothing(&said), "{used:?}: {}", said.reply.message());
    assert!(!said.reply.message().is_empty());
    println!(
        "understanding: {used:?} in {:?}: {}",
        began.elapsed(),
        said.reply.message()
    );
    let said = world.say("t", "How do I transfer money?").await;
    let used = said.account.wording.unwrap();
    let message = said.reply.message();
    assert!(message.contains("Source: About transfers"), "{message}");
    assert!(
        used.outcome == UseOutcome::Taken || message.contains(SENTENCE),
        "{message}"
    );
    println!("wording: {used:?}: {message}");
}
