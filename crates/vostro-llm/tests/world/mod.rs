//! A whole conversation over this client: the real turn, guardrails, store in memory, and two articles.

use std::sync::{Arc, LazyLock};

use vostro_dialogue::principal::Principal;
use vostro_dialogue::reply::Recorded;
use vostro_dialogue::{Advisor, AdvisorSettings, Concierge, RawMessage};
use vostro_guardrails::Engine;
use vostro_knowledge::KnowledgeBase;
use vostro_llm::LlmClient;
use vostro_store::SqliteStore;
use vostro_testkit::{ManualClock, SeededEntropy};
use vostro_transcripts::parts::{concierge, dialogue_settings, store_config};
use vostro_types::{CustomerId, SessionId};

static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(Engine::builtin()));

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
    let config = store_config(clock.clone(), entropy.clone(), 1_000_000);
    let store = Arc::new(SqliteStore::open(":memory:", config).unwrap());
    let concierge = concierge(
        store,
        ENGINE.clone(),
        Arc::new(articles()),
        clock,
        entropy,
        dialogue_settings(),
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
