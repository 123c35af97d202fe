//! The whole turn over a store in memory, with the real guardrails and a knowledge base.

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use vostro_bank::{Bank, ReplyEvent};
use vostro_dialogue::principal::Principal;
use vostro_dialogue::reply::Recorded;
use vostro_dialogue::{Advisor, AdvisorSettings, Concierge, Listener, RawMessage};
use vostro_guardrails::Engine;
use vostro_knowledge::{Document, KnowledgeBase, load_dir};
use vostro_store::SqliteStore;
use vostro_testkit::{ManualClock, SeededEntropy};
use vostro_transcripts::parts::{concierge, dialogue_settings, store_config};
use vostro_types::{CustomerId, Entropy, Money, SessionId, TurnId};

use crate::scripted::Scripted;

pub(crate) static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(Engine::builtin()));

/// What a client of a stream hears.
#[derive(Default)]
pub(crate) struct Ear(pub(crate) Mutex<Vec<ReplyEvent>>);

impl Listener for Ear {
    fn hear(&self, event: &ReplyEvent) {
        self.0.lock().unwrap().push(event.clone());
    }
}

impl Ear {
    /// The sentences heard so far, put together.
    pub(crate) fn text(&self) -> String {
        let events = self.0.lock().unwrap();
        let mut text = String::new();
        for event in events.iter() {
            let data = event.data.to_value();
            if data["step"] == "replaced" {
                text.clear();
            }
            if event.event == "sentence" {
                text.push_str(data["text"].as_str().unwrap());
            }
        }
        text
    }
}

pub(crate) struct Bench {
    pub(crate) concierge: Concierge,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: Arc<ManualClock>,
    entropy: Arc<SeededEntropy>,
}

/// The articles of the repository.
pub(crate) fn articles() -> Vec<Document> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge-base");
    load_dir(folder).unwrap().documents
}

pub(crate) fn bench(model: Option<Arc<Scripted>>) -> Bench {
    bench_with(model, articles(), AdvisorSettings::default())
}

/// With a model that is asked about every message that nothing settles, however sure the rules are.
pub(crate) fn eager(model: Arc<Scripted>) -> Bench {
    bench_with(Some(model), articles(), everything())
}

fn everything() -> AdvisorSettings {
    AdvisorSettings {
        ask_below: 1.1,
        ..AdvisorSettings::default()
    }
}

pub(crate) fn bench_with(
    model: Option<Arc<Scripted>>,
    documents: Vec<Document>,
    settings: AdvisorSettings,
) -> Bench {
    made(Path::new(":memory:"), model, documents, settings)
}

/// Over a store in a file.
pub(crate) fn bench_on(
    file: &Path,
    model: Option<Arc<Scripted>>,
    documents: Vec<Document>,
) -> Bench {
    made(file, model, documents, everything())
}

fn made(
    file: &Path,
    model: Option<Arc<Scripted>>,
    documents: Vec<Document>,
    settings: AdvisorSettings,
) -> Bench {
    let clock = Arc::new(ManualClock::at("2026-11-18T15:00:00Z"));
    let entropy = Arc::new(SeededEntropy::new(7));
    let config = store_config(clock.clone(), entropy.clone(), 100_000_000);
    let store = Arc::new(SqliteStore::open(file, config).unwrap());
    let mut concierge = concierge(
        store.clone(),
        ENGINE.clone(),
        Arc::new(KnowledgeBase::build(documents).unwrap()),
        clock.clone(),
        entropy.clone(),
        dialogue_settings(),
    );
    if let Some(model) = model {
        concierge = concierge.with_advisor(Advisor::new(model, ENGINE.clone(), settings));
    }
    Bench {
        concierge,
        store,
        clock,
        entropy,
    }
}

impl Bench {
    pub(crate) fn turn_id(&self) -> TurnId {
        TurnId::generate(&*self.entropy as &dyn Entropy)
    }

    /// Says something, and listens.
    pub(crate) async fn hear(
        &self,
        customer: &str,
        session: &str,
        text: &str,
        ear: &Ear,
    ) -> Recorded {
        let customer = CustomerId::new(customer).unwrap();
        let message = RawMessage {
            text: text.to_owned(),
            session: Some(SessionId::new(session).unwrap()),
        };
        let principal = Principal::sandbox(customer);
        let turn = self.turn_id();
        let said = self.concierge.turn_heard(&principal, message, turn, ear);
        said.await.unwrap()
    }

    /// Says something.
    pub(crate) async fn say(&self, customer: &str, session: &str, text: &str) -> Recorded {
        self.hear(customer, session, text, &Ear::default()).await
    }

    pub(crate) async fn balances(&self, customer: &str) -> Vec<Money> {
        let customer = CustomerId::new(customer).unwrap();
        let portfolio = self.store.portfolio(&customer).await.unwrap().unwrap();
        portfolio.accounts.iter().map(|it| it.balance).collect()
    }
}
