//! A whole conversation over this client: the real turn, guardrails, store in memory, and two articles.

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use vostro_dialogue::ports::{
    Guard, GuardRequest, GuardUnavailable, Knowledge, KnowledgeUnavailable,
};
use vostro_dialogue::principal::Principal;
use vostro_dialogue::reply::Recorded;
use vostro_dialogue::{
    Advisor, AdvisorSettings, Concierge, DialogueSettings, RawMessage, StepUpPolicy,
};
use vostro_guardrails::{CheckRequest, Engine, Verdict};
use vostro_knowledge::{KnowledgeBase, Passage, Query};
use vostro_ledger::{Limits, SettlementPolicy};
use vostro_llm::LlmClient;
use vostro_store::{SqliteStore, StoreConfig};
use vostro_testkit::{ManualClock, SeededEntropy};
use vostro_types::{Currency, CustomerId, Money, SessionId};

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(Engine::builtin()));

struct LocalGuard;

#[async_trait]
impl Guard for LocalGuard {
    async fn check(&self, request: GuardRequest<'_>) -> Result<Verdict, GuardUnavailable> {
        let check = CheckRequest::all(request.direction);
        Ok(ENGINE.check(request.text, &check))
    }
}

struct Articles(KnowledgeBase);

#[async_trait]
impl Knowledge for Articles {
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
}

/// What the articles say of transfers, in a sentence.
pub(crate) const SENTENCE: &str =
    "Say how much you want to transfer, from which account, and to whom.";

fn articles() -> KnowledgeBase {
    let article = format!(
        "+++\nid = \"transfers\"\ntitle = \"About transfers\"\ncategory = \"transfers\"\ntags = []\n\
         audience = \"public\"\nlanguage = \"en\"\nversion = 1\nupdated = 2026-11-01\n+++\n\
         ## How do I transfer money?\n\n{SENTENCE} You see the transfer once more before it is done.\n"
    );
    let article = vostro_knowledge::parse("transfers.md", &article).unwrap();
    KnowledgeBase::build(vec![article]).unwrap()
}

pub(crate) struct World(Concierge);

/// The assistant with this client.
pub(crate) fn world(client: LlmClient, settings: AdvisorSettings) -> World {
    let clock = Arc::new(ManualClock::at("2026-11-18T15:00:00Z"));
    let entropy = Arc::new(SeededEntropy::new(7));
    let usd = |minor| Money::new(minor, Currency::USD);
    let config = StoreConfig {
        limits: Limits {
            per_transfer: usd(500_000),
            per_day: usd(1_000_000),
        },
        calendar: vostro_ledger::Calendar::every_day(TimeZone::UTC),
        clock: clock.clone(),
        entropy: entropy.clone(),
        demo_customers: true,
        money_stopped: false,
    };
    let dialogue = DialogueSettings {
        session_life: vostro_dialogue::SessionLife {
            idle: SignedDuration::from_mins(30),
            whole: SignedDuration::from_hours(12),
        },
        confirmation_ttl: SignedDuration::from_mins(10),
        calendar: vostro_ledger::Calendar::every_day(TimeZone::UTC),
        open_unknown_customers: true,
        step_up: StepUpPolicy::default(),
        factor_rules: vostro_bank::FactorRules::default(),
        approvals: false,
        settlement: SettlementPolicy {
            new_payee_hold: None,
        },
        routing_number: None,
    };
    let store = Arc::new(SqliteStore::open(":memory:", config).unwrap());
    let knowledge = Arc::new(Articles(articles()));
    let concierge = Concierge::new(
        store,
        Arc::new(LocalGuard),
        knowledge,
        clock,
        entropy,
        dialogue,
    );
    let advisor = Advisor::new(Arc::new(client), ENGINE.clone(), settings);
    World(concierge.with_advisor(advisor))
}

impl World {
    pub(crate) async fn say(&self, session: &str, text: &str) -> Recorded {
        let principal = Principal::sandbox(CustomerId::new("ada").unwrap());
        let message = RawMessage {
            text: text.to_owned(),
            session: Some(SessionId::new(session).unwrap()),
        };
        self.0.turn(&principal, message).await.unwrap()
    }
}
