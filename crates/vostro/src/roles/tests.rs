//! What a profile means for whole conversations, with time passed in.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::Value;
use vostro_bank::Bank as _;
use vostro_dialogue::RawMessage;
use vostro_dialogue::principal::Principal;
use vostro_guardrails::Engine;
use vostro_knowledge::KnowledgeBase;
use vostro_store::SqliteStore;
use vostro_testkit::{ManualClock, SeededEntropy};
use vostro_transcripts::parts::{concierge, store_config};
use vostro_types::{CustomerId, SessionId};

use super::*;
use crate::config::{Profile, Sources, load};

struct Conversation {
    concierge: Concierge,
    store: Arc<SqliteStore>,
    clock: Arc<ManualClock>,
    ada: CustomerId,
}

impl Conversation {
    /// In a bank of this profile, with a transfer of $25.00 that waits for a yes.
    async fn with_a_proposal(profile: Option<Profile>) -> Self {
        let sources = Sources {
            profile,
            ..Sources::default()
        };
        let settings = dialogue_settings(&load(&sources).unwrap().config).unwrap();
        let clock = Arc::new(ManualClock::at("2026-11-18T15:00:00Z"));
        let entropy = Arc::new(SeededEntropy::new(7));
        let config = store_config(clock.clone(), entropy.clone(), 1_000_000);
        let store = Arc::new(SqliteStore::open(":memory:", config).unwrap());
        let conversation = Self {
            concierge: concierge(
                store.clone(),
                Arc::new(Engine::builtin()),
                Arc::new(KnowledgeBase::build(Vec::new()).unwrap()),
                clock.clone(),
                entropy,
                settings,
            ),
            store,
            clock,
            ada: CustomerId::new("ada").unwrap(),
        };
        let asked = conversation.says("Transfer $25 to account 67890").await;
        assert!(asked.to_string().contains("\"confirmation\""), "{asked}");
        conversation
    }

    async fn says(&self, text: &str) -> Value {
        let raw = RawMessage {
            text: text.to_owned(),
            session: Some(SessionId::new("ses_1").unwrap()),
        };
        let principal = Principal::sandbox(self.ada.clone());
        let recorded = self.concierge.turn(&principal, raw).await.unwrap();
        serde_json::to_value(&recorded.reply).unwrap()
    }

    /// What is in all accounts.
    async fn money(&self) -> i64 {
        let portfolio = self.store.portfolio(&self.ada).await.unwrap().unwrap();
        portfolio.accounts.iter().map(|it| it.balance.minor).sum()
    }
}

/// PSD2 RTS, article 4: five silent minutes end a session; elsewhere it is half an hour, and a proposal stands for ten.
#[tokio::test]
async fn a_silence_ends_a_session_when_the_profile_says() {
    let cases = [
        (Some(Profile::Eu), 299, true),
        (Some(Profile::Eu), 300, false),
        (None, 300, true),
        (None, 1_800, false),
    ];
    for (profile, silence, still_knows) in cases {
        let conversation = Conversation::with_a_proposal(profile).await;
        let before = conversation.money().await;
        conversation
            .clock
            .advance(SignedDuration::from_secs(silence));
        let reply = conversation.says("yes").await;
        let moved = before - conversation.money().await;
        let expected = if still_knows { 2_500 } else { 0 };
        assert_eq!(moved, expected, "{profile:?} after {silence} s: {reply}");
        let receipts = reply["receipts"].as_array().map_or(0, Vec::len);
        assert_eq!(
            receipts > 0,
            still_knows,
            "{profile:?} after {silence} s: {reply}"
        );
    }
}

/// A silence counts from the last message, not from the first.
#[tokio::test]
async fn a_conversation_goes_on_while_its_customer_does() {
    let conversation = Conversation::with_a_proposal(Some(Profile::Eu)).await;
    for _ in 0..5 {
        conversation.clock.advance(SignedDuration::from_secs(299));
        let asked = conversation.says("Transfer $25 to account 67890").await;
        assert!(asked.to_string().contains("\"confirmation\""), "{asked}");
    }
    let before = conversation.money().await;
    conversation.clock.advance(SignedDuration::from_secs(299));
    conversation.says("yes").await;
    assert_eq!(before - conversation.money().await, 2_500);
}
