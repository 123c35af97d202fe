//! What every bank in memory is made of, whoever plays in it: transcripts here, the tests of a whole turn elsewhere.
//!
//! The real guardrails and the real search stand behind the dialogue's ports, in this process; settings are those
//! of the demo bank. Clock, entropy and store are the caller's.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use vostro_bank::FactorRules;
use vostro_dialogue::ports::{
    Guard, GuardRequest, GuardUnavailable, Knowledge, KnowledgeUnavailable,
};
use vostro_dialogue::{Concierge, DialogueSettings, SessionLife, StepUpPolicy};
use vostro_guardrails::{CheckRequest, Engine, Verdict};
use vostro_knowledge::{KnowledgeBase, Passage, Query};
use vostro_ledger::{Calendar, Limits, SettlementPolicy};
use vostro_store::{SqliteStore, StoreConfig};
use vostro_types::{Clock, Currency, Entropy, Money};

/// The guardrails' engine behind its port.
#[derive(Debug, Clone)]
pub struct LocalGuard(pub Arc<Engine>);

#[async_trait]
impl Guard for LocalGuard {
    async fn check(&self, request: GuardRequest<'_>) -> Result<Verdict, GuardUnavailable> {
        let check = CheckRequest::all(request.direction);
        Ok(self.0.check(request.text, &check))
    }
}

/// A knowledge base behind its port.
pub struct LocalKnowledge(pub Arc<KnowledgeBase>);

#[async_trait]
impl Knowledge for LocalKnowledge {
    async fn search(
        &self,
        question: &str,
        limit: usize,
    ) -> Result<Vec<Passage>, KnowledgeUnavailable> {
        Ok(self.0.search(&Query {
            limit,
            ..Query::new(question)
        }))
    }

    fn version(&self) -> Option<String> {
        Some(self.0.version().to_owned())
    }
}

/// The dialogue's settings: every day a business day, half an hour of idleness, ten minutes for a yes, no second
/// factor, nothing that waits.
pub fn dialogue_settings() -> DialogueSettings {
    DialogueSettings {
        session_life: SessionLife {
            idle: SignedDuration::from_mins(30),
            whole: SignedDuration::from_hours(12),
        },
        confirmation_ttl: SignedDuration::from_mins(10),
        calendar: Calendar::every_day(TimeZone::UTC),
        open_unknown_customers: true,
        step_up: StepUpPolicy::default(),
        factor_rules: FactorRules::default(),
        approvals: false,
        routing_number: None,
        settlement: SettlementPolicy {
            new_payee_hold: None,
        },
    }
}

/// A store that opens demo portfolios: at most $5,000.00 at once, and `per_day`.
pub fn store_config(
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    per_day_minor: i64,
) -> StoreConfig {
    let usd = |minor| Money::new(minor, Currency::USD);
    StoreConfig {
        limits: Limits {
            per_transfer: usd(500_000),
            per_day: usd(per_day_minor),
        },
        calendar: Calendar::every_day(TimeZone::UTC),
        clock,
        entropy,
        demo_customers: true,
        money_stopped: false,
    }
}

/// The assistant over a store, with guardrails and search in this process.
pub fn concierge(
    store: Arc<SqliteStore>,
    engine: Arc<Engine>,
    knowledge: Arc<KnowledgeBase>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    settings: DialogueSettings,
) -> Concierge {
    Concierge::new(
        store,
        Arc::new(LocalGuard(engine)),
        Arc::new(LocalKnowledge(knowledge)),
        clock,
        entropy,
        settings,
    )
}
